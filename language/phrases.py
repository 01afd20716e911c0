"""Phrases of a list, found in a text in any form of their words; the longest wins and none overlap. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

from language.letters import plain
from language.spelling import british
from language.stems import entry_keys, form_keys
from language.words import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from language.words import Token

Meaning = TypeVar("Meaning")
CONJUNCTIONS = frozenset({"і", "й", "та"})
PREFIXES = (6, 8)  # letters before * in a phrase
_ARTICLES = frozenset({"a", "an", "the"})


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A phrase that a text has; `text[start:end]` is `matched`."""

    meaning: Meaning
    start: int
    end: int
    matched: str


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[Meaning]):
    """A phrase, ready for comparison."""

    meaning: Meaning
    words: tuple[frozenset[str], ...]  # keys of each word; a conjunction has none and meets any conjunction
    length: int
    abbreviation: str = ""  # ЦНАП: written so; small letters would be another word
    capital: bool = False  # Рада: only with a capital letter

    def is_at(self, at: int, words: list[Token], text: str) -> bool:
        """Return whether this phrase begins with the word `at` of a text."""
        if at + len(self.words) > len(words):
            return False
        first = words[at]
        if self.capital and not first.capital:
            return False
        if short := self.abbreviation:  # ЦНАП, ЦНАПу, ЦНАП-ів; not цнап, nor another abbreviation that begins alike
            written = text[first.start : first.end]
            ending = plain(written)[len(short) :].lstrip("-")
            if not written.startswith(short) or (ending and not ending.islower()):
                return False
        for to, wanted in enumerate(self.words):
            word = words[at + to]
            if to:  # no more between than an opening quote, comma or colon, or the dot of «в. о.», «Дія.Центр»
                before = words[at + to - 1]
                between = text[before.end : word.start]
                dot = "." if between == "." or before.end - before.start == 1 else ""
                if between.strip(' \u00a0«"“„,:' + dot):
                    return False
            if (word.low in CONJUNCTIONS) != (not wanted) or (wanted and not wanted & _text_keys(word.low)):
                return False
        return True


class Ukrainian(Generic[Meaning]):
    """Phrases in dictionary form → what they mean.

    `=вибори` stands for that very form, `відбудов*` for every word that begins so; six or eight letters.
    """

    def __init__(self, phrases: Mapping[str, Meaning]) -> None:
        self._index: dict[str, list[_Phrase[Meaning]]] = {}
        for written, meaning in phrases.items():
            words = tokens(written)
            first = written[words[0].start : words[0].end]
            capitals = sum(letter.isupper() for letter in first) if len(words) == 1 else 0
            phrase = _Phrase(
                meaning,
                tuple(_keys_in_phrase(written, word) for word in words),
                len(written),
                abbreviation=first if capitals > 1 else "",
                capital=capitals == 1 and first[0].isupper(),
            )
            for key in phrase.words[0]:
                self._index.setdefault(key, []).append(phrase)

    def find(self, text: str) -> tuple[Found[Meaning], ...]:
        """Return the phrases of `text`, in its order."""
        words = tokens(text)
        found, at = [], 0
        while at < len(words):
            known = {id(phrase): phrase for key in _text_keys(words[at].low) for phrase in self._index.get(key, ())}
            fitting = [phrase for phrase in known.values() if phrase.is_at(at, words, text)]
            if not fitting:
                at += 1
                continue
            phrase = max(fitting, key=lambda phrase: (len(phrase.words), phrase.length))
            start, end = words[at].start, words[at + len(phrase.words) - 1].end
            found.append(Found(phrase.meaning, start, end, text[start:end]))
            at += len(phrase.words)
        return tuple(found)


class English(Generic[Meaning]):
    """English phrases → what they mean; singular and plural, with or without articles, British or American."""

    def __init__(self, phrases: Mapping[str, Meaning]) -> None:
        self._phrases = {english_words(written): (written, meaning) for written, meaning in phrases.items()}
        self._longest = max(map(len, self._phrases), default=0)

    def find(self, text: str) -> tuple[Found[Meaning], ...]:
        """Return the phrases of `text`, in its order."""
        words = [
            (singular(part), token.start, token.end)
            for token in tokens(text)
            for part in token.low.replace("'s", "").split("-")
            if part not in _ARTICLES
        ]
        found, at = [], 0
        while at < len(words):
            for size in range(min(self._longest, len(words) - at), 0, -1):
                phrase = self._phrases.get(tuple(word for word, _, _ in words[at : at + size]))
                start, end = words[at][1], words[at + size - 1][2]
                is_abbreviation = phrase is not None and phrase[0].isupper() and phrase[0].isalpha()  # ASC, DREAM
                if phrase and (not is_abbreviation or text.startswith(phrase[0], start, end)):
                    found.append(Found(phrase[1], start, end, text[start:end]))
                    break
            else:
                size = 1
            at += size
        return tuple(found)


@lru_cache(maxsize=8192)
def english_words(text: str) -> tuple[str, ...]:
    """Return the words of an English text, as far as they matter for comparison."""
    parts = (part for token in tokens(text) for part in token.low.replace("'s", "").split("-"))
    return tuple(singular(part) for part in parts if part not in _ARTICLES)


def singular(word: str) -> str:
    """Return an English word without the sign of the plural, and in British spelling."""
    word = british(word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _keys_in_phrase(written: str, word: Token) -> frozenset[str]:
    """Return the keys of a word; a double word (громада-форпост) has those of both halves, each pair joined."""
    if word.low in CONJUNCTIONS:
        return frozenset()
    if written[: word.start].endswith("="):
        return frozenset({f"!{word.low}"})
    if written[word.end :].startswith("*"):
        return frozenset({f"{word.low}*"})
    first, dash, last = word.low.partition("-")
    return frozenset(f"{a}-{b}" for a in entry_keys(first) for b in entry_keys(last)) if dash else entry_keys(first)


@lru_cache(maxsize=65536)
def _text_keys(word: str) -> frozenset[str]:
    first, dash, last = word.partition("-")
    if not dash:
        return form_keys(word) | {f"!{word}", *(f"{word[:size]}*" for size in PREFIXES)}
    pairs = frozenset(f"{a}-{b}" for a in form_keys(first) for b in form_keys(last))
    return pairs | form_keys(first) | {f"!{word}"}  # громада-учасниця: громада
