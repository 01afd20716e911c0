"""Titles that are one frame around two things: «запустили очищення води», «запустили сортування сміття». Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.stories.conflict import RETOLD
from pipeline.stories.lexicon import meaning
from pipeline.stories.tense import is_verb
from pipeline.stories.weights import TOPIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features, WeightedTerm

_FRAME = 3  # words besides places that both titles have in one order


def framed_topics(a: Features, b: Features, evidence: Evidence) -> tuple[list[str], list[str]] | None:
    """Return the topics in the one place where two titles of a language differ, if each side has one of its own there.

    A newsroom that tells the same news anew changes the order or more than one place.
    """
    if evidence.cross or evidence.lead >= RETOLD:
        return None
    ours, theirs = _words(a), _words(b)
    met = [next((place for place, other in enumerate(theirs) if _is_one_word(term, other)), None) for term in ours]
    found = [place for place in met if place is not None]
    if len(set(found)) < _FRAME or found != sorted(found):
        return None
    our_gap = _gap([place is None for place in met])
    their_gap = _gap([place not in found for place in range(len(theirs))])
    if our_gap is None or their_gap is None or our_gap.start != their_gap.start:
        return None
    left, right = _topics(ours[our_gap], b), _topics(theirs[their_gap], a)
    return (left, right) if left and right else None


def _words(one: Features) -> tuple[WeightedTerm, ...]:
    """Return the words of a title in their order; places stand before all others and have conflicts of their own."""
    return tuple(term for term in one.terms if not term.stem.startswith("@"))


def _is_one_word(term: WeightedTerm, other: WeightedTerm) -> bool:
    if term.stem == other.stem or not term.rows.isdisjoint(other.rows) or not term.near.isdisjoint(other.near):
        return True
    return not term.rows and not other.rows and bool(term.sound) and term.sound == other.sound


def _gap(lacking: list[bool]) -> slice | None:
    """Return the one run of words that the other title lacks; None when there is none, or more than one."""
    if True not in lacking:
        return None
    start, count = lacking.index(True), sum(lacking)
    return slice(start, start + count) if all(lacking[start : start + count]) else None


def _topics(terms: Sequence[WeightedTerm], other: Features) -> list[str]:
    """Return the words that say what the news is about, not what was done, and that the other article lacks."""
    lacking = (term for term in terms if term.weight >= TOPIC and not term.name and not other.bag.has(term))
    return [term.text for term in lacking if not meaning(term.stem).action and not is_verb(term.text)]
