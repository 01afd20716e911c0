"""Place conflicts: news of two places is two stories. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.stories.conflict import ALL_BUT_EQUAL, ONE_WORD_APART, Conflict, differ, listed
from pipeline.stories.lexicon import meaning
from pipeline.stories.places import OBLAST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features, WeightedTerm

_AT_LARGE = re.compile(
    r"(?<!\w)(?:громади|громадам|громадах|громадами|\d+ громад|communities|hromadas|municipalities)(?!\w)",
    re.IGNORECASE,
)


def place_conflicts(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Yield places and countries that both texts name and do not share, and a place against communities at large."""
    if a.places and b.places:
        if not _is_one_area(a.places, b.all_places) and not _is_one_area(b.places, a.all_places):
            yield Conflict.between("places", _place_names(a.places), _place_names(b.places))
        elif evidence.title >= ONE_WORD_APART and a.places & b.places:  # also a city and the oblast of its name
            ours, theirs = ({place for place in side if place.startswith("UA")} for side in (a.places, b.places))
            if any(map(_is_oblast, ours | theirs)):
                yield from differ("levels", ours, theirs, hard=False)
    elif a.all_places and b.all_places and not _is_one_area(a.all_places, b.all_places):
        alike = not a.places and not b.places and evidence.title >= ALL_BUT_EQUAL
        yield Conflict.between("places", _place_names(a.all_places), _place_names(b.all_places), hard=alike)
    for one, other in ((a, b), (b, a)) if not evidence.names else ():
        if (
            one.places
            and not other.places
            and not one.places & other.all_places
            and not any(other.bag.has(term) for term in one.terms if term.stem.startswith("@"))
            and _AT_LARGE.search(other.headline.folded)
        ):
            sides = listed(_place_names(one.places)), "communities at large"
            yield Conflict("general", *(sides if one is a else sides[::-1]), hard=True)
    if a.countries and b.countries and not a.countries & b.countries:
        yield Conflict.between("countries", _country_words(a.terms), _country_words(b.terms))


def _is_one_area(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Return whether they share a place, or one names the oblast of a place of the other."""
    return bool(ours & theirs) or is_one_in_the_other(ours, theirs)


def is_one_in_the_other(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Return whether one side names the oblast of a place of the other."""
    return _is_within_oblast(ours, theirs) or _is_within_oblast(theirs, ours)


def _is_within_oblast(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    oblasts = tuple(place[:OBLAST_DIGITS] for place in theirs if _is_oblast(place))
    return any(place.startswith(oblasts) for place in ours) if oblasts else False


def _is_oblast(place: str) -> bool:
    return place.startswith("UA") and not place[4:14].strip("0")


def _place_names(places: frozenset[str]) -> list[str]:
    return [place for place in places if not place.startswith("UA")] or sorted(places)


def _country_words(terms: Iterable[WeightedTerm]) -> list[str]:
    return [term.text for term in terms if meaning(term.stem).countries]
