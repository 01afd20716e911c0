"""Decide between what a person typed and what the draft holds by now; orders and places. Pure."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Literal

from newsletter.fields import is_same

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MergeVerdict = Literal["nothing", "edit", "conflict"]


def three_way(field: str, base: str, now: str, value: str) -> MergeVerdict:
    """Decide on a value that was made from `base`, while the field is `now`."""
    if is_same(field, value, base) or is_same(field, value, now):
        return "nothing"
    return "edit" if is_same(field, base, now) else "conflict"


def put_at(order: Sequence[int], one: int, place: int) -> list[int]:
    """Return the order with one of it at a place from 1, at most the last."""
    rest = [other for other in order if other != one]
    return [*rest[: place - 1], one, *rest[place - 1 :]]


def positions(order: Sequence[int], natural: Mapping[int, Any]) -> dict[int, int | None]:
    """Return the place that each must have by number; None for the last ones that stand in their natural order."""
    end = len(order)
    while end and (end == len(order) or natural[order[end - 1]] <= natural[order[end]]):
        end -= 1
    return {one: place if place <= end else None for place, one in enumerate(order, 1)}


def moved(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Return those of `after` that a person moved, in its order: all but a longest run that kept its order.

    What stands in only one of the two was not moved.
    """
    places = {one: place for place, one in enumerate(before)}
    common = [one for one in after if one in places]
    ends: list[int] = []  # the smallest last place of a rising run of each length
    lengths = []
    for one in common:
        length = bisect_left(ends, places[one])
        ends[length : length + 1] = [places[one]]
        lengths.append(length + 1)
    kept, wanted = set(), len(ends)
    for one, length in zip(reversed(common), reversed(lengths), strict=True):
        if length == wanted:
            kept.add(one)
            wanted -= 1
    return [one for one in common if one not in kept]
