"""What keeps two articles apart however alike they are. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.stories.conflict import ALL_BUT_EQUAL, SAME_FRAME, Conflict, differ, two_topics
from pipeline.stories.evidence import shared_numbers
from pipeline.stories.features import bag_of, terms_of
from pipeline.stories.lexicon import meaning, opposites
from pipeline.stories.number_conflicts import number_conflicts
from pipeline.stories.place_conflicts import one_in_the_other, place_conflicts
from pipeline.stories.step_conflicts import step_conflicts
from pipeline.stories.tense import is_verb
from pipeline.stories.title_frames import framed_topics
from pipeline.stories.weights import COMMON, TOPIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features, Term

_ONE_NAME = 0.5  # share of the shorter of two names in quotation marks from which both name one thing
# The short names of ministries; that of development was called otherwise before 2024.
_MINISTRY = re.compile(
    r"(?<!\w)мін(?:розвит|регіон|інфра|відновл|фін|цифр|екон|соц|осв|культ|обор|юст|енерго|довк|агро|ветеран|реінт)|"
    r"(?<!\w)(?:моз|мон)(?!\w)",
    re.IGNORECASE,
)
_DEVELOPMENT = frozenset({"мінрозвит", "мінрегіон", "мінінфра", "мінвідновл"})


def find_conflicts(a: Features, b: Features, evidence: Evidence) -> list[Conflict]:
    """Every reason against merging, hard ones first."""
    found = [
        *_speakers(a, b),
        *place_conflicts(a, b, evidence),
        *number_conflicts(a, b, evidence),
        *_names(a, b, evidence),
        *_opposites(evidence),
        *_quoted(a, b, evidence),
        *_offices(a, b, evidence),
        *step_conflicts(a, b, evidence),
    ]
    return sorted(found, key=lambda one: not one.hard)


def _speakers(a: Features, b: Features) -> Iterator[Conflict]:
    """Two people who are quoted say two things, however alike they put it."""
    if _is_person(a.speaker) and _is_person(b.speaker) and not _one_person(a, b):
        yield Conflict("speakers", a.headline.speaker, b.headline.speaker, True)


def _is_person(speaker: tuple[Term, ...]) -> bool:
    """Whether the words are a name and surname; offices are made of words that a list knows."""
    return len(speaker) > 1 and not all(term.rows for term in speaker)


def _one_person(a: Features, b: Features) -> bool:
    """By surname across languages, where first names have many forms; by every word of the shorter otherwise."""
    ours, theirs = bag_of(a.speaker), bag_of(b.speaker)
    if a.text.language != b.text.language:
        return theirs.has(a.speaker[-1]) or ours.has(b.speaker[-1])
    return all(theirs.has(term) for term in a.speaker) or all(ours.has(term) for term in b.speaker)


def _names(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    ours, theirs = _unmatched_names(a, b), _unmatched_names(b, a)
    if swapped := _swapped(a, b, evidence):
        yield Conflict("names", *swapped, True)
    elif other_thing := framed_topics(a, b, evidence):
        yield Conflict.between("topics", *other_thing)
    elif other_topic := _other_topic(evidence):
        yield Conflict.between("topics", *other_topic, hard=not shared_numbers(a.numbers, b.numbers))
    else:
        for mine, yours in zip(ours, theirs, strict=True):
            if mine and yours:
                yield Conflict.between("names", mine, yours, hard=False)


def _offices(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """In one frame another ministry has done another thing; the names of one over the years are one."""
    if evidence.title >= SAME_FRAME:
        yield from differ("names", _ministries(a.headline.folded), _ministries(b.headline.folded))


def _ministries(folded: str) -> set[str]:
    found = {match.group().lower() for match in _MINISTRY.finditer(folded)}
    return {"мінрозвитку" if ministry in _DEVELOPMENT else ministry for ministry in found}


def _quoted(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """In one frame the name in quotation marks tells a course, a fund or a webinar from the next."""
    if evidence.title < SAME_FRAME or not a.headline.quoted or not b.headline.quoted:
        return
    ours, theirs = (terms_of(" ".join(one.headline.quoted)) for one in (a, b))
    there = bag_of(theirs)
    shared = sum(there.has(term) for term in ours)
    too_few = not shared or (not evidence.cross and shared < _ONE_NAME * min(len(ours), len(theirs)))
    if ours and theirs and too_few:
        yield Conflict("names", ", ".join(a.headline.quoted), ", ".join(b.headline.quoted), True)


def _opposites(evidence: Evidence) -> Iterator[Conflict]:
    """What rises in one title and falls in the other, opens and closes, is allowed and forbidden."""
    contrary = opposites()
    for ours in evidence.left:
        against = frozenset().union(*(contrary[row] for row in ours.rows if row in contrary))
        for theirs in evidence.right if against else ():
            if not theirs.rows.isdisjoint(against):
                yield Conflict("opposites", ours.text, theirs.text, True)


def _unmatched_names(one: Features, other: Features) -> tuple[list[str], list[str]]:
    """Names in a title that the other article lacks: programmes, and people and things; places are weighed apart."""
    names = [term for term in one.terms if term.name and not term.stem.startswith("@") and not other.bag.has(term)]
    programmes = [term.text for term in names if meaning(term.stem).programme]
    return programmes, [term.text for term in names if not meaning(term.stem).programme]


def _swapped(a: Features, b: Features, evidence: Evidence) -> tuple[str, str] | None:
    """One name in the place of another, where all else is alike: the same frame about somebody else.

    A title may open with a name that no list knows and that its capital letter does not betray.
    """
    if len(evidence.left) > 2 or len(evidence.right) > 2 or evidence.title < 0.5:
        return None
    left, right = _namelike(evidence.left, a), _namelike(evidence.right, b)
    if not left or not right or not (left.name or right.name):
        return None
    nested = left.stem[0] == right.stem[0] == "@" and one_in_the_other(a.places, b.places)
    return None if nested else (left.text, right.text)


def _other_topic(evidence: Evidence) -> tuple[list[str], list[str]] | None:
    """One topic in the place of another, where all else is alike: water lorries and dust carts of the same donors."""
    if max(len(evidence.left), len(evidence.right)) > 1 + evidence.same_lead or evidence.title < SAME_FRAME:
        return None
    if any(_may_be_said_otherwise(term) for term in evidence.left + evidence.right):
        return None
    return two_topics(evidence, listed=True, least=COMMON if evidence.title >= ALL_BUT_EQUAL else TOPIC)


def _may_be_said_otherwise(term: Term) -> bool:
    """Whether a word says what was done or whose it is: newsrooms choose such words freely."""
    known = meaning(term.stem)
    return known.deed or bool(known.countries) or is_verb(term.text)


def _namelike(lacking: Iterable[Term], one: Features) -> Term | None:
    opening = one.terms[0] if one.terms else None
    return next((term for term in lacking if not term.rows and (term.name or term == opening)), None)
