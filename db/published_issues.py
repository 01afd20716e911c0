"""Published issues, as the public sees them. Only reads, through Datasette too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

ANY_PUBLISHED = "SELECT EXISTS (SELECT 1 FROM digests WHERE sealed_at IS NOT NULL AND published_at IS NOT NULL)"
# The published issues in which a story stood: under its own number, under that of a story that was merged into it, or
# by an article that belongs to it now.
OF_STORY = """
WITH RECURSIVE was(id) AS (SELECT :id UNION SELECT s.id FROM stories s JOIN was ON s.merged_into = was.id)
SELECT name, published_at, sealed_at, newsletter_uk, newsletter_en FROM issues
WHERE name IN (
    SELECT d.name FROM digests d WHERE d.id IN (
        SELECT e.digest_id FROM was JOIN digest_entries e ON e.story_id = was.id
        UNION SELECT s.digest_id FROM articles a JOIN digest_articles s ON s.article_id = a.id
        WHERE a.story_id = :id))"""
_ONE_OR_ALL = "WHERE ? IN ('', newsletter)"


def newsletters(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """Return each newsletter with published issues: id, the names in its newest issue, number of issues."""
    sql = """SELECT newsletter AS id, newsletter_uk AS name_uk, newsletter_en AS name_en, count(*) AS issues,
                    max(published_at) AS newest
             FROM issues GROUP BY newsletter ORDER BY newest DESC, newsletter"""
    return connection.execute(sql).fetchall()


def published(connection: sqlite3.Connection, newsletter: str, most: int, left_out: int = 0) -> list[sqlite3.Row]:
    """Return at most `most` rows of the view `issues`, after the newest `left_out`; of all newsletters if it is ''."""
    sql = f"SELECT * FROM issues {_ONE_OR_ALL} LIMIT ? OFFSET ?"
    return connection.execute(sql, (newsletter, most, left_out)).fetchall()


def count(connection: sqlite3.Connection, newsletter: str) -> int:
    """Return how many issues were published."""
    found: int = connection.execute(f"SELECT count(*) FROM issues {_ONE_OR_ALL}", (newsletter,)).fetchone()[0]
    return found


def neighbours(connection: sqlite3.Connection, row: sqlite3.Row) -> tuple[sqlite3.Row | None, sqlite3.Row | None]:
    """Return the issues of the same newsletter that were published before and after the one of `row` (`digests`)."""
    key = (row["newsletter"], row["published_at"], row["id"])
    beside = """SELECT name, published_at FROM digests WHERE sealed_at IS NOT NULL AND newsletter = ?
                AND (published_at, id) {} (?, ?) ORDER BY published_at {order}, id {order} LIMIT 1"""
    before, after = (
        connection.execute(beside.format(sign, order=order), key).fetchone()
        for sign, order in (("<", "DESC"), (">", "ASC"))
    )
    return before, after
