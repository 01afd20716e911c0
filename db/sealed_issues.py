"""Sealed issues: their entries, what was sent and dropped with them. In the caller's transaction."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

_COLUMNS = (
    "digest_id", "story_id", "position", "section", "title_uk", "title_en", "title_en_by", "note", "late",
    "correction_of", "published_on", "lead_uk", "lead_en", "lead_en_by", "withheld", "links", "places", "in_full",
    "was_uk", "was_en", "was_lead_uk", "was_lead_en", "article_id", "title_hash", "english_id", "english_hash", "marks",
    "lead_uk_id", "lead_uk_hash", "lead_en_id", "lead_en_hash", "approved",
)  # fmt: skip


def seal(
    connection: sqlite3.Connection,
    digest_id: int,
    entries: Iterable[Mapping[str, Any]],
    settings: str,
    templates: Mapping[str, str],
    at: str,
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
        """UPDATE digests SET sealed_at = ?, settings = ?, templates = ?,
               last_edit = (SELECT coalesce(max(id), 0) FROM translation_edits) WHERE id = ?""",
        (at, settings, json.dumps(templates, ensure_ascii=False), digest_id),
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


# files


def keep_files(connection: sqlite3.Connection, digest_id: int, files: Mapping[str, bytes], languages: str = "") -> None:
    """Keep files of a sealed issue: format → bytes. `languages` as asked for; empty: those of the issue."""
    connection.executemany(
        "INSERT OR REPLACE INTO digest_files (digest_id, format, languages, content) VALUES (?, ?, ?, ?)",
        [(digest_id, name, languages, zlib.compress(data)) for name, data in files.items()],
    )


def kept_files(
    connection: sqlite3.Connection, digest_id: int, formats: Iterable[str], languages: str = ""
) -> dict[str, bytes]:
    """Return those of the files that are kept: format → bytes."""
    sql = "SELECT format, content FROM digest_files WHERE digest_id = ? AND languages = ?"
    rows = dict(map(tuple, connection.execute(sql, (digest_id, languages))))
    return {name: zlib.decompress(rows[name]) for name in formats if name in rows}


# publishing, and undoing a seal


def publish(connection: sqlite3.Connection, digest_id: int, at: str) -> None:
    """Let the public see a sealed issue."""
    sql = "UPDATE digests SET published_at = ? WHERE id = ? AND published_at IS NULL"
    connection.execute(sql, (at, digest_id))


def give_back(connection: sqlite3.Connection, digest_id: int, younger_id: int) -> None:
    """Give what was decided and written for a younger draft to a sealed issue that becomes the draft again.

    Decisions about what stood in that issue, which were about corrections of it, are of no use and left.
    """
    ids = {"to": digest_id, "from_": younger_id}
    kept = ("section", "position", "title_uk", "title_en", "lead_uk", "lead_en")
    texts = ("note", "remark")
    names = ", ".join(("story_id", "decision", "until", "reason", *kept, *texts, "articles"))
    rules = {name: f"iif(excluded.decision IS NULL, {name}, excluded.{name})" for name in ("until", "reason")}
    rules |= {name: f"coalesce(excluded.{name}, {name})" for name in ("decision", *kept)}
    rules |= {name: f"iif(excluded.{name} = '', {name}, excluded.{name})" for name in texts}
    # What a person changed in the younger one holds, also where it was emptied there.
    said = """EXISTS (SELECT 1 FROM digest_changes c
                      WHERE c.digest_id = :from_ AND c.story_id = excluded.story_id AND c.field = '{}')"""
    changed = [f"{name} = iif({said.format(name)}, excluded.{name}, {rule})" for name, rule in rules.items()]
    connection.execute(
        f"""INSERT INTO digest_choices (digest_id, {names})
            SELECT :to, {names} FROM digest_choices WHERE digest_id = :from_ AND story_id NOT IN (
                SELECT a.story_id FROM digest_articles s JOIN articles a ON a.id = s.article_id WHERE s.digest_id = :to)
            ON CONFLICT (digest_id, story_id) DO UPDATE SET {", ".join(changed)}""",
        ids,
    )
    for table in ("digest_texts", "digest_images", "digest_changes", "digest_items", "digest_exports", "digest_drops"):
        connection.execute(f"UPDATE OR IGNORE {table} SET digest_id = :to WHERE digest_id = :from_", ids)
    for table in ("digest_choices", "digest_texts", "digest_images", "digest_visits"):
        connection.execute(f"DELETE FROM {table} WHERE digest_id = :from_", ids)
    connection.execute("DELETE FROM digests WHERE id = :from_", ids)


def take_all(connection: sqlite3.Connection, digest_id: int, at: str) -> None:
    """Fix a sealed issue to what stands in it, as if a person had taken each of its stories."""
    connection.execute(
        """INSERT INTO digest_choices (digest_id, story_id, decision, articles)
           SELECT e.digest_id, e.story_id, 'taken', (
               SELECT json_group_array(article_id) FROM digest_articles s
               WHERE s.digest_id = e.digest_id AND s.story_id = e.story_id)
           FROM digest_entries e WHERE e.digest_id = ?
           ON CONFLICT (digest_id, story_id) DO UPDATE SET decision = 'taken', until = '', reason = ''""",
        (digest_id,),
    )
    connection.execute("UPDATE digests SET fixed_at = ? WHERE id = ?", (at, digest_id))


def unseal(connection: sqlite3.Connection, digest_id: int) -> None:
    """Make a draft of a sealed issue; what it sent and dropped, it did not."""
    connection.execute(
        """DELETE FROM digest_drops WHERE digest_id = ?1
           AND dropped_at = (SELECT sealed_at FROM digests WHERE id = ?1)""",
        (digest_id,),
    )
    for table in ("digest_entries", "digest_articles", "digest_files"):
        connection.execute(f"DELETE FROM {table} WHERE digest_id = ?", (digest_id,))
    connection.execute(
        """UPDATE digests SET sealed_at = NULL, settings = NULL, templates = '{}', last_edit = 0, exported = (
               SELECT json_group_object(key, value) FROM json_each(exported) WHERE value <> '') WHERE id = ?""",
        (digest_id,),
    )
