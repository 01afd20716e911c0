"""The evidence of two articles as people read it and the database stores it; nothing here decides. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from language.calendar import month_name
from pipeline.stories.evidence import mentioned_addresses, shared_numbers
from pipeline.stories.lexicon import institutions
from pipeline.stories.source_labels import naming_labels
from pipeline.stories.weights import COMMON

if TYPE_CHECKING:
    from pipeline.stories.conflict import Conflict
    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features


def displayed_evidence(a: Features, b: Features, e: Evidence, conflicts: list[Conflict]) -> dict[str, tuple[str, ...]]:
    """Return the evidence by plain names, without those that have nothing to show."""
    found: dict[str, tuple[str, ...]] = {
        "words": e.words[:12],
        "meanings": _shared_meanings(a, b)[:12],
        "names": e.names[:8],
        "numbers": _all_shared_numbers(a, b)[:8],
        "places": e.places[:8],
        "title": (f"{e.title:.2f}",),
        "lead": (f"{e.lead:.2f}",) if e.leads == 2 else (),
        "days": (str(e.days),) if e.days is not None else (),
        "attribution": naming_labels(a.text, b.text)[:1],
        "address": mentioned_addresses(a, b),
        "machine_english": ("yes",) if e.cross and (a.machine or b.machine) else (),
        "against": tuple(f"{one.name}: {one.ours} / {one.theirs}" for one in conflicts[:4]),
    }
    return {name: values for name, values in found.items() if values}


def _shared_meanings(a: Features, b: Features) -> tuple[str, ...]:
    """Return the telling words and institutions in both titles that are alike in meaning only: «оренди = lease».

    A word of the machine English is given only if no other word of the title means the same.
    """
    known = institutions()
    candidates = b.terms + b.speaker + b.machine
    found = (
        f"{term.text} = {counterpart.text}"
        for term in a.terms
        if term.stem not in b.title_bag.stems and (term.weight >= COMMON or term.rows & known)
        if (counterpart := next((one for one in candidates if not term.rows.isdisjoint(one.rows)), None))
    )
    return tuple(dict.fromkeys(found))


def _all_shared_numbers(a: Features, b: Features) -> tuple[str, ...]:
    """Return the numbers that both articles have, most telling first: sums, bills, … parts, months, years.

    A month is not repeated when both name one of its days.
    """
    ours, theirs = a.all_numbers, b.all_numbers
    our_months, their_months = (one.months | {month for month, _ in one.dates} for one in (ours, theirs))
    months = (our_months & their_months) - {month for month, _ in ours.dates & theirs.dates}
    found = [
        *shared_numbers(ours, theirs),
        *map(str, sorted((ours.parts | ours.counts) & (theirs.parts | theirs.counts))),
        *(month_name(month, "en") for month in sorted(months)),
        *map(str, sorted(ours.years & theirs.years)),
    ]
    return tuple(dict.fromkeys(found))
