"""The evidence: what two articles have in common, weighed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from language.facts.number_sets import NO_NUMBERS
from pipeline.stories.number_likeness import is_among, is_roughly_among, is_same_amount, is_same_percent
from pipeline.stories.places import oblasts
from pipeline.stories.weights import (
    BILL,
    COMMON,
    DATE,
    FAR,
    LARGE_COUNT,
    LEADS_MEET,
    PERIOD,
    SMALL_COUNT,
    SMALL_UP_TO,
    SUM,
    TOPIC,
    UNLISTED_ABROAD,
)

if TYPE_CHECKING:
    from language.facts.number_sets import Numbers
    from pipeline.stories.features import Features, WeightedTerm

LONG_LEAD = 7  # telling words from which a lead can be known again
DISTINCT_LEAD = 10  # telling words from which a lead is nobody else's


@dataclass(frozen=True, slots=True)
class Coverage:
    """The part of one text that is found elsewhere, in weight."""

    found: float
    total: float
    missing: float  # of the telling words alone

    @property
    def share(self) -> float:
        """Return the share that is found, from 0 to 1."""
        return self.found / self.total if self.total else 0.0


_NOTHING = Coverage(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of two articles. Its shares go from 0 to 1 and are weighed by how much each word tells."""

    cross: bool  # one is Ukrainian, the other English
    title: float  # harmonic mean of the shares of each title that the other title has
    contained: bool  # one title says nothing that the other does not say
    explained: float  # share of each title found in the other's title and lead, the smaller of the two
    shared: float  # weight of what the titles share
    opposed: float  # weight of what each article's title has and the other article lacks, the smaller of the two
    contested: float  # the same of the words that say what the news is about, names aside
    lead: float  # likeness of the leads; 0 when one has none
    same_lead: bool  # (almost) the same text
    long_lead: bool  # both leads have enough words to be nobody else's
    words: tuple[str, ...]  # telling words that both titles have, as written in the first
    names: tuple[str, ...]  # proper names that both articles have
    places: tuple[str, ...]  # identities of places that both articles name
    region: bool  # they share no place, but name places of one oblast
    numbers: tuple[str, ...]  # telling numbers that both articles have
    left: tuple[WeightedTerm, ...]  # telling words of the first title that the other article lacks
    right: tuple[WeightedTerm, ...]
    days: int | None  # between the two; None when a date is missing
    covered: float  # share of what each article says, its lead counted half, that the other says too: the smaller one
    covered_more: float  # the larger one
    common: float  # weight of what both say
    unmatched_names: int  # proper names in each title that the other article lacks: the fewer of the two
    leads: int  # how many of the two have a lead
    same_source: bool
    english: bool  # both are English, where words keep their form and so meet more often by chance

    @property
    def anchors(self) -> int:
        """Return how many things both have that seldom meet by chance."""
        return min(len(self.names), 2) + len(self.numbers) + (1 if self.places and not self.names else 0)


def weigh(a: Features, b: Features) -> Evidence:
    """Return the evidence of two articles in whatever languages they are."""
    cross = a.text.language != b.text.language
    one, other = _search(a, b, cross), _search(b, a, cross)
    shares = one.title.share + other.title.share
    our_lead, their_lead = _lead_found(a, b, cross), _lead_found(b, a, cross)
    # A lead repeats and rambles, so it counts half.
    ours, theirs = (
        Coverage(title.whole.found + lead.found / 2, title.whole.total + lead.total / 2, 0.0)
        for title, lead in ((one, our_lead), (other, their_lead))
    )
    leads = bool(a.lead_terms) + bool(b.lead_terms)
    places = tuple(sorted(place for place in a.all_places & b.all_places if not place.startswith("UA")))
    return Evidence(
        cross,
        2 * one.title.share * other.title.share / shares if shares else 0.0,
        max(one.title.share, other.title.share) == 1,
        min(one.whole.share, other.whole.share),
        (one.title.found + other.title.found) / 2,
        min(one.whole.missing, other.whole.missing),
        min(_topical(one.lacking, cross), _topical(other.lacking, cross)),
        (our_lead.share + their_lead.share) / 2 if leads == 2 else 0.0,
        leads == 2 and not cross and _same_text(a, b),
        min(len(a.lead_terms), len(b.lead_terms)) >= DISTINCT_LEAD,
        tuple(term.text for term in one.shared if term.weight >= COMMON),
        max(_shared_names(a, b), _shared_names(b, a), key=len),
        places,
        not places and bool(oblasts(a.all_places) & oblasts(b.all_places)),
        shared_numbers(a.all_numbers, b.all_numbers),
        one.lacking,
        other.lacking,
        abs(a.day - b.day) if a.day is not None and b.day is not None else None,
        min(ours.share, theirs.share),
        max(ours.share, theirs.share),
        max(ours.found, theirs.found),
        min(sum(term.name for term in side.lacking) for side in (one, other)),
        leads,
        a.text.source_id == b.text.source_id,
        a.text.language == b.text.language == "en",
    )


def are_far_apart(a: Features, b: Features) -> bool:
    """Return whether titles and leads share so little that two articles have nothing to do with each other."""
    if a.lead_stems and b.lead_stems:
        shared = len(a.lead_stems & b.lead_stems)
        if shared > LEADS_MEET * min(len(a.lead_stems), len(b.lead_stems)):
            return False
    return titles_found(a, b) < FAR


def titles_found(a: Features, b: Features) -> float:
    """Return the shares of the two titles that are found in the other article, summed up: 0 to 2."""
    return _best_found(a, b) + _best_found(b, a)


def mentioned_addresses(a: Features, b: Features) -> tuple[str, ...]:
    """Return the addresses of one article that the other's lead gives."""
    return tuple(sorted((a.mentions & {b.address}) | (b.mentions & {a.address})))


def _best_found(one: Features, other: Features) -> float:
    """Return the share of the best version of a title that is found in the other article."""
    best = 0.0
    for terms in (one.terms, one.machine):
        found = total = 0.0
        for term, share in zip(terms, other.bag.shares(terms), strict=True):
            total += term.weight
            found += term.weight * share
        best = max(best, found / total if total else 0.0)
    return best


@dataclass(frozen=True, slots=True)
class _Search:
    """One title searched for in another article."""

    title: Coverage  # in the other title
    whole: Coverage  # in the other title and lead
    shared: tuple[WeightedTerm, ...]  # words that the other title has
    lacking: tuple[WeightedTerm, ...]  # telling words that the other article lacks


def _search(one: Features, other: Features, cross: bool) -> _Search:
    """Search for a title; across languages its machine English may stand for it."""
    in_title = _covered_numbers(one.numbers, other.numbers)
    in_whole = _covered_numbers(one.numbers, other.all_numbers)
    best = _find(one.terms, other, cross, in_title, in_whole)
    if cross and one.machine:
        machine = _find(one.machine, other, cross, in_title, in_whole)
        whole = max(best.whole, machine.whole, key=lambda coverage: coverage.share)
        title = max(best.title, machine.title, key=lambda coverage: coverage.share)
        lacking = min(best.lacking, machine.lacking, key=len)
        return _Search(title, whole, best.shared, lacking)
    return best


def _find(
    terms: tuple[WeightedTerm, ...], other: Features, cross: bool, in_title: Coverage, in_whole: Coverage
) -> _Search:
    title = whole = total = missing = 0.0
    shared: list[WeightedTerm] = []
    lacking: list[WeightedTerm] = []
    there = zip(terms, other.title_bag.shares(terms), other.bag.shares(terms), strict=True)
    for term, title_share, share in there:
        weight = term.weight * UNLISTED_ABROAD if cross and not term.rows and not term.name else term.weight
        total += weight
        title += weight * title_share
        whole += weight * (share - title_share)
        if title_share:
            shared.append(term)
        elif share:
            continue
        elif term.weight >= COMMON:
            missing += weight if weight >= COMMON else 0.0
            lacking.append(term)
    return _Search(
        Coverage(title + in_title.found, total + in_title.total, 0.0),
        Coverage(title + whole + in_whole.found, total + in_whole.total, missing + in_whole.missing),
        tuple(shared),
        tuple(lacking),
    )


def _covered_numbers(ours: Numbers, theirs: Numbers) -> Coverage:
    """Search for the numbers of a title: a month is found in a date, a part in a count, a count in an amount."""
    if ours is NO_NUMBERS:
        return _NOTHING
    weighed: list[tuple[float, bool]] = [
        *((SUM, any(is_same_amount(amount, other) for other in theirs.amounts)) for amount in ours.amounts),
        *((BILL, bill in theirs.bills) for bill in ours.bills),
        *(
            (LARGE_COUNT if n > SMALL_UP_TO else SMALL_COUNT, is_among(n, theirs) or n in theirs.parts)
            for n in ours.counts
        ),
        *((LARGE_COUNT, is_roughly_among(n, theirs)) for n in ours.rough if n > SMALL_UP_TO),
        *(
            (LARGE_COUNT, any(is_same_percent(one, two) for two in theirs.percents) or one in theirs.counts)
            for one in ours.percents
        ),
        *((DATE, date in theirs.dates) for date in ours.dates),
        *((PERIOD, part in theirs.parts or part in theirs.counts) for part in ours.parts),
        *((PERIOD, month in theirs.months or any(month == m for m, _ in theirs.dates)) for month in ours.months),
        *((PERIOD, year in theirs.years) for year in ours.years),
    ]
    found = sum(weight for weight, there in weighed if there)
    total = sum(weight for weight, _ in weighed)
    return Coverage(found, total, total - found)


def _topical(terms: tuple[WeightedTerm, ...], cross: bool) -> float:
    """Return the weight of the topic words; across languages only of those that a list could have matched."""
    return sum(term.weight for term in terms if term.weight >= TOPIC and not term.name and (term.rows or not cross))


def _shared_names(a: Features, b: Features) -> tuple[str, ...]:
    mine = [term for term in a.terms + a.speaker + a.lead_terms if term.name and term.weight > 1]
    return tuple(dict.fromkeys(term.text for term in mine if b.bag.has(term)))


def _lead_found(one: Features, other: Features, cross: bool) -> Coverage:
    """Search for the words of a lead in the other article."""
    found = total = 0.0
    for term, share in zip(one.lead_terms, other.bag.shares(one.lead_terms), strict=True):
        weight = term.weight * UNLISTED_ABROAD if cross and not term.rows and not term.name else term.weight
        total += weight
        found += weight * share
    return Coverage(found, total, 0.0)


def _same_text(a: Features, b: Features) -> bool:
    one, other = a.lead_stems, b.lead_stems
    least = min(len(one), len(other))
    if least < LONG_LEAD or has_other_counts(a.all_numbers, b.all_numbers):
        return False
    shared = len(one & other)
    short, long = sorted((a.lead.rstrip(" .…"), b.lead), key=len)
    opens = long.lower().startswith(short[:-12].lower())
    return shared >= 0.8 * len(one | other) or (shared >= 0.95 * least and opens)


def has_other_counts(a: Numbers, b: Numbers) -> bool:
    """Return whether both have large counts and share none: the same phrase with other figures is another text."""
    ours, theirs = ({count for count in one.counts if count > SMALL_UP_TO} for one in (a, b))
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def shared_numbers(a: Numbers, b: Numbers) -> tuple[str, ...]:
    """Return the telling numbers that both have, as text: bills, sums, large counts, shares, dates."""
    if a is NO_NUMBERS or b is NO_NUMBERS:
        return ()
    found = [f"№{number}" for number in sorted(a.bills & b.bills)]
    found += [amount_text(one.value) for one in a.amounts if any(is_same_amount(one, other) for other in b.amounts)]
    found += [str(count) for count in sorted(a.counts) if count > SMALL_UP_TO and is_among(count, b)]
    found += [f"{count}+" for count in sorted(a.rough) if is_roughly_among(count, b)]
    found += [f"{one:g}%" for one in sorted(a.percents) if any(is_same_percent(one, other) for other in b.percents)]
    found += [f"{day:02d}.{month:02d}" for month, day in sorted(a.dates & b.dates)]
    return tuple(dict.fromkeys(found))


def amount_text(value: float) -> str:
    """Return an amount in words: «740.3 million»."""
    for worth, unit in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if value >= worth:
            return f"{value / worth:g} {unit}"
    return f"{value:g}"
