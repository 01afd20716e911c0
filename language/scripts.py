"""Words that mix Latin and Cyrillic letters, which look right and are found by no search. Pure."""

from __future__ import annotations

import re

from language.letters import CYRILLIC, LATIN, LETTERS, one_script, to_latin_look

_ALIKE = str.maketrans("1l0", "iio")
# A name in Latin letters with a Ukrainian ending, «USAIDівський», «Zoomом»: written so on purpose.
_WITH_ENDING = re.compile(rf"{LATIN.pattern}{{2,}}{CYRILLIC.pattern}+")


def mixed_words(text: str) -> list[tuple[int, int]]:
    """Return where words with letters of both scripts stand: `text[start:end]`. Parts with a hyphen are words.

    A Latin stem with a Cyrillic ending is none of them, unless its letters are look-alikes in one of the two.
    """
    if text.isascii():
        return []
    return [match.span() for match in LETTERS.finditer(text) if _is_mixed(match[0]) and not _has_ending(match[0])]


def mixed(text: str) -> list[str]:
    """Return the words of `mixed_words`, each once, as they are written."""
    return list(dict.fromkeys(text[start:end] for start, end in mixed_words(text)))


def _is_mixed(word: str) -> bool:
    return LATIN.search(word) is not None and CYRILLIC.search(word) is not None


def _has_ending(word: str) -> bool:
    return _WITH_ENDING.fullmatch(word) is not None and _is_mixed(one_script(word))


def look(name: str) -> str:
    """Return a form that two names have in common if a reader could take one for the other."""
    return to_latin_look(name.upper()).casefold().translate(_ALIKE)
