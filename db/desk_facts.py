"""Facts that the desk shows beside the draft: regions, objections, what changed since, visits. Only `visit` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.batches import select_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

_OBLASTS = """
SELECT DISTINCT a.story_id, o.name_en FROM articles a JOIN article_places ap ON ap.article_id = a.id
JOIN places p ON p.id = ap.place_id JOIN places o ON o.id = coalesce(p.oblast_id, p.id)
WHERE a.story_id IN ({}) ORDER BY a.story_id, o.name_en"""
_ENGLISH = """
SELECT s.id, t.state, t.reasons, t.score
FROM stories s JOIN articles u ON u.id = s.uk_article_id
JOIN shown_translations m ON m.text_hash = u.title_hash JOIN translations t ON t.id = m.id
WHERE s.id IN ({})"""
# The wording that an editor gave English was published before, and another one is now.
_RETITLED = """
SELECT DISTINCT s.id FROM stories s JOIN articles a ON a.id = s.uk_article_id
JOIN article_versions v ON v.article_id = a.id AND v.title_hash <> a.title_hash
JOIN translation_edits e ON e.text_hash = v.title_hash
WHERE NOT EXISTS (SELECT 1 FROM translation_edits now WHERE now.text_hash = a.title_hash AND now.id > e.id)
  AND s.id IN ({})
UNION
SELECT DISTINCT c.story_id FROM digest_choices c JOIN stories s ON s.id = c.story_id
JOIN articles a ON a.id = s.uk_article_id
JOIN article_versions v ON v.article_id = a.id AND v.title_hash = a.title_hash
WHERE coalesce(c.title_uk, c.title_en, '') <> '' AND c.digest_id = :digest AND v.first_seen_at > (
    SELECT max(at) FROM digest_changes h WHERE h.digest_id = c.digest_id AND h.story_id = c.story_id
                                         AND h.field IN ('title_uk', 'title_en'))"""
# What happened after the moment that stands before the ids. A version that was not the first is a new wording.
_CHANGED = {
    "new": "SELECT id FROM stories WHERE first_seen_at > ? AND id IN ({})",
    "retitled": """
        SELECT a.story_id FROM articles a JOIN article_versions v ON v.article_id = a.id
        WHERE v.first_seen_at > ? AND v.title_hash = a.title_hash AND a.story_id IN ({})
          AND EXISTS (SELECT 1 FROM article_versions o WHERE o.article_id = a.id AND o.id < v.id
                      AND o.title_hash <> v.title_hash)""",
    "english": """
        SELECT a.story_id FROM articles a JOIN stories s ON s.id = a.story_id
        WHERE a.language = 'en' AND a.first_seen_at > ? AND a.first_seen_at > s.first_seen_at AND a.story_id IN ({})""",
    "regrouped": """
        SELECT a.story_id FROM story_links l JOIN articles a ON a.id = l.article_id JOIN articles o ON o.id = l.other_id
        WHERE l.verdict = 'same' AND l.decided_at > ? AND a.story_id = o.story_id AND a.id <> o.id
          AND min(a.first_seen_at, o.first_seen_at) < l.decided_at AND a.story_id IN ({})""",
}


def arrivals(connection: sqlite3.Connection, story_ids: Collection[int]) -> dict[int, str]:
    """Return story → when it was first seen."""
    rows = select_in(connection, "SELECT id, first_seen_at FROM stories WHERE id IN ({})", story_ids)
    return {row[0]: row[1] for row in rows}


def oblasts(connection: sqlite3.Connection, story_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return story → English names of the oblasts that it is about."""
    found: dict[int, tuple[str, ...]] = {}
    for story_id, name in map(tuple, select_in(connection, _OBLASTS, story_ids)):
        found[story_id] = (*found.get(story_id, ()), name)
    return found


def english(connection: sqlite3.Connection, story_ids: Collection[int]) -> dict[int, sqlite3.Row]:
    """Return story → state, reasons and score of the machine's English of its headline."""
    return {row["id"]: row for row in select_in(connection, _ENGLISH, story_ids)}


def retitled(connection: sqlite3.Connection, digest_id: int, story_ids: Collection[int]) -> set[int]:
    """Return the stories of which the published headline changed after an editor worded it."""
    sql = _RETITLED.replace(":digest", str(int(digest_id)))
    return {row[0] for row in select_in(connection, sql, story_ids)}


def changed_since(connection: sqlite3.Connection, moment: str, story_ids: Collection[int]) -> dict[int, set[str]]:
    """Return story → what happened to it after `moment`: new, retitled, english, regrouped."""
    found: dict[int, set[str]] = {}
    for what, sql in _CHANGED.items():
        for row in select_in(connection, sql, story_ids, moment):
            found.setdefault(row[0], set()).add(what)
    return {story_id: {"new"} if "new" in whats else whats for story_id, whats in found.items()}


def silent_sources(connection: sqlite3.Connection, moment: str) -> list[str]:
    """Return the names of the sources that are read and gave nothing new after `moment`."""
    sql = """SELECT s.name FROM sources s WHERE s.enabled = 1 AND NOT EXISTS (
                 SELECT 1 FROM articles a WHERE a.source_id = s.id AND a.first_seen_at > ?) ORDER BY s.name"""
    return [row[0] for row in connection.execute(sql, (moment,))]


def found(connection: sqlite3.Connection, query: str) -> frozenset[int]:
    """Return the stories that the FTS5 query finds."""
    return frozenset(
        row[0] for row in connection.execute("SELECT rowid FROM news_fts WHERE news_fts MATCH ?", (query,))
    )


def labels(connection: sqlite3.Connection) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of the topics in English, and those of the sources."""
    topics = connection.execute("SELECT id, label_en FROM topics")
    sources = connection.execute("SELECT id, name FROM sources")
    return {row[0]: row[1] for row in topics}, {row[0]: row[1] for row in sources}


def articles(connection: sqlite3.Connection, story_id: int) -> list[sqlite3.Row]:
    """Return the articles of a story with their latest wordings, the oldest first."""
    sql = """SELECT a.id, a.language, a.title, a.lead, a.url, a.published_on, s.name AS source,
                    (SELECT count(DISTINCT title_hash) FROM article_versions v WHERE v.article_id = a.id) AS wordings
             FROM articles a JOIN sources s ON s.id = a.source_id
             WHERE a.story_id = ? ORDER BY a.published_at, a.id LIMIT 50"""
    return connection.execute(sql, (story_id,)).fetchall()


def seen(connection: sqlite3.Connection, digest_id: int, editor: str) -> int:
    """Return the number of the last change of the draft that an editor has seen; 0 for none."""
    sql = "SELECT change_id FROM digest_visits WHERE digest_id = ? AND editor = ?"
    row = connection.execute(sql, (digest_id, editor)).fetchone()
    return int(row[0]) if row else 0


def last_reading(connection: sqlite3.Connection) -> str | None:
    """Return when the sources were last read; None if they never were."""
    sql = "SELECT max(finished_at) FROM runs WHERE command = 'ingest'"
    return connection.execute(sql).fetchone()[0]  # type: ignore[no-any-return]


def former_names(connection: sqlite3.Connection, digest_id: int) -> frozenset[str]:
    """Return the names that a draft had before."""
    sql = "SELECT was FROM digest_changes WHERE digest_id = ? AND field = 'name'"
    return frozenset(row[0] for row in connection.execute(sql, (digest_id,)))


def visit(connection: sqlite3.Connection, digest_id: int, editor: str, change_id: int, at: str) -> None:
    """Note that an editor has seen the changes up to `change_id`."""
    connection.execute(
        "INSERT OR REPLACE INTO digest_visits (digest_id, editor, change_id, at) VALUES (?, ?, ?, ?)",
        (digest_id, editor, change_id, at),
    )
