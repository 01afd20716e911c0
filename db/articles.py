"""Articles, their versions, addresses and stories: reads and writes, inside the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.model import Article, Decision, Known, Published
from db.batches import select_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from core.closed_sets import Origin

ADDRESSES_AT_MOST = 50  # kept of one article; a site that varies its links for ever must not fill the file


@dataclass(frozen=True, slots=True)
class Saved:
    """Ids of the articles that are new or have a new wording, and of the stories of all changed ones."""

    article_ids: tuple[int, ...]
    story_ids: tuple[int, ...]


def known(connection: sqlite3.Connection, source_id: str, keys: Iterable[str]) -> dict[tuple[str, str], Known]:
    """Return (key, language) → what is stored, for the given keys of one source."""
    sql = "SELECT * FROM articles WHERE source_id = ? AND key IN ({})"
    return _known_rows(connection, list(select_in(connection, sql, keys, source_id)))


def due(
    connection: sqlite3.Connection, source_id: str, before: str, beyond: str, limit: int
) -> list[tuple[str, Known]]:
    """Return (key, article) whose own page is to be read again by `before`, the longest overdue first.

    First those put off `beyond` what is ever put off: a clock was ahead.
    """
    rows: list[sqlite3.Row] = []
    for comparison, moment in ((">", beyond), ("<=", before)):
        rows += connection.execute(
            f"""SELECT * FROM articles WHERE source_id = ? AND look_again_at {comparison} ?
                ORDER BY look_again_at, id LIMIT ?""",
            (source_id, moment, limit - len(rows)),
        )
    return [(key, article) for (key, _), article in _known_rows(connection, rows).items()]


def stored_titles(connection: sqlite3.Connection, source_id: str, hashes: Iterable[str]) -> set[str]:
    """Return those of the title hashes that any article of the source has."""
    sql = "SELECT title_hash FROM articles WHERE source_id = ? AND title_hash IN ({})"
    return {row[0] for row in select_in(connection, sql, hashes, source_id)}


def save(connection: sqlite3.Connection, decisions: Sequence[Decision], at: str) -> Saved:
    """Store what was decided.

    Listings show the newest first: they are stored from the end, so that ids grow with time; duplicates come last.
    """
    articles: dict[int, None] = {}
    stories: dict[int, None] = {}
    from_the_end = decisions[::-1]
    for decision in sorted(from_the_end, key=lambda decision: decision.verdict == "duplicate"):
        article_id, story_id = _save_one(connection, decision, at)
        if decision.verdict in ("new", "edited"):
            articles[article_id] = None
        if decision.changed:
            stories[story_id] = None
    return Saved(tuple(articles), tuple(stories))


def index_words(connection: sqlite3.Connection, story_ids: Iterable[int]) -> None:
    """Put the words that each story shows now into the search index."""
    ids = [(story_id,) for story_id in story_ids]
    connection.executemany("DELETE FROM news_fts WHERE rowid = ?", ids)
    connection.executemany(
        """INSERT INTO news_fts (rowid, title_uk, title_en, lead_uk, lead_en)
           SELECT story_id, title_uk, title_en, lead_uk, lead_en FROM news WHERE story_id = ?""",
        ids,
    )


def _save_one(connection: sqlite3.Connection, decision: Decision, at: str) -> tuple[int, int]:
    article = decision.article
    if decision.verdict == "duplicate":
        row = connection.execute(
            "SELECT id, story_id FROM articles WHERE source_id = ? AND key = ? AND language = ?", article.identity
        ).fetchone()
        article_id, story_id = row["id"], row["story_id"]
    elif decision.known is None:
        article_id, story_id = _insert(connection, decision, at)
    else:
        article_id, story_id = decision.known.article_id, decision.known.story_id
        _update(connection, decision, at)
    _add_address(connection, article_id, article.seen_url, at)
    labels = (("article_tags", "tag", article.tags), ("article_regions", "region", article.oblasts))
    for table, column, values in labels if decision.changed else ():
        if values:
            connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
            rows = [(article_id, value) for value in values]
            connection.executemany(f"INSERT INTO {table} (article_id, {column}) VALUES (?, ?)", rows)
    return article_id, story_id


def _insert(connection: sqlite3.Connection, decision: Decision, at: str) -> tuple[int, int]:
    article = decision.article
    sibling = connection.execute(
        "SELECT id, story_id FROM articles WHERE source_id = ? AND key = ? ORDER BY id LIMIT 1",
        (article.source_id, article.key),
    ).fetchone()
    story_id = sibling["story_id"] if sibling else new_story(connection, at)
    row = connection.execute(
        """INSERT INTO articles (source_id, key, language, url, title, lead, title_hash, lead_hash, published_at,
               published_precision, published_origin, published_on, attribution, author, first_seen_at, last_seen_at,
               gone_at, look_again_at, content_hash, story_id)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (*article.identity, article.url, article.title, article.lead, article.title_hash, article.lead_hash,
         *_date(article.published), article.attribution, article.author, at, at, at if decision.gone else None,
         decision.revisit_at, _content_hash(article), story_id),
    ).fetchone()  # fmt: skip
    article_id = int(row[0])
    _add_version(connection, article_id, article, at)
    _add_address(connection, article_id, article.url, at)
    if sibling:
        _link_same_key(connection, sibling["id"], article_id, article, at)
    return article_id, story_id


def new_story(connection: sqlite3.Connection, at: str) -> int:
    """Return a fresh story id; ids are never used again."""
    return int(connection.execute("INSERT INTO stories (first_seen_at) VALUES (?) RETURNING id", (at,)).fetchone()[0])


def _link_same_key(connection: sqlite3.Connection, article_id: int, other_id: int, article: Article, at: str) -> None:
    evidence = json.dumps({"source": article.source_id, "key": article.key}, ensure_ascii=False)
    connection.execute(
        """INSERT INTO story_links (article_id, other_id, verdict, method, score, evidence, reason, decided_by,
                                    decided_at)
           VALUES (?, ?, 'same', 'same_key', 1.0, ?, 'They are two editions of one publication of one source.',
                   'machine', ?)""",
        (article_id, other_id, evidence, at),
    )


def _update(connection: sqlite3.Connection, decision: Decision, at: str) -> None:
    assert decision.known is not None
    article, article_id = decision.article, decision.known.article_id
    if decision.changed or decision.verdict == "edited":
        connection.execute(
            """UPDATE articles SET title = ?, lead = ?, title_hash = ?, lead_hash = ?, published_at = ?,
                   published_precision = ?, published_origin = ?, published_on = ?, content_hash = ?,
                   attribution = coalesce(nullif(?, ''), attribution), author = coalesce(nullif(?, ''), author)
               WHERE id = ?""",
            (article.title, article.lead, article.title_hash, article.lead_hash, *_date(article.published),
             _content_hash(article), article.attribution, article.author, article_id),
        )  # fmt: skip
        _save_observations(connection, article_id, article.wordings)
    connection.execute(
        """UPDATE articles SET last_seen_at = ?, look_again_at = ?,
               gone_at = CASE WHEN ? THEN coalesce(gone_at, ?) END WHERE id = ?""",
        (at, decision.revisit_at, decision.gone, at, article_id),
    )
    if decision.verdict == "edited":
        _add_version(connection, article_id, article, at)
        return
    connection.execute(  # the current version was seen again; a lead that was missing so far joins it
        """UPDATE article_versions SET last_seen_at = ?, lead = CASE lead WHEN '' THEN ? ELSE lead END,
               lead_hash = CASE lead_hash WHEN '' THEN ? ELSE lead_hash END
           WHERE id = (SELECT max(id) FROM article_versions WHERE article_id = ?)""",
        (at, article.lead, article.lead_hash, article_id),
    )


def _add_version(connection: sqlite3.Connection, article_id: int, article: Article, at: str) -> None:
    connection.execute(
        """INSERT INTO article_versions (article_id, title, lead, title_hash, lead_hash, first_seen_at, last_seen_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (article_id, article.title, article.lead, article.title_hash, article.lead_hash, at, at),
    )
    _save_observations(connection, article_id, article.wordings)


def _save_observations(
    connection: sqlite3.Connection, article_id: int, wordings: Mapping[Origin, tuple[str, str]]
) -> None:
    connection.executemany(
        """INSERT INTO article_observations (article_id, origin, title_hash, lead_hash) VALUES (?, ?, ?, ?)
           ON CONFLICT (article_id, origin) DO UPDATE SET title_hash = excluded.title_hash,
               lead_hash = CASE excluded.lead_hash WHEN '' THEN lead_hash ELSE excluded.lead_hash END""",
        [(article_id, origin, title_hash, lead_hash) for origin, (title_hash, lead_hash) in wordings.items()],
    )


def _add_address(connection: sqlite3.Connection, article_id: int, url: str, at: str) -> None:
    connection.execute(
        """INSERT INTO article_urls (url, article_id, first_seen_at) SELECT ?1, ?2, ?3
           WHERE (SELECT count(*) FROM article_urls WHERE article_id = ?2) < ?4 ON CONFLICT DO NOTHING""",
        (url, article_id, at, ADDRESSES_AT_MOST),
    )


def _date(published: Published | None) -> tuple[str | None, str | None, str | None, str | None]:
    if published is None:
        return None, None, None, None
    return published.at, published.precision, published.origin, published.kyiv_day


def _content_hash(article: Article) -> str:
    date = article.published.at if article.published else ""
    parts = (article.title_hash, article.lead_hash, date, *article.tags, *article.oblasts)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _known_rows(connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> dict[tuple[str, str], Known]:
    ids = [row["id"] for row in rows]
    observed: dict[int, dict[Origin, tuple[str, str]]] = defaultdict(dict)
    for row in select_in(connection, "SELECT * FROM article_observations WHERE article_id IN ({})", ids):
        observed[row["article_id"]][row["origin"]] = (row["title_hash"], row["lead_hash"])
    tags, regions = _labels(connection, "article_tags", ids), _labels(connection, "article_regions", ids)
    return {
        (row["key"], row["language"]): _known_row(row, observed[row["id"]], tags[row["id"]], regions[row["id"]])
        for row in rows
    }


def _known_row(
    row: sqlite3.Row, observed: Mapping[Origin, tuple[str, str]], tags: Sequence[str], regions: Sequence[str]
) -> Known:
    date = row["published_at"]
    published = Published(date, row["published_precision"], row["published_origin"]) if date else None
    return Known(
        article_id=row["id"],
        story_id=row["story_id"],
        language=row["language"],
        title=row["title"],
        lead=row["lead"],
        title_hash=row["title_hash"],
        lead_hash=row["lead_hash"],
        published=published,
        first_seen_at=row["first_seen_at"],
        url=row["url"],
        tags=tuple(tags),
        oblasts=tuple(regions),
        revisit_at=row["look_again_at"],
        observed=observed,
    )


def _labels(connection: sqlite3.Connection, table: str, ids: Sequence[int]) -> dict[int, list[str]]:
    labels: dict[int, list[str]] = defaultdict(list)
    for row in select_in(connection, f"SELECT * FROM {table} WHERE article_id IN ({{}})", ids):
        labels[row[0]].append(row[1])
    return labels
