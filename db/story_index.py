"""Search keys through which an article finds others that may report the same: bounded reads, a row for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


class StoryIndex:
    """Reads and writes `story_words` inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, most_found: int) -> None:
        """`most_found` bounds what one look-up reads, so that its cost does not grow with the archive."""
        self._connection = connection
        self._most_found = most_found

    def post(self, rows: Iterable[tuple[int, int, int, int]]) -> None:
        """Store (period, key, article id, share); a newer share of one article replaces the older."""
        self._connection.executemany(
            """INSERT INTO story_words (period, word, article_id, share) VALUES (?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET share = excluded.share WHERE share <> excluded.share""",
            rows,
        )

    def found(self, period: int, key: int) -> list[tuple[int, int]]:
        """Return (id, share) under a key, the latest first, at most `most_found`."""
        return self._connection.execute(
            """SELECT article_id, share FROM story_words WHERE period = ? AND word = ?
               ORDER BY article_id DESC LIMIT ?""",
            (period, key, self._most_found),
        ).fetchall()

    def clear(self) -> None:
        """Empty the index, before it is built again from all articles."""
        self._connection.execute("DELETE FROM story_words")
