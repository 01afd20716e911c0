"""What keeps two articles apart however alike they are. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.stories.conflict import ALL_BUT_EQUAL, SAME_FRAME, Conflict, differ, two_topics, veto
from pipeline.stories.evidence import shared_numbers
from pipeline.stories.features import bag_of, tokenise
from pipeline.stories.lexicon import COMMON, TOPIC, meaning, opposites
from pipeline.stories.number_conflicts import number_vetoes
from pipeline.stories.place_conflicts import one_in_the_other, place_vetoes
from pipeline.stories.step_conflicts import step_vetoes
from pipeline.stories.tense import is_verb
from pipeline.stories.title_frames import framed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Profile, Token

_ONE_NAME = 0.5  # share of the shorter of two names in quotation marks from which both name one thing
# The short names of ministries; that of development was called otherwise before 2024.
_MINISTRY = re.compile(
    r"(?<!\w)мін(?:розвит|регіон|інфра|відновл|фін|цифр|екон|соц|осв|культ|обор|юст|енерго|довк|агро|ветеран|реінт)|"
    r"(?<!\w)(?:моз|мон)(?!\w)",
    re.IGNORECASE,
)
_DEVELOPMENT = frozenset({"мінрозвит", "мінрегіон", "мінінфра", "мінвідновл"})
WINDOW = 21  # days: the longest time seen between two reports of one event


def vetoes(a: Profile, b: Profile, evidence: Evidence) -> list[Conflict]:
    """Every reason against merging, hard ones first."""
    found = [
        *_speakers(a, b),
        *place_vetoes(a, b, evidence),
        *number_vetoes(a, b, evidence),
        *_names(a, b, evidence),
        *_opposites(evidence),
        *_quoted(a, b, evidence),
        *_offices(a, b, evidence),
        *step_vetoes(a, b, evidence),
    ]
    return sorted(found, key=lambda veto: not veto.hard)


def _speakers(a: Profile, b: Profile) -> Iterator[Conflict]:
    """Two people who are quoted say two things, however alike they put it."""
    if _is_person(a.speaker) and _is_person(b.speaker) and not _one_person(a, b):
        yield Conflict("speakers", a.head.speaker, b.head.speaker, True)


def _is_person(speaker: tuple[Token, ...]) -> bool:
    """Whether the words are a name and surname; offices are made of words that a list knows."""
    return len(speaker) > 1 and not all(token.rows for token in speaker)


def _one_person(a: Profile, b: Profile) -> bool:
    """By surname across languages, where first names have many forms; by every word of the shorter otherwise."""
    ours, theirs = bag_of(a.speaker), bag_of(b.speaker)
    if a.text.language != b.text.language:
        return theirs.has(a.speaker[-1]) or ours.has(b.speaker[-1])
    return all(theirs.has(token) for token in a.speaker) or all(ours.has(token) for token in b.speaker)


def _names(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Conflict]:
    ours, theirs = _strangers(a, b), _strangers(b, a)
    if swapped := _swapped(a, b, evidence):
        yield Conflict("names", *swapped, True)
    elif other_thing := framed(a, b, evidence):
        yield veto("topics", *other_thing)
    elif other_topic := _other_topic(evidence):
        yield veto("topics", *other_topic, hard=not shared_numbers(a.numbers, b.numbers))
    else:
        for mine, yours in zip(ours, theirs, strict=True):
            if mine and yours:
                yield veto("names", mine, yours, hard=False)


def _offices(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Conflict]:
    """In one frame another ministry has done another thing; the names of one over the years are one."""
    if evidence.title >= SAME_FRAME:
        yield from differ("names", _ministries(a.head.folded), _ministries(b.head.folded))


def _ministries(folded: str) -> set[str]:
    found = {match.group().lower() for match in _MINISTRY.finditer(folded)}
    return {"мінрозвитку" if ministry in _DEVELOPMENT else ministry for ministry in found}


def _quoted(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Conflict]:
    """In one frame the name in quotation marks tells a course, a fund or a webinar from the next."""
    if evidence.title < SAME_FRAME or not a.head.quoted or not b.head.quoted:
        return
    ours, theirs = (tokenise(" ".join(one.head.quoted)) for one in (a, b))
    there = bag_of(theirs)
    shared = sum(there.has(token) for token in ours)
    too_few = not shared or (not evidence.cross and shared < _ONE_NAME * min(len(ours), len(theirs)))
    if ours and theirs and too_few:
        yield Conflict("names", ", ".join(a.head.quoted), ", ".join(b.head.quoted), True)


def _opposites(evidence: Evidence) -> Iterator[Conflict]:
    """What rises in one title and falls in the other, opens and closes, is allowed and forbidden."""
    contrary = opposites()
    for ours in evidence.left:
        against = frozenset().union(*(contrary[row] for row in ours.rows if row in contrary))
        for theirs in evidence.right if against else ():
            if not theirs.rows.isdisjoint(against):
                yield Conflict("opposites", ours.shown, theirs.shown, True)


def _strangers(one: Profile, other: Profile) -> tuple[list[str], list[str]]:
    """Names in a title that the other article lacks: programmes, and people and things; places are weighed apart."""
    names = [
        token for token in one.tokens if token.name and not token.stem.startswith("@") and not other.bag.has(token)
    ]
    programmes = [token.shown for token in names if meaning(token.stem).programme]
    return programmes, [token.shown for token in names if not meaning(token.stem).programme]


def _swapped(a: Profile, b: Profile, evidence: Evidence) -> tuple[str, str] | None:
    """One name in the place of another, where all else is alike: the same frame about somebody else.

    A title may open with a name that no list knows and that its capital letter does not betray.
    """
    if len(evidence.left) > 2 or len(evidence.right) > 2 or evidence.title < 0.5:
        return None
    left, right = _namelike(evidence.left, a), _namelike(evidence.right, b)
    if not left or not right or not (left.name or right.name):
        return None
    nested = left.stem[0] == right.stem[0] == "@" and one_in_the_other(a.places, b.places)
    return None if nested else (left.shown, right.shown)


def _other_topic(evidence: Evidence) -> tuple[list[str], list[str]] | None:
    """One topic in the place of another, where all else is alike: water lorries and dust carts of the same donors."""
    if max(len(evidence.left), len(evidence.right)) > 1 + evidence.same_lead or evidence.title < SAME_FRAME:
        return None
    if any(_may_be_said_otherwise(token) for token in evidence.left + evidence.right):
        return None
    return two_topics(evidence, listed=True, least=COMMON if evidence.title >= ALL_BUT_EQUAL else TOPIC)


def _may_be_said_otherwise(token: Token) -> bool:
    """Whether a word says what was done or whose it is: newsrooms choose such words freely."""
    known = meaning(token.stem)
    return known.deed or bool(known.countries) or is_verb(token.shown)


def _namelike(lacking: Iterable[Token], one: Profile) -> Token | None:
    opening = one.tokens[0] if one.tokens else None
    return next((token for token in lacking if not token.rows and (token.name or token == opening)), None)
