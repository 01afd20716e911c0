"""News of two places is two stories. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.stories.conflict import ALL_BUT_EQUAL, ONE_WORD_APART, Conflict, listed
from pipeline.stories.lexicon import meaning
from pipeline.stories.places import OBLAST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features, Term

_AT_LARGE = re.compile(
    r"(?<!\w)(?:громади|громадам|громадах|громадами|\d+ громад|communities|hromadas|municipalities)(?!\w)",
    re.IGNORECASE,
)


def place_conflicts(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Towns, oblasts and countries that both texts name and do not share."""
    yield from _places(a, b, evidence)
    yield from _general(a, b, evidence)
    yield from _countries(a, b)


def _places(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    if a.places and b.places:
        if not _one_area(a.places, b.all_places) and not _one_area(b.places, a.all_places):
            yield Conflict.between("places", _place_names(a.places), _place_names(b.places))
            return
        if evidence.title >= ONE_WORD_APART and (levels := _two_levels(a.places, b.places)):
            yield Conflict.between("levels", *levels, hard=False)
    elif a.all_places and b.all_places and not _one_area(a.all_places, b.all_places):
        alike = not a.places and not b.places and evidence.title >= ALL_BUT_EQUAL
        yield Conflict.between("places", _place_names(a.all_places), _place_names(b.all_places), hard=alike)


def _two_levels(ours: frozenset[str], theirs: frozenset[str]) -> tuple[list[str], list[str]] | None:
    """A city and the oblast of its name are two places, where all else is one frame."""
    first, second = ({place for place in side if place.startswith("UA")} for side in (ours, theirs))
    if not first or not second or first & second or not ours & theirs or not any(map(_is_oblast, first | second)):
        return None
    return sorted(first), sorted(second)


def _general(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """News of one place, and news of communities at large that names none in its title."""
    for one, other in ((a, b), (b, a)):
        if (
            one.places
            and not other.places
            and not evidence.names
            and not one.places & other.all_places
            and not any(other.bag.has(term) for term in one.terms if term.stem.startswith("@"))
            and _AT_LARGE.search(other.headline.folded)
        ):
            sides = listed(_place_names(one.places)), "communities at large"
            yield Conflict("general", *(sides if one is a else sides[::-1]), hard=True)


def _one_area(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether they share a place, or one names the oblast of a place of the other."""
    return bool(ours & theirs) or one_in_the_other(ours, theirs)


def one_in_the_other(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether one side names the oblast of a place of the other."""
    return _within_oblast(ours, theirs) or _within_oblast(theirs, ours)


def _within_oblast(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    oblasts = tuple(place[:OBLAST_DIGITS] for place in theirs if _is_oblast(place))
    return any(place.startswith(oblasts) for place in ours) if oblasts else False


def _is_oblast(place: str) -> bool:
    return place.startswith("UA") and not place[4:14].strip("0")


def _place_names(places: frozenset[str]) -> list[str]:
    return [place for place in places if not place.startswith("UA")] or sorted(places)


def _countries(a: Features, b: Features) -> Iterator[Conflict]:
    if a.countries and b.countries and not a.countries & b.countries:
        yield Conflict.between("countries", _country_words(a.terms), _country_words(b.terms))


def _country_words(terms: Iterable[Term]) -> list[str]:
    return [term.text for term in terms if meaning(term.stem).countries]
