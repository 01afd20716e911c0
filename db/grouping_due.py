"""Articles that are stored and wait to be grouped. In the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


def add(connection: sqlite3.Connection, article_ids: Iterable[int], at: str) -> None:
    """Let articles wait that are new, reworded or newly translated."""
    connection.executemany(
        "INSERT INTO grouping_due (article_id, since) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(article_id, at) for article_id in article_ids],
    )


def remove(connection: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Let articles wait no longer."""
    connection.executemany("DELETE FROM grouping_due WHERE article_id = ?", [(number,) for number in article_ids])


def waiting(connection: sqlite3.Connection) -> list[int]:
    """Return the articles that wait: of each source in turn the oldest, so that a flood at one holds up no other."""
    rows = connection.execute(
        """SELECT article_id FROM (
               SELECT d.article_id, row_number() OVER (PARTITION BY a.source_id ORDER BY d.article_id) AS place
               FROM grouping_due d JOIN articles a ON a.id = d.article_id
           ) ORDER BY place, article_id"""
    )
    return [row[0] for row in rows]


def stories(connection: sqlite3.Connection) -> set[int]:
    """Return the stories with an article that waits: it may turn out to belong to another."""
    sql = "SELECT story_id FROM articles WHERE id IN (SELECT article_id FROM grouping_due)"
    return {row[0] for row in connection.execute(sql)}
