"""What keeps two articles apart however alike they are. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from pipeline.story.evidence import counts_differ, shared_numbers, shown_amount
from pipeline.story.lexicon import COMMON, TOPIC, audiences, meaning, opposites
from pipeline.story.numbers import NO_NUMBERS, contrary, same_amount, same_percent
from pipeline.story.profile import bag_of
from pipeline.story.stages import apart, stages
from pipeline.story.tense import COMING, DONE, NOT, NOW, came, comes, is_verb, turned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.story.evidence import Evidence
    from pipeline.story.numbers import Amount
    from pipeline.story.profile import Profile, Token

WINDOW = 21  # days: the longest time seen between two reports of one event
_OBLAST_DIGITS = 4  # codifier codes of one oblast begin alike: UA35…
_AT_LARGE = re.compile(
    r"(?<!\w)(?:громади|громадам|громадах|громадами|\d+ громад|communities|hromadas|municipalities)(?!\w)",
    re.IGNORECASE,
)
_SAME_FRAME = 0.7  # likeness of titles from which a word in the place of another is another thing
_ONE_WORD_APART = 0.9  # likeness from which nothing else tells two titles apart
_ALL_BUT_EQUAL = 0.8  # likeness from which that holds for the common words of the trade too
_LATER = frozenset(((COMING, DONE), (COMING, NOW)))  # turns of a verb in the earlier title and in the later one
_SOME_DAYS = 5  # newsrooms lag less: news in another tense is news of another step
_TELLING_COUNT = 10  # below it a lead counts this and that
_RETOLD = 0.8  # likeness of leads from which other figures are another text
_ONE_FRAME, OTHER_TOPIC = 0.4, 0.9  # likeness of titles, and the least weight of the topic words that tell them apart
# What a lead alone says about the step: only cues that seldom stand in passing.
_PLAIN_STAGES = frozenset({"call", "result", "announce", "report", "decision", "reaction"})


@dataclass(frozen=True, slots=True)
class Veto:
    """Why two articles are not one story."""

    name: str  # places, amounts, bills, parts, months, years, dates, counts, names, steps, …
    ours: str
    theirs: str
    hard: bool  # a soft one gives way to an (almost) identical lead


def vetoes(a: Profile, b: Profile, evidence: Evidence) -> list[Veto]:
    """Every reason against merging, hard ones first."""
    found = [
        *_speakers(a, b),
        *_places(a, b, evidence),
        *_general(a, b),
        *_countries(a, b),
        *_numbers(a, b, evidence),
        *_names(a, b, evidence),
        *_steps(a, b, evidence),
        *_turned(a, b, evidence),
        *_opposites(evidence),
        *_audiences(a, b, evidence),
        *_invitations(a, b, evidence),
    ]
    return sorted(found, key=lambda veto: not veto.hard)


def _places(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Veto]:
    if a.places and b.places:
        if not _one_area(a.places, b.all_places) and not _one_area(b.places, a.all_places):
            yield _veto("places", _place_names(a.places), _place_names(b.places))
            return
        if evidence.title >= _ONE_WORD_APART and (levels := _two_levels(a.places, b.places)):
            yield _veto("levels", *levels, hard=False)
    elif a.all_places and b.all_places and not _one_area(a.all_places, b.all_places):
        alike = not a.places and not b.places and evidence.title >= _ALL_BUT_EQUAL
        yield _veto("places", _place_names(a.all_places), _place_names(b.all_places), hard=alike)


def _two_levels(ours: frozenset[str], theirs: frozenset[str]) -> tuple[list[str], list[str]] | None:
    """A city and the oblast of its name are two places, where all else is one frame."""
    first, second = ({place for place in side if place.startswith("UA")} for side in (ours, theirs))
    if not first or not second or first & second or not ours & theirs or not any(map(_is_oblast, first | second)):
        return None
    return sorted(first), sorted(second)


def _speakers(a: Profile, b: Profile) -> Iterator[Veto]:
    """Two people who are quoted say two things, however alike they put it."""
    if _is_person(a.speaker) and _is_person(b.speaker) and not _one_person(a, b):
        yield Veto("speakers", a.head.speaker, b.head.speaker, True)


def _is_person(speaker: tuple[Token, ...]) -> bool:
    """Whether the words are a name and surname; offices are made of words that a list knows."""
    return len(speaker) > 1 and not all(token.rows for token in speaker)


def _one_person(a: Profile, b: Profile) -> bool:
    """By surname across languages, where first names have many forms; by every word of the shorter otherwise."""
    ours, theirs = bag_of(a.speaker), bag_of(b.speaker)
    if a.text.language != b.text.language:
        return theirs.has(a.speaker[-1]) or ours.has(b.speaker[-1])
    return all(theirs.has(token) for token in a.speaker) or all(ours.has(token) for token in b.speaker)


def _general(a: Profile, b: Profile) -> Iterator[Veto]:
    """News of one place, and news of communities at large that names none in its title."""
    for one, other in ((a, b), (b, a)):
        if (
            one.places
            and not other.places
            and not one.places & other.all_places
            and not any(other.bag.has(token) for token in one.tokens if token.stem.startswith("@"))
            and _AT_LARGE.search(other.head.folded)
        ):
            sides = _listed(_place_names(one.places)), "communities at large"
            yield Veto("general", *(sides if one is a else sides[::-1]), hard=True)


def _one_area(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether they share a place, or one names the oblast of a place of the other."""
    return bool(ours & theirs) or _within_oblast(ours, theirs) or _within_oblast(theirs, ours)


def _within_oblast(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    oblasts = tuple(place[:_OBLAST_DIGITS] for place in theirs if _is_oblast(place))
    return any(place.startswith(oblasts) for place in ours) if oblasts else False


def _is_oblast(place: str) -> bool:
    return place.startswith("UA") and not place[4:14].strip("0")


def _place_names(places: frozenset[str]) -> list[str]:
    return [place for place in places if not place.startswith("UA")] or sorted(places)


def _countries(a: Profile, b: Profile) -> Iterator[Veto]:
    if a.countries and b.countries and not a.countries & b.countries:
        yield _veto("countries", _country_words(a.tokens), _country_words(b.tokens))


def _country_words(tokens: Iterable[Token]) -> list[str]:
    return [token.shown for token in tokens if meaning(token.stem).countries]


def _numbers(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Veto]:
    if a.all_numbers is NO_NUMBERS or b.all_numbers is NO_NUMBERS:
        yield from _parts(a, b, evidence)
        return
    yield from _amounts(a, b)
    ours, theirs, all_ours, all_theirs = a.numbers, b.numbers, a.all_numbers, b.all_numbers
    yield from _differ("bills", all_ours.bills, all_theirs.bills, hard=bool(ours.bills or theirs.bills))
    yield from _differ("years", ours.years, theirs.years)
    yield from _differ("months", ours.months, theirs.months)
    if evidence.title >= _ALL_BUT_EQUAL:
        yield from _periods_of_leads(a, b)
    if (ours.months and theirs.years and not all_theirs.months) or (
        theirs.months and ours.years and not all_ours.months
    ):
        yield from _differ("periods", ours.months or ours.years, theirs.months or theirs.years)
    yield from _percents(ours.percents, theirs.percents)
    yield from _parts(a, b, evidence)
    if ours.dates and theirs.dates:
        yield from _differ("dates", ours.dates, all_theirs.dates | _day_before(theirs.dates))
    elif "announce" in stages(a.head.folded + " " + a.lead) and "announce" in stages(b.head.folded + " " + b.lead):
        yield from _differ("dates", all_ours.dates, all_theirs.dates)
    if ours.counts and theirs.counts:
        if not ours.counts & all_theirs.counts and not theirs.counts & all_ours.counts:
            yield _veto("counts", ours.counts, theirs.counts)
    elif ours.counts or theirs.counts:
        yield from _differ("counts", _telling(all_ours.counts), _telling(all_theirs.counts), hard=False)
    elif evidence.lead >= _RETOLD and counts_differ(all_ours, all_theirs):
        yield _veto("counts", all_ours.counts, all_theirs.counts)


def _telling(counts: frozenset[int]) -> set[int]:
    return {count for count in counts if count >= _TELLING_COUNT}


def _periods_of_leads(a: Profile, b: Profile) -> Iterator[Veto]:
    """Under one title a lead alone tells of which month or year it is."""
    yield from _differ("months", a.all_numbers.months, b.all_numbers.months)
    yield from _differ("years", a.all_numbers.years, b.all_numbers.years)


def _amounts(a: Profile, b: Profile) -> Iterator[Veto]:
    titles, all_ours, all_theirs = (a.numbers.amounts, b.numbers.amounts), a.all_numbers.amounts, b.all_numbers.amounts
    if _contrary(*titles) and not _meet(titles[0], all_theirs) and not _meet(titles[1], all_ours):
        yield _veto("amounts", titles[0], titles[1])
    elif _contrary(all_ours, all_theirs) and not _meet(all_ours, all_theirs):
        yield _veto("amounts", all_ours, all_theirs, hard=any(titles))
    elif any(
        one.value == other.value and one.money and other.money and one.money != other.money
        for one, other in product(*titles)
    ):
        yield Veto("amounts", _currencies(titles[0]), _currencies(titles[1]), True)


def _currencies(amounts: tuple[Amount, ...]) -> str:
    return ", ".join(sorted({f"{shown_amount(one.value)} {one.money}" for one in amounts if one.money}))


def _contrary(ours: tuple[Amount, ...], theirs: tuple[Amount, ...]) -> bool:
    return any(contrary(one, other) for one in ours for other in theirs)


def _meet(ours: Iterable[Amount], theirs: tuple[Amount, ...]) -> bool:
    return any(same_amount(one, other) for one in ours for other in theirs)


def _percents(ours: frozenset[float], theirs: frozenset[float]) -> Iterator[Veto]:
    if ours and theirs and not any(same_percent(one, other) for one in ours for other in theirs):
        yield _veto("percents", ours, theirs)


def _parts(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Veto]:
    ours, theirs = a.numbers.parts, b.numbers.parts
    if ours and theirs:
        yield from _differ("parts", ours, theirs)
    elif (ours or theirs) and evidence.title >= 0.6:
        there = a.all_numbers.parts | a.all_numbers.counts if theirs else b.all_numbers.parts | b.all_numbers.counts
        if not (ours or theirs) & there:
            yield from _differ("parts", ours or {1}, theirs or {1})  # the first part seldom says so


def _day_before(dates: frozenset[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """The days next to those of the other: a two-day event is named by either day."""
    return frozenset((month, day + step) for month, day in dates for step in (-1, 0, 1))


def _differ(name: str, ours: Iterable[object], theirs: Iterable[object], *, hard: bool = True) -> Iterator[Veto]:
    first, second = set(ours), set(theirs)
    if first and second and not first & second:
        yield _veto(name, first, second, hard=hard)


def _names(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Veto]:
    ours, theirs = _strangers(a, b), _strangers(b, a)
    if swapped := _swapped(a, b, evidence):
        yield Veto("names", *swapped, True)
    elif other_topic := _other_topic(evidence):
        yield _veto("topics", *other_topic, hard=not shared_numbers(a.numbers, b.numbers))
    else:
        for mine, yours in zip(ours, theirs, strict=True):
            if mine and yours:
                yield _veto("names", mine, yours, hard=False)


def _opposites(evidence: Evidence) -> Iterator[Veto]:
    """What rises in one title and falls in the other, opens and closes, is allowed and forbidden."""
    for ours, theirs in product(evidence.left, evidence.right):
        if any((one in ours.rows and other in theirs.rows) for one, other in opposites()):
            yield Veto("opposites", ours.shown, theirs.shown, True)


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
    if left and right and (left.name or right.name):
        return left.shown, right.shown
    return None


def _other_topic(evidence: Evidence) -> tuple[list[str], list[str]] | None:
    """One topic in the place of another, where all else is alike: water lorries and dust carts of the same donors."""
    if max(len(evidence.left), len(evidence.right)) > 1 + evidence.same_lead or evidence.title < _SAME_FRAME:
        return None
    if any(_may_be_said_otherwise(token) for token in evidence.left + evidence.right):
        return None
    return _two_topics(evidence, listed=True, least=COMMON if evidence.title >= _ALL_BUT_EQUAL else TOPIC)


def _may_be_said_otherwise(token: Token) -> bool:
    """Whether a word says what was done or whose it is: newsrooms choose such words freely."""
    known = meaning(token.stem)
    return known.deed or bool(known.countries) or is_verb(token.shown)


def _namelike(lacking: Iterable[Token], one: Profile) -> Token | None:
    opening = one.tokens[0] if one.tokens else None
    return next((token for token in lacking if not token.rows and (token.name or token == opening)), None)


def _two_topics(evidence: Evidence, *, listed: bool, least: float = TOPIC) -> tuple[list[str], list[str]] | None:
    """The words of each title, if both have some, that say what the news is about and that the other article lacks.

    `listed`: only those that a list could have matched.
    """
    left, right = (
        [token.shown for token in side if token.weight >= least and not token.name and (token.rows or not listed)]
        for side in (evidence.left, evidence.right)
    )
    return (left, right) if left and right else None


def _steps(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Veto]:
    ours, theirs = stages(a.head.folded), stages(b.head.folded)
    if evidence.same_lead:
        return
    pair = apart(ours, theirs)
    if pair and _foretold(a, b, pair):
        pair = None
    if pair is None and not (ours and theirs):
        ours, theirs = ours or stages(a.lead) & _PLAIN_STAGES, theirs or stages(b.lead) & _PLAIN_STAGES
        pair = apart(ours & _PLAIN_STAGES, theirs & _PLAIN_STAGES)
    if pair is None and (_announces_what_passed(a, b) or _announces_what_passed(b, a)):
        pair = ("announce", "report")
    if pair:
        yield Veto("steps", pair[0], pair[1], True)


def _foretold(a: Profile, b: Profile, steps: tuple[str, str]) -> bool:
    """Whether the lead of one tells the step of the other; a later article recalls the earlier step anyway."""
    ours, theirs, lag = steps[1] in stages(a.lead), steps[0] in stages(b.lead), (b.day or 0) - (a.day or 0)
    return (ours and lag >= -1) or (theirs and lag <= 1)


def _turned(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Veto]:
    """One frame, and its verb in another turn: what is to be done and what was, what is done and what is not.

    After some days even another verb tells that what was to come has come.
    """
    if evidence.days is None or evidence.same_lead:
        return
    first, second = (b.head, a.head) if (a.day or 0) > (b.day or 0) else (a.head, b.head)
    turns = turned(first.folded, second.folded) if evidence.title >= _SAME_FRAME else None
    if turns and NOT in turns:
        yield Veto("negation", *turns, True)
    elif (evidence.days and turns in _LATER) or (evidence.days >= _SOME_DAYS and _came(first.folded, second.folded)):
        yield Veto("steps", "announce", "report", False)


def _came(first: str, second: str) -> bool:
    return comes(first) and came(second)


def _announces_what_passed(a: Profile, b: Profile) -> bool:
    """Whether `a` announces an event and `b`, which does not, came when it had begun."""
    if a.day is None or b.day is None or b.day - a.day < 2:
        return False
    coming = "announce" in stages(a.head.folded) | stages(a.lead)
    if not coming or "announce" in stages(b.head.folded) | stages(b.lead):
        return False
    then = date.fromordinal(a.day)
    events = [day for found in a.all_numbers.dates if (day := _next(found, then)) is not None]
    return not events or min(events) <= b.day


def _next(found: tuple[int, int], then: date) -> int | None:
    """The day of a date without year on or after `then`; None when there is no such day."""
    try:
        day = date(then.year, *found)
        return (day if day >= then else day.replace(year=then.year + 1, day=min(day.day, 28))).toordinal()
    except ValueError:
        return None


def _audiences(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Veto]:
    """A call for regions and a call for communities are two calls; so is one frame for veterans and for students."""
    ours, theirs = _audience(a.tokens), _audience(b.tokens)
    if "call" in stages(a.head.folded) and "call" in stages(b.head.folded):
        if ours and theirs and not set(ours.values()) & set(theirs.values()):
            yield _veto("audiences", ours, theirs)
    elif evidence.title >= _SAME_FRAME:
        left, right = _audience(evidence.left), _audience(evidence.right)
        if left and right:
            yield _veto("audiences", left, right, hard=False)


def _invitations(a: Profile, b: Profile, evidence: Evidence) -> Iterator[Veto]:
    """Calls, courses and webinars come in one frame, and under one lead: another topic is another invitation."""
    framed = evidence.title >= _ONE_FRAME and evidence.contested >= OTHER_TOPIC and _invites(a) and _invites(b)
    if framed and (topics := _two_topics(evidence, listed=evidence.cross)):
        yield _veto("topics", *topics)


def _invites(one: Profile) -> bool:
    return not stages(f"{one.head.folded} {one.lead}").isdisjoint(("call", "announce"))


def _audience(tokens: Iterable[Token]) -> dict[str, int]:
    return {token.shown: row for token in tokens for row in token.rows & audiences()}


def _veto(name: str, ours: Iterable[object], theirs: Iterable[object], *, hard: bool = True) -> Veto:
    return Veto(name, _listed(ours), _listed(theirs), hard)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(_shown(value) for value in values))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"{value[1]:02d}.{value[0]:02d}"
    amount = getattr(value, "value", None)
    return shown_amount(amount) if amount is not None else str(value)
