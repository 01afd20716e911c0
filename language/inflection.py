"""Which words are forms of one word: by dictionary if there is one, else by stem and ending. Pure.

`keys(word)` gives the keys of a word of a text, `stems(word)` those of a word in the glossary or a rule; two
words may be forms of one if their keys meet. The dictionary is pymorphy3 with pymorphy3-dicts-uk (GPL data,
therefore optional); any of its readings counts, since its first is wrong in one name of twelve.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_NOUN_AND_ADJECTIVE = (
    "а у ом і ові и ів ам ами ах ю ем я ям ями ях ь ей ою ею єю ї єм їв й о е є еві єві ість ості істю",
    "ий ого ому им ім ої ій их ими ього ьому іх іми ьої ьою",
)
_ENDINGS = frozenset(("", *" ".join(_NOUN_AND_ADJECTIVE).split()))
_LONGEST = max(map(len, _ENDINGS))
_SHORTEST_STEM = 2
_CYRILLIC = re.compile(r"[\u0400-\u04ff'-]+")
_SOFTENED = {"к": "ц", "г": "з", "х": "с"}
_VOWELS = "аеиіоуяюєїьй"
_FLEETING = (("ок", "к"), ("ек", "к"), ("ець", "ц"), ("єць", "йц"), ("ень", "н"), ("ел", "л"))


def spelling(word: str) -> str:
    """Old and new spelling made alike: проект and проєкт, віце-прем'єр and віцепрем'єр."""
    return word.replace("проєкт", "проект").replace("віце-", "віце")


@lru_cache(maxsize=65536)
def keys(word: str) -> frozenset[str]:
    """The keys of a word (small letters, apostrophe ') as it stands in a text."""
    word = spelling(word)
    cut = {word[: len(word) - size] for size in range(_LONGEST + 1) if word[len(word) - size :] in _ENDINGS}
    return frozenset(key for key in cut if len(key) >= min(_SHORTEST_STEM, len(word))) | _dictionary_keys(word)


@lru_cache(maxsize=4096)
def stems(word: str) -> frozenset[str]:
    """The keys of a word in its dictionary form: its stems, in every shape that a case may give them."""
    word = spelling(word)
    for ending in ("ий", "ій", "а", "я", "о", "е", "є", "и", "і", "ї", "ь", "й"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word.removesuffix(ending)
            break
    else:
        stem = word
    found = {stem}
    found |= {word.removesuffix(full) + short for full, short in _FLEETING if word.endswith(full)}
    if stem[-1] in _SOFTENED and word[-1] in "ао":
        found.add(stem[:-1] + _SOFTENED[stem[-1]])
    if len(stem) > 2 and stem[-1] not in _VOWELS:
        found |= _changed_vowel(stem)
        if word[-1] in "аяоеє" and stem[-2] not in _VOWELS:  # лікарня, лікарень; повноваження, повноважень
            found |= {stem[:-1]} if stem[-1] == stem[-2] else {f"{stem[:-1]}{vowel}{stem[-1]}" for vowel in "ое"}
    return frozenset(found) | _dictionary_keys(word)


def _changed_vowel(stem: str) -> set[str]:
    """школа, шкіл; стійкість, стійкості: before the last consonants о or е and і change places."""
    at = max(stem.rfind(vowel) for vowel in "оеі")
    if at < 1 or len(stem) - at > 3 or any(letter in _VOWELS for letter in stem[at + 1 :]):
        return set()
    others = "оє" if stem[at] == "і" else "і"
    return {stem[:at] + other + stem[at + 1 :] for other in (*others, *("е" if stem[at] == "і" else ""))}


def has_dictionary() -> bool:
    """Whether pymorphy3 and its Ukrainian dictionary are installed; loads neither."""
    return find_spec("pymorphy3") is not None and find_spec("pymorphy3_dicts_uk") is not None


@cache
def _analyser() -> Any:
    """pymorphy3 for Ukrainian, or None when it is not installed."""
    if not has_dictionary():
        return None
    return import_module("pymorphy3").MorphAnalyzer(lang="uk")


def _dictionary_keys(word: str) -> frozenset[str]:
    """The dictionary forms of every reading, marked so that they never meet a stem by chance.

    Only of words in Cyrillic letters: at signs without a name in Unicode pymorphy3 raises.
    """
    analyser = _analyser() if _CYRILLIC.fullmatch(word) else None
    return frozenset(f"={parse.normal_form}" for parse in analyser.parse(word)) if analyser else frozenset()
