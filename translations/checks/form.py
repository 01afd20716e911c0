"""Rules on the form of a translation: numbers, loops, length, letters, marks. Pure.

Each rule yields what it objects to. The percentage in its first line is the share of human references (NTREX-128,
1,997 lines) that it objects to, as measured by `bench/check_rates.py`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from language.facts import counterparts
from language.letters import CYRILLIC_WORD, QUOTES

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD_RATIO = (0.5, 2.0)  # target words to source words, sources of at least MIN_WORDS
CHAR_RATIO = (0.55, 1.7)  # the same for characters, sources of at least MIN_CHARS
EXTREME_RATIO = (0.35, 3.0)  # beyond this nothing of the result can be trusted
MIN_WORDS = 4
MIN_CHARS = 20
SHORT_EXCESS = 40  # characters that the result of a shorter source may add: ЦНАП has 4, its English 29
SHOUTED_CAPITALS = 8  # more capitals than this and no two small letters together: the text is in capitals
LOOPS = ((1, 3), (2, 3), (3, 2))  # words in a phrase, times running
RETURNS = ((4, 2), (8, 4))  # words of a phrase met twice, unless so many word stems of the source are met twice
STEM = 5  # letters that Ukrainian words are compared by, so that case endings do not matter
MIN_LATIN = 3  # letters of a Latin word that must survive
MIN_LATIN_SHARE = 0.5  # of the letters of a result


_FIRST = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")
_SMALL = re.compile(r"[a-zа-яґєії]{2}")
_WORD = re.compile(r"\w+(?:'\w+)*")
_QUOTATION_MARK = re.compile(rf"[{QUOTES}]|(?<!\w)'|'(?!\w)")
_LATIN = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9]*(?:[.&-][A-Za-z0-9]+)*(?![\w-])")
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z])")
_STUTTER = re.compile(r"(\w{2,6}?)\1{3,}")
_RESIDUE = re.compile(r"&(?:#\w+|[a-z]+);|@-@|@@|<unk>|<pad>|</?s>|▁|⁇", re.I)
# From four words on: English leaves the quotes of clubs, firms and papers away.
_QUOTED = re.compile(r"«(?:[^«»\s]+\s+){3,}[^«»]+»|\"(?:[^\"\s]+\s+){3,}[^\"]+\"")


def is_shouted(text: str) -> bool:
    """Return whether `text` is written in capitals (rule 6; such a source is recased before translation)."""
    if _SMALL.search(text):
        return False
    return sum(c.isupper() for c in text) > SHOUTED_CAPITALS


def untranslated(source: str, target: str) -> Iterator[str]:
    """Yield the reason if it is the source itself, nothing but signs, or mostly Cyrillic (rule 17, 0 %)."""
    cyrillic = sum(map(len, CYRILLIC_WORD.findall(target)))
    letters = sum(map(str.isalpha, target))
    if not letters and _LETTER.search(source):
        yield "no letters"
    elif cyrillic and (letters - cyrillic) / letters < MIN_LATIN_SHARE:
        yield "mostly Cyrillic"
    elif CYRILLIC_WORD.search(source) and _words(source) == _words(target):
        yield "same as the source"


def numbers_missing(source: str, target: str) -> Iterator[str]:
    """Yield numbers from two digits on that the result lacks, or whose million it lacks (rule 1, 1.15 %)."""
    yield from (number.text for number in counterparts.missing(source, target) if number.digits > 1)


def digit_missing(source: str, target: str) -> Iterator[str]:
    """Yield single digits that the result lacks (rule 1, 0.2 %)."""
    yield from (number.text for number in counterparts.missing(source, target) if number.digits == 1)


def numbers_added(source: str, target: str) -> Iterator[str]:
    """Yield numbers from two digits on that the source has in no form (rule 2, 0.7 %)."""
    yield from (number.text for number in counterparts.added(source, target) if number.digits > 1)


def digit_added(source: str, target: str) -> Iterator[str]:
    """Yield single digits that the source has in no form (rule 2, 0.35 %)."""
    yield from (number.text for number in counterparts.added(source, target) if number.digits == 1)


def cyrillic_left(_source: str, target: str) -> Iterator[str]:
    """Yield the Cyrillic words of the result (rule 3, 0 %)."""
    yield from CYRILLIC_WORD.findall(target)


def loop(source: str, target: str) -> Iterator[str]:
    """Yield a phrase that runs on, comes back where the source's does not, or a stuttered syllable (rule 4, 0.3 %)."""
    words, original = _words(target), _stems(source)
    if (stutter := _STUTTER.search(target)) and not _STUTTER.search(source):
        yield stutter.group()
    if len(set(words)) == len(words):
        return  # nothing comes twice: true of most headlines, and cheap to see
    runs = (_run(words, size, times) for size, times in LOOPS if not _run(original, size, max(2, times - 1)))
    named = [word[:STEM] for word in _WORD.findall(source)[1:] if word[0].isupper()]
    excused = len(set(named)) < len(named)  # МОЗ twice is the Ministry of Health of Ukraine twice
    returns = (_twice(words, n) for n, excuse in RETURNS if not ((excused and n == 4) or _twice(original, excuse)))
    if phrase := next(filter(None, runs), "") or next(filter(None, returns), ""):
        yield phrase


def word_doubled(source: str, target: str) -> Iterator[str]:
    """Yield a word or two that stand twice running and do not in the source (rule 4, the mild form, 0.4 %)."""
    words, original = _words(target), _stems(source)
    if len(set(words)) == len(words):
        return
    if _run(original, 1, 2) or _run(original, 2, 2):
        return
    for sentence in _SENTENCE_END.split(target):
        if run := _run(_words(sentence), 1, 2) or _run(_words(sentence), 2, 2):
            yield run


def length_extreme(source: str, target: str) -> Iterator[str]:
    """Yield a length beyond EXTREME_RATIO, or far too much for a short source (rule 5, 0.1 %)."""
    yield from _ratios(source, target, EXTREME_RATIO, EXTREME_RATIO)
    if (
        len(source) < MIN_CHARS
        and len(target) > EXTREME_RATIO[1] * len(source)
        and len(target) - len(source) > SHORT_EXCESS
    ):
        yield f"{len(target)} characters for {len(source)}"


def length_unusual(source: str, target: str) -> Iterator[str]:
    """Yield an unusual length within EXTREME_RATIO (rule 5, 0.8 %)."""
    if not any(length_extreme(source, target)):
        yield from _ratios(source, target, WORD_RATIO, CHAR_RATIO)


def capitals_kept(_source: str, target: str) -> Iterator[str]:
    """Yield the beginning of a result in capitals, whatever the source was (rules 6 and 7, 0 %)."""
    if is_shouted(target):
        yield target[:40]


def capital_lost(source: str, target: str) -> Iterator[str]:
    """Yield the first word if the source begins with a capital, the result not (rule 7, 0 %)."""
    first, begins = _FIRST.search(source), _FIRST.search(target)
    if first and begins and first.group().isupper() and begins.group().islower():
        yield begins.string[begins.start() :].split()[0]


def quotes_lost(source: str, target: str) -> Iterator[str]:
    """Yield quoted phrases of a source whose result has no quotation mark of any kind (rule 8, 0.45 %). Soft."""
    if not _QUOTATION_MARK.search(target):
        yield from _QUOTED.findall(source)


def latin_lost(source: str, target: str) -> Iterator[str]:
    """Yield Latin words of the source (U-LEAD, DREAM) that are not in the result (rule 9, 0.3 %)."""
    low = target.casefold()
    for word in _LATIN.findall(source):
        if len(word) >= MIN_LATIN and word.casefold() not in low and not re.fullmatch("[IVXLC]+", word):
            yield word


def residue(source: str, target: str) -> Iterator[str]:
    """Yield entities and pieces of the tokenizer (rule 10, 0 %)."""
    yield from (found for found in _RESIDUE.findall(target) if found not in source)


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


@lru_cache(maxsize=256)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(word[: min(STEM, max(3, len(word) - 1))] for word in _words(text))


def _run(words: tuple[str, ...], size: int, times: int) -> str:
    """Return the first phrase of `size` words that stands `times` times running."""
    for at in range(len(words) - size * times + 1):
        phrase = words[at : at + size]
        if words[at : at + size * times] == phrase * times and not any(word.isdigit() for word in phrase):
            return " ".join(phrase)
    return ""


def _twice(words: tuple[str, ...], size: int) -> str:
    """Return the first phrase of `size` words that stands anywhere twice."""
    seen = set()
    for at in range(len(words) - size + 1):
        phrase = " ".join(words[at : at + size])
        if phrase in seen:
            return phrase
        seen.add(phrase)
    return ""


def _ratios(source: str, target: str, words: tuple[float, float], chars: tuple[float, float]) -> Iterator[str]:
    asked, got = len(source.split()), len(target.split())
    if asked >= MIN_WORDS and not words[0] <= got / asked <= words[1]:
        yield f"{got} words for {asked}"
    elif len(source) >= MIN_CHARS and not chars[0] <= len(target) / len(source) <= chars[1]:
        yield f"{len(target)} characters for {len(source)}"
