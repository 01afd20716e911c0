"""The conflicts of two articles: what keeps them apart however alike they are. Pure.

Places, numbers and steps have modules of their own; speakers, names and topics are compared here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.stories.conflict import ALL_BUT_EQUAL, SAME_FRAME, Conflict, differ, two_topics
from pipeline.stories.evidence import shared_numbers
from pipeline.stories.features import bag_of, terms_of
from pipeline.stories.lexicon import meaning, opposites
from pipeline.stories.number_conflicts import number_conflicts
from pipeline.stories.place_conflicts import is_one_in_the_other, place_conflicts
from pipeline.stories.step_conflicts import step_conflicts
from pipeline.stories.tense import is_verb
from pipeline.stories.title_frames import framed_topics
from pipeline.stories.weights import COMMON, TOPIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features, WeightedTerm

_ONE_NAME = 0.5  # share of the shorter of two names in quotation marks from which both name one thing
# The short names of ministries; that of development was called otherwise before 2024.
_MINISTRY = re.compile(
    r"(?<!\w)мін(?:розвит|регіон|інфра|відновл|фін|цифр|екон|соц|осв|культ|обор|юст|енерго|довк|агро|ветеран|реінт)|"
    r"(?<!\w)(?:моз|мон)(?!\w)",
    re.IGNORECASE,
)
_DEVELOPMENT = frozenset({"мінрозвит", "мінрегіон", "мінінфра", "мінвідновл"})


def find_conflicts(a: Features, b: Features, evidence: Evidence) -> list[Conflict]:
    """Return every reason against merging, hard ones first."""
    found = [
        *_speaker_conflicts(a, b),
        *place_conflicts(a, b, evidence),
        *number_conflicts(a, b, evidence),
        *_name_conflicts(a, b, evidence),
        *_frame_conflicts(a, b, evidence),
        *step_conflicts(a, b, evidence),
    ]
    return sorted(found, key=lambda one: not one.hard)


def _speaker_conflicts(a: Features, b: Features) -> Iterator[Conflict]:
    """Yield a conflict when two people are quoted: they say two things, however alike they put it.

    Across languages, where first names have many forms, one surname is one person; otherwise every word of the shorter
    name must be there.
    """
    if not _is_person(a.speaker) or not _is_person(b.speaker):
        return
    ours, theirs = bag_of(a.speaker), bag_of(b.speaker)
    if a.text.language != b.text.language:
        one_person = theirs.has(a.speaker[-1]) or ours.has(b.speaker[-1])
    else:
        one_person = all(map(theirs.has, a.speaker)) or all(map(ours.has, b.speaker))
    if not one_person:
        yield Conflict("speakers", a.headline.speaker, b.headline.speaker, True)


def _is_person(speaker: tuple[WeightedTerm, ...]) -> bool:
    """Return whether the words are a name and surname; offices are made of words that a list knows."""
    return len(speaker) > 1 and not all(term.rows for term in speaker)


def _name_conflicts(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Yield what is named in the place of something else, or else the names that each article has for itself."""
    if swapped := _swapped_names(a, b, evidence):
        yield Conflict("names", *swapped, True)
    elif topics := framed_topics(a, b, evidence):
        yield Conflict.between("topics", *topics)
    elif topics := _swapped_topics(evidence):
        yield Conflict.between("topics", *topics, hard=not shared_numbers(a.numbers, b.numbers))
    else:
        for ours, theirs in zip(_unmatched_names(a, b), _unmatched_names(b, a), strict=True):
            if ours and theirs:
                yield Conflict.between("names", ours, theirs, hard=False)


def _swapped_names(a: Features, b: Features, evidence: Evidence) -> tuple[str, str] | None:
    """Return one name in the place of another, where all else is alike: the same frame about somebody else.

    A title may open with a name that no list knows and that its capital letter does not betray.
    """
    if len(evidence.left) > 2 or len(evidence.right) > 2 or evidence.title < 0.5:
        return None
    left, right = _namelike(evidence.left, a), _namelike(evidence.right, b)
    if not left or not right or not (left.name or right.name):
        return None
    nested = left.stem[0] == right.stem[0] == "@" and is_one_in_the_other(a.places, b.places)
    return None if nested else (left.text, right.text)


def _namelike(lacking: Iterable[WeightedTerm], one: Features) -> WeightedTerm | None:
    opening = one.terms[0] if one.terms else None
    return next((term for term in lacking if not term.rows and (term.name or term == opening)), None)


def _swapped_topics(evidence: Evidence) -> tuple[list[str], list[str]] | None:
    """Return one topic in the place of another, where all else is alike: water lorries and dust carts of one donor.

    Words that say what was done, or whose it is, are no topics: newsrooms choose them freely.
    """
    if max(len(evidence.left), len(evidence.right)) > 1 + evidence.same_lead or evidence.title < SAME_FRAME:
        return None
    for term in evidence.left + evidence.right:
        known = meaning(term.stem)
        if known.action or known.countries or is_verb(term.text):
            return None
    return two_topics(evidence, listed=True, least=COMMON if evidence.title >= ALL_BUT_EQUAL else TOPIC)


def _unmatched_names(one: Features, other: Features) -> tuple[list[str], list[str]]:
    """Return the programmes, and the people and things, that a title names and the other article lacks.

    Places are compared apart.
    """
    names = [term for term in one.terms if term.name and not term.stem.startswith("@") and not other.bag.has(term)]
    programmes = [term.text for term in names if meaning(term.stem).programme]
    return programmes, [term.text for term in names if not meaning(term.stem).programme]


def _frame_conflicts(a: Features, b: Features, evidence: Evidence) -> Iterator[Conflict]:
    """Yield what rises in one title and falls in the other, or else tells two titles of one frame apart.

    A name in quotation marks tells a course, a fund or a webinar from the next; another ministry has done another
    thing, while the names of one ministry over the years are one.
    """
    contrary = opposites()
    for our in evidence.left:
        against = frozenset().union(*(contrary[row] for row in our.rows if row in contrary))
        for their in evidence.right if against else ():
            if not their.rows.isdisjoint(against):
                yield Conflict("opposites", our.text, their.text, True)
    if evidence.title < SAME_FRAME:
        return
    ours, theirs = (terms_of(" ".join(one.headline.quoted)) for one in (a, b))
    if ours and theirs:
        there = bag_of(theirs)
        shared = sum(map(there.has, ours))
        if not shared or (not evidence.cross and shared < _ONE_NAME * min(len(ours), len(theirs))):
            yield Conflict("names", ", ".join(a.headline.quoted), ", ".join(b.headline.quoted), True)
    yield from differ("names", _ministries(a.headline.folded), _ministries(b.headline.folded))


def _ministries(folded: str) -> set[str]:
    found = {match.group().lower() for match in _MINISTRY.finditer(folded)}
    return {"мінрозвитку" if ministry in _DEVELOPMENT else ministry for ministry in found}
