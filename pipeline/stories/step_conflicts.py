"""Announced and held, planned and decided, called and won are steps of one affair and not one story. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pipeline.stories.conflict import SAME_FRAME, Conflict, two_topics
from pipeline.stories.lexicon import audiences
from pipeline.stories.steps import conflicting_steps, reported_steps, steps_of
from pipeline.stories.tense import COMING, DONE, NOT, NOW, changed_tense, has_come, was_done

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features, Term

_LATER = frozenset(((COMING, DONE), (COMING, NOW)))  # turns of a verb in the earlier title and in the later one
_SOME_DAYS = 5  # newsrooms lag less: news in another tense is news of another step
_ONE_FRAME, OTHER_TOPIC = 0.4, 0.9  # likeness of titles, and the least weight of the topic words that tell them apart
# Steps that few affairs have: a title that names one of them may leave the step proper to its lead.
_OF_SOME_AFFAIRS = frozenset((
    "protest", "explained", "committee", "parliament", "president", "lawsuit", "ruling", "suspicion", "verdict",
    "tender", "contract", "cancelled", "withdrawn", "award", "petition", "answered", "damage", "aid", "veto",
    "override", "oath",
))  # fmt: skip
# What a lead alone says about the step: only cues that seldom stand in passing.
_PLAIN_STAGES = frozenset({"call", "result", "announce", "report", "decision", "reaction"})


def step_conflicts(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Other steps, other turns of the verb, and calls for others or on something else."""
    yield from _steps(a, b, evidence)
    yield from _turned(a, b, evidence)
    yield from _audiences(a, b, evidence)
    yield from _invitations(a, b, evidence)


def _steps(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    ours, theirs = steps_of(a.headline.folded), steps_of(b.headline.folded)
    if evidence.same_lead:
        return
    pair = conflicting_steps(ours, theirs)
    if pair and _foretold(a, b, pair):
        pair = None
    ours, theirs = ours - _OF_SOME_AFFAIRS, theirs - _OF_SOME_AFFAIRS
    if pair is None and not (ours and theirs):
        ours, theirs = ours or steps_of(a.lead) & _PLAIN_STAGES, theirs or steps_of(b.lead) & _PLAIN_STAGES
        pair = conflicting_steps(ours & _PLAIN_STAGES, theirs & _PLAIN_STAGES)
    if pair is None and (_announces_what_passed(a, b) or _announces_what_passed(b, a)):
        pair = ("announce", "report")
    if pair:
        yield Conflict("steps", pair[0], pair[1], True)


def _foretold(a: Features, b: Features, steps: tuple[str, str]) -> bool:
    """Whether the lead of one tells the step of the other; a later article recalls the earlier step anyway."""
    ours, theirs, lag = steps[1] in steps_of(a.lead), steps[0] in steps_of(b.lead), (b.day or 0) - (a.day or 0)
    return (ours and lag >= -1) or (theirs and lag <= 1)


def _turned(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """One frame, and its verb in another turn: what is to be done and what was, what is done and what is not.

    After some days even another verb tells that what was to come has come.
    """
    if evidence.days is None or evidence.same_lead:
        return
    first, second = (b.headline, a.headline) if (a.day or 0) > (b.day or 0) else (a.headline, b.headline)
    turns = changed_tense(first.folded, second.folded) if evidence.title >= SAME_FRAME else None
    if turns and NOT in turns:
        yield Conflict("negation", *turns, True)
    elif (evidence.days and turns in _LATER) or (evidence.days >= _SOME_DAYS and has_come(first.folded, second.folded)):
        yield Conflict("steps", "announce", "report", False)


def _announces_what_passed(a: Features, b: Features) -> bool:
    """Whether `a` announces an event, or tells its day, and `b`, which does not, came when it had begun."""
    if a.day is None or b.day is None or b.day - a.day < 2:
        return False
    if "announce" in reported_steps(b):
        return False
    coming = "announce" in reported_steps(a)
    then = date.fromordinal(a.day)
    if not coming and (
        was_done(a.headline.folded) or not was_done(b.headline.folded) or a.numbers.dates & b.numbers.dates
    ):
        return False
    told = (a.all_numbers if coming else a.numbers).dates
    events = [day for found in told if (day := _next(found, then)) is not None and (coming or day > a.day)]
    return min(events) <= b.day if events else coming


def _next(found: tuple[int, int], then: date) -> int | None:
    """The day of a date without year on or after `then`; None when there is no such day."""
    try:
        day = date(then.year, *found)
        return (day if day >= then else day.replace(year=then.year + 1, day=min(day.day, 28))).toordinal()
    except ValueError:
        return None


def _audiences(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """A call for regions and a call for communities are two calls; so is one frame for veterans and for students."""
    ours, theirs = _audience(a.terms), _audience(b.terms)
    if "call" in steps_of(a.headline.folded) and "call" in steps_of(b.headline.folded):
        if ours and theirs and not set(ours.values()) & set(theirs.values()):
            yield Conflict.between("audiences", ours, theirs)
    elif evidence.title >= SAME_FRAME:
        left, right = _audience(evidence.left), _audience(evidence.right)
        if left and right:
            yield Conflict.between("audiences", left, right)


def _invitations(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Calls, courses and webinars come in one frame, and under one lead: another topic is another invitation."""
    framed = evidence.title >= _ONE_FRAME and evidence.contested >= OTHER_TOPIC and _invites(a) and _invites(b)
    if framed and (topics := two_topics(evidence, listed=evidence.cross)):
        yield Conflict.between("topics", *topics)


def _invites(one: Features) -> bool:
    return not reported_steps(one).isdisjoint(("call", "announce"))


def _audience(terms: Iterable[Term]) -> dict[str, int]:
    return {term.text: row for term in terms for row in term.rows & audiences()}
