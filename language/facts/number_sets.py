"""The numbers of a text by what they count, as two reports of one story are compared. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from language.calendar import MONTHS
from language.facts.kinds import Date, Label, Named, Quantity
from language.facts.number_words import WORDS, number_word
from language.facts.read import read


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money or another large quantity."""

    value: float
    rough: bool  # «майже», "nearly", or a fraction in words
    # The currency; empty for what is no money, None for what may be a sum without its currency.
    money: str | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a text, by kind; within one kind two stories must not differ."""

    amounts: tuple[Amount, ...] = ()
    counts: frozenset[int] = frozenset()  # bare numbers and number words from 2 on
    bills: frozenset[str] = frozenset()
    parts: frozenset[int] = frozenset()
    percents: frozenset[float] = frozenset()
    years: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()  # month names without a day
    dates: frozenset[tuple[int, int]] = frozenset()  # (month, day)
    rough: frozenset[int] = frozenset()  # counts of which only so much is said: «понад 600», "almost 400"
    further: frozenset[int] = frozenset()  # counts that come on top of something: «ще шість громад»
    totals: frozenset[int] = frozenset()  # what these make with the names before them


NO_NUMBERS = Numbers()
_LARGE = 1000  # from here on a bare number is an amount and no count
_IN_MONTHS = re.compile(r"[ -](?:місяц\w*|months?)\b", re.I)
# Small words that `numbers` reads, apostrophes dropped, so that nobody else need count them as words.
_NUMERIC = frozenset(MONTHS) - {"may"} | {
    word.replace("'", "") for word, (value, sense) in WORDS.items() if sense == "cardinal" and value > 1
}
# 119, 33rd, 25ти, III
_NUMBER = re.compile(r"\d+(?:\D{0,2}|мільйон\w*|річ\w*|відсот\w*)$|[ivx]{2,5}$|(?:(?:сто)?відсот|гривн|percent)")


def is_number_word(word: str) -> bool:
    """Return whether a small word without apostrophes and hyphens is a number, its unit, or the name of a month."""
    if word in _NUMERIC or _NUMBER.match(word) is not None:
        return True
    return (known := number_word(word)) is not None and known.sense == "scale"


def numbers(text: str, language: str) -> Numbers:
    """Return every number of a text in `language`, uk or en."""
    facts = read(text, language)
    if not facts:
        return NO_NUMBERS
    quantities = [fact for fact in facts if isinstance(fact, Quantity)]
    counted: list[tuple[int, Quantity]] = []
    amounts: list[Amount] = []
    for fact in quantities:
        scaled = fact.numeral is not None and bool(fact.numeral.scaled)
        if fact.kind == "sum" or (fact.kind == "number" and (fact.value >= _LARGE or scaled)):
            amounts.append(Amount(float(fact.value), fact.rough, fact.currency or (None if scaled else "")))
        elif fact.kind == "number" and fact.value % 1 == 0:
            years, rest = divmod(int(fact.value), 12)
            in_years = years and not rest and _IN_MONTHS.match(text, fact.end)  # «60 місяців» are 5 years
            counted.append((years if in_years else int(fact.value), fact))
    counted = [(count, fact) for count, fact in counted if count > 1]
    rough = {count: fact.rough for count, fact in counted}
    dates = [fact for fact in facts if isinstance(fact, Date)]

    def of_kind(kind: str) -> frozenset[int]:
        return frozenset(int(fact.value) for fact in quantities if fact.kind == kind)

    return Numbers(
        amounts=tuple(amounts),
        counts=frozenset(count for count, about in rough.items() if not about),
        bills=frozenset(fact.label for fact in facts if isinstance(fact, Label)),
        parts=of_kind("part"),
        percents=frozenset(float(fact.value) for fact in quantities if fact.kind == "share"),
        years=of_kind("year") | {date.year for date in dates if date.year},
        months=frozenset(fact.number for fact in facts if isinstance(fact, Named) and fact.kind == "month"),
        dates=frozenset((date.month, date.day) for date in dates),
        rough=frozenset(count for count, about in rough.items() if about),
        further=frozenset(count for count, fact in counted if fact.beyond),
        totals=frozenset(count + fact.beyond for count, fact in counted if fact.beyond),
    )


def together(first: Numbers, second: Numbers) -> Numbers:
    """Return the numbers of two texts as those of one."""
    if first is NO_NUMBERS or second is NO_NUMBERS:
        return second if first is NO_NUMBERS else first
    return Numbers(
        first.amounts + second.amounts,
        first.counts | second.counts,
        first.bills | second.bills,
        first.parts | second.parts,
        first.percents | second.percents,
        first.years | second.years,
        first.months | second.months,
        first.dates | second.dates,
        first.rough | second.rough,
        first.further | second.further,
        first.totals | second.totals,
    )
