"""The words of a text, folded for comparison. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from language.romanise import plain

# A word keeps its apostrophes and hyphens, and the marks of decomposed letters and soft hyphens inside it.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad]|['’ʼ`‘\u2010\u2011-](?=[^\W_]))*")
_MARKS = str.maketrans({"\u00ad": None, "\u2010": "-", "\u2011": "-"})
# Latin letters that look like Cyrillic ones; in a Cyrillic word they are a slip of the keyboard.
_LOOKALIKES = str.maketrans("aceiopxyABCEHIKMOPTX", "асеіорхуАВСЕНІКМОРТХ")
_TO_LATIN = {cyrillic: latin for latin, cyrillic in _LOOKALIKES.items()}
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")


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


def in_latin(text: str) -> str:
    """An English text whose words have no Cyrillic look-alikes in them: `Decentralіsation` with і."""
    if not _CYRILLIC.search(text):
        return text
    return _WORD.sub(lambda match: match[0].translate(_TO_LATIN) if _LATIN.search(match[0]) else match[0], text)


@lru_cache(maxsize=65536)
def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    folded = plain(word).translate(_MARKS)
    mixed = _LATIN.search(folded) and _CYRILLIC.search(folded)
    return (folded.translate(_LOOKALIKES) if mixed else folded).lower()
