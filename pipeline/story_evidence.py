"""What two articles have in common, weighed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.story_lexicon import COMMON, TOPIC
from pipeline.story_numbers import same_amount

if TYPE_CHECKING:
    from pipeline.story_numbers import Numbers
    from pipeline.story_profile import Bag, Profile, Token

LONG_LEAD = 7  # telling words from which a lead can be known again
# What a number in a title tells, by kind.
_SUM, _BILL, _LARGE, _SMALL, _DATE, _PERIOD = 1.3, 1.6, 1.0, 0.5, 0.8, 0.5
_UNLISTED_ABROAD = 0.6  # across languages a word that no list knows may be there unseen: it counts for less


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one title is found elsewhere, in weight."""

    found: float
    total: float
    missing: float  # of the telling words alone

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.found / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found. The shares are weighed by how much a word tells, from 0 to 1."""

    cross: bool  # one is Ukrainian, the other English
    title: float  # harmonic mean of the shares of each title that the other title has
    explained: float  # share of each title found in the other's title and lead, the smaller of the two
    shared: float  # weight of what the titles share
    opposed: float  # weight of what each article's title has and the other article lacks, the smaller of the two
    contested: float  # the same of the words that say what the news is about, names aside
    lead: float  # likeness of the leads; 0 when one has none
    leads_known: bool
    same_lead: bool  # (almost) the same text
    words: tuple[str, ...]  # telling words that both titles have, as written in the first
    names: tuple[str, ...]  # proper names that both articles have
    places: tuple[str, ...]  # identities of places that both articles name
    numbers: tuple[str, ...]  # telling numbers that both articles have
    left: tuple[Token, ...]  # telling words of the first title that the other article lacks
    right: tuple[Token, ...]
    days: int | None  # between the two; None when a date is missing

    @property
    def anchors(self) -> int:
        """How many things both have that seldom meet by chance."""
        return min(len(self.names), 2) + len(self.numbers) + (1 if self.places and not self.names else 0)


def weigh(a: Profile, b: Profile) -> Evidence:
    """Compare two articles in whatever languages they are."""
    cross = a.text.language != b.text.language
    title_a, title_b = _covered(a, b, cross, whole=False), _covered(b, a, cross, whole=False)
    all_a, all_b = _covered(a, b, cross, whole=True), _covered(b, a, cross, whole=True)
    shares = title_a.share + title_b.share
    lead, same_lead = _lead(a, b, cross)
    return Evidence(
        cross,
        2 * title_a.share * title_b.share / shares if shares else 0.0,
        min(all_a.share, all_b.share),
        (title_a.found + title_b.found) / 2,
        min(all_a.missing, all_b.missing),
        min(_topical(_lacking(one.machine or one.tokens, two.bag), cross) for one, two in ((a, b), (b, a))),
        lead,
        bool(a.lead_tokens and b.lead_tokens),
        same_lead,
        tuple(token.shown for token in a.tokens if token.weight >= COMMON and b.title_bag.has(token)),
        _shared_names(a, b),
        tuple(sorted(place for place in a.all_places & b.all_places if not place.startswith("UA"))),
        shared_numbers(a.all_numbers, b.all_numbers),
        _lacking(a.tokens, b.bag),
        _lacking(b.tokens, a.bag),
        abs(a.day - b.day) if a.day is not None and b.day is not None else None,
    )


def _covered(one: Profile, other: Profile, cross: bool, *, whole: bool) -> Coverage:
    """How much of a title the other title (`whole`: title and lead) has; the machine English may speak for it."""
    bag = other.bag if whole else other.title_bag
    numbers = _covered_numbers(one.numbers, other.all_numbers if whole else other.numbers)
    best = _found(one.tokens, bag, cross, numbers)
    if cross and one.machine:
        machine = _found(one.machine, bag, cross, numbers)
        return max(best, machine, key=lambda coverage: coverage.share)
    return best


def _found(tokens: tuple[Token, ...], bag: Bag, cross: bool, numbers: Coverage) -> Coverage:
    found, total, missing = numbers.found, numbers.total, numbers.missing
    for token in tokens:
        weight = token.weight * _UNLISTED_ABROAD if cross and not token.rows and not token.name else token.weight
        total += weight
        if bag.has(token):
            found += weight
        elif weight >= COMMON:
            missing += weight
    return Coverage(found, total, missing)


def _covered_numbers(ours: Numbers, theirs: Numbers) -> Coverage:
    """The same for the numbers of a title: a month is found in a date, a part in a count, a count in an amount."""
    weighed: list[tuple[float, bool]] = [
        *((_SUM, any(same_amount(amount, other) for other in theirs.amounts)) for amount in ours.amounts),
        *((_BILL, bill in theirs.bills) for bill in ours.bills),
        *((_LARGE if n > 12 else _SMALL, n in theirs.counts or n in theirs.parts) for n in ours.counts),
        *((_LARGE, percent in theirs.percents or percent in theirs.counts) for percent in ours.percents),
        *((_DATE, date in theirs.dates) for date in ours.dates),
        *((_PERIOD, part in theirs.parts or part in theirs.counts) for part in ours.parts),
        *((_PERIOD, month in theirs.months or any(month == m for m, _ in theirs.dates)) for month in ours.months),
        *((_PERIOD, year in theirs.years) for year in ours.years),
    ]
    found = sum(weight for weight, there in weighed if there)
    total = sum(weight for weight, _ in weighed)
    return Coverage(found, total, total - found)


def _lacking(tokens: tuple[Token, ...], bag: Bag) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.weight >= COMMON and not bag.has(token))


def _topical(tokens: tuple[Token, ...], cross: bool) -> float:
    """Weight of the topic words; across languages only of those that a list could have matched."""
    return sum(token.weight for token in tokens if token.weight >= TOPIC and not token.name and (token.rows or not cross))


def _shared_names(a: Profile, b: Profile) -> tuple[str, ...]:
    mine = [token for token in a.tokens + a.speaker + a.lead_tokens if token.name and token.weight > 1]
    return tuple(dict.fromkeys(token.shown for token in mine if b.bag.has(token)))


def _lead(a: Profile, b: Profile, cross: bool) -> tuple[float, bool]:
    """How alike the leads are, and whether they are (almost) one text."""
    if not a.lead_tokens or not b.lead_tokens:
        return 0.0, False
    none = Coverage(0.0, 0.0, 0.0)
    of_a, of_b = (_found(one.lead_tokens, two.bag, cross, none).share for one, two in ((a, b), (b, a)))
    return (of_a + of_b) / 2, not cross and _same_text(a, b)


def _same_text(a: Profile, b: Profile) -> bool:
    one, other = {token.stem for token in a.lead_tokens}, {token.stem for token in b.lead_tokens}
    shared, least = len(one & other), min(len(one), len(other))
    if least < LONG_LEAD:
        return False
    return shared >= 0.8 * len(one | other) or (shared >= 0.95 * least and _one_opens_the_other(a.lead, b.lead))


def _one_opens_the_other(first: str, second: str) -> bool:
    short, long = sorted((first.rstrip(" .…"), second), key=len)
    return long.lower().startswith(short[:-12].lower())


def shared_numbers(a: Numbers, b: Numbers) -> tuple[str, ...]:
    """The telling numbers that both have, as text: sums, bills, large counts, shares, dates."""
    found = [f"№{number}" for number in sorted(a.bills & b.bills)]
    found += [shown_amount(one.value) for one in a.amounts if any(same_amount(one, other) for other in b.amounts)]
    found += [str(count) for count in sorted(a.counts & b.counts) if count > 12]
    found += [f"{percent:g}%" for percent in sorted(a.percents & b.percents)]
    found += [f"{day:02d}.{month:02d}" for month, day in sorted(a.dates & b.dates)]
    return tuple(dict.fromkeys(found))


def shown_amount(value: float) -> str:
    """«740.3 million»."""
    for worth, unit in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if value >= worth:
            return f"{value / worth:g} {unit}"
    return f"{value:g}"
