"""Numerals and typed facts of a text, each with its span. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from decimal import Decimal

Writing = Literal["digits", "words", "roman"]
# A loose numeral speaks of a number beside its main meaning: "a", "both", «сотні», «п'ятиповерховий».
Sense = Literal["cardinal", "ordinal", "loose"]
Kind = Literal[
    "number",  # Quantity
    "ordinal",  # Quantity: «28-й», "third"
    "roman",  # Quantity
    "part",  # Quantity: the place in a series of parts, phases, sessions: «етап 2», "Part III"
    "year",  # Quantity
    "share",  # Quantity, in per cent
    "sum",  # Quantity with its currency
    "month",  # Named, 1 … 12
    "weekday",  # Named, 1 (Monday) … 7
    "date",  # Date
    "time",  # Time
    "range",  # Range
    "label",  # Label: the number of a bill, a decree, a school
]


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number as written, with every value that the writing may mean, the likeliest first."""

    start: int
    end: int  # with the word thousand, million … behind it
    text: str  # as written, without that word
    writing: Writing
    sense: Sense
    values: tuple[Decimal, ...]  # without that word; of a number in words also those of its single words
    scaled: tuple[Decimal, ...] = ()  # the values times thousand, million …; empty when no such word follows
    scale_certain: bool = False  # False for 5m, which may be metres
    parts: tuple[Decimal, ...] = ()  # of a date, a time or a list: these values, one by one, also count
    inexact: bool = False  # a fraction in words: «півтора мільйона», "half a billion"

    @property
    def value(self) -> Decimal | None:
        """Return the likeliest value; None when the digits are a date, a time or a list."""
        return next(iter(self.scaled or self.values), None)

    @property
    def digits(self) -> int:
        """Return the count of written digits."""
        return sum(sign.isdigit() for sign in self.text)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a text states: `text[start:end]` is how it is written."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity(Fact):
    """A number and what it is a number of."""

    value: Decimal
    numeral: Numeral | None = None  # None: the place in a series is no numeral by itself («І квартал»)
    rough: bool = False  # «майже», "nearly", or a fraction in words
    currency: str = ""  # of a sum: UAH, EUR … or `crowns`
    beyond: int | None = None  # «Бар, Жмеринка та ще шість»: so many things stand before what is counted on top of them


@dataclass(frozen=True, slots=True)
class Named(Fact):
    """A month or weekday by its name."""

    number: int


@dataclass(frozen=True, slots=True)
class Date(Fact):
    """A day that the calendar has; 29 February needs no leap year where no year is given."""

    month: int
    day: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Time(Fact):
    """A time of day, 0:00 … 23:59."""

    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class Label(Fact):
    """A number that names something and counts nothing."""

    label: str


@dataclass(frozen=True, slots=True)
class Range(Fact):
    """From one fact to another of the same kind; both also stand by themselves among the facts."""

    first: Fact
    last: Fact
