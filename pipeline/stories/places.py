"""The places that a text names, by identity instead of spelling: «Чугуїв» is Chuhuiv. Pure.

The gazetteer of `translations` is loaded when the first text is read, not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

OBLAST_DIGITS = 4  # codifier codes of one oblast begin alike: UA35…


@dataclass(frozen=True, slots=True)
class Place:
    """Some words of a text that name a place."""

    start: int  # text[start:end]
    end: int
    name: str  # official English core, lower case: chuhuiv; empty when the candidates have different ones
    ids: frozenset[str]  # codifier codes: one, or all that may be meant


def oblasts(places: frozenset[str]) -> set[str]:
    """The oblasts of some identities of places, as the digits with which their codes begin."""
    return {place[:OBLAST_DIGITS] for place in places if place.startswith("UA")}


@lru_cache(maxsize=4_000)
def find_places(text: str) -> tuple[Place, ...]:
    """The places of one folded text, in its order."""
    from language.places.names import find

    return tuple(
        Place(
            mention.start,
            mention.end,
            mention.core.lower(),
            frozenset({mention.place_id} if mention.place_id else mention.ambiguous),
        )
        for mention in find(text)
    )


def no_places(_: str) -> tuple[Place, ...]:
    """For texts that are to be read without a gazetteer."""
    return ()
