"""What two articles have in common, as people read it: nothing here counts for the verdict. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from language.calendar import month_name
from pipeline.stories.evidence import shared_numbers
from pipeline.stories.lexicon import rows_of
from pipeline.stories.weights import COMMON

if TYPE_CHECKING:
    from language.facts.counted import Numbers
    from pipeline.stories.features import Features, Term

# Too common to tell news apart, but worth naming where the two call them differently.
_INSTITUTIONS = (
    "уряд міністерство мінрозвитку парламент президент прем’єр віцепрем’єр рада комітет комісія адміністрація"
)


def meanings_of_both(a: Features, b: Features) -> tuple[str, ...]:
    """The telling words and institutions in both titles that are alike in meaning only: «оренди = lease»."""
    institutions = _institutions()
    found = (
        f"{term.text} = {counterpart.text}"
        for term in a.terms
        if term.stem not in b.title_bag.stems and (term.weight >= COMMON or term.rows & institutions)
        if (counterpart := _counterpart(term, b))
    )
    return tuple(dict.fromkeys(found))


def _counterpart(term: Term, other: Features) -> Term | None:
    """The word of the other title that means the same; one of its machine English only if no other does."""
    candidates = other.terms + other.speaker + other.machine
    return next((one for one in candidates if not term.rows.isdisjoint(one.rows)), None)


@lru_cache(maxsize=1)
def _institutions() -> frozenset[int]:
    return rows_of(_INSTITUTIONS)


def numbers_of_both(a: Features, b: Features) -> tuple[str, ...]:
    """The numbers that both articles have, first those that tell most: sums, bills, … parts, months, years."""
    ours, theirs = a.all_numbers, b.all_numbers
    found = shared_numbers(ours, theirs)
    found += tuple(str(number) for number in sorted((ours.parts | ours.counts) & (theirs.parts | theirs.counts)))
    found += tuple(month_name(month, "en") for month in _shared_months(ours, theirs))
    return tuple(dict.fromkeys(found + tuple(str(year) for year in sorted(ours.years & theirs.years))))


def _shared_months(a: Numbers, b: Numbers) -> list[int]:
    """Months that both name, with a day or without; not those of a day that both name."""
    ours, theirs = (one.months | {month for month, _ in one.dates} for one in (a, b))
    return sorted((ours & theirs) - {month for month, _ in a.dates & b.dates})
