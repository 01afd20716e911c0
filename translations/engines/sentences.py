"""Cuts a lead into sentences, knowing Ukrainian abbreviations, and joins what became of them. Pure."""

from __future__ import annotations

import re

from core.model import Rendering
from language.calendar import MONTH_ABBREVIATIONS
from language.facts.number_words import SCALE_ABBREVIATIONS
from language.letters import plain, single_spaces

LONG = 200  # characters: a text without a final stop is cut only from this length on, so a headline stays whole

# A name or number follows these, so their stop never ends a sentence; joining two sentences costs less than
# tearing one apart (`у м. Буча` once became "in the city. Bucha").
_BEFORE_A_NAME = MONTH_ABBREVIATIONS | frozenset(SCALE_ABBREVIATIONS) | frozenset((
    "м", "с", "смт", "сел", "х", "обл", "р-н", "ст", "вул", "просп", "пр", "пров",
    "бул", "пл", "ім", "буд", "кв", "корп", "оф", "гр", "п",
    "о", "проф", "акад", "доц", "св", "див", "напр", "ред", "тел",
    "год", "хв", "рр", "ч", "розд",
))  # fmt: skip
_BOUNDARY = re.compile(r"(?P<stop>[.!?…]+)[\"»”')\]]*\s+(?=[«„“\"(\[–—-]*\s*[0-9A-ZА-ЯҐЄІЇ])")
_LAST_WORD = re.compile(r"[\w'-]+$")
_FINAL = re.compile(r"[.!?…][\"»”')\]]*$")


def prepare(text: str) -> str:
    """Return `text` as the engine should see it: NFC, one kind of apostrophe, plain single spaces, nothing invisible.

    The model's training text had one apostrophe and plain spaces; a no-break space inside `12 500` even changes the
    number, because the tokenizer reads it as a decimal point. Invisible marks are unknown words.
    """
    return single_spaces(plain(text))


def segments(text: str) -> list[str]:
    """Return the parts of `text` to translate one by one: a headline whole, a lead by sentences.

    A lead is told from a headline by its final stop or its length. Nothing but white space is lost.
    """
    if not text:
        return []
    if not _FINAL.search(text) and len(text) < LONG:
        return [text]
    cuts = [match.end() for match in _BOUNDARY.finditer(text) if _ends_sentence(text, match)]
    return [text[start:end].strip() for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _ends_sentence(text: str, boundary: re.Match[str]) -> bool:
    if boundary["stop"] != ".":
        return True
    word = _LAST_WORD.search(text, max(0, boundary.start() - 30), boundary.start())
    if word is None:
        return True
    initial = len(word[0]) == 1 and word[0].isupper()
    return not initial and word[0].lower() not in _BEFORE_A_NAME


def join(parts: list[Rendering]) -> Rendering:
    """Join one text's segments: it fails with the first that failed, and is as sure as the least sure."""
    if not parts:
        return Rendering(None, error="nothing to translate in this text")
    failed = next((part for part in parts if part.text is None), None)
    if failed:
        return failed
    scores = [part.score for part in parts if part.score is not None]
    return Rendering(
        " ".join(part.text or "" for part in parts),
        score=min(scores, default=None),
        steps=tuple(dict.fromkeys(step for part in parts for step in part.steps)),
        flags=tuple(dict.fromkeys(flag for part in parts for flag in part.flags)),
    )
