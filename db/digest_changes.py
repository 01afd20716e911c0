"""Changes of drafts, and what drafts hold beside decisions: texts, items, exports. In the caller's transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.batches import select_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

# changes


def add(connection: sqlite3.Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add changes that were made together; return their numbers."""
    first = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM digest_changes").fetchone()[0]
    found = []
    for row in rows:
        cursor = connection.execute(
            """INSERT INTO digest_changes (digest_id, story_id, item_id, field, was, became, by, at, via, undoes, bulk)
               VALUES (:digest_id, :story_id, :item_id, :field, :was, :became, :by, :at, :via, :undoes, :bulk)""",
            {**row, "bulk": first},
        )
        found.append(int(cursor.lastrowid or 0))
    return found


def since(
    connection: sqlite3.Connection, digest_id: int, change_id: int, story_id: int | None = None
) -> list[sqlite3.Row]:
    """Return the changes of a draft after one of them, oldest first; of one story, if that is given."""
    sql = """SELECT * FROM digest_changes WHERE digest_id = ? AND id > ? AND (? IS NULL OR story_id = ?) ORDER BY id"""
    return connection.execute(sql, (digest_id, change_id, story_id, story_id)).fetchall()


def newest(connection: sqlite3.Connection, digest_id: int) -> int:
    """Return the number of the draft's newest change; 0 if there is none."""
    sql = "SELECT coalesce(max(id), 0) FROM digest_changes WHERE digest_id = ?"
    return int(connection.execute(sql, (digest_id,)).fetchone()[0])


def together_with(connection: sqlite3.Connection, change_id: int) -> list[sqlite3.Row]:
    """Return the changes that were made together with one, itself among them, oldest first."""
    sql = """SELECT * FROM digest_changes WHERE bulk = (SELECT bulk FROM digest_changes WHERE id = ?) ORDER BY id"""
    return connection.execute(sql, (change_id,)).fetchall()


def settle(connection: sqlite3.Connection, digest_id: int, by: str, at: str) -> None:
    """Add what is not as the last change of it left it, so that the log gives the draft."""
    connection.execute(
        """INSERT INTO digest_changes (digest_id, story_id, field, was, became, by, at, via, undoes, bulk)
           SELECT digest_id, story_id, field, became, now, :by, :at, 'undo', id,
                  (SELECT max(id) + 1 FROM digest_changes)
           FROM (SELECT c.*, CASE c.field WHEN 'decision' THEN coalesce(h.decision, '') WHEN 'until' THEN h.until
                     WHEN 'reason' THEN h.reason WHEN 'note' THEN h.note WHEN 'remark' THEN h.remark
                     WHEN 'fixed' THEN coalesce(d.fixed_at, '') WHEN 'name' THEN d.name
                     ELSE iif(c.story_id IS NULL, coalesce(t.text, ''), c.became) END AS now
                 FROM digest_changes c JOIN digests d ON d.id = c.digest_id
                 LEFT JOIN digest_choices h ON h.digest_id = c.digest_id AND h.story_id = c.story_id
                 LEFT JOIN digest_texts t ON t.digest_id = c.digest_id AND t.field = c.field
                 WHERE c.digest_id = :id AND c.item_id IS NULL AND c.field NOT IN ('image', 'state') AND c.id IN (
                     SELECT max(id) FROM digest_changes WHERE digest_id = :id GROUP BY story_id, item_id, field))
           WHERE now <> became""",
        {"id": digest_id, "by": by, "at": at},
    )


def latest(
    connection: sqlite3.Connection, digest_id: int, story_id: int | None, item_id: int | None, field: str
) -> sqlite3.Row | None:
    """Return the newest change of a field."""
    sql = """SELECT * FROM digest_changes
             WHERE digest_id = ? AND story_id IS ? AND item_id IS ? AND field = ? ORDER BY id DESC LIMIT 1"""
    row: sqlite3.Row | None = connection.execute(sql, (digest_id, story_id, item_id, field)).fetchone()
    return row


# texts and items


def texts(connection: sqlite3.Connection, digest_id: int) -> dict[str, str]:
    """Return the texts of an issue by field."""
    sql = "SELECT field, text FROM digest_texts WHERE digest_id = ? ORDER BY field"
    return dict(map(tuple, connection.execute(sql, (digest_id,))))


def set_text(connection: sqlite3.Connection, digest_id: int, field: str, text: str) -> None:
    """Put a text of an issue in the place of the one before."""
    connection.execute("DELETE FROM digest_texts WHERE digest_id = ? AND field = ?", (digest_id, field))
    if text:
        connection.execute(
            "INSERT INTO digest_texts (digest_id, field, text) VALUES (?, ?, ?)", (digest_id, field, text)
        )


def items(connection: sqlite3.Connection, digest_id: int) -> list[sqlite3.Row]:
    """Return the items of an issue, also the removed ones, in the order in which they were made."""
    return connection.execute("SELECT * FROM digest_items WHERE digest_id = ? ORDER BY id", (digest_id,)).fetchall()


def add_item(connection: sqlite3.Connection, digest_id: int, section: str) -> int:
    """Make an item without texts; return its number."""
    cursor = connection.execute("INSERT INTO digest_items (digest_id, section) VALUES (?, ?)", (digest_id, section))
    return int(cursor.lastrowid or 0)


def set_item(connection: sqlite3.Connection, item_id: int, values: Mapping[str, Any]) -> None:
    """Put the values of all fields of an item in the place of those before."""
    connection.execute(
        """UPDATE digest_items SET section = :section, position = :position, title_uk = :title_uk, title_en = :title_en,
               text_uk = :text_uk, text_en = :text_en, url = :url, removed = :removed WHERE id = :id""",
        {**values, "id": item_id},
    )


def set_fixed(connection: sqlite3.Connection, digest_id: int, at: str | None) -> None:
    """Note since when the draft holds only what was taken; None: it holds whatever is due."""
    connection.execute("UPDATE digests SET fixed_at = ? WHERE id = ?", (at, digest_id))


# approvals, and English that no editor wrote


def approve(connection: sqlite3.Connection, text_hash: str, text: str, by: str, at: str) -> None:
    """Note that the machine's English of a wording is right as it is; empty: that is taken back."""
    connection.execute(
        "INSERT INTO translation_approvals (text_hash, text, approved_by, approved_at) VALUES (?, ?, ?, ?)",
        (text_hash, text, by, at),
    )


def approved(connection: sqlite3.Connection, story_ids: Iterable[int]) -> dict[int, str]:
    """Return story → the machine's English of its headline that an editor approved and that is still the machine's."""
    sql = """SELECT s.id, p.text FROM stories s JOIN articles u ON u.id = s.uk_article_id
             JOIN translation_approvals p ON p.id = (
                 SELECT max(id) FROM translation_approvals WHERE text_hash = u.title_hash)
             JOIN shown_translations machine ON machine.text_hash = u.title_hash AND machine.text = p.text
             WHERE s.id IN ({})"""
    return dict(map(tuple, select_in(connection, sql, story_ids)))


def machine_english(connection: sqlite3.Connection, text_hash: str) -> str:
    """Return the machine's English of a wording as it is now, shown or withheld; empty if there is none."""
    row = connection.execute("SELECT text FROM shown_translations WHERE text_hash = ?", (text_hash,)).fetchone()
    return (row[0] or "") if row else ""


def english_of_others(connection: sqlite3.Connection, story_id: int) -> set[str]:
    """Return every English headline and lead that the publishers of a story or a machine wrote."""
    sql = """SELECT title FROM articles WHERE story_id = :id AND language = 'en'
             UNION SELECT lead FROM articles WHERE story_id = :id AND language = 'en'
             UNION SELECT t.text FROM articles a JOIN translations t ON t.text_hash IN (a.title_hash, a.lead_hash)
             WHERE a.story_id = :id AND a.language = 'uk' AND t.text <> ''"""
    return {row[0] for row in connection.execute(sql, {"id": story_id})}


# exports


def save_export(
    connection: sqlite3.Connection, export_id: str, digest_id: int, base: Mapping[str, Any], at: str
) -> None:
    """Keep what a file was written from; one with that id is there already if the draft was the same.

    Those of issues before one of the newsletter that is published by now are forgotten.
    """
    connection.execute(
        """DELETE FROM digest_exports WHERE digest_id IN (
               SELECT d.id FROM digests d JOIN digests p ON p.newsletter = d.newsletter AND d.id < p.id
               WHERE p.published_at IS NOT NULL)"""
    )
    connection.execute(
        "INSERT OR IGNORE INTO digest_exports (id, digest_id, at, base) VALUES (?, ?, ?, ?)",
        (export_id, digest_id, at, json.dumps(base, ensure_ascii=False)),
    )


def export(connection: sqlite3.Connection, export_id: str) -> sqlite3.Row | None:
    """Return what a file was written from, with the name of the issue as `issue`."""
    sql = """SELECT e.*, d.name AS issue, d.sealed_at, d.newsletter FROM digest_exports e
             JOIN digests d ON d.id = e.digest_id WHERE e.id = ?"""
    row: sqlite3.Row | None = connection.execute(sql, (export_id,)).fetchone()
    return row
