"""Phrases that a machine would spoil go through it as a short sign that it copies. Pure.

The sign stands for the whole phrase: a hyphen or an ending beside it would take it to pieces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# In this order; of these a package uses those that its tokenizer leaves whole.
SIGNS = ("A1", "A2", "A4", "F1", "F2", "F3", "F4", "F5")
AT_MOST = 3  # each sign takes case and sense from the sentence


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a source, `text[start:end]`, and the English that must stand for them."""

    start: int
    end: int
    english: str


@dataclass(frozen=True, slots=True)
class Carried:
    """A source in which signs stand for phrases."""

    text: str
    english: tuple[tuple[str, str], ...]  # sign → English


def carried(text: str, phrases: Iterable[Phrase], signs: Sequence[str]) -> Carried | None:
    """`text` with a sign for each of at most AT_MOST phrases, the first ones; None when there is nothing to carry."""
    free = [sign for sign in signs if not _found(sign, text)][:AT_MOST]
    chosen: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda each: (each.start, -each.end)):
        if not chosen or phrase.start >= chosen[-1].end:
            chosen.append(phrase)
    pairs = list(zip(chosen, free, strict=False))
    if not pairs:
        return None
    for phrase, sign in reversed(pairs):
        text = f"{text[: phrase.start]}{sign}{text[phrase.end :]}"
    return Carried(text, tuple((sign, phrase.english) for phrase, sign in pairs))


def delivered(target: str, cargo: Carried) -> str | None:
    """The translation with the English in place of the signs; None unless each sign stands in it exactly once."""
    for sign, english in cargo.english:
        if len(_found(sign, target)) != 1:
            return None
        target = _pattern(sign).sub(lambda _, put=english: put, target)  # type: ignore[misc]
    return target[:1].upper() + target[1:]


def _found(sign: str, text: str) -> list[str]:
    return _pattern(sign).findall(text)


def _pattern(sign: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){sign}(?![\w-])")
