"""The lexicon: the meaning of headline words in both languages, and how much each tells about its story. Pure.

`data/headline_words.csv` has one meaning a row: Ukrainian words, English words, and a kind. Two words that share a
row mean the same here; that is enough to compare headlines and far too little to translate them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

from language.letters import fold
from language.stems import plain_stems, stem, stems
from language.words import words
from pipeline.stories.weights import COMMON, FRAME, NAME, PROGRAMME, TOPIC, UNKNOWN

DATA = Path(__file__).parent / "data" / "headline_words.csv"
_WORTH = {"name": NAME, "frame": FRAME, "common": COMMON, "programme": PROGRAMME, "country": PROGRAMME}
_NOTHING: frozenset[int] = frozenset()
_LIKELY = 2  # so many of the stems of a listed word are its own: that without an ending, and the word as it stands
_ACTION = re.compile(r"\w+(?:(?:[аяиуєо]|[^д]і|[йсзг])ти(?:ся)?|ння)(?!\w)")  # how the first word of a row ends


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of one stem."""

    rows: frozenset[int] = _NOTHING
    weight: float = UNKNOWN
    countries: frozenset[int] = _NOTHING  # the rows among them that are countries
    programme: bool = False  # the name of a programme or donor: a name, but one that many stories share
    name: bool = False  # a place abroad whose names in the two languages do not sound alike
    action: bool = False  # a verb, or the noun of one: newsrooms say differently what was done
    verb: bool = False  # one of its meanings is a verb
    near: frozenset[int] = _NOTHING  # rows of words that newsrooms use for each other, alike or not quite


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Meaning]:
    """Return stem of either language → its meaning; read once.

    Under a stem that only a rarer reading of a listed word gives, that word is found if no other has it for its own.
    """
    with DATA.open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    own: dict[str, set[int]] = {}
    rarer: dict[str, set[int]] = {}
    for number, row in enumerate(table):
        for word in words(fold(f"{row['uk']} {row['en']}").lower()):
            for place, one in enumerate(dict.fromkeys(plain_stems(word))):
                (own if place < _LIKELY else rarer).setdefault(one, set()).add(number)
    return {key: _meaning(found, table) for key, found in (rarer | own).items()}


def _meaning(found: set[int], table: list[dict[str, str]]) -> Meaning:
    near = frozenset(number for number in found if table[number]["kind"] == "near")
    found = found - near
    if not found:
        return Meaning(near=near)
    kinds = {table[number]["kind"] for number in found}
    countries = frozenset(number for number in found if table[number]["kind"] == "country")
    named = kinds - {"name"} or kinds  # a word that may be a name counts as what else it is
    weight = next((worth for kind, worth in _WORTH.items() if kind in named), TOPIC)
    actions = [match for number in found if (match := _ACTION.match(table[number]["uk"]))]
    return Meaning(
        frozenset(found),
        weight,
        countries,
        "programme" in kinds,
        kinds == {"name"},
        len(actions) == len(found),
        any(not one[0].endswith("ння") for one in actions),
        near,
    )


UNKNOWN_MEANING = Meaning()


def meaning(stemmed: str) -> Meaning:
    """Return the meaning of a stem; `UNKNOWN_MEANING` when no row has it."""
    return lexicon().get(stemmed, UNKNOWN_MEANING)


def listed_stem(word: str) -> str:
    """Return the stem of a lower-case word: the likeliest that the lexicon knows, or else the likeliest."""
    known = lexicon()
    return next((one for one in stems(word) if one in known), stem(word))


def rows_of(listed: str) -> frozenset[int]:
    """Return the rows of any of some words, which stand between spaces."""
    return frozenset(row for word in listed.split() for row in meaning(listed_stem(word)).rows)


@lru_cache(maxsize=1)
def audiences() -> frozenset[int]:
    """Return the rows of those for whom calls and trainings are: regions, communities, schools, veterans …"""
    return rows_of(
        "область громада школа ветеран молодь жінка старости депутати студент вчитель лікарня бібліотека переселенець"
    )


@lru_cache(maxsize=1)
def institutions() -> frozenset[int]:
    """Return the rows of institutions too common to tell news apart, but worth naming where titles differ."""
    return rows_of(
        "уряд міністерство мінрозвитку парламент президент прем’єр віцепрем’єр рада комітет комісія адміністрація"
    )


@lru_cache(maxsize=1)
def opposites() -> dict[int, frozenset[int]]:
    """Return row → the rows that say the contrary of it."""
    found: dict[int, set[int]] = {}
    for pair in _OPPOSITES.split(","):
        ups, downs = (meaning(listed_stem(word)).rows for word in pair.split())
        for one, other in product(ups - downs, downs - ups):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {row: frozenset(contrary) for row, contrary in found.items()}


_OPPOSITES = (
    "зросли зменшилися,збільшили скоротили,збільшили зменшили,зросли скоротилися,зросли впали,відкрили закрили,"
    "дозволили заборонили,призначили звільнили,підвищили знизили,почали завершили,прийняли відхилили,"
    "підтримали відхилили,виграли програли,більше менше,ввели скасували,запровадили скасували"
)
