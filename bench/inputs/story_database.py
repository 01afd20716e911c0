"""A database in memory that articles arrive in, and scores of grouping when all labelled ones are in it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.inputs.labelled_pairs import score
from db.migrations import SCHEMA
from db.stories import StoryArchive
from pipeline.stories.grouping import group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.inputs.labelled_pairs import LabelledPair, Scores
    from core.model import StoryText

AT = "2026-02-03T06:00:00Z"


class StoryDatabase:
    """A database in memory that articles arrive in."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        self.archive = StoryArchive(self.connection, AT)

    def arrive(self, texts: Iterable[StoryText]) -> list[int]:
        """Store the articles, each in a story of its own, and group them; return their ids."""
        ids = [self._store(text) for text in texts]
        group(self.archive, ids)
        return ids

    def _store(self, text: StoryText) -> int:
        self.connection.execute(
            """INSERT OR IGNORE INTO sources
                   (id, name, homepage, publisher, language, kind, expected_every_hours, min_items)
               VALUES (?, ?, '', ?, 'uk', 'feed', 24, 1)""",
            (text.source_id, text.source_id, text.publisher or text.source_id.title()),
        )
        sibling = self.connection.execute(
            "SELECT story_id FROM articles WHERE source_id = ? AND key = ?", (text.source_id, text.key)
        ).fetchone()
        story = sibling[0] if sibling else self.archive.new_story()
        if text.machine_english:
            self._translate(text.title, text.machine_english)
        return int(
            self.connection.execute(
                """INSERT INTO articles (source_id, key, language, url, title, lead, title_hash, published_at,
                       published_precision, published_origin, published_on, attribution, first_seen_at, last_seen_at,
                       content_hash, story_id)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'day', 'feed', ?, ?, ?, ?, '', ?) RETURNING id""",
                (text.source_id, text.key, text.language, f"https://{text.source_id}.test/{text.key}", text.title,
                 text.lead, text.title, text.published_on, text.published_on, text.attribution, AT, AT, story),
            ).fetchone()[0]
        )  # fmt: skip

    def _translate(self, title: str, english: str) -> None:
        self.connection.execute(
            """INSERT INTO translations (text_hash, source_text, source_language, target_language, text, engine, model,
                   state, created_at)
               VALUES (?1, ?1, 'uk', 'en', ?2, 'test', 'test', 'ok', ?3) ON CONFLICT DO NOTHING""",
            (title, english, AT),
        )

    def stories(self) -> set[frozenset[tuple[str, str, str]]]:
        """Return the stories as sets of articles, whatever their ids."""
        found: dict[int, set[tuple[str, str, str]]] = {}
        for story, *identity in self.connection.execute("SELECT story_id, source_id, key, language FROM articles"):
            found.setdefault(story, set()).add(tuple(identity))
        return {frozenset(members) for members in found.values()}

    def story_of(self, article: int) -> int:
        """Return the story of an article."""
        return int(self.connection.execute("SELECT story_id FROM articles WHERE id = ?", (article,)).fetchone()[0])

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()


def score_in_one_archive(pairs: Sequence[LabelledPair], room: StoryDatabase) -> Scores:
    """Return scores of the stories that arise when all articles of the pairs are in one archive, as fully as known."""
    texts = _fullest(text for two in pairs for text in (two.a, two.b))
    ids = room.arrive(replace(text, key=str(number)) for number, text in enumerate(texts.values()))
    story = {headline: room.story_of(article) for headline, article in zip(texts, ids, strict=True)}
    chosen = [two for two in pairs if _headline(two.a) != _headline(two.b)]
    return score(chosen, lambda a, b: story[_headline(a)] == story[_headline(b)])


def _fullest(texts: Iterable[StoryText]) -> dict[tuple[str, str, str], StoryText]:
    """Return each article once: some pairs lack a lead or the machine's English that it has in others."""
    found: dict[tuple[str, str, str], StoryText] = {}
    for text in texts:
        known = found.get(_headline(text))
        if known is None or _fullness(text) > _fullness(known):
            found[_headline(text)] = text
    return found


def _headline(text: StoryText) -> tuple[str, str, str]:
    return text.source_id, text.language, text.title


def _fullness(text: StoryText) -> tuple[int, bool]:
    return len(text.lead), text.machine_english is not None
