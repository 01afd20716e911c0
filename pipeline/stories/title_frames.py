"""Titles that are one frame around two things: «запустили очищення води», «запустили сортування сміття». Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.stories.conflict import RETOLD
from pipeline.stories.lexicon import TOPIC, meaning
from pipeline.stories.tense import is_verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Profile, Token

_FRAME = 3  # words besides places that both titles have in one order


def framed(a: Profile, b: Profile, evidence: Evidence) -> tuple[list[str], list[str]] | None:
    """What stands in the one place where two titles of a language differ, if each side has a topic of its own there.

    A newsroom that tells the same news anew changes the order or more than one place.
    """
    if evidence.cross or evidence.lead >= RETOLD:
        return None
    ours, theirs = _words(a), _words(b)
    met = [_place_of(token, theirs) for token in ours]
    found = [place for place in met if place is not None]
    if len(set(found)) < _FRAME or found != sorted(found):
        return None
    our_gap = _gap([place is None for place in met])
    their_gap = _gap([place not in found for place in range(len(theirs))])
    if our_gap is None or their_gap is None or our_gap.start != their_gap.start:
        return None
    left, right = _topics(ours[our_gap], b), _topics(theirs[their_gap], a)
    return (left, right) if left and right else None


def _words(one: Profile) -> tuple[Token, ...]:
    """The words of a title in their order; places stand before all others and have vetoes of their own."""
    return tuple(token for token in one.tokens if not token.stem.startswith("@"))


def _place_of(token: Token, others: Sequence[Token]) -> int | None:
    return next((place for place, other in enumerate(others) if _one_word(token, other)), None)


def _one_word(token: Token, other: Token) -> bool:
    if token.stem == other.stem or not token.rows.isdisjoint(other.rows) or not token.near.isdisjoint(other.near):
        return True
    return not token.rows and not other.rows and bool(token.sound) and token.sound == other.sound


def _gap(lacking: list[bool]) -> slice | None:
    """The one run of words that the other title lacks; None when there is none, or more than one."""
    if True not in lacking:
        return None
    start, count = lacking.index(True), sum(lacking)
    return slice(start, start + count) if all(lacking[start : start + count]) else None


def _topics(tokens: Sequence[Token], other: Profile) -> list[str]:
    """The words that say what the news is about, not what was done, and that the other article does not have."""
    lacking = (token for token in tokens if token.weight >= TOPIC and not token.name and not other.bag.has(token))
    return [token.shown for token in lacking if not meaning(token.stem).deed and not is_verb(token.shown)]
