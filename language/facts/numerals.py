"""Numbers in digits, words and Roman letters, each with all that its writing may mean. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from language.calendar import MONTHS, WEEKDAYS
from language.facts.kinds import Numeral
from language.facts.number_words import Word, is_one, number_word, scale_behind
from language.letters import APOSTROPHES, HYPHENS, roman_in_latin

if TYPE_CHECKING:
    from language.facts.kinds import Sense, Writing

# Up to three digits and groups of three after a space are one number; `2026 100` is two.
_TOKEN = re.compile(
    r"(?<![0-9])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)*|"
    r"[^\W\d_]+(?:'[^\W\d_]+)*"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_DAY_MONTH_OR_TIME = re.compile(r"[0-9]{1,2}\.[0-9]{2}")
_SHORT_YEAR = re.compile(r"(?:(?<=[0-9][-–/])|(?<='))[0-9]{2}(?![0-9])|(?<![0-9])[0-9]0(?=s\b|'s\b|-[тихі])")
_OF_A_CLOCK = re.compile(r":[0-9]{2}(?![0-9])|[-\w]*\s+годин")
ORDINAL_TAIL = re.compile(r"(?:st|nd|rd|th)\b|-(?:й|ий|ша|га|тя|та|а|го|му|ої|я|е|є|тій|м)\b")
_ROMAN = re.compile(r"(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LONGEST_ROMAN = 8
_TO_LATIN = str.maketrans("ІХС", "IXC")
_JOINTS = frozenset((" ", "-", " and ", "-and-"))  # between the words of one number
_HALF, _QUARTER, _THOUSAND, _HUNDRED = Decimal("0.5"), Decimal("0.25"), Decimal(1000), Decimal(100)
_NONE: tuple[Decimal, ...] = ()
_AND_A_SHARE = re.compile(r" (?:і?з |and a )(?:(половиною|half)|чвертю|quarter)(?!\w)")
_OF_A = re.compile(r" (?:of )?an? ")
# Signs that are written in several ways, one for one, so that spans stay.
_WHITE, _APOSTROPHE, _HYPHEN = (re.compile(signs) for signs in (r"[^\S ]", f"[{APOSTROPHES}]", f"[{HYPHENS}]"))


class _Token(NamedTuple):
    """Digits, or a word that is (part of) a number."""

    start: int
    end: int
    word: Word | None  # None: digits


class Scan(NamedTuple):
    """The numerals of a text, and where names of months and weekdays stand in it."""

    numerals: tuple[Numeral, ...]
    names: tuple[tuple[int, int], ...]


class _Term(NamedTuple):
    """Digits or words that are one number before any word thousand, million …"""

    following: int  # the place of the token behind it
    end: int
    values: tuple[Decimal, ...]  # none: a word thousand, million … stands alone
    sense: Sense = "cardinal"
    parts: tuple[Decimal, ...] = ()
    inexact: bool = False


def one_way(text: str) -> str:
    """Return `text`, as long as it was, with one apostrophe, hyphen and space, and Roman numerals in Latin letters."""
    text = _WHITE.sub(" ", text)
    if text.isascii():
        return text
    return roman_in_latin(_HYPHEN.sub("-", _APOSTROPHE.sub("'", text)))


def lower(text: str) -> str:
    """Return `text` in small letters, as long as it was."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


def numerals(text: str, language: str) -> tuple[Numeral, ...]:
    """Return the numerals of `text` in order; `language`, uk or en, decides between comma and dot in digits.

    Words of both languages are read in any text.
    """
    return scan(text, lower(one_way(text)), language).numerals


@lru_cache(maxsize=512)
def scan(text: str, low: str, language: str) -> Scan:
    """Return what the words and digits of a text are; `low` is what `one_way` and `lower` make of it."""
    tokens: list[_Token] = []
    names: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(low):
        start, end = match.span()
        written = match[0]
        if "0" <= written[0] <= "9":
            if written != "00" or low[start - 1 : start] != ":":  # 15:00 may become 3 p.m.
                tokens.append(_Token(start, end, None))
        elif (word := number_word(written)) is not None:
            if word.sense != "scale" or scale_behind(low, start)[1]:  # not of «тисяча2», which is no word of its own
                tokens.append(_Token(start, end, word))
        elif written in MONTHS or written in WEEKDAYS:
            names.append((start, end))
        elif end - start < _LONGEST_ROMAN and text[start:end].isupper():
            roman = text[start:end].translate(_TO_LATIN)
            if _ROMAN.fullmatch(roman) and roman not in {"C", "L"}:
                values = [_ROMAN_VALUES[letter] for letter in roman]
                value = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
                tokens.append(_Token(start, end, Word(Decimal(value), "roman")))
    found: list[Numeral] = []
    reader, at = _Reader(text, low, language, tokens), 0
    while at < len(tokens):
        numeral, at = reader.numeral(at)
        found.append(numeral)
    return Scan(tuple(found), tuple(names))


class _Reader:
    """Puts the tokens of one text together to numerals."""

    def __init__(self, text: str, low: str, language: str, tokens: list[_Token]) -> None:
        self._text, self._low, self._language, self._tokens = text, low, language, tokens

    def numeral(self, at: int) -> tuple[Numeral, int]:
        """Return the numeral that begins with token `at`, and the place of the token behind it."""
        first, term = self._tokens[at], self._term(at)
        end, size, certain = self._scale(term)
        writing: Writing = "digits" if first.word is None else "roman" if first.word.sense == "roman" else "words"
        values, scaled, sense, inexact = term.values, _NONE, term.sense, term.inexact
        written, at = term.end if values else end, term.following
        if size:
            if inexact and sense == "loose":  # "half a million"
                values, sense = values[:1], "cardinal"
            scaled = tuple([value.scaleb(size).normalize() for value in values]) or (Decimal(1).scaleb(size),)
            if not values:
                sense = "cardinal" if is_one(self._low, first.start, end) else "loose"
            at = self._behind(end, at)
            if more := _AND_A_SHARE.match(self._low, end):  # "a million and a half"
                scaled, end, inexact = (scaled[0] + _share(more).scaleb(size),), more.end(), True
                at = self._behind(end, at)
            spoken = first.word is not None
            while smaller := self._smaller(at, end, size, spoken):  # «1 мільярд 212 мільйонів»
                further, end, size = smaller
                scaled, sense = (scaled[0] + further.values[0].scaleb(size),), further.sense
                written, at = further.end, self._behind(end, further.following)
        elif inexact and values[0] >= _THOUSAND:  # «півмільйона»
            values, scaled, certain = (), values, True
        text = self._text[first.start : written]
        return Numeral(first.start, end, text, writing, sense, values, scaled, certain, term.parts, inexact), at

    def _smaller(self, at: int, end: int, size: int, spoken: bool) -> tuple[_Term, int, int] | None:
        """Return the term with which a number goes on behind its word thousand, million …, its end and its exponent.

        Only where the number is `spoken`, in words, may the last term have none: «дві тисячі п'ятсот».
        """
        if not size or at >= len(self._tokens) or self._low[end : self._tokens[at].start] not in _JOINTS:
            return None
        term = self._term(at)
        end, smaller, _ = self._scale(term)
        if term.sense == "loose" or len(term.values) == 0 or term.parts or term.values[0] >= _THOUSAND:
            return None
        return (term, end, smaller) if smaller < size and (smaller or spoken) else None

    def _behind(self, end: int, at: int) -> int:
        while at < len(self._tokens) and self._tokens[at].start < end:
            at += 1
        return at

    def _scale(self, term: _Term) -> tuple[int, int, bool]:
        """Return what `scale_behind` does; "half a million" has an article before it."""
        if term.sense == "loose" and not term.inexact:
            return term.end, 0, False
        article = _OF_A.match(self._low, term.end) if term.inexact else None
        end, size, certain = scale_behind(self._low, article.end() if article else term.end)
        return (end, size, certain) if size else (term.end, 0, False)

    def _term(self, at: int) -> _Term:
        token = self._tokens[at]
        word = token.word
        if word is None:
            return self._digits(at, token)
        if word.sense == "scale":
            return _Term(at, token.start, ())
        if word.sense == "fraction":
            share = word.value < 1
            values = (word.value, word.value * _HUNDRED) if share else (word.value,)
            return _Term(at + 1, token.end, values, "loose" if share else "cardinal", inexact=True)
        if word.sense in ("cardinal", "ordinal"):
            return self._words(at)
        if self._low[token.start : token.end] in ("a", "an") and at + 1 < len(self._tokens):
            start, _, named = self._tokens[at + 1]
            if named and (named.sense == "scale" or named.value == _HUNDRED) and self._low[token.end : start] == " ":
                return self._words(at)  # "a hundred", "a million"
        return _Term(at + 1, token.end, (word.value,), "loose")

    def _words(self, at: int) -> _Term:
        """Read cardinals that make one number, «двісті двадцять п'ять»; an ordinal may be the last of them."""
        total = last = Decimal(0)
        single: list[Decimal] = []
        sense: Sense = "cardinal"
        end = self._tokens[at].end
        while at < len(self._tokens) and sense == "cardinal":
            start, behind, word = self._tokens[at]
            if word is None or word.sense not in ("cardinal", "ordinal", "loose"):
                break
            if single and (word.sense == "loose" or self._low[end:start] not in _JOINTS):
                break
            value = word.value
            if value == _HUNDRED and 0 < last < 10 and self._low.startswith("hundred", start):
                total, last = total + last * 99, value
            elif not last or last >= _HUNDRED > value or (_HUNDRED > last >= 20 and value < 10):
                total, last = total + value, value
            else:
                break
            single.append(value)
            at, end, sense = at + 1, behind, "ordinal" if word.sense == "ordinal" else "cardinal"
        inexact = False
        if more := _AND_A_SHARE.match(self._low, end):
            total, end, inexact = total + _share(more), more.end(), True
            at = self._behind(end, at)
        elif sense == "cardinal" and at < len(self._tokens):
            start, behind, word = self._tokens[at]
            if word is not None and word.value == _QUARTER and self._low[end:start] in _JOINTS:  # «три чверті»
                at, total, end, inexact = at + 1, total / 4, behind, True
        return _Term(at, end, (total, *single) if len(single) > 1 else (total,), sense, inexact=inexact)

    def _digits(self, at: int, token: _Token) -> _Term:
        written, low = self._low[token.start : token.end], self._low
        values = _values(written.replace(" ", ""), self._language, scale_behind(low, token.end)[1] > 0)
        if _OF_A_CLOCK.match(low, token.end, token.end + 12):
            values += tuple([value - 12 for value in values if is_evening(value)])
        if _SHORT_YEAR.match(low, token.start):
            values += tuple([century + value for century in (1900, 2000) for value in values])
        sense: Sense = "ordinal" if ORDINAL_TAIL.match(low, token.end) else "cardinal"
        if values and (more := _AND_A_SHARE.match(low, token.end)):
            return _Term(self._behind(more.end(), at + 1), more.end(), (values[0] + _share(more),), inexact=True)
        pieces = re.split(r"[^0-9]", written)
        several = len(pieces) > 2 or _DAY_MONTH_OR_TIME.fullmatch(written) or " " in written
        return _Term(at + 1, token.end, values, sense, tuple(map(Decimal, pieces)) if several else ())


def _share(match: re.Match[str]) -> Decimal:
    return _HALF if match[1] else _QUARTER


def is_evening(hour: Decimal) -> bool:
    """Return whether English would write an hour with p.m."""
    return 12 < hour < 24


def _values(token: str, language: str, scaled: bool) -> tuple[Decimal, ...]:
    """Return what digits may mean, the likeliest first; nothing for dates and lists.

    In Ukrainian a comma or dot before three digits may group or divide them.
    """
    separators = re.findall(r"[.,]", token)
    if not separators:
        return (Decimal(token),)
    bare = Decimal(re.sub(r"[.,]", "", token))
    grouped = _GROUPED.fullmatch(token) is not None and len(set(separators)) == 1
    if len(separators) > 1 and grouped:
        return (bare,)
    whole, last, fraction = token.rpartition(separators[-1])
    if len(separators) > 1 and (last in separators[:-1] or not _GROUPED.fullmatch(whole)):
        return ()
    divided = Decimal(f"{re.sub(r'[.,]', '', whole)}.{fraction}").normalize()  # also `1,234.5` and `1.234,5`
    if not grouped:
        return (divided,)
    if language == "en":
        return (bare,) if last == "," else (divided,)
    return (divided, bare) if scaled or last == "." else (bare, divided)
