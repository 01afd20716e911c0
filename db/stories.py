"""Article texts, links and stories, for grouping. In the caller's transaction; deletes nothing."""

from __future__ import annotations

import json
from dataclasses import astuple
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from core.model import Representatives, StoryLink, StoryText
from db.articles import new_story
from db.batches import select_in
from db.story_index import StoryIndex

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_IDS_END = 2**63
_LINK = "article_id, other_id, verdict, method, score, decided_by"
_TEXTS = """
    SELECT a.id, a.source_id, a.key, a.language, a.title, a.lead, a.published_on, a.url, a.attribution,
           coalesce(s.publisher, '') AS publisher, substr(a.first_seen_at, 1, 10) AS seen_on,
           CASE a.language WHEN 'uk' THEN (
               SELECT text FROM shown_translations t WHERE t.text_hash = a.title_hash AND t.state = 'ok'
           ) END AS machine_english,
           (SELECT json_group_array(url) FROM article_urls u WHERE u.article_id = a.id) AS addresses
    FROM articles a LEFT JOIN sources s ON s.id = a.source_id
"""


# Of each pair with an article in story `:id` the verdict that stands has `place` 1: an editor's word, then what agrees
# with where the articles are now, the latest. Of a story with more articles than MOST_TOLD the oldest are told of.
MOST_TOLD = 100
STANDING_LINKS = f"""
    SELECT l.id, l.article_id, l.other_id, l.verdict, l.method, l.score, l.decided_by, l.decided_at, l.reason,
           l.evidence, a.title, b.title AS other_title,
           nullif(CASE a.story_id WHEN :id THEN b.story_id ELSE a.story_id END, :id) AS other_story,
           row_number() OVER (
               PARTITION BY min(l.article_id, l.other_id), max(l.article_id, l.other_id)
               ORDER BY l.decided_by = 'editor' DESC, (l.verdict = 'same') = (a.story_id = b.story_id) DESC, l.id DESC
           ) AS place
    FROM story_links l JOIN articles a ON a.id = l.article_id JOIN articles b ON b.id = l.other_id
    WHERE l.article_id IN (SELECT id FROM articles WHERE story_id = :id ORDER BY id LIMIT {MOST_TOLD})
       OR l.other_id IN (SELECT id FROM articles WHERE story_id = :id ORDER BY id LIMIT {MOST_TOLD})"""


class StoryArchive:
    """The stored articles and stories as `pipeline.stories.archive` asks for them."""

    def __init__(self, connection: sqlite3.Connection, at: str, most_found: int = 40) -> None:
        """`at` is the time of everything that is written."""
        self._connection, self._at = connection, at
        self.index = StoryIndex(connection, most_found)

    # reading

    def texts(self, article_ids: Iterable[int]) -> dict[int, StoryText]:
        """Return article id → what the judge reads of it."""
        rows = self._in(f"{_TEXTS} WHERE a.id IN ({{}})", article_ids)
        return {row[0]: _text(row) for row in rows}

    def all_texts(self) -> Iterator[StoryText]:
        """Yield the articles by day, so that neighbours in time come together."""
        rows = self._connection.execute(
            f"{_TEXTS} ORDER BY coalesce(a.published_on, substr(a.first_seen_at, 1, 10)), a.id"
        )
        for row in rows:
            yield _text(row)

    def stories_of(self, article_ids: Iterable[int]) -> dict[int, int]:
        """Return article id → story id."""
        return {row[0]: row[1] for row in self._in("SELECT id, story_id FROM articles WHERE id IN ({})", article_ids)}

    def members(self, story_ids: Iterable[int]) -> dict[int, int]:
        """Return article id → story id, for all articles of some stories."""
        rows = self._in("SELECT id, story_id FROM articles WHERE story_id IN ({}) ORDER BY id", story_ids)
        return {row[0]: row[1] for row in rows}

    def editions(self, article_ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return pairs of articles with one source and key, of which one is among the given."""
        rows = self._in(
            """SELECT a.id, b.id FROM articles a JOIN articles b
               ON b.source_id = a.source_id AND b.key = a.key AND b.id <> a.id WHERE a.id IN ({})""",
            article_ids,
        )
        return sorted({(min(row[0], row[1]), max(row[0], row[1])) for row in rows})

    def ties(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs that hang together already: of one story, of one source and key, or by an editor's word."""
        yield from self._connection.execute(
            """SELECT first, a.id FROM articles a JOIN (
                   SELECT story_id, min(id) AS first FROM articles GROUP BY story_id HAVING count(*) > 1
               ) s ON s.story_id = a.story_id AND s.first <> a.id
               UNION SELECT first, a.id FROM articles a JOIN (
                   SELECT source_id, key, min(id) AS first FROM articles GROUP BY source_id, key HAVING count(*) > 1
               ) p ON p.source_id = a.source_id AND p.key = a.key AND p.first <> a.id
               UNION SELECT article_id, other_id FROM story_links WHERE decided_by = 'editor' AND verdict = 'same'"""
        )

    def links(self, pairs: Iterable[tuple[int, int]]) -> list[StoryLink]:
        """Return the links of some pairs, the lower id first in each, oldest first; their evidence is left out."""
        found = {
            row[0]: row
            for lower, higher in _by_first(pairs)
            for row in select_in(
                self._connection,
                f"SELECT id, {_LINK} FROM story_links WHERE article_id = ? AND other_id IN ({{}})",
                higher,
                lower,
            )
        }
        return [_link(found[number]) for number in sorted(found)]

    def links_of(self, article_id: int, most: int) -> list[StoryLink]:
        """Return the links of one article with the latest others, at most `most` on either side; without evidence."""
        return [
            _link(row)
            for one, other in (("article_id", "other_id"), ("other_id", "article_id"))
            for row in self._connection.execute(
                f"SELECT id, {_LINK} FROM story_links WHERE {one} = ? ORDER BY {other} DESC LIMIT ?", (article_id, most)
            )
        ]

    def current(self, story_id: int) -> int:
        """Return the story that lives on for an id: itself, or what it was merged into."""
        if not _is_id(story_id):
            return story_id
        seen = {story_id}
        while row := self._connection.execute(
            "SELECT merged_into FROM stories WHERE id = ? AND merged_into IS NOT NULL", (story_id,)
        ).fetchone():
            story_id = int(row[0])
            if story_id in seen:
                break
            seen.add(story_id)
        return story_id

    def merged(self, story_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return story that lives on in one of the given, at once or by way of others → its representatives."""
        rows = self._in(
            """WITH RECURSIVE gone (id) AS (
                   SELECT id FROM stories WHERE merged_into IN ({})
                   UNION SELECT s.id FROM stories s JOIN gone ON s.merged_into = gone.id
               ) SELECT s.id, s.uk_article_id, s.en_article_id FROM stories s JOIN gone USING (id)""",
            story_ids,
        )
        return {row[0]: tuple(article for article in row[1:] if article is not None) for row in rows}

    def described(self, story_id: int) -> tuple[sqlite3.Row, list[sqlite3.Row], list[sqlite3.Row]] | None:
        """Return the row of `news` of a live story, its articles, and the links that stand; None when there is none."""
        given = {"id": story_id}
        shown = self._connection.execute("SELECT * FROM news WHERE story_id = :id", given).fetchone()
        if shown is None:
            return None
        articles = self._connection.execute(
            """SELECT id, source_id, key, language, title, published_on, url FROM articles
               WHERE story_id = :id ORDER BY published_on, id""",
            given,
        )
        links = self._connection.execute(
            f"""SELECT article_id, other_id, verdict, method, score, decided_by, decided_at, reason, evidence
                FROM ({STANDING_LINKS}) WHERE place = 1 ORDER BY id""",
            given,
        )
        return shown, articles.fetchall(), links.fetchall()

    # writing

    def save_links(self, links: Sequence[StoryLink], reasons: Sequence[str]) -> None:
        """Append links with their reasons."""
        self._connection.executemany(
            """INSERT INTO story_links
                   (article_id, other_id, verdict, method, score, evidence, reason, decided_by, decided_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                (link.article_id, link.other_id, link.verdict, link.method, link.score,
                 json.dumps(dict(link.evidence), ensure_ascii=False), reason, link.decided_by, self._at)
                for link, reason in zip(links, reasons, strict=True)
            ],
        )  # fmt: skip

    def new_story(self) -> int:
        """Return a fresh story id; ids are never used again."""
        return new_story(self._connection, self._at)

    def move(self, stories: Mapping[int, int]) -> None:
        """Put articles (id → story id) into stories."""
        self._connection.executemany(
            "UPDATE articles SET story_id = ? WHERE id = ?", [(story, article) for article, story in stories.items()]
        )

    def merge(self, merged: Mapping[int, int]) -> None:
        """Mark emptied stories (id → the story that took their articles); they keep their ids."""
        self._connection.executemany(
            "UPDATE stories SET merged_into = ? WHERE id = ?", [(into, story) for story, into in merged.items()]
        )

    def revive(self, story_id: int) -> None:
        """Make a merged story one of its own again."""
        self._connection.execute("UPDATE stories SET merged_into = NULL WHERE id = ?", (story_id,))

    def save_representatives(self, chosen: Mapping[int, Representatives]) -> None:
        """Stores which article speaks for each story (id → articles) in each language, and its dates."""
        self._connection.executemany(
            """UPDATE stories SET uk_article_id = ?, en_article_id = ?, published_on = ?,
                   uk_lead_id = ?, en_lead_id = ?, uk_link_id = ?, en_link_id = ?,
                   first_published_at = (SELECT min(published_at) FROM articles a WHERE a.story_id = stories.id)
               WHERE id = ?""",
            [(*astuple(one), story) for story, one in chosen.items()],
        )

    def _in(self, sql: str, values: Iterable[int]) -> Iterator[sqlite3.Row]:
        return select_in(self._connection, sql, filter(_is_id, values))


def _is_id(number: int) -> bool:
    """Return True if a row can have this number at all: SQLite's have 64 bits, a person may type more."""
    return 0 < number < _IDS_END


def _text(row: sqlite3.Row) -> StoryText:
    (number, source, key, language, title, lead, day, url, attribution, publisher, seen, machine, addresses) = row
    return StoryText(
        article_id=number,
        source_id=source,
        key=key,
        language=language,
        title=title,
        lead=lead,
        published_on=day,
        url=url,
        attribution=attribution,
        addresses=tuple(json.loads(addresses)),
        machine_english=machine,
        publisher=publisher,
        seen_on=seen,
    )


def _by_first(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    """Yield each first article of some pairs with its second ones."""
    for first, two in groupby(sorted(pairs), key=itemgetter(0)):
        yield first, [second for _, second in two]


def _link(row: sqlite3.Row) -> StoryLink:
    (_, article, other, verdict, method, score, decided_by) = row
    return StoryLink(article, other, verdict, method, score, {}, decided_by)
