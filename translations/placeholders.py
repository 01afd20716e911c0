"""Placeholders: short signs that a machine copies, in place of phrases that it would spoil. Pure.

A sign stands for the whole phrase: a hyphen or an ending beside it would take it to pieces.
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
class Masked:
    """A source in which signs stand for phrases."""

    text: str
    english: tuple[tuple[str, str], ...]  # sign → English


def mask(text: str, phrases: Iterable[Phrase], signs: Sequence[str]) -> Masked | None:
    """Return `text` with a sign for each of the first AT_MOST phrases; None when there is nothing to mask."""
    free = [sign for sign in signs if not _pattern(sign).search(text)][:AT_MOST]
    chosen: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda each: (each.start, -each.end)):
        if not chosen or phrase.start >= chosen[-1].end:
            chosen.append(phrase)
    pairs = list(zip(chosen, free, strict=False))
    if not pairs:
        return None
    for phrase, sign in reversed(pairs):
        text = f"{text[: phrase.start]}{sign}{text[phrase.end :]}"
    return Masked(text, tuple((sign, phrase.english) for phrase, sign in pairs))


def restore(target: str, masked: Masked) -> str | None:
    """Return the translation with English in place of the signs; None unless each sign stands in it exactly once."""
    for sign, english in masked.english:
        if len(_pattern(sign).findall(target)) != 1:
            return None
        target = _pattern(sign).sub(lambda _, put=english: put, target)  # type: ignore[misc]
    return target[:1].upper() + target[1:]


def _pattern(sign: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){sign}(?![\w-])")
