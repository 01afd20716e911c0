"""Everyday news of the ninety days, made with the bilingual grammar of demo/headlines.py. Pure: seeded, no clock.

Hand-written items (demo/data/*.json) carry the demo's events; these rows, in the same form, fill the days between.
Every headline is a combination that the demonstration model did not see in its training.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from demo import wordforms
from demo.headlines import Pair, Pattern, compose, is_held_out, join, patterns
from demo.scenario import DAYS, KYIV
from language.romanise import INSIDE_WORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from demo.headlines import Value

SPAN = timedelta(days=89)
_TRIES = 2_000  # to find a combination that is new and held out of training
_KEY_STEP = 3  # ids grow by more than one: other sections of a site use them too


@dataclass(frozen=True, slots=True)
class Series:
    """The daily publications of one source."""

    source: str
    posts: int
    topics: str  # regular expression on pattern ids
    first_key: int = 0  # numeric keys; 0: the key is a slug
    languages: tuple[str, ...] = ("uk",)
    translated: float = 1.0  # share of the posts that get the second language
    word: str = ""  # every Ukrainian title holds it: what the topic filter looks for


PLAN = (
    Series("decentralization", 128, r"(?!eu-)", 90002, ("uk", "en"), translated=0.45),
    Series("hromady", 58, r"money|law|school|community|services|starosta", 41002),
    Series("cities4cities", 18, r"partner", 21302, ("en",)),
    Series("auc", 26, r"money|law|health|school|services"),
    Series("kmu", 20, r"money|recovery|digital|eu", word="громад"),
    Series("komsamovr", 20, r"law|election", 75102),
    Series("prostir", 22, r"event|idp"),
    Series("euneighbourseast", 6, r"eu-title-0[1346]", languages=("uk", "en"), word="громад"),
)

_TAGS = {
    "money": ("mistsevi-biudzhety", "місцеві бюджети", "mistsevi biudzhety"),
    "law": ("zakonoproekty", "законопроєкти", "zakonoproekty"),
    "partner": ("munitsypalne-partnerstvo", "муніципальне партнерство", "munitsypalne partnerstvo"),
    "services": ("tsnap", "ЦНАП", "ASC"),
    "starosta": ("starosty", "старости", "starosty"),
    "event": ("anons", "Анонси", "anonsy"),
    "election": ("vybory", "вибори", "vybory"),
    "recovery": ("vidnovlennia", "відновлення", "vidnovlennia"),
    "school": ("osvita", "освіта", "education"),
    "health": ("medytsyna", "медицина", "health"),
    "idp": ("vpo", "ВПО", "IDPs"),
    "digital": ("tsyfrovizatsiia", "цифровізація", "tsyfrovizatsiia"),
    "community": ("dosvid", "Досвід", "dosvid"),
}
_ATTRIBUTIONS = ("", "Урядовий портал", "Асоціація міст України", "Асоціація ОТГ", "УАРОР", "Офіс реформ")
# Who does what, so that the invented news stays plausible; anyone may teach and invite.
_WHO = {
    "money": ("Government", "Cabinet", "Ministry of Finance", "Ministry for Development", "SFRD", "EIB"),
    "law": ("Government", "Cabinet", "NACS", "Ministry for Development", "State Regional Policy Committee"),
    "recovery": ("Government", "Ministry for Development", "SFRD", "EIB", "U-LEAD", "Polaris Programme"),
    "school": ("Government", "Ministry of Education", "DECIDE", "U-LEAD"),
    "health": ("Government", "Ministry of Health", "EIB"),
    "services": ("U-LEAD", "Polaris Programme", "Ministry of Digital Transformation", "DOBRE"),
    "eu": ("Council of Europe", "European Commission", "Congress", "U-LEAD"),
    "election": ("CEC", "Verkhovna Rada"),
}
_REAL_PEOPLE = {"Oleksii Riabykin"}  # no invented words for them
_LATER = re.compile(r"анонс|вебінар|відбудеться|до \{date\}|призначено|набере")


def rows() -> list[dict[str, Any]]:
    """Return the rows of every series, in the form of demo/data/*.json."""
    leads: set[str] = set()  # no two stories begin alike, as no two real ones do
    return [row for series in PLAN for row in _series(series, leads)]


def slug(title: str) -> str:
    """Return an address made of the transliterated headline, cut like those of the real sites."""
    latin = "".join(INSIDE_WORD.get(letter, letter) for letter in title.lower().replace("'", ""))
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:70].rstrip("-")


def _series(series: Series, leads: set[str]) -> list[dict[str, Any]]:
    rng = random.Random(f"visnyk {series.source}")
    taken: set[str] = set()
    keys: set[str] = set()
    made = []
    for place in range(series.posts):
        at = (DAYS[1] - SPAN * (1 - place / (series.posts - 1))).astimezone(KYIV)
        at += timedelta(days={5: -1, 6: 1}.get(at.weekday(), 0))
        at = at.replace(hour=rng.randint(9, 15), minute=rng.randint(0, 59), second=0, microsecond=0)
        words = _Words(rng, at)
        title = _title(series, words, taken)
        lead = _lead(title, words, leads)
        row = _row(series, place, at, title, lead, words)
        part = "slug" if "slug" in row else "key"
        if row[part] in keys:  # slugs are cut, and the sites number those that are then alike
            row[part] += f"-{place}"
        keys.add(row[part])
        made.append(row)
    return made


def _title(series: Series, words: _Words, taken: set[str]) -> Pair:
    fitting = [
        pattern
        for pattern in patterns().values()
        if pattern.kind == "title" and pattern.slots and re.match(series.topics, pattern.id)
    ]
    for _ in range(_TRIES):
        words.forget()
        pattern = words.rng.choice(fitting)
        pair = words.fill(pattern)
        if pair.uk not in taken and is_held_out(pair) and series.word in pair.uk.lower():
            taken.add(pair.uk)
            return pair
    raise ValueError(f"no headline is left for {series.source}")


def _lead(title: Pair, words: _Words, taken: set[str]) -> Pair:
    fitting = _lead_patterns(title.pattern.partition("-")[0])
    for _ in range(_TRIES):
        pair = join(*(words.fill(pattern) for pattern in words.rng.sample(fitting, 2)))
        if pair.uk not in taken:
            taken.add(pair.uk)
            return pair
    raise ValueError(f"no lead is left for {title.pattern}")


def _lead_patterns(topic: str) -> list[Pattern]:
    own = [pattern for pattern in patterns().values() if pattern.id.startswith(f"{topic}-lead-")]
    return own if len(own) >= 4 else own + _lead_patterns("community")


def _row(series: Series, place: int, at: datetime, title: Pair, lead: Pair, words: _Words) -> dict[str, Any]:
    languages = series.languages if words.rng.random() < series.translated else series.languages[:1]
    texts = {"uk": [title.uk, lead.uk], "en": [title.en, lead.en]}
    row: dict[str, Any] = {"source": series.source, "at": f"{at:%Y-%m-%d %H:%M}"}
    row |= {language: texts[language] for language in languages}
    row |= _names(series, place, title)
    if series.source == "decentralization":
        row |= {"tags": [_TAGS[title.pattern.partition("-")[0]]], "from": words.rng.choice(_ATTRIBUTIONS)}
        row |= {"oblasts": words.oblasts()}
        if "en" in row and words.rng.random() < 0.5:
            row["en_at"] = f"{at + timedelta(days=words.rng.randint(1, 6)):%Y-%m-%d %H:%M}"
    return row


def _names(series: Series, place: int, title: Pair) -> dict[str, str]:
    words = slug(title.en if series.languages == ("en",) else title.uk)
    if series.first_key:
        return {"key": str(series.first_key + place * _KEY_STEP), "slug": words}
    if series.source == "prostir":
        return {"key": f"grants={words}" if "anons" not in words and place % 3 == 0 else f"news={words}"}
    return {"key": f"news/latest-news/{words}" if series.source == "euneighbourseast" else words}


class _Words:
    """Words for the slots of one publication: the same name means the same thing in its title and its lead."""

    def __init__(self, rng: random.Random, at: datetime) -> None:
        self.rng = rng
        self._at = at
        self._chosen: dict[str, Value] = {}

    def forget(self) -> None:
        """Begin another try."""
        self._chosen.clear()

    def fill(self, pattern: Pattern) -> Pair:
        """Fill the pattern with the words chosen so far, and new ones where there are none."""
        for name in pattern.slots:
            if name not in self._chosen or name in ("date", "year"):
                self._chosen[name] = self._word(name, pattern)
        return compose(pattern.id, **{name: self._chosen[name] for name in pattern.slots})

    def oblasts(self) -> list[str]:
        """Return the publisher's region labels."""
        communities, regions = wordforms.hromadas(), wordforms.oblasts()
        if "h" in self._chosen:
            return [communities[str(self._chosen["h"])].uk["obl_full"]]
        return [regions[str(self._chosen["o"])].uk[""]] if "o" in self._chosen else []

    def _word(self, name: str, pattern: Pattern) -> Value:
        kind = name.rstrip("0123456789")
        if kind == "o" and "h" in self._chosen and name == "o":
            return wordforms.hromadas()[str(self._chosen["h"])].en["obl"]
        if kind in wordforms.vocabulary():
            known = _WHO.get(pattern.id.partition("-")[0]) if kind == "org" else None
            used = {*self._chosen.values(), *_REAL_PEOPLE}
            return self.rng.choice([word for word in known or wordforms.vocabulary()[kind] if word not in used])
        if kind == "n" and f"{{{name}}} областей" in pattern.uk:
            return self.rng.choice((3, 4, 6, 8, 9, 12, 14))
        return self._figure(kind, pattern)

    def _figure(self, kind: str, pattern: Pattern) -> Value:
        rng = self.rng
        if kind == "date":
            days = rng.randint(4, 20) if _LATER.search(pattern.uk.lower()) else -rng.randint(0, 6)
            return f"{self._at + timedelta(days=days):%m-%d}"
        if kind == "year":
            return 2025 if re.search(r"з(а|) \{year\}", pattern.uk.lower()) else rng.choice((2026, 2027))
        makers: dict[str, Callable[[], Value]] = {
            "n": lambda: rng.choice((3, 4, 6, 8, 12, 14, 18, 23, 27, 34, 42, 56)),
            "k": lambda: rng.choice((5, 6, 8, 9, 12, 15, 18, 25, 36, 48)),
            "big": lambda: rng.randrange(1_205, 48_005, 5),
            "money": lambda: f"{rng.randint(2, 96)}.{rng.randint(1, 9)} million {rng.choice(('UAH', 'UAH', 'EUR'))}",
            "pct": lambda: rng.randint(12, 88),
            "law": lambda: rng.randint(13_050, 14_390),
            "month": lambda: (self._at.month + rng.randint(0, 1)) % 12 + 1,
        }
        return makers[kind]()
