"""Topic filter: is an item about local self-government? By words kept in `data/local_government.csv`. Pure.

A phrase is a row of words; `громад*` stands for every word that begins so, a word without `*` for itself. In the
column `unless`, a word or beginning undoes a match that it fits, and one that ends with `_` a match that it precedes.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from language.letters import plain

_DATA = Path(__file__).parents[1] / "data" / "local_government.csv"
_WORD = r"[^\W_]+(?:['\-][^\W_]+)*"


class _TopicPhrase(NamedTuple):
    """One row of the data, ready to compare."""

    words: tuple[str, ...]
    never: tuple[str, ...]  # fits the first matched word: another word with the same beginning
    never_after: tuple[str, ...]  # fits the word before: another sense of the same word


def about_local_government(title: str, lead: str = "", tags: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the words that make it an item about local self-government, each once; empty when it is none."""
    found: list[str] = []
    for text in (title, lead, *tags):
        words = re.findall(_WORD, plain(text))
        folded = [word.casefold() for word in words]
        for place, word in enumerate(folded):
            before = folded[place - 1] if place else ""
            for phrase in _by_beginning().get(word[:2], ()):
                there = folded[place : place + len(phrase.words)]
                fits = len(there) == len(phrase.words) and all(map(_is, there, phrase.words))
                is_other = any(_is(word, each) for each in phrase.never)
                if fits and not is_other and not (before and any(_is(before, each) for each in phrase.never_after)):
                    found.append(" ".join(words[place : place + len(phrase.words)]))
                    break
    return tuple(dict.fromkeys(found))


def _is(word: str, pattern: str) -> bool:
    """Return whether a word fits; stars end parts of a compound: `міст*-побратим*` is also «міста-побратими»."""
    if "*" not in pattern:
        return word == pattern
    parts, patterns = word.split("-"), pattern.split("-")
    if len(patterns) == 1:
        return word.startswith(pattern[:-1])
    return len(parts) == len(patterns) and all(map(_is, parts, patterns))


@cache
def _by_beginning() -> dict[str, tuple[_TopicPhrase, ...]]:
    """Return the phrases by the first two letters of their first word, longer phrases first."""
    import csv

    found: dict[str, list[_TopicPhrase]] = {}
    with _DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            exceptions = row["unless"].casefold().split()
            phrase = _TopicPhrase(
                tuple(row["phrase"].casefold().split()),
                tuple(word for word in exceptions if not word.endswith("_")),
                tuple(word[:-1] for word in exceptions if word.endswith("_")),
            )
            found.setdefault(phrase.words[0][:2], []).append(phrase)
    return {key: tuple(sorted(phrases, key=lambda phrase: -len(phrase.words))) for key, phrases in found.items()}
