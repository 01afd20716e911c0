"""Words that mix Latin and Cyrillic letters, which look right and are found by no search. Pure."""

from __future__ import annotations

from language.letters import CYRILLIC, LATIN, LETTERS, to_latin_look

_ALIKE = str.maketrans("1l0", "iio")


def mixed_words(text: str) -> list[tuple[int, int]]:
    """Return where words with letters of both scripts stand: `text[start:end]`. Parts with a hyphen are words."""
    if text.isascii():
        return []
    return [match.span() for match in LETTERS.finditer(text) if LATIN.search(match[0]) and CYRILLIC.search(match[0])]


def look(name: str) -> str:
    """Return a form that two names have in common if a reader could take one for the other."""
    return to_latin_look(name.upper()).casefold().translate(_ALIKE)
