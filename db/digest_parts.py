"""What an issue has beside its stories: texts, the editors' own items, an image. In the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def texts(connection: sqlite3.Connection, digest_id: int) -> dict[str, str]:
    """Return the texts of an issue by field."""
    sql = "SELECT field, text FROM digest_texts WHERE digest_id = ? ORDER BY field"
    return dict(map(tuple, connection.execute(sql, (digest_id,))))


def items(connection: sqlite3.Connection, digest_id: int) -> list[sqlite3.Row]:
    """Return the editors' own items of an issue that were not removed, in their order."""
    sql = """SELECT id AS item_id, section, position, title_uk, title_en, text_uk, text_en, url FROM digest_items
             WHERE digest_id = ? AND removed = 0 ORDER BY section, position IS NULL, position, id"""
    return connection.execute(sql, (digest_id,)).fetchall()


def image(connection: sqlite3.Connection, digest_id: int) -> sqlite3.Row | None:
    """Return the image of an issue, if it has one."""
    sql = "SELECT kind, width, height, content FROM digest_images WHERE digest_id = ?"
    row: sqlite3.Row | None = connection.execute(sql, (digest_id,)).fetchone()
    return row
