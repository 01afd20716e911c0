"""Publications in both languages, and how well the machine translated them. In the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.model import Text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping


def publications(connection: sqlite3.Connection, limit: int | None = None) -> list[tuple[Text, str, str]]:
    """Return (Ukrainian headline, the publisher's English, month), the newest first, each headline once."""
    rows = connection.execute(
        """SELECT u.title_hash, u.title, e.title AS english, coalesce(substr(u.published_on, 1, 7), '') AS month
           FROM articles u
           JOIN articles e ON e.source_id = u.source_id AND e.key = u.key AND e.language = 'en'
           WHERE u.language = 'uk' GROUP BY u.title_hash
           ORDER BY max(u.published_on) DESC, max(u.id) DESC LIMIT ?""",
        (-1 if limit is None else limit,),
    )
    return [(Text(row["title_hash"], row["title"], "uk", "en", "title"), row["english"], row["month"]) for row in rows]


def made(connection: sqlite3.Connection, maker: tuple[str, str]) -> dict[str, str | None]:
    """Return hash of a text → what this engine and model made of it last; None where it was withheld."""
    rows = connection.execute(
        """SELECT text_hash, CASE state WHEN 'failed' THEN NULL ELSE text END AS text FROM translations
           WHERE engine = ? AND model = ? AND state <> 'stale' AND source_language = 'uk' AND target_language = 'en'
           ORDER BY id""",
        maker,
    )
    return {row["text_hash"]: row["text"] for row in rows}


def save(connection: sqlite3.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows of `evaluations`, by column name."""
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO evaluations ({', '.join(row)}) VALUES ({marks})", list(row.values()))
