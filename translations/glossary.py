"""The terms of the reform and their English in the house style: found in any form, versioned by content.

Importing this module reads nothing; data/glossary.csv is read by the first `terms()`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from translations.inflection import keys, stems
from translations.words import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from translations.words import Token

FILE = Path(__file__).parent / "data" / "glossary.csv"
VERSION_DIGITS = 12
_CONJUNCTIONS = frozenset({"і", "й", "та"})
_ARTICLES = frozenset({"a", "an", "the"})


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary."""

    uk: str  # dictionary form: центр надання адміністративних послуг
    preferred: str  # house style: administrative service centre (ASC)
    alternatives: tuple[str, ...] = ()  # also right, but not ours
    hard: bool = True  # False: the word has other meanings, so it is checked and never forced

    @property
    def accepted(self) -> tuple[str, ...]:
        """Every English that counts as this term, preferred first; an abbreviation in brackets also by itself."""
        given = (self.preferred, *self.alternatives)
        apart = [part.strip() for text in given for part in re.split(r"[()]", text) if part.strip()]
        return tuple(dict.fromkeys(apart))


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term that a text uses; `text[start:end]` is `matched`."""

    term: Term
    start: int
    end: int
    matched: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A term, ready for comparison."""

    term: Term
    words: tuple[frozenset[str], ...]  # keys of each word; a conjunction has none and meets any conjunction
    abbreviation: str  # ЦНАП: written so; small letters would be another word
    capital: bool  # Рада: only with a capital letter


class Glossary:
    """The terms, indexed by the keys of their first word."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self.version = _digest(self.terms)
        self._index: dict[str, list[_Entry]] = {}
        entries = sorted(map(_entry, self.terms), key=lambda entry: -len(entry.words))
        for entry in entries:
            for key in entry.words[0]:
                self._index.setdefault(key, []).append(entry)

    def find(self, text: str) -> tuple[TermMatch, ...]:
        """The terms of a Ukrainian text, in its order; the longest wins, none overlap."""
        words = tokens(text)
        found, at = [], 0
        while at < len(words):
            entry = self._at(text, words, at)
            if entry is None:
                at += 1
                continue
            start, end = words[at].start, words[at + len(entry.words) - 1].end
            found.append(TermMatch(entry.term, start, end, text[start:end]))
            at += len(entry.words)
        return tuple(found)

    def version_for(self, text: str) -> str:
        """A version that changes exactly when an entry changes, comes or goes of which `text` contains a form."""
        return _digest(dict.fromkeys(match.term for match in self.find(text)))

    def _at(self, text: str, words: list[Token], at: int) -> _Entry | None:
        candidates = {id(entry): entry for key in _text_keys(words[at].low) for entry in self._index.get(key, ())}
        fitting = [entry for entry in candidates.values() if _fits(entry, text, words, at)]
        return max(fitting, key=lambda entry: (len(entry.words), len(entry.term.uk)), default=None)


@cache
def glossary() -> Glossary:
    """The glossary of data/glossary.csv, read on the first call."""
    with FILE.open(encoding="utf-8", newline="") as table:
        return Glossary(_term(row) for row in csv.DictReader(table))


def find(text: str) -> tuple[TermMatch, ...]:
    """The terms of a Ukrainian text, in its order."""
    return glossary().find(text)


def version() -> str:
    """Twelve hexadecimal digits that change whenever an entry does."""
    return glossary().version


def version_for(text: str) -> str:
    """Like `version`, of the entries alone of which `text` contains a form."""
    return glossary().version_for(text)


def expected(source: str) -> tuple[TermMatch, ...]:
    """The hard terms of a Ukrainian text: those whose English a translation must have."""
    return tuple(match for match in find(source) if match.term.hard)


def missing(source: str, target: str) -> tuple[TermMatch, ...]:
    """The hard terms of `source` of which `target` has no accepted English."""
    said = _english_words(target)
    return tuple(match for match in expected(source) if not says(match.term, said))


def says(term: Term, target: str | tuple[str, ...]) -> bool:
    """Whether an English text has an accepted form of the term, in singular or plural, with or without articles."""
    said = _english_words(target) if isinstance(target, str) else target
    return any(_contains(said, _english_words(accepted)) for accepted in term.accepted)


def _term(row: dict[str, str]) -> Term:
    return Term(
        uk=row["term_uk"],
        preferred=row["preferred_en"],
        alternatives=tuple(part.strip() for part in row["alternatives_en"].split(";") if part.strip()),
        hard=row["force"] == "hard",
    )


def _digest(terms: Iterable[Term]) -> str:
    rows = sorted([term.uk, term.preferred, *term.alternatives, str(term.hard)] for term in terms)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:VERSION_DIGITS] if rows else ""


def _entry(term: Term) -> _Entry:
    words = tokens(term.uk)
    single = len(words) == 1
    written = term.uk[words[0].start : words[0].end]
    capitals = sum(letter.isupper() for letter in written)
    return _Entry(
        term=term,
        words=tuple(frozenset() if word.low in _CONJUNCTIONS else _keys_of(word.low) for word in words),
        abbreviation=written if single and capitals > 1 else "",
        capital=single and capitals == 1,
    )


def _keys_of(word: str) -> frozenset[str]:
    """A double word (громада-форпост) has the keys of both halves, each pair joined."""
    first, dash, last = word.partition("-")
    if not dash:
        return stems(word)
    return frozenset(f"{a}-{b}" for a in stems(first) for b in stems(last))


def _fits(entry: _Entry, text: str, words: list[Token], at: int) -> bool:
    if at + len(entry.words) > len(words):
        return False
    first = words[at]
    written = text[first.start : first.end]
    if (entry.abbreviation and not _is_form_of(entry.abbreviation, written)) or (entry.capital and not first.capital):
        return False
    for to, wanted in enumerate(entry.words):
        word = words[at + to]
        if to and not _joined(text, words[at + to - 1], word):
            return False
        if (word.low in _CONJUNCTIONS) != (not wanted) or (wanted and not wanted & _text_keys(word.low)):
            return False
    return True


def _joined(text: str, before: Token, word: Token) -> bool:
    """Whether no more than an opening quote, comma or colon stands between; or the dot of «в. о.», «Дія.Центр»."""
    between = text[before.end : word.start]
    dotted = "." if between == "." or before.end - before.start == 1 else ""
    return not between.strip(' \u00a0«"“„,:' + dotted)


def _is_form_of(abbreviation: str, written: str) -> bool:
    """ЦНАП, ЦНАПу, ЦНАП-ів; not цнап, and not another abbreviation that begins alike."""
    rest = written.replace("’", "'")[len(abbreviation) :].lstrip("-")
    return written.startswith(abbreviation) and (not rest or rest.islower())


@lru_cache(maxsize=65536)
def _text_keys(word: str) -> frozenset[str]:
    first, dash, last = word.partition("-")
    if not dash:
        return keys(word)
    return frozenset(f"{a}-{b}" for a in keys(first) for b in keys(last)) | keys(first)  # громада-учасниця: громада


@lru_cache(maxsize=4096)
def _english_words(text: str) -> tuple[str, ...]:
    return tuple(_singular(word) for word in re.findall(r"[^\W_]+", text.casefold()) if word not in _ARTICLES)


def _singular(word: str) -> str:
    """Without the sign of the plural, and in British spelling, as far as comparison needs it."""
    word = word.replace("iz", "is").replace("center", "centre").replace("programme", "program")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _contains(said: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said) - len(wanted) + 1))
