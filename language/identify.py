"""Language of a headline, told by its letters and never by its address. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from language.letters import APOSTROPHES, CYRILLIC, LATIN

if TYPE_CHECKING:
    from core.closed_sets import Language

_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"|‘[^’]{3,}’")
_UKRAINIAN = re.compile(rf"[іїєґІЇЄҐ]|(?<=[\u0400-\u052f])[{APOSTROPHES}](?=[\u0400-\u052f])")
_RUSSIAN = re.compile(r"[ыэъёЫЭЪЁ]")
_PLAIN_WORD = re.compile(r"(?<![\w-])(?:[A-Z]?[a-z]{1,})(?![\w-])")
_CYRILLIC_RUNNING_WORD = re.compile(rf"(?<![\w-])[\u0430-\u045f\u0491][\u0430-\u045f\u0491{APOSTROPHES}-]+(?![\w])")
_RUNNING_WORDS_ENOUGH = 2  # plain words in lower case
_PLAIN_WORDS_ENOUGH = 3  # plain words in any case; fewer is a brand or a name, as in "Open Call: DECIDE"


def language_of(title: str, lead: str, default: Language) -> Language | Literal["ru"]:
    """Return `uk`, `en` or `ru`.

    Letters are counted outside quotation marks first, because Ukrainian titles quote Latin names and English ones
    Ukrainian names; a title of names only is decided by its lead, then by `default` (the language of most of the
    source's titles).
    """
    for text in (_QUOTED.sub(" ", title), title, _QUOTED.sub(" ", lead), lead):
        cyrillic, latin = len(CYRILLIC.findall(text)), len(LATIN.findall(text))
        if cyrillic > latin or len(_CYRILLIC_RUNNING_WORD.findall(text)) >= _RUNNING_WORDS_ENOUGH:
            if cyrillic >= 3:
                return "ru" if _RUSSIAN.search(text) and not _UKRAINIAN.search(text) else "uk"
        elif latin > cyrillic:
            words = [word for word in _PLAIN_WORD.findall(text) if len(word) > 1]
            if len(words) >= _PLAIN_WORDS_ENOUGH or sum(map(str.islower, words)) >= _RUNNING_WORDS_ENOUGH:
                return "en"
    return default
