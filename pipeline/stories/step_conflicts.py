"""Step conflicts: announced and held, planned and decided, called and won are steps of one affair. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pipeline.stories.conflict import SAME_FRAME, Conflict, two_topics
from pipeline.stories.lexicon import audiences
from pipeline.stories.steps import conflicting_steps, reported_steps, steps_of
from pipeline.stories.tense import COMING, DONE, NOT, NOW, changed_tense, has_come, is_done

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features, WeightedTerm

_LATER = frozenset(((COMING, DONE), (COMING, NOW)))  # tenses of a verb in the earlier title and in the later one
_SOME_DAYS = 5  # newsrooms lag less: news in another tense is news of another step
_ONE_FRAME, OTHER_TOPIC = 0.4, 0.9  # likeness of titles, and the least weight of the topic words that tell them apart
# Steps that few affairs have: a title that names one of them may leave the step proper to its lead.
_OF_SOME_AFFAIRS = frozenset((
    "protest", "explained", "committee", "parliament", "president", "lawsuit", "ruling", "suspicion", "verdict",
    "tender", "contract", "cancelled", "withdrawn", "award", "petition", "answered", "damage", "aid", "veto",
    "override", "oath",
))  # fmt: skip
# What a lead alone says about the step: only cues that seldom stand in passing.
_PLAIN_STEPS = frozenset({"call", "result", "announce", "report", "decision", "reaction"})


def step_conflicts(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Yield other steps, other tenses of the verb, and calls for others or on something else."""
    if not evidence.same_lead:
        if steps := _different_steps(a, b):
            yield Conflict("steps", *steps, True)
        yield from _different_tenses(a, b, evidence)
    # A call for regions and one for communities are two calls; so is one frame for veterans and for students.
    calls = "call" in steps_of(a.headline.folded) and "call" in steps_of(b.headline.folded)
    if calls or evidence.title >= SAME_FRAME:
        ours, theirs = map(_audience, (a.terms, b.terms) if calls else (evidence.left, evidence.right))
        if ours and theirs and not (calls and set(ours.values()) & set(theirs.values())):
            yield Conflict.between("audiences", ours, theirs)
    # Calls, courses and webinars come in one frame, and under one lead: another topic is another invitation.
    framed = evidence.title >= _ONE_FRAME and evidence.contested >= OTHER_TOPIC
    if framed and all(not reported_steps(one).isdisjoint(("call", "announce")) for one in (a, b)):
        topics = two_topics(evidence, listed=evidence.cross)
        if topics:
            yield Conflict.between("topics", *topics)


def _different_steps(a: Features, b: Features) -> tuple[str, str] | None:
    """Return the steps that keep two articles apart, by their titles, or else by their leads and days.

    They do not when the lead of one tells the step of the other; a later article recalls the earlier step anyway.
    """
    ours, theirs = steps_of(a.headline.folded), steps_of(b.headline.folded)
    if found := conflicting_steps(ours, theirs):
        lag = (b.day or 0) - (a.day or 0)
        if (found[1] in steps_of(a.lead) and lag >= -1) or (found[0] in steps_of(b.lead) and lag <= 1):
            found = None
    ours, theirs = ours - _OF_SOME_AFFAIRS, theirs - _OF_SOME_AFFAIRS
    if not found and not (ours and theirs):
        ours, theirs = ours or steps_of(a.lead), theirs or steps_of(b.lead)
        found = conflicting_steps(ours & _PLAIN_STEPS, theirs & _PLAIN_STEPS)
    if not found and (_announces_what_passed(a, b) or _announces_what_passed(b, a)):
        found = ("announce", "report")
    return found


def _different_tenses(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Yield one frame with its verb in another tense: what is to be done and what was, what is done and what is not.

    After some days even another verb tells that what was to come has come.
    """
    if evidence.days is None:
        return
    first, second = (b.headline, a.headline) if (a.day or 0) > (b.day or 0) else (a.headline, b.headline)
    tenses = changed_tense(first.folded, second.folded) if evidence.title >= SAME_FRAME else None
    if tenses and NOT in tenses:
        yield Conflict("negation", *tenses, True)
    elif (evidence.days and tenses in _LATER) or (
        evidence.days >= _SOME_DAYS and has_come(first.folded, second.folded)
    ):
        yield Conflict("steps", "announce", "report", False)


def _announces_what_passed(a: Features, b: Features) -> bool:
    """Return whether `a` announces an event, or tells its day, and `b`, which does not, came when it had begun."""
    if a.day is None or b.day is None or b.day - a.day < 2 or "announce" in reported_steps(b):
        return False
    coming = "announce" in reported_steps(a)
    ours, theirs = a.headline.folded, b.headline.folded
    if not coming and (is_done(ours) or not is_done(theirs) or a.numbers.dates & b.numbers.dates):
        return False
    dates = (a.all_numbers if coming else a.numbers).dates
    events = [day for one in dates if (day := _next_day(one, a.day)) is not None and (coming or day > a.day)]
    return min(events) <= b.day if events else coming


def _next_day(date_of_year: tuple[int, int], then: int) -> int | None:
    """Return the ordinal of a (month, day) on or after the ordinal `then`; None when there is no such day."""
    start = date.fromordinal(then)
    try:
        day = date(start.year, *date_of_year)
        return (day if day >= start else day.replace(year=start.year + 1, day=min(day.day, 28))).toordinal()
    except ValueError:
        return None


def _audience(terms: Iterable[WeightedTerm]) -> dict[str, int]:
    return {term.text: row for term in terms for row in term.rows & audiences()}
