"""Words of a text: where they stand, how they are folded, which of them say nothing. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from language.letters import APOSTROPHES, CYRILLIC, HYPHENS, MARKS, one_script, plain

# Letters and digits; inside also apostrophes and hyphens, the marks of decomposed letters, soft hyphens.
_WORD = re.compile(rf"[^\W_]+(?:(?:[{MARKS}]+|[{APOSTROPHES}{HYPHENS}](?=[^\W_]))[^\W_]*)*")
_POSSESSIVE = re.compile(r"(?<=[A-Za-z])’s$")
_PREFIXES = frozenset((
    "смарт", "віце", "медіа", "відео", "онлайн", "прес", "бізнес", "інтернет", "кібер",
    "pre", "non", "sub", "mid", "anti", "inter", "smart", "vice", "media", "video",
))  # fmt: skip
STOP_WORDS = frozenset(
    word
    for line in (Path(__file__).parent / "data" / "stop_words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text."""

    low: str  # small letters, NFC, apostrophe ', hyphen -
    capital: bool  # begins with a capital letter
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the words of `text` in their order; `text[token.start:token.end]` is the word as written."""
    return [Token(_fold(match[0]), match[0][0].isupper(), match.start(), match.end()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=65536)
def _fold(word: str) -> str:
    return one_script(plain(word)).lower()


def words(folded: str) -> list[str]:
    """Return the words of a folded text as `placed_words` reads them, in order and in their case."""
    return [word for word, _ in placed_words(folded)]


def placed_words(folded: str) -> list[tuple[str, int]]:
    """Return the words of a text folded by `letters.fold`, each with where it begins, for comparing headlines.

    Apostrophes inside a word are dropped, and hyphens too (U-LEAD, co-operation, смарт-спеціалізація), but a word of
    two whole words is two (місто-побратим, self-government).
    """
    return [(part, match.start()) for match in _WORD.finditer(folded) for part in _parts(match[0])]


def _parts(word: str) -> list[str]:
    if word.isalnum():
        return [word]
    parts = _POSSESSIVE.sub("", word).replace("’", "").split("-")
    if len(parts) == 1:
        return parts
    if parts[0].lower() == "по" and len(parts) == 2:
        return parts[1:]  # по-болградськи
    if parts[0].lower() in _PREFIXES:
        return ["".join(parts)]
    if CYRILLIC.search(word):
        return parts if len(parts) == 2 and min(map(len, parts)) >= 4 else ["".join(parts)]
    return parts if all(len(part) >= 3 or part.isdigit() for part in parts) else ["".join(parts)]
