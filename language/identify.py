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
# Words and endings that Russian has and Ukrainian has not; they count only in texts without a Ukrainian letter.
_RUSSIAN_WORD = re.compile(
    r"\b(?:и|из|от|об|как|что|чтобы|или|это|его|после|более|также|только|если|где|когда|года|году|лет|они|был|были|будет"
    r"|будут|еще|свои|новые|новых|городов|общин\w*|громады|громадах)\b"
    r"|\w(?:ение|ения|ению|ании|ация|ации|ций|ие|ия|ают|яют|уют|ует)\b",
    re.IGNORECASE,
)
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


def cyrillic_signs(text: str) -> Literal["uk", "ru", "either", ""]:
    """Return whose letters and words a Cyrillic text has; empty where Latin letters are as many.

    `uk`: a letter that Russian has not. `ru`: none, and a letter, word or ending of Russian. `either`: no sign, as in
    one short Ukrainian headline of six. Of one headline it is a guess, of a list of headlines it tells the language.
    """
    if len(CYRILLIC.findall(text)) <= len(LATIN.findall(text)):
        return ""
    if _UKRAINIAN.search(text):
        return "uk"
    return "ru" if _RUSSIAN.search(text) or _RUSSIAN_WORD.search(text) else "either"
