"""Databases as released versions made them, empty or with rows in every table."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from db.store import APPLICATION_ID
from newsletter.settings import as_json, read_newsletter

HISTORY = Path(__file__).parents[2] / "db" / "history"
RELEASED = sorted(int(path.stem) for path in HISTORY.glob("*.sql"))
ROWS = {0: Path(__file__).with_name("older_rows.sql"), 5: Path(__file__).with_name("older_rows_5.sql")}  # by version


def made_by(path: Path, version: int) -> sqlite3.Connection:
    """A file as a released version made it, or as one before the first release did."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    schema = (HISTORY / f"{max(version, min(RELEASED))}.sql").read_text(encoding="utf-8")
    connection.executescript(f"BEGIN; {schema} COMMIT;")
    if version < 3:
        for view in ("news", "coverage", "source_health"):
            connection.execute(f"DROP VIEW {view}")
        for column in ("uk_lead_id", "en_lead_id", "uk_link_id", "en_link_id"):
            connection.execute(f"ALTER TABLE stories DROP COLUMN {column}")
        connection.execute("ALTER TABLE story_words DROP COLUMN share")
    if version < 2:
        connection.execute("DROP TABLE article_unclear_places")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")
    return connection


def filled_by(path: Path, version: int) -> dict[str, list[tuple[object, ...]]]:
    """A released version's file with rows in every table, in WAL mode as it left it; gives all rows, by table."""
    connection = made_by(path, version)
    for since, rows in ROWS.items():
        if since <= version:
            connection.executescript(f"BEGIN; {rows.read_text(encoding='utf-8')} COMMIT;")
    settings = json.dumps(as_json(read_newsletter()), ensure_ascii=False)
    connection.execute("UPDATE digests SET settings = ? WHERE sealed_at IS NOT NULL", (settings,))
    connection.execute("PRAGMA journal_mode = WAL")
    found = all_rows(connection)
    connection.close()
    return found


def all_rows(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, SQLite's own count of ids among them."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: sorted(map(tuple, connection.execute(f"SELECT * FROM {name}")), key=repr) for name in names}
