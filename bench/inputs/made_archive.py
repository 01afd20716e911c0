"""News archives of any size: headlines of the trade with a long tail of rare words, 15 % of them published twice.

Every text is put together from word lists, so that nothing is copied and each archive is the same on every machine.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from core.model import IdentityRule, Item, Listing, Published, Source
from db import articles, reference
from db.stories import StoryArchive
from pipeline.collect.decide import decide
from pipeline.collect.normalise import normalise
from pipeline.stories.update import refresh_stories

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.model import Decision
    from db.store import Store

AT = "2026-02-03T06:00:00Z"
SITES = 8
_IDENTITY = IdentityRule(paths=(r"/news/(?P<key>\d+)",))

_FIRST_DAY = date(2000, 1, 3)
_REPEATED = 0.15
_SYLLABLES = (
    "ба",
    "во",
    "гри",
    "дро",
    "жен",
    "зим",
    "кав",
    "лон",
    "мур",
    "ніс",
    "пол",
    "рус",
    "сав",
    "тин",
    "фор",
    "хом",
)
_OPENINGS = (
    "Громада отримала", "Уряд схвалив", "У громаді відкрили", "Старости обговорили", "Фахівці підготували",
    "Партнери передали", "Молодь запустила", "Комітет розглянув", "Область розподілила", "Школа презентувала",
)  # fmt: skip
_COMMON = (
    "проєкт", "бюджет", "програму", "центр", "послуги", "дорогу", "школу", "лікарню", "воду", "субвенцію", "стратегію",
    "навчання", "громади", "розвитку", "для", "та", "міста", "людей", "області", "конкурс", "відновлення", "року",
)  # fmt: skip
_LEAD_INS = ("ВАЖЛИВО! ", "УВАГА! ", "", "", "")
_TAILS = (" (ВІДЕО)", " (+інфографіка)", "", "", "")


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """One article of a made archive."""

    source: str
    title: str
    lead: str
    day: str


def archive(size: int, *, per_day: int = 40, seed: int = 1) -> Iterator[MadeArticle]:
    """Yield `size` articles by day; every sixth or so repeats, on another site, one of the days before."""
    rng = random.Random(seed)
    recent: list[MadeArticle] = []
    for number in range(size):
        day = (_FIRST_DAY + timedelta(days=number // per_day)).isoformat()
        made = _repeated(rng, rng.choice(recent), day) if recent and rng.random() < _REPEATED else _news(rng, day)
        recent = [*recent[-150:], made] if len(recent) > 300 else [*recent, made]
        yield made


def _news(rng: random.Random, day: str) -> MadeArticle:
    title = f"{rng.choice(_OPENINGS)} {_words(rng, 6)}"
    return MadeArticle(f"site{rng.randrange(SITES)}", title, f"{_words(rng, 14).capitalize()}.", day)


def _repeated(rng: random.Random, first: MadeArticle, day: str) -> MadeArticle:
    words = first.title.split()
    if len(words) > 4:
        words.pop(rng.randrange(2, len(words)))
    title = f"{rng.choice(_LEAD_INS)}{' '.join(words)}{rng.choice(_TAILS)}"
    return MadeArticle(f"site{rng.randrange(SITES)}", title, first.lead, day)


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(_COMMON) if rng.random() < 0.5 else _rare(rng) for _ in range(count))


def _rare(rng: random.Random) -> str:
    word = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 3, 3, 4))))
    return word.capitalize() if rng.random() < 0.2 else word


def sources() -> list[Source]:
    """Return the sources of every made archive."""
    names = [f"site{number}" for number in range(SITES)]
    return [
        Source(name, name.title(), f"https://{name}.test/", name.title(), "uk", "feed",
               (Listing(f"https://{name}.test/news"),), _IDENTITY,
               (f"{name}.test",), expected_every_hours=24)
        for name in names
    ]  # fmt: skip


def decisions(made: Iterable[MadeArticle], first: int = 1) -> list[Decision]:
    """Return what ingest decides on articles that it meets for the first time, their addresses counted from `first`."""
    known, now = {source.id: source for source in sources()}, datetime(2100, 1, 1, tzinfo=UTC)
    found = []
    for number, article in enumerate(made, start=first):
        item = Item(
            f"https://{article.source}.test/news/{number}", article.title, article.lead,
            Published(article.day, "day", "listing"), key=str(number),
        )  # fmt: skip
        found.append(decide(normalise(item, known[article.source], now), None))
    return found


def fill(store: Store, made: Iterable[MadeArticle], first: int = 1) -> None:
    """Save articles as ingest does, each in a story of its own with its words in the search index."""
    with store.transaction() as connection:
        reference.save_sources(connection, sources())
        saved = articles.save(connection, decisions(made, first)[::-1], AT)
        refresh_stories(StoryArchive(connection, AT), connection, saved.story_ids)
