"""Other sums, counts, dates, bills and parts are other news. Pure."""

from __future__ import annotations

from itertools import product, starmap
from typing import TYPE_CHECKING

from language.facts.number_sets import NO_NUMBERS
from pipeline.stories.conflict import ALL_BUT_EQUAL, RETOLD, Conflict, differ
from pipeline.stories.evidence import amount_text, has_other_counts
from pipeline.stories.number_likeness import is_contrary, is_same_amount, is_same_percent, may_count_alike
from pipeline.stories.steps import reported_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from language.facts.number_sets import Amount, Numbers
    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features

_TELLING_COUNT = 10  # below it a lead counts this and that


def number_conflicts(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Yield the kinds of numbers that differ; a rounded one does not."""
    if a.all_numbers is NO_NUMBERS or b.all_numbers is NO_NUMBERS:
        yield from _parts(a, b, evidence)
        return
    yield from _amounts(a, b)
    ours, theirs, all_ours, all_theirs = a.numbers, b.numbers, a.all_numbers, b.all_numbers
    yield from differ("bills", all_ours.bills, all_theirs.bills, hard=bool(ours.bills or theirs.bills))
    yield from differ("years", ours.years, theirs.years)
    yield from differ("months", ours.months, theirs.months)
    if evidence.title >= ALL_BUT_EQUAL:
        # Under one title a lead alone tells of which month or year it is.
        yield from differ("months", all_ours.months, all_theirs.months)
        yield from differ("years", all_ours.years, all_theirs.years)
    if (ours.months and theirs.years and not _months(all_theirs)) or (
        theirs.months and ours.years and not _months(all_ours)
    ):
        yield from differ("periods", ours.months or ours.years, theirs.months or theirs.years)
    if ours.percents and theirs.percents and not any(starmap(is_same_percent, product(ours.percents, theirs.percents))):
        yield Conflict.between("percents", ours.percents, theirs.percents)
    yield from _parts(a, b, evidence)
    if ours.dates and theirs.dates:
        steps = (-1, 0, 1) if evidence.left or evidence.right else (0,)  # a two-day event is named by either day
        near = {(month, day + step) for month, day in theirs.dates for step in steps}
        yield from differ("dates", ours.dates, all_theirs.dates | near)
    elif all("announce" in reported_steps(one) for one in (a, b)):
        yield from differ("dates", all_ours.dates, all_theirs.dates)
    if ours.counts and theirs.counts:
        if not may_count_alike(ours.counts, all_ours, theirs.counts, all_theirs):
            yield Conflict.between("counts", ours.counts, theirs.counts)
    elif ours.counts or theirs.counts:
        yield from differ("counts", _telling(all_ours.counts), _telling(all_theirs.counts), hard=False)
    elif evidence.lead >= RETOLD and has_other_counts(all_ours, all_theirs):
        yield Conflict.between("counts", all_ours.counts, all_theirs.counts)


def _months(told: Numbers) -> frozenset[int]:
    """Return the months that are named, with a day or without."""
    return told.months | {month for month, _ in told.dates}


def _telling(counts: frozenset[int]) -> set[int]:
    return {count for count in counts if count >= _TELLING_COUNT}


def _amounts(a: Features, b: Features) -> Iterator[Conflict]:
    titles, all_ours, all_theirs = (a.numbers.amounts, b.numbers.amounts), a.all_numbers.amounts, b.all_numbers.amounts
    if _contrary(*titles) and not _meet(titles[0], all_theirs) and not _meet(titles[1], all_ours):
        yield Conflict.between("amounts", titles[0], titles[1])
    elif _contrary(all_ours, all_theirs) and not _meet(all_ours, all_theirs):
        yield Conflict.between("amounts", all_ours, all_theirs, hard=any(titles))
    elif any(
        one.value == other.value and one.money and other.money and one.money != other.money
        for one, other in product(*titles)
    ):
        yield Conflict("amounts", _currencies(titles[0]), _currencies(titles[1]), True)


def _currencies(amounts: tuple[Amount, ...]) -> str:
    return ", ".join(sorted({f"{amount_text(one.value)} {one.money}" for one in amounts if one.money}))


def _contrary(ours: tuple[Amount, ...], theirs: tuple[Amount, ...]) -> bool:
    return any(is_contrary(one, other) for one in ours for other in theirs)


def _meet(ours: Iterable[Amount], theirs: tuple[Amount, ...]) -> bool:
    return any(is_same_amount(one, other) for one in ours for other in theirs)


def _parts(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    ours, theirs = a.numbers.parts, b.numbers.parts
    if ours and theirs:
        yield from differ("parts", ours, theirs)
    elif (ours or theirs) and evidence.title >= 0.6:
        there = a.all_numbers.parts | a.all_numbers.counts if theirs else b.all_numbers.parts | b.all_numbers.counts
        if not (ours or theirs) & there:
            yield from differ("parts", ours or {1}, theirs or {1})  # the first part seldom says so
