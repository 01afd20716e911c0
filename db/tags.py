"""Places and topics, and the articles about them. Reads and writes in the caller's transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

_LABELLED = """
    SELECT a.id, a.title, a.lead,
           (SELECT json_group_array(tag) FROM (
               SELECT tag FROM article_tags WHERE article_id = a.id ORDER BY tag)) AS tags,
           (SELECT json_group_array(region) FROM (
               SELECT region FROM article_regions WHERE article_id = a.id ORDER BY region)) AS regions
    FROM articles a
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article as tagging reads it."""

    article_id: int
    title: str
    lead: str
    tags: tuple[str, ...]
    regions: tuple[str, ...]  # the publisher's own labels


def of_stories(connection: sqlite3.Connection, story_ids: Iterable[int]) -> list[Labelled]:
    """Return the articles of stories."""
    sql = f"{_LABELLED} WHERE a.story_id = ? ORDER BY a.id"
    return [_labelled(row) for story_id in story_ids for row in connection.execute(sql, (story_id,))]


def outdated(connection: sqlite3.Connection, rules: str, limit: int) -> list[Labelled]:
    """Return at most `limit` articles that were not tagged under these rules, newest first."""
    sql = f"""{_LABELLED} WHERE a.id IN (
        SELECT article_id FROM (SELECT article_id FROM article_rules WHERE rules < ?1
                                UNION ALL SELECT article_id FROM article_rules WHERE rules > ?1)
        ORDER BY article_id DESC LIMIT ?2) ORDER BY a.id DESC"""  # two ranges, because <> would read the whole index
    return [_labelled(row) for row in connection.execute(sql, (rules, limit))]


def is_known(connection: sqlite3.Connection, rules: str) -> bool:
    """Return True if anything was tagged under these rules."""
    return connection.execute("SELECT 1 FROM article_rules WHERE rules = ? LIMIT 1", (rules,)).fetchone() is not None


def are_all_tagged(connection: sqlite3.Connection, rules: str) -> bool:
    """Return True if no article lacks tags under these rules; looks at no more than a few rows of an index."""
    sql = """SELECT NOT EXISTS (SELECT 1 FROM article_rules WHERE rules < ?1 OR rules > ?1)
             AND (EXISTS (SELECT 1 FROM article_rules) OR NOT EXISTS (SELECT 1 FROM articles))"""
    return bool(connection.execute(sql, (rules,)).fetchone()[0])


def note_untagged(connection: sqlite3.Connection) -> None:
    """Make every article that was never tagged count as tagged under no rules."""
    connection.execute(
        """INSERT INTO article_rules (article_id, rules) SELECT id, '' FROM articles
           WHERE id NOT IN (SELECT article_id FROM article_rules)"""
    )


def save_places(connection: sqlite3.Connection, rows: Iterable[tuple[str, str, str, str, str]]) -> None:
    """Bring `places` in line with (id, kind, Ukrainian and English name, oblast); coordinates stay.

    A place that is given up keeps its row, because articles refer to it. An oblast has no oblast above it.
    """
    oblasts_first = sorted(rows, key=lambda row: row[1] != "oblast")
    connection.executemany(
        """INSERT INTO places (id, kind, name_uk, name_en, oblast_id) VALUES (?1, ?2, ?3, ?4, nullif(?5, ?1))
           ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name_uk = excluded.name_uk,
               name_en = excluded.name_en, oblast_id = excluded.oblast_id
           WHERE (kind, name_uk, name_en, oblast_id)
               IS NOT (excluded.kind, excluded.name_uk, excluded.name_en, excluded.oblast_id)""",
        oblasts_first,
    )


def save_topics(connection: sqlite3.Connection, rows: Iterable[tuple[str, str, str]]) -> None:
    """Bring `topics` in line with (id, Ukrainian and English label)."""
    connection.executemany(
        """INSERT INTO topics (id, label_uk, label_en) VALUES (?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET label_uk = excluded.label_uk, label_en = excluded.label_en
           WHERE (label_uk, label_en) IS NOT (excluded.label_uk, excluded.label_en)""",
        rows,
    )


@dataclass(frozen=True, slots=True)
class About:
    """Tags of an article: id of a place or topic → the matched words; unclear names → ids of the places."""

    places: Mapping[str, str]
    topics: Mapping[str, str]
    unclear: Mapping[str, Sequence[str]] = field(default_factory=dict)


def save(connection: sqlite3.Connection, article_id: int, about: About, rules: str) -> bool:
    """Store what an article is about, decided under `rules`; return True if that is new."""
    unclear = {matched: json.dumps(list(ids)) for matched, ids in about.unclear.items()}
    changed = [
        _replace(connection, "article_places", ("place_id", "matched"), article_id, about.places),
        _replace(connection, "article_topics", ("topic_id", "matched"), article_id, about.topics),
        _replace(connection, "article_unclear_places", ("matched", "place_ids"), article_id, unclear),
    ]
    connection.execute(
        """INSERT INTO article_rules (article_id, rules) VALUES (?, ?)
           ON CONFLICT (article_id) DO UPDATE SET rules = excluded.rules WHERE rules <> excluded.rules""",
        (article_id, rules),
    )
    return any(changed)


def _replace(
    connection: sqlite3.Connection, table: str, columns: tuple[str, str], article_id: int, wanted: Mapping[str, str]
) -> bool:
    rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE article_id = ?", (article_id,))
    stored: dict[str, str] = {row[0]: row[1] for row in rows}
    if stored == wanted:
        return False
    connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    new = [(article_id, key, value) for key, value in wanted.items()]
    connection.executemany(f"INSERT INTO {table} (article_id, {', '.join(columns)}) VALUES (?, ?, ?)", new)
    return True


def _labelled(row: sqlite3.Row) -> Labelled:
    return Labelled(row["id"], row["title"], row["lead"], _list(row["tags"]), _list(row["regions"]))


def _list(text: str) -> tuple[str, ...]:
    found: Sequence[str] = json.loads(text)
    return tuple(found)
