"""Bilingual headlines in the manner of the field: patterns × places, numbers, institutions. Pure: seeded, no clock.

    generate(seed, n)       pairs for training
    held_out(seed, n)       pairs whose combination of words is in no `generate`
    compose(id, h="Korostyshiv", money="1.2 million UAH")   one pattern with given words
    patterns()              what there is; `slots` of each names the words it needs

What a slot takes (a digit at its end only tells two of a kind apart: `h`, `h2`):
    h community · o region · c Ukrainian city · f foreign city · org institution (key column) · p project · t theme
    g goods · w person · grp group of people · nw number word (`Ten`): their English name in demo/data/*.csv
    n count (int, not 1, 21 …) · k, big count before a genitive plural (5, 12, 20 …) · money `nearly 1 billion UAH`
    date `02-26` · month 1-12 · year, law int · pct 12 or 4.5
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from demo import wordforms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Value = str | int | float
_SLOT = re.compile(r"\{([a-z]+\d?)(?:\.(\w+))?\}")
_HELD_OUT_ONE_IN = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """One text in both languages, and the pattern it was made with."""

    uk: str
    en: str
    pattern: str = ""
    kind: str = "title"  # title, lead


@dataclass(frozen=True, slots=True)
class Pattern:
    """A bilingual template: `{h.gen}` is slot `h` in the form `gen`."""

    id: str
    kind: str  # title, lead (one sentence of it)
    uk: str
    en: str

    @property
    def slots(self) -> tuple[str, ...]:
        """Return the names of the words it needs, in the order of the Ukrainian text."""
        return tuple(dict.fromkeys(match[1] for match in _SLOT.finditer(self.uk + self.en)))


@cache
def patterns() -> dict[str, Pattern]:
    """Return all patterns by their id."""
    return {row["id"]: Pattern(row["id"], row["kind"], row["uk"], row["en"]) for row in wordforms.table("patterns")}


def compose(pattern_id: str, **slots: Value) -> Pair:
    """Fill one pattern with the given words. Raises ValueError naming the pattern when a word is missing or unknown."""
    pattern = patterns().get(pattern_id)
    if pattern is None:
        raise ValueError(f"no such pattern: {pattern_id}")
    if set(slots) != set(pattern.slots):
        raise ValueError(f"{pattern_id} needs {', '.join(pattern.slots)}; got {', '.join(slots)}")
    words = {slot: _word(slot, value) for slot, value in slots.items()}
    uk = _SLOT.sub(lambda match: words[match[1]].uk[match[2] or ""], pattern.uk)
    en = _SLOT.sub(lambda match: words[match[1]].en[match[2] or ""], pattern.en)
    return Pair(uk[0].upper() + uk[1:], en[0].upper() + en[1:], pattern_id, pattern.kind)


def join(*sentences: Pair) -> Pair:
    """Join sentences into a lead."""
    return Pair(" ".join(s.uk for s in sentences), " ".join(s.en for s in sentences), sentences[0].pattern, "lead")


def is_held_out(pair: Pair) -> bool:
    """Return whether this combination is kept from training. Patterns without slots never are."""
    if not patterns()[pair.pattern].slots:
        return False
    return hashlib.sha256(pair.uk.encode()).digest()[0] % _HELD_OUT_ONE_IN == 0


def generate(seed: int, n: int) -> list[Pair]:
    """Return `n` pairs for training: the same for the same seed, none of them held out."""
    return _take(seed, n, held_out=False)


def held_out(seed: int, n: int) -> list[Pair]:
    """Return `n` different pairs that `generate` never gives."""
    return _take(seed, n, held_out=True)


def _take(seed: int, n: int, *, held_out: bool) -> list[Pair]:
    taken: list[Pair] = []
    seen: set[str] = set()
    for pair in _stream(random.Random(seed)):
        if len(taken) == n:
            break
        if is_held_out(pair) != held_out or (held_out and pair.uk in seen):
            continue
        seen.add(pair.uk)
        taken.append(pair)
    return taken


def _stream(rng: random.Random) -> Iterator[Pair]:
    choices = list(patterns().values())
    while True:
        pattern = rng.choice(choices)
        slots: dict[str, Value] = {}
        for slot in pattern.slots:
            value = _sample(_kind(slot), rng)
            while value in slots.values():
                value = _sample(_kind(slot), rng)
            slots[slot] = value
        yield compose(pattern.id, **slots)


def _kind(slot: str) -> str:
    return slot.rstrip("0123456789")


def _word(slot: str, value: Value) -> wordforms.Forms:
    kind = _kind(slot)
    known = wordforms.vocabulary().get(kind)
    if known is None:
        return _MAKERS[kind](value)
    if value not in known:
        raise ValueError(f"{slot}: {value} is not in the vocabulary")
    return known[str(value)]


def _sample(kind: str, rng: random.Random) -> Value:
    known = wordforms.vocabulary().get(kind)
    return rng.choice(list(known)) if known else _SAMPLERS[kind](rng)


def _sample_count(rng: random.Random) -> int:
    number = rng.choice((rng.randint(2, 40), rng.randint(2, 99), rng.randint(100, 999)))
    return number + 1 if number % 10 == 1 and number % 100 != 11 else number


def _sample_many(rng: random.Random, limits: tuple[tuple[int, int], ...]) -> int:
    while True:
        number = rng.randint(*rng.choice(limits))
        if wordforms.needs_genitive_plural(number):
            return number


def _sample_money(rng: random.Random) -> str:
    approximately = rng.choice(("", "", "", "nearly ", "over ", "about "))
    unit = rng.choice(("thousand", "million", "million", "million", "billion"))
    whole = rng.choice((rng.randint(1, 20), rng.randint(1, 99), rng.randint(100, 999)))
    if unit == "billion":
        whole = rng.randint(1, 99)
    decimal = f".{rng.randint(1, 9)}" if unit != "thousand" and rng.random() < 0.5 else ""
    return f"{approximately}{whole}{decimal} {unit} {rng.choice(('UAH', 'UAH', 'UAH', 'EUR'))}"


def _sample_percent(rng: random.Random) -> Value:
    return rng.choice((rng.randint(2, 99), f"{rng.randint(1, 99)}.{rng.randint(1, 9)}"))


_SAMPLERS: dict[str, Callable[[random.Random], Value]] = {
    "n": _sample_count,
    "k": lambda rng: _sample_many(rng, ((5, 20), (5, 99), (100, 999))),
    "big": lambda rng: _sample_many(rng, ((100, 999), (1_000, 9_999), (10_000, 99_999), (100_000, 300_000))),
    "money": _sample_money,
    "date": lambda rng: f"{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    "month": lambda rng: rng.randint(1, 12),
    "year": lambda rng: rng.randint(2019, 2035),
    "law": lambda rng: rng.choice((rng.randint(2_000, 9_999), rng.randint(10_000, 14_999))),
    "pct": _sample_percent,
}
_MAKERS: dict[str, Callable[[Value], wordforms.Forms]] = {
    "n": lambda value: wordforms.count(int(value)),
    "k": lambda value: wordforms.many(int(value)),
    "big": lambda value: wordforms.many(int(value)),
    "money": lambda value: wordforms.money(str(value)),
    "date": lambda value: wordforms.date(str(value)),
    "month": lambda value: wordforms.month(int(value)),
    "year": lambda value: wordforms.figure(int(value)),
    "law": lambda value: wordforms.figure(int(value)),
    "pct": wordforms.percent,
}
