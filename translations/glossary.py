"""The terms of the reform and their English in the house style: found in any form, versioned by content.

Importing this module reads nothing; data/glossary.csv is read by the first `terms()`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from language.phrases import Ukrainian, english_words

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = Path(__file__).parent / "data" / "glossary.csv"
VERSION_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary."""

    uk: str  # dictionary form: центр надання адміністративних послуг
    preferred: str  # house style: administrative service centre (ASC)
    alternatives: tuple[str, ...] = ()  # also right, but not ours
    hard: bool = True  # False: the word has other meanings, so it is checked and never forced

    @property
    def accepted(self) -> tuple[str, ...]:
        """Return every English that counts as this term, preferred first; one in brackets also by itself."""
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


class Glossary:
    """A set of terms, with its version."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self.version = _digest(self.terms)
        self._phrases = Ukrainian({term.uk: term for term in self.terms})

    def find(self, text: str) -> tuple[TermMatch, ...]:
        """Return the terms of a Ukrainian text, in its order; the longest wins, none overlap."""
        return tuple(
            TermMatch(found.meaning, found.start, found.end, found.matched) for found in self._phrases.find(text)
        )

    def version_for(self, text: str) -> str:
        """Return a version that changes exactly when an entry is changed of which `text` contains a form."""
        return _digest(dict.fromkeys(match.term for match in self.find(text)))


@cache
def glossary() -> Glossary:
    """Return the glossary of data/glossary.csv, read on the first call."""
    with FILE.open(encoding="utf-8", newline="") as table:
        return Glossary(
            Term(
                uk=row["term_uk"],
                preferred=row["preferred_en"],
                alternatives=tuple(part.strip() for part in row["alternatives_en"].split(";") if part.strip()),
                hard=row["force"] == "hard",
            )
            for row in csv.DictReader(table)
        )


def find(text: str) -> tuple[TermMatch, ...]:
    """Return the terms of a Ukrainian text, in its order."""
    return glossary().find(text)


def version_for(text: str) -> str:
    """Return the version of the glossary's entries of which `text` contains a form."""
    return glossary().version_for(text)


def expected(source: str) -> tuple[TermMatch, ...]:
    """Return the hard terms of a Ukrainian text: those whose English a translation must have."""
    return tuple(match for match in find(source) if match.term.hard)


def missing(source: str, target: str) -> tuple[TermMatch, ...]:
    """Return the hard terms of `source` of which `target` has no accepted English."""
    said = english_words(target)
    return tuple(match for match in expected(source) if not is_said(match.term, said))


def is_said(term: Term, target: str | tuple[str, ...]) -> bool:
    """Return whether an English text has an accepted form of the term, in any number, with or without articles.

    «community budget» may be turned round: «budget of the community».
    """
    said = english_words(target) if isinstance(target, str) else target
    accepted = [english_words(one) for one in term.accepted]
    turned = [(words[-1], "of", *words[:-1]) for words in accepted if len(words) > 1]
    wanted = (*accepted, *turned)
    return any(said[at : at + len(words)] == words for words in wanted for at in range(len(said) - len(words) + 1))


def _digest(terms: Iterable[Term]) -> str:
    rows = sorted([term.uk, term.preferred, *term.alternatives, str(term.hard)] for term in terms)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:VERSION_DIGITS] if rows else ""
