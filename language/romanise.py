"""Ukrainian in Latin letters by Resolution No. 55 of 27 January 2010. Pure.

The table is that of the Cabinet of Ministers' resolution «Про впорядкування транслітерації українського
алфавіту латиницею»; people and places are written letter by letter from the Ukrainian form.
"""

from __future__ import annotations

import re
from functools import lru_cache

from language.letters import plain

_TABLE = "аa бb вv гh ґg дd еe єie жzh зz иy іi їi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ь юiu яia"
INSIDE_WORD = {pair[0]: pair[1:] for pair in _TABLE.split()}
_AT_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_WORD = re.compile(r"[А-Яа-яҐґЄєІіЇї]+(?:'[А-Яа-яҐґЄєІіЇї]+)*")


def romanise(text: str) -> str:
    """Return `text` with every Ukrainian word in Latin letters; Latin letters, digits and signs pass unchanged.

    Each part of a hyphenated or multi-word name begins anew (Кам’янець-Подільський → Kamianets-Podilskyi),
    a word in capitals gets its digraphs in capitals, an initial does not (Я. → Ya.).
    """
    return _WORD.sub(lambda match: _romanised_word(match[0]), plain(text))


@lru_cache(maxsize=8192)
def _romanised_word(word: str) -> str:
    letters = word.replace("'", "")
    in_capitals = len(letters) > 1 and letters.isupper()
    out, before = [], ""
    for letter in letters:
        low = letter.lower()
        latin = INSIDE_WORD.get(low, letter) if before else _AT_START.get(low, INSIDE_WORD.get(low, letter))
        if low == "г" and before == "з":
            latin = "gh"
        out.append(latin.capitalize() if letter != low and not in_capitals else latin)
        before = low
    return "".join(out).upper() if in_capitals else "".join(out)
