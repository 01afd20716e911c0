"""Sealed issues: their entries, what was sent and dropped with them. In the caller's transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

_COLUMNS = (
    "digest_id", "story_id", "position", "section", "title_uk", "title_en", "title_en_by", "note", "late",
    "correction_of", "published_on", "lead_uk", "lead_en", "lead_en_by", "withheld", "links", "places", "in_full",
    "was_uk", "was_en", "was_lead_uk", "was_lead_en", "article_id", "title_hash", "english_id", "english_hash", "marks",
    "lead_uk_id", "lead_uk_hash", "lead_en_id", "lead_en_hash",
)  # fmt: skip


def seal(
    connection: sqlite3.Connection, digest_id: int, entries: Iterable[Mapping[str, Any]], settings: str, at: str
) -> None:
    """Write the entries, and of each the `articles` that were sent with it, and close the issue.

    Raises sqlite3.IntegrityError for an article that the newsletter has sent as new before.
    """
    rows = [{**entry, "digest_id": digest_id} for entry in entries]
    connection.executemany(
        f"INSERT INTO digest_entries ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})",
        rows,
    )
    connection.executemany(
        """INSERT INTO digest_articles (digest_id, article_id, newsletter, story_id, correction)
           SELECT :digest_id, j.value, d.newsletter, :story_id, :correction_of IS NOT NULL
           FROM digests d, json_each(:articles) j WHERE d.id = :digest_id""",
        rows,
    )
    connection.execute(
        """UPDATE digests SET sealed_at = ?, settings = ?,
               last_edit = (SELECT coalesce(max(id), 0) FROM translation_edits) WHERE id = ?""",
        (at, settings, digest_id),
    )


def forget_dropped(connection: sqlite3.Connection, digest_id: int) -> None:
    """Delete the draft's decisions to leave stories out, once they are remembered for good."""
    connection.execute("DELETE FROM digest_choices WHERE digest_id = ? AND decision = 'dropped'", (digest_id,))


def drop(
    connection: sqlite3.Connection,
    newsletter: str,
    rows: Iterable[tuple[int, int | None, str, str, Sequence[int]]],
    at: str,
) -> None:
    """Remember dropped stories for good: (story, issue, wording, reason, articles)."""
    connection.executemany(
        """INSERT INTO digest_drops (story_id, digest_id, wording, reason, articles, dropped_at, newsletter)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [(*row, json.dumps(articles), at, newsletter) for *row, articles in rows],
    )


def entries(connection: sqlite3.Connection, digest_id: int) -> list[sqlite3.Row]:
    """Return the entries of a sealed issue, in order; `issue` is the name of the issue that an entry corrects."""
    sql = """SELECT e.*, d.name AS issue FROM digest_entries e LEFT JOIN digests d ON d.id = e.correction_of
             WHERE e.digest_id = ? ORDER BY e.position"""
    return connection.execute(sql, (digest_id,)).fetchall()


def newest_names(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the issues that were sealed last."""
    sql = "SELECT name FROM digests WHERE sealed_at IS NOT NULL ORDER BY id DESC LIMIT 5"
    return [row[0] for row in connection.execute(sql)]
