"""Sound of a word, alike for «Ольборг» and "Aalborg". Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from language.letters import CYRILLIC

_SOUND_UK = {
    "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "ж": "s", "з": "s", "к": "k", "л": "l", "м": "m", "н": "n",
    "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "h", "ц": "s", "ч": "s", "ш": "s", "щ": "s",
}  # fmt: skip
_SOUND_EN = {
    "b": "b", "c": "k", "d": "d", "f": "f", "g": "h", "h": "h", "j": "s", "k": "k", "l": "l", "m": "m", "n": "n",
    "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "v": "v", "w": "v", "x": "ks", "z": "s",
}  # fmt: skip
# «Коростишівська» is of Korostyshiv, «Сумщина» of Sumy; Sloviansk loses as much as «Слов'янськ» does.
_UK_DERIVED = re.compile(r"(?<=...)(?:ськ|цьк|щин)\w{0,3}$")
_EN_DERIVED = re.compile(r"(?<=...)(?:s|ts)k(?:yi|iy|a|e|y)?$")
_EN_CLUSTERS = {
    "shch": "s", "tch": "s", "sch": "s", "zh": "s", "kh": "h", "ch": "s", "sh": "s", "ph": "f", "ts": "s", "tz": "s",
    "cz": "s", "sz": "s", "rz": "s", "th": "t", "ck": "k", "wh": "v", "ce": "se", "ci": "si", "cy": "sy",
}  # fmt: skip
_EN_CLUSTER = re.compile("|".join(_EN_CLUSTERS))
_OPENING = str.maketrans(
    dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщюя", "abvhhdeezziiiiklmnoprstufhccssua", strict=True))
    | dict(zip("gwyjqx", "hviikh", strict=True))
)


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Return the consonants of a lower-case word as they sound, alike for «Ольборг» and "Aalborg".

    Two consonants alone meet by chance, so such a word keeps its first two letters too («Умань» and "Uman");
    a word with fewer has no sound.
    """
    if CYRILLIC.search(word):
        plain = _UK_DERIVED.sub("", word).replace("тс", "ц")  # Вентспілс, as "ts" is read there
        letters = "".join(_SOUND_UK.get(letter, "" if letter in "ьй" else "-") for letter in plain)
    else:
        word = _EN_DERIVED.sub("", word)
        plain = unicodedata.normalize("NFD", word.replace("ł", "l").replace("ß", "ss").replace("ø", "o"))
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        plain = _EN_CLUSTER.sub(lambda match: _EN_CLUSTERS[match.group()], plain)
        letters = "".join(_SOUND_EN.get(letter, "-") for letter in plain)
    consonants = re.sub(r"(.)\1+", r"\1", letters).replace("-", "")
    if len(consonants) != 2:
        return consonants if len(consonants) > 2 else ""
    opening = unicodedata.normalize("NFD", word).translate(_OPENING)
    return f"~{''.join(letter for letter in opening if letter.isalpha())[:2]}{consonants}"


def shortened(sounding: str) -> tuple[str, ...]:
    """Return the sounds of which `sounding` may be an inflected or derived form («Грибовом» of "Grybów")."""
    if sounding.startswith("~"):
        return ()
    return tuple(sounding[:-cut] for cut in (1, 2) if len(sounding) - cut >= 2 + cut)
