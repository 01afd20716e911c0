"""Issues of the newsletter, their drafts and entries. Inside the caller's transaction; a sealed issue never changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

DEFAULT_ID = "bulletin"  # of the newsletter of those who have one

# issues


def open_issue(connection: sqlite3.Connection, newsletter: str) -> sqlite3.Row | None:
    """Return the draft of the newsletter's next issue, if one was begun."""
    sql = "SELECT * FROM digests WHERE sealed_at IS NULL AND newsletter = ?"
    row: sqlite3.Row | None = connection.execute(sql, (newsletter,)).fetchone()
    return row


def issue_named(connection: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    """Return the issue with that name."""
    row: sqlite3.Row | None = connection.execute("SELECT * FROM digests WHERE name = ?", (name,)).fetchone()
    return row


def sealed_issues(connection: sqlite3.Connection, newsletter: str) -> list[sqlite3.Row]:
    """Return the sealed issues of a newsletter, newest first: entries counted, services that got them named."""
    sql = """SELECT d.id, d.name, d.sealed_at, d.published_at,
                    (SELECT count(*) FROM digest_entries e WHERE e.digest_id = d.id) AS entries,
                    (SELECT group_concat(service, ', ') FROM digest_handovers h WHERE h.digest_id = d.id
                     AND h.done_at IS NOT NULL) AS services
             FROM digests d WHERE d.sealed_at IS NOT NULL AND d.newsletter = ? ORDER BY d.id DESC"""
    return connection.execute(sql, (newsletter,)).fetchall()


def free_name(connection: sqlite3.Connection, newsletter: str) -> str:
    """Return the name that the newsletter's next issue gets: `issue-N`, or its id in the place of the word."""
    names = {row[0]: row[1] for row in connection.execute("SELECT name, newsletter FROM digests")}
    first = sum(owner == newsletter for owner in names.values()) + 1
    word = "issue" if newsletter == DEFAULT_ID else newsletter
    return next(name for n in range(first, first + len(names) + 1) if (name := f"{word}-{n}") not in names)


def begin_issue(connection: sqlite3.Connection, newsletter: str, name: str | None, at: str) -> int:
    """Begin the draft of the newsletter's next issue, under `name` or the next free one; return its number."""
    cursor = connection.execute(
        "INSERT INTO digests (name, started_at, newsletter) VALUES (?, ?, ?)",
        (name or free_name(connection, newsletter), at, newsletter),
    )
    return int(cursor.lastrowid or 0)


def rename(connection: sqlite3.Connection, digest_id: int, name: str) -> None:
    """Give an open issue another name."""
    connection.execute("UPDATE digests SET name = ? WHERE id = ?", (name, digest_id))


def last_sealed_at(connection: sqlite3.Connection, newsletter: str, at: str) -> str | None:
    """Return when the newsletter's newest issue was sealed; not one that a clock ahead of `at` has dated."""
    sealed: str | None = connection.execute(
        "SELECT max(sealed_at) FROM digests WHERE newsletter = ? AND sealed_at <= ?", (newsletter, at)
    ).fetchone()[0]
    return sealed


def image(connection: sqlite3.Connection, digest_id: int) -> sqlite3.Row | None:
    """Return the image of an issue, if it has one."""
    sql = "SELECT kind, width, height, content FROM digest_images WHERE digest_id = ?"
    row: sqlite3.Row | None = connection.execute(sql, (digest_id,)).fetchone()
    return row


def set_image(connection: sqlite3.Connection, digest_id: int, image: Mapping[str, Any] | None) -> None:
    """Put an image in the place of the one that the issue has, if any; None takes it away."""
    connection.execute("DELETE FROM digest_images WHERE digest_id = ?", (digest_id,))
    if image is not None:
        connection.execute(
            """INSERT INTO digest_images (digest_id, kind, width, height, content)
               VALUES (:digest_id, :kind, :width, :height, :content)""",
            {**image, "digest_id": digest_id},
        )


# the draft


def choices(connection: sqlite3.Connection, digest_id: int) -> list[sqlite3.Row]:
    """Return what the editor decided about the draft."""
    return connection.execute("SELECT * FROM digest_choices WHERE digest_id = ?", (digest_id,)).fetchall()


def save_choices(connection: sqlite3.Connection, digest_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put decisions in the place of those about the same stories; they hold for the articles that these have now."""
    connection.executemany(
        """INSERT OR REPLACE INTO digest_choices
               (digest_id, story_id, decision, until, reason, section, position, title_uk, title_en, lead_uk, lead_en,
                note, remark, articles)
           VALUES (:digest_id, :story_id, :decision, :until, :reason, :section, :position, :title_uk, :title_en,
                   :lead_uk, :lead_en, :note, :remark,
                   (SELECT json_group_array(id) FROM articles WHERE story_id = :story_id))""",
        [{**row, "digest_id": digest_id} for row in rows],
    )


def remember_exports(connection: sqlite3.Connection, name: str, hashes: Mapping[str, str]) -> None:
    """Note what the issue's files held when they were written: file name → SHA-256, empty while it is to be written."""
    connection.execute(
        "UPDATE digests SET exported = json_patch(exported, ?) WHERE name = ?", (json.dumps(hashes), name)
    )


def unwritten_issues(connection: sqlite3.Connection) -> list[str]:
    """Return the names of sealed issues of which a file is still to be written, oldest first."""
    sql = """SELECT name FROM digests d WHERE sealed_at IS NOT NULL
             AND EXISTS (SELECT 1 FROM json_each(d.exported) WHERE value = '') ORDER BY id"""
    return [row[0] for row in connection.execute(sql)]


def exports(connection: sqlite3.Connection, name: str) -> dict[str, str]:
    """Return what `remember_exports` noted."""
    row = issue_named(connection, name)
    return dict(json.loads(row["exported"])) if row else {}


def newest_sealed(connection: sqlite3.Connection, newsletter: str) -> int | None:
    """Return the number of the issue of the newsletter that was sealed last."""
    sql = "SELECT max(id) FROM digests WHERE newsletter = ? AND sealed_at IS NOT NULL"
    found: int | None = connection.execute(sql, (newsletter,)).fetchone()[0]
    return found


def carry(connection: sqlite3.Connection, before_id: int, digest_id: int, day: str) -> None:
    """Give a new draft what was written about stories that one before neither sent nor dropped, and its decisions.

    Of the decisions those to hold beyond `day`: what was held until then is undecided.
    """
    texts = "section, title_uk, title_en, lead_uk, lead_en, note, remark"
    connection.execute(
        f"""INSERT INTO digest_choices (digest_id, story_id, decision, until, reason, {texts}, articles)
            SELECT :to, story_id, iif(held, 'held', NULL), iif(held, until, ''), iif(held, reason, ''),
                   {texts}, articles
            FROM (SELECT *, decision IS 'held' AND until > :day AS held,
                         note || remark <> '' OR coalesce(section, title_uk, title_en, lead_uk, lead_en) IS NOT NULL
                             AS was_edited
                  FROM digest_choices WHERE digest_id = :from_)
            WHERE (held OR was_edited) AND decision IS NOT 'dropped' AND story_id NOT IN (
                SELECT a.story_id FROM digest_articles d JOIN articles a ON a.id = d.article_id
                WHERE d.digest_id = :from_)""",
        {"from_": before_id, "to": digest_id, "day": day},
    )
