"""A text in capitals brought back to small letters, names and abbreviations kept. Pure but for the tables of data/.

A model that met few texts in capitals takes them to pieces and dreams up the rest.
"""

from __future__ import annotations

import re
from functools import cache

from translations import glossary, names
from translations.check_form import is_shouted
from translations.heads import HEADS
from translations.mentions_uk import type_word

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
# Of everyday news; those of the field come from the glossary.
_EVERYDAY = frozenset((
    "ЄС", "ООН", "США", "НАТО", "ОБСЄ", "ЗСУ", "СБУ", "ДСНС", "ЮНІСЕФ", "ПРООН", "ЮСАІД", "ВЛК", "ТЦК", "ЗМІ", "ДТП",
    "ФОП", "ЄДРПОУ", "ВРУ", "КМУ",
))  # fmt: skip
_ENDING = 3  # letters that a case may add to an abbreviation


def recased(text: str) -> str:
    """`text` as a headline is written, when it is in capitals; otherwise `text` itself."""
    if not is_shouted(text):
        return text
    titled = _WORD.sub(lambda match: _titled(match[0]), text)
    spans = [(mention.start, mention.end) for mention in names.find(titled)]

    def small(match: re.Match[str]) -> str:
        word = match[0]
        if kept := _abbreviation(word):
            return kept
        if word.isascii():
            return word
        named = any(start <= match.start() < end for start, end in spans)
        return _titled(word) if named and not _is_common(word.lower()) else word.lower()

    out = _WORD.sub(small, text)
    first = _WORD.search(out)
    return out if first is None else out[: first.start()] + out[first.start()].upper() + out[first.start() + 1 :]


def _titled(word: str) -> str:
    """Each part of a double name begins with a capital: Кам’янець-Подільський."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def _is_common(low: str) -> bool:
    """Whether a word inside a name is an ordinary one: громада, міська."""
    return low in HEADS or type_word(low) is not None


def _abbreviation(word: str) -> str:
    """The abbreviation that the word is a form of, its ending small (ЦНАПУ → ЦНАПу); empty for any other word."""
    known = abbreviations()
    for size in range(len(word), max(1, len(word) - _ENDING - 1), -1):
        if word[:size].upper() in known:
            return word[:size].upper() + word[size:].lower()
    return ""


@cache
def abbreviations() -> frozenset[str]:
    """The abbreviations of the glossary and of everyday news."""
    terms = (term.uk for term in glossary.glossary().terms)
    words = (word for term in terms for word in _WORD.findall(term))
    return _EVERYDAY | frozenset(word for word in words if len(word) > 1 and word.isupper())
