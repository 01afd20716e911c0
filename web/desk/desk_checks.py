"""The machine's English of one headline beside the original: what the checks said, where, and the glossary. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from translations.glossary import glossary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.bin import DeskRow

SURE = -0.35  # mean log-probability of a token from which the machine is called sure


class Piece(NamedTuple):
    """A part of a text, marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that helps to judge the machine's English of a headline."""

    original: list[Piece]
    english: list[Piece]
    objections: tuple[str, ...]
    confidence: str
    terms: list[dict[str, str]]


def checks_of(row: DeskRow) -> Checked:
    """Return what is known of the machine's English of a story."""
    score, sureness = row.noticed.score, "unsure"
    if score is not None and not row.noticed.unsure:
        sureness = "sure" if score >= SURE else "fairly sure"
    words = [word.strip() for one in row.noticed.objections for word in one.partition(": ")[2].split(",")]
    matches = glossary().find(row.story.title_uk)
    return Checked(
        original=marked(row.story.title_uk, words),
        english=marked(row.english, words),
        objections=row.noticed.objections,
        confidence="" if score is None else f"The engine was {sureness} (score {score:.2f}).",
        terms=[{"uk": match.matched, "en": match.term.preferred} for match in matches],
    )


def marked(text: str, words: Iterable[str]) -> list[Piece]:
    """Return the text in pieces, with the words marked that stand in it."""
    known: Sequence[str] = sorted({re.escape(word) for word in words if word}, key=len, reverse=True)
    if not known:
        return [Piece(text, marked=False)]
    parts = re.split(rf"(?i)(?<!\w)({'|'.join(known)})(?!\w)", text)
    return [Piece(part, bool(at % 2)) for at, part in enumerate(parts) if part]
