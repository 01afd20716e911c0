"""Under which keys an article is found by others that may report the same. Pure.

A key is an integer: the hash of a meaning, a rare word, the sound of a name, a number or an address. Keys of meaning
and sound are alike in both languages, so a translation finds its original through the same index.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import log2
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pipeline.stories.conflicts import WINDOW
from pipeline.stories.evidence import LONG_LEAD
from pipeline.stories.lexicon import COMMON, TOPIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from language.facts.counted import Numbers
    from pipeline.stories.features import Profile, Token

ALWAYS = 0  # the period of keys that are looked up at any distance in time
MOST_KEYS = 20  # of one article and period
MOST_FOUND = 40  # articles read for one key and period: a key with more tells nothing
MOST_CANDIDATES = 12  # articles judged against one
LEAST_SHARED = 450  # thousandths of their keys, summed up, that two reports of one story have in common
_EPOCH = 700_000  # an ordinal day before every publication (1917), so that periods are small and above 0


class Word(NamedTuple):
    """One key of what an article says."""

    key: int
    weight: float  # how much it tells
    share: int  # thousandths of the article that it is


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one article."""

    period: int  # of its publication, in spans of the window; always above 0
    words: tuple[Word, ...]  # most telling first
    lasting: tuple[int, ...]  # addresses, and prints of a long lead


class Posting(NamedTuple):
    """One row of the index."""

    period: int
    key: int
    article: int
    share: int  # thousandths of the article that the key is; 0 under a lasting key


class Index(Protocol):
    """Where keys are looked up."""

    def found(self, period: int, key: int) -> list[tuple[int, int]]:
        """At most `MOST_FOUND` articles under a key, the latest first: (id, what share of it the key is)."""
        ...


def keys_of(profile: Profile, seen_day: int | None = None) -> Keys:
    """The keys under which an article is stored and looks for others."""
    day = profile.day if profile.day is not None else seen_day
    weighed: dict[int, float] = {}
    for name, weight in _words(profile):
        key = hashed(name)
        weighed[key] = max(weight, weighed.get(key, 0.0))
    ranked = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:MOST_KEYS]
    total = sum(weight for _, weight in ranked)
    words = tuple(Word(key, weight, round(1000 * weight / total)) for key, weight in ranked)
    return Keys(period_of(day), words, tuple(sorted(set(map(hashed, _lasting(profile))))))


def period_of(day: int | None) -> int:
    """The span of `WINDOW` days in which a day lies; 1 when there is no day."""
    return max(1, (day - _EPOCH) // WINDOW) if day is not None else 1


@lru_cache(maxsize=50_000)
def hashed(name: str) -> int:
    """47 bits, so that SQLite stores it in six bytes."""
    return int.from_bytes(blake2b(name.encode(), digest_size=6).digest(), "big") >> 1


def _words(profile: Profile) -> Iterator[tuple[str, float]]:
    for token in (*profile.tokens, *profile.machine, *profile.speaker):
        yield from _of_token(token, 1.0)
    yield from _of_numbers(profile.numbers, 1.0)
    yield from _of_numbers(profile.all_numbers, 0.8)
    for token in profile.lead_tokens:
        if token.name:
            yield from _of_token(token, 0.8)
        elif token.weight >= TOPIC:
            yield from _of_token(token, 0.3)


def _of_token(token: Token, share: float) -> Iterator[tuple[str, float]]:
    if token.weight < COMMON:
        return
    for row in token.rows:
        yield f"m{row}", token.weight * share / len(token.rows)
    if not token.rows:
        yield f"s{token.sound or token.stem}", token.weight * share


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


def _lasting(profile: Profile) -> Iterator[str]:
    for where in profile.addresses | profile.mentions:
        yield f"u{where}"
    yield from _prints(profile.lead_tokens)


def _prints(tokens: tuple[Token, ...]) -> Iterator[str]:
    """Three of a long lead's word triples, chosen by hash: two (almost) identical leads choose the same."""
    if len(tokens) >= LONG_LEAD:
        triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
        prints = {f"l{one.stem} {two.stem} {three.stem}" for one, two, three in triples}
        yield from sorted(prints, key=hashed)[:3]


def candidates(keys: Keys, index: Index, own_id: int) -> list[int]:
    """The articles worth judging: the latest under a lasting key, then the best others, `MOST_CANDIDATES` of each.

    What two articles share is measured on both, so that each finds the other, whichever comes first.
    """
    lasting = {other for key in keys.lasting for other, _ in index.found(ALWAYS, key)} - {own_id}
    spans = (keys.period - 1, keys.period, keys.period + 1)
    met = [(word, [other for span in spans for other in index.found(span, word.key)]) for word in keys.words]
    likely = {other for other, both in _shared(met).items() if both >= LEAST_SHARED} - {own_id}
    rare = _rare(met, likely)
    best = sorted(likely, key=lambda other: (-rare[other], other))[:MOST_CANDIDATES]
    return sorted(lasting.difference(best))[-MOST_CANDIDATES:] + best


def _shared(met: list[tuple[Word, list[tuple[int, int]]]]) -> dict[int, int]:
    """Article met → the shares of what both say, of the one and of the other, summed up."""
    shared: dict[int, int] = {}
    for (_, _, ours), found in met:
        for other, theirs in found:
            shared[other] = shared.get(other, 0) + ours + theirs
    return shared


def _rare(met: list[tuple[Word, list[tuple[int, int]]]], likely: set[int]) -> dict[int, float]:
    """Likely article → how much it shares that few others say."""
    rare = dict.fromkeys(likely, 0.0)
    for word, found in met:
        worth = word.weight / log2(2 + len(found))
        for other, _ in found:
            if other in rare:
                rare[other] += worth
    return rare
