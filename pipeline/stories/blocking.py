"""Blocking keys, under which an article is found by others that may report the same. Pure.

A key is an integer: the hash of a meaning, a rare word, the sound of a name, a number or an address. Keys of meaning
and sound are alike in both languages, so a translation finds its original through the same index.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import log2
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pipeline.stories.evidence import LONG_LEAD
from pipeline.stories.weights import COMMON, TOPIC, WINDOW_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from language.facts.number_sets import Numbers
    from pipeline.stories.features import Features, WeightedTerm

ALWAYS = 0  # the period of keys that are looked up at any distance in time
MOST_KEYS = 20  # of one article and period
MOST_FOUND = 40  # articles read for one key and period: a key with more tells nothing
MOST_CANDIDATES = 12  # articles judged against one
LEAST_SHARED = 450  # thousandths of their keys, summed up, that two reports of one story have in common
_EPOCH = 700_000  # an ordinal day before every publication (1917), so that periods are small and above 0


class WeightedKey(NamedTuple):
    """One key of what an article says."""

    key: int
    weight: float  # how much it tells
    share: int  # thousandths of the article that it is


@dataclass(frozen=True, slots=True)
class BlockingKeys:
    """The keys of one article."""

    period: int  # of its publication, in spans of the window; always above 0
    words: tuple[WeightedKey, ...]  # most telling first
    lasting: tuple[int, ...]  # addresses, and prints of a long lead


class Posting(NamedTuple):
    """One row of the index."""

    period: int
    key: int
    article: int
    share: int  # thousandths of the article that the key is; 0 under a lasting key


class KeyIndex(Protocol):
    """An index from keys to articles."""

    def found(self, period: int, key: int) -> list[tuple[int, int]]:
        """Return at most `MOST_FOUND` articles under a key, latest first: (id, share of it that the key is)."""
        ...


def blocking_keys(features: Features, seen_day: int | None = None) -> BlockingKeys:
    """Return the keys under which an article is stored and looks for others.

    `seen_day` (an ordinal) stands in for a missing day of publication. Of a long lead three word triples are keys,
    chosen by hash: two (almost) identical leads choose the same.
    """
    day = features.day if features.day is not None else seen_day
    weighed: dict[int, float] = {}
    names = [one for term in (*features.terms, *features.machine, *features.speaker) for one in _of_term(term, 1.0)]
    names += [*_of_numbers(features.numbers, 1.0), *_of_numbers(features.all_numbers, 0.8)]
    for term in features.lead_terms:
        if term.name or term.weight >= TOPIC:
            names += _of_term(term, 0.8 if term.name else 0.3)
    for name, weight in names:
        key = hashed(name)
        weighed[key] = max(weight, weighed.get(key, 0.0))
    ranked = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:MOST_KEYS]
    total = sum(weight for _, weight in ranked)
    words = tuple(WeightedKey(key, weight, round(1000 * weight / total)) for key, weight in ranked)
    lasting = {f"u{address}" for address in features.addresses | features.mentions}
    if len(lead := features.lead_terms) >= LONG_LEAD:
        triples = {f"l{a.stem} {b.stem} {c.stem}" for a, b, c in zip(lead, lead[1:], lead[2:], strict=False)}
        lasting.update(sorted(triples, key=hashed)[:3])
    return BlockingKeys(period_of(day), words, tuple(sorted(set(map(hashed, lasting)))))


def period_of(day: int | None) -> int:
    """Return the number of the span of `WINDOW_DAYS` days in which a day lies; 1 when there is no day."""
    return max(1, (day - _EPOCH) // WINDOW_DAYS) if day is not None else 1


@lru_cache(maxsize=50_000)
def hashed(name: str) -> int:
    """Return 47 bits, so that SQLite stores them in six bytes."""
    return int.from_bytes(blake2b(name.encode(), digest_size=6).digest(), "big") >> 1


def _of_term(term: WeightedTerm, share: float) -> Iterator[tuple[str, float]]:
    if term.weight < COMMON:
        return
    for row in term.rows:
        yield f"m{row}", term.weight * share / len(term.rows)
    if not term.rows:
        yield f"s{term.sound or term.stem}", term.weight * share


def _of_numbers(numbers: Numbers, share: float) -> Iterator[tuple[str, float]]:
    for bill in numbers.bills:
        yield f"b{bill}", 2.0 * share
    for amount in numbers.amounts:
        yield f"a{float(f'{amount.value:.1e}'):g}", 1.4 * share
        yield f"a{float(f'{amount.value * 0.995:.1e}'):g}", 1.4 * share
    for count in numbers.counts:
        if count > 12:
            yield f"n{count}", 1.0 * share
    for percent in numbers.percents:
        yield f"n{percent:g}", 0.8 * share
    for month, day in numbers.dates:
        yield f"d{month}-{day}", 0.6 * share


def candidates(keys: BlockingKeys, index: KeyIndex, own_id: int) -> list[int]:
    """Return the articles worth judging: the latest under a lasting key, then the best others.

    There are at most `MOST_CANDIDATES` of each. What two articles share is measured on both, so that each finds the
    other, whichever comes first; the best are those that share what few others say.
    """
    lasting = {other for key in keys.lasting for other, _ in index.found(ALWAYS, key)} - {own_id}
    spans = (keys.period - 1, keys.period, keys.period + 1)
    met = [(word, [other for span in spans for other in index.found(span, word.key)]) for word in keys.words]
    shared: dict[int, int] = {}
    for word, found in met:
        for other, share in found:
            shared[other] = shared.get(other, 0) + word.share + share
    rarity = {other: 0.0 for other, both in shared.items() if both >= LEAST_SHARED and other != own_id}
    for word, found in met:
        worth = word.weight / log2(2 + len(found))
        for other, _ in found:
            if other in rarity:
                rarity[other] += worth
    best = sorted(rarity, key=lambda other: (-rarity[other], other))[:MOST_CANDIDATES]
    return sorted(lasting.difference(best))[-MOST_CANDIDATES:] + best
