"""The places that a text names, by identity instead of spelling: «Чугуїв» is Chuhuiv. Pure.

The gazetteer is loaded when the first text is read, not before.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from language.places.names import Mention

OBLAST_DIGITS = 4  # codifier codes of one oblast begin alike: UA35…


def oblasts(places: frozenset[str]) -> set[str]:
    """Return the oblasts of some identities of places, as the digits with which their codes begin."""
    return {place[:OBLAST_DIGITS] for place in places if place.startswith("UA")}


def identities(mentions: Iterable[Mention]) -> frozenset[str]:
    """Return codes and lower-case English names of places, so that a town and the district around it meet by name."""
    found = {name for mention in mentions for name in (mention.place_id, *mention.ambiguous, mention.core.lower())}
    return frozenset(found - {""})


@lru_cache(maxsize=4_000)
def find_places(text: str) -> tuple[Mention, ...]:
    """Return the places of one folded text, in its order."""
    from language.places.names import find

    return find(text)


def no_places(_: str) -> tuple[Mention, ...]:
    """Return nothing: for texts that are to be read without a gazetteer."""
    return ()
