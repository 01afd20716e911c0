"""Counterparts of the numbers of a text in its translation. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from language.facts.kinds import Date, Named
from language.facts.numerals import is_evening, numerals
from language.facts.read import read

if TYPE_CHECKING:
    from language.facts.kinds import Numeral

_ANY_SCALE = re.compile(r"thousand|million|billion|trillion|\b[mb]ln\b|\btrn\b|[0-9]\s?(?:k|m|bn?)\b", re.I)


class _Said(NamedTuple):
    """The numbers of a text to which those of another are compared."""

    digits: tuple[Numeral, ...]
    words: frozenset[Decimal]  # of number words and Roman numerals
    text: str
    language: str

    def months(self) -> frozenset[Decimal]:
        """Return the months of its dates, and those that it names."""
        facts = read(self.text, self.language)
        named = [fact.number for fact in facts if isinstance(fact, Named) and fact.kind == "month"]
        return frozenset(map(Decimal, [*named, *(fact.month for fact in facts if isinstance(fact, Date))]))

    def has(self, number: Numeral) -> bool:
        """Return whether a number has its counterpart among the digits of this text, or in its words."""
        own = {*number.values, *number.scaled}
        if own & self.words:
            return True
        for other in self.digits:  # `10 million` is not `10 billion`, but `10` may be either
            if number.scale_certain and other.scale_certain:
                met = not set(number.scaled).isdisjoint(other.scaled)
            else:
                met = not own.isdisjoint(other.values + other.scaled)
            if met:
                return True
        pool = self.words.union(*(other.parts for other in self.digits))
        if number.parts:
            pool = pool.union(self.months(), *(other.values for other in self.digits))
            return all(part in pool or (is_evening(part) and part - 12 in pool) for part in number.parts)
        return not pool.isdisjoint(number.values)

    def has_scale(self, number: Numeral) -> bool:
        """Return whether this English text has the million or thousand of a number, if any, or multiplies it out."""
        if not number.scale_certain or _ANY_SCALE.search(self.text) or not self.words.isdisjoint(number.scaled):
            return True
        return any(not set(number.scaled).isdisjoint(other.values + other.scaled) for other in self.digits)


@lru_cache(maxsize=256)
def in_digits(text: str, language: str) -> tuple[Numeral, ...]:
    """Return the numerals that stand in digits in `text`, which is in `language`, uk or en."""
    return tuple(numeral for numeral in numerals(text, language) if numeral.writing == "digits")


def missing(source: str, target: str) -> tuple[Numeral, ...]:
    """Return the numerals in digits of a Ukrainian source that its English lacks, or has without their million."""
    if not (asked := in_digits(source, "uk")):
        return ()
    said = _said(target, "en")
    return tuple(number for number in asked if not (said.has(number) and said.has_scale(number)))


def added(source: str, target: str) -> tuple[Numeral, ...]:
    """Return the numerals in digits of an English target that its Ukrainian source has in no way."""
    if not (asked := in_digits(target, "en")):
        return ()
    said = _said(source, "uk")
    return tuple(number for number in asked if not said.has(number))


@lru_cache(maxsize=64)
def _said(text: str, language: str) -> _Said:
    spoken = (numeral for numeral in numerals(text, language) if numeral.writing != "digits")
    values = frozenset(value for numeral in spoken for value in numeral.values + numeral.scaled)
    return _Said(in_digits(text, language), values, text, language)
