"""Numbers of two texts that may be one: rounded, rough, or summed up. Pure."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from language.facts.number_sets import Amount, Numbers

_HARDLY = 0.03  # so far a number of one digit and noughts may be off
_SUM_FROM = 1_000_000  # from here what has no currency is a sum more often than not
_ROUGH_FROM = 20  # below it a rough count says nothing
_ROUGHLY = 1.15  # «понад 2 млрд» is said of 2.14 and of 2.3


def may_count_alike(ours: frozenset[int], ours_too: Numbers, theirs: frozenset[int], theirs_too: Numbers) -> bool:
    """Return whether two titles may count alike, given all that their articles count: «сім», «Бар та ще шість»."""
    told = ours & theirs_too.counts or theirs & ours_too.counts
    summed = ours_too.totals & (theirs - theirs_too.further) or theirs_too.totals & (ours - ours_too.further)
    return bool(told or summed)


def is_comparable(first: Amount, second: Amount) -> bool:
    """Return whether both may be sums of one currency, or both something else."""
    return first.money is None or second.money is None or first.money == second.money


def is_contrary(first: Amount, second: Amount) -> bool:
    """Return whether two amounts that differ speak against one story: both count the same, as far as one can tell."""
    if first.money is None or second.money is None:
        return min(first.value, second.value) >= _SUM_FROM
    return first.money == second.money


def is_among(count: int, others: Numbers) -> bool:
    """Return whether a count may be one of the others, which may be rough: 391 and "almost 400"."""
    return count in others.counts or any(_about(other, count) for other in others.rough)


def is_roughly_among(count: int, others: Numbers) -> bool:
    """Return what `meets` does for a count that is a rough one itself."""
    return any(_about(count, other) for other in others.counts | others.rough)


def _about(rough: int, count: int) -> bool:
    return rough == count or (rough >= _ROUGH_FROM and max(rough, count) / min(rough, count) <= _ROUGHLY)


def is_same_percent(first: float, second: float) -> bool:
    """Return whether one share is the other, rounded: 11.8 and 12 per cent."""
    return (
        first == second
        or (first != int(first) and round(first) == second)
        or (second != int(second) and round(second) == first)
    )


def is_same_amount(first: Amount, second: Amount) -> bool:
    """Return whether one amount may be the other, rounded: 740.3 million and 740 million, not 700."""
    small, large = sorted((first.value, second.value))
    if not is_comparable(first, second):
        return False
    if small == large:
        return True
    if small <= 0:
        return False
    if first.rough or second.rough:
        return large / small <= _ROUGHLY
    return _rounded(large, small) or _rounded(small, large)


def _rounded(exact: float, written: float) -> bool:
    """Return whether `written` is `exact` with fewer digits, at least two of them, rounded or cut off (412.6 → 412)."""
    step = 10.0 ** floor(log10(written))
    if written % step == 0 and abs(exact - written) < _HARDLY * written:
        return True  # «800 мільйонів» for 812
    for digits in (2, 3, 4, 5):
        step = 10.0 ** (floor(log10(exact)) - digits + 1)
        if any(abs(whole(exact / step) * step - written) < step * 1e-6 for whole in (round, floor)):
            return True
    return False
