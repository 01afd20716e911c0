"""Makes news archives of any size: headlines of the trade with a long tail of rare words, 15 % of them told twice.

Every text is put together from word lists, so that nothing is copied and each archive is the same on every machine.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_FIRST_DAY = date(2000, 1, 3)
_TOLD_AGAIN = 0.15
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
class Made:
    """One article of a made archive."""

    source: str
    title: str
    lead: str
    day: str


def archive(size: int, *, per_day: int = 40, seed: int = 1) -> Iterator[Made]:
    """`size` articles by day. Every sixth or so tells again, on another site, what was told in the days before."""
    rng = random.Random(seed)
    told: list[Made] = []
    for number in range(size):
        day = (_FIRST_DAY + timedelta(days=number // per_day)).isoformat()
        made = _told_again(rng, rng.choice(told), day) if told and rng.random() < _TOLD_AGAIN else _news(rng, day)
        told = [*told[-150:], made] if len(told) > 300 else [*told, made]
        yield made


def _news(rng: random.Random, day: str) -> Made:
    title = f"{rng.choice(_OPENINGS)} {_words(rng, 6)}"
    return Made(f"site{rng.randrange(8)}", title, f"{_words(rng, 14).capitalize()}.", day)


def _told_again(rng: random.Random, first: Made, day: str) -> Made:
    words = first.title.split()
    if len(words) > 4:
        words.pop(rng.randrange(2, len(words)))
    title = f"{rng.choice(_LEAD_INS)}{' '.join(words)}{rng.choice(_TAILS)}"
    return Made(f"site{rng.randrange(8)}", title, first.lead, day)


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(_COMMON) if rng.random() < 0.5 else _rare(rng) for _ in range(count))


def _rare(rng: random.Random) -> str:
    word = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 3, 3, 4))))
    return word.capitalize() if rng.random() < 0.2 else word


def fill(connection: sqlite3.Connection, articles: Iterator[Made]) -> None:
    """Stores articles, each in a story of its own."""
    connection.execute("BEGIN")
    connection.executemany(
        """INSERT OR IGNORE INTO sources
               (id, name, homepage, publisher, language, kind, expected_every_hours, min_items)
           VALUES (?1, ?1, '', ?1, 'uk', 'feed', 24, 1)""",
        [(f"site{number}",) for number in range(8)],
    )
    first = connection.execute("SELECT coalesce(max(id), 0) FROM stories").fetchone()[0]
    for number, made in enumerate(articles, start=first + 1):
        connection.execute("INSERT INTO stories (id, first_seen_at) VALUES (?, ?)", (number, f"{made.day}T06:00:00Z"))
        connection.execute(
            """INSERT INTO articles (source_id, key, language, url, title, lead, title_hash, published_at,
                   published_precision, published_origin, published_on, first_seen_at, last_seen_at, content_hash,
                   story_id)
               VALUES (?1, ?2, 'uk', 'https://' || ?1 || '.test/' || ?2, ?3, ?4, ?2, ?5, 'day', 'feed', ?5, ?5, ?5, '',
                       ?2)""",
            (made.source, number, made.title, made.lead, made.day),
        )
    connection.execute("COMMIT")
