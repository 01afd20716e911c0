"""The words of a text, folded for comparison. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from language.letters import APOSTROPHES, HYPHENS, MARKS, one_script, plain

# A word keeps its apostrophes and hyphens, and the marks of decomposed letters and soft hyphens inside it.
_WORD = re.compile(rf"[^\W_](?:[^\W_{MARKS}]|[{MARKS}]|[{APOSTROPHES}{HYPHENS}](?=[^\W_]))*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text."""

    low: str  # small letters, NFC, apostrophe ', hyphen -
    capital: bool  # begins with a capital letter
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of `text` in their order; `text[token.start:token.end]` is the word as written."""
    return [
        Token(_fold(match.group()), match.group()[0].isupper(), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


@lru_cache(maxsize=65536)
def _fold(word: str) -> str:
    return one_script(plain(word)).lower()
