"""Ukrainian in Latin letters by Resolution No. 55 of 27 January 2010. Pure.

The table is that of the Cabinet of Ministers' resolution «Про впорядкування транслітерації українського
алфавіту латиницею»; people and places are written letter by letter from the Ukrainian form.
"""

from __future__ import annotations

import re
from functools import lru_cache

from language.letters import plain

_TABLE = "аa бb вv гh ґg дd еe єie жzh зz иy іi їi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ь юiu яia"
_ANYWHERE = {pair[0]: pair[1:] for pair in _TABLE.split()}
_AT_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_WORD = re.compile(r"[А-Яа-яҐґЄєІіЇї]+(?:'[А-Яа-яҐґЄєІіЇї]+)*")


def romanise(text: str) -> str:
    """`text` with every Ukrainian word in Latin letters; Latin letters, digits and signs pass unchanged.

    Each part of a hyphenated or multi-word name begins anew (Кам’янець-Подільський → Kamianets-Podilskyi),
    a word in capitals gets its digraphs in capitals, an initial does not (Я. → Ya.).
    """
    return _WORD.sub(lambda match: _word(match.group()), plain(text))


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    letters = word.replace("'", "")
    shouted = len(letters) > 1 and letters.isupper()
    out = "".join(_letter(letter, at, letters, shouted) for at, letter in enumerate(letters))
    return out.upper() if shouted else out


def _letter(letter: str, at: int, word: str, shouted: bool) -> str:
    low = letter.lower()
    latin = _AT_START.get(low, _ANYWHERE.get(low, letter)) if at == 0 else _ANYWHERE.get(low, letter)
    if low == "г" and at and word[at - 1].lower() == "з":
        latin = "gh"
    return latin.capitalize() if letter != low and not shouted else latin
