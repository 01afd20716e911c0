"""Brings older files to schema.sql, version by version. Append only: a step that was released never changes.

schema.sql is what a new file gets; the shape test holds that every older file (db/history/N.sql) ends in its shape.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import StoreError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from sqlite_utils import Database

HISTORY = Path(__file__).with_name("history")


def _statement(version: int, kind: str, name: str) -> str:
    """The statement that makes a table or view, as version `version` has it."""
    schema = (HISTORY / f"{version}.sql").read_text(encoding="utf-8")
    return schema[schema.index(f"CREATE {kind} {name} ") :].partition(";\n")[0]


def _to_2(database: Database) -> None:
    """Editors' English of leads in `news`; names of which it is not clear which place they mean."""
    database.execute("DROP VIEW news")
    database.execute(_statement(2, "VIEW", "news"))
    database.execute(_statement(2, "TABLE", "article_unclear_places"))


def _to_3(database: Database) -> None:
    """A story's lead and address may be of other articles than its headline; editors' English of any article.

    And what share of an article each of its search keys is; `story regroup` fills it in for what is there already.
    """
    database.execute("DROP VIEW news")
    for name in ("uk_lead_id", "en_lead_id", "uk_link_id", "en_link_id"):
        database.execute(f"ALTER TABLE stories ADD COLUMN {name} INTEGER REFERENCES articles (id)")
    database.execute("ALTER TABLE story_words ADD COLUMN share INTEGER NOT NULL DEFAULT 0")
    database.execute(
        """UPDATE stories SET published_on = (SELECT min(published_on) FROM articles a WHERE a.story_id = stories.id)
           WHERE merged_into IS NULL"""
    )
    database.execute(_statement(3, "VIEW", "news"))


# version reached → the step that reaches it from the version before
STEPS: Mapping[int, Callable[[Database], None]] = {2: _to_2, 3: _to_3}


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    version: int,
    target: int,
    steps: Mapping[int, Callable[[Database], None]] = STEPS,
) -> None:
    """Takes the file from `version` to `target` in one transaction; a copy stays beside it as `<name>.v<version>`.

    Raises StoreError if a step is missing or leaves broken references; the file is then as it was.
    """
    from sqlite_utils import Database

    missing = [number for number in range(version + 1, target + 1) if number not in steps]
    if missing:
        raise StoreError(f"{path} has schema {version}, which cannot be brought to {target}: no step to {missing[0]}")
    _keep_copy(connection, path, version)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version + 1, target + 1):
            steps[number](Database(connection))
        _require_whole(connection, path)
        connection.execute(f"PRAGMA user_version = {target}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.name}.v{version}")
    if not copy.exists():
        connection.execute("VACUUM INTO ?", (str(copy),))


def _require_whole(connection: sqlite3.Connection, path: Path) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise StoreError(
            f"{path}: the migration would leave a broken reference in table {broken[0]}; nothing was changed"
        )
