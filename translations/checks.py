"""Is this a translation? Pure: a source text and what an engine made of it, nothing else.

Each rule is one function from source and target to the details it objects to. The percentage in its first
line is the share of human references (NTREX-128, 1,997 lines) that it objects to; `bench/check_rates.py`
measures them again. The rules and their reasons are those of issue 4, numbers 1 to 17.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from translations import numbers
from translations.romanise import plain, romanise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+(?:['’ʼ-][\u0400-\u04ff]+)*")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_QUOTES = re.compile(r"[«»„“”\"]|(?<!\w)['‘]|['’](?!\w)")
# From four words on: English leaves the quotes of clubs, firms and papers away.
_QUOTED = re.compile(r"«(?:[^«»\s]+\s+){3,}[^«»]+»|\"(?:[^\"\s]+\s+){3,}[^\"]+\"")
_LATIN = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9]*(?:[.&-][A-Za-z0-9]+)*(?![\w-])")
_STUTTER = re.compile(r"(\w{2,6}?)\1{3,}")
_RESIDUE = re.compile(r"&(?:#\w+|[a-z]+);|@-@|@@|<unk>|<pad>|</?s>|▁|⁇", re.I)
_BULK = re.compile(r"\b(?:bulk|hulk|gross)\b", re.I)
_HROMADA = re.compile(r"\b(?:тер)?громад(?:а|и|і|у|ою|о|ам|ами|ах)?\b", re.I)
_COMMUNITY = re.compile(r"(?i:communit|hromada|municipalit|congregation)|\b(?:ATC|ATH|AH|TH)s?\b")
_ABBREVIATION = re.compile(r"(?<!\w)(?:м|с|смт|обл|р-н|ст|вул|ім|тис|млн|млрд)\.\s", re.I)
_SPLIT = re.compile(r"\b(?:city|town|village|settlement|region|oblast|district|street|thousand|m(?:illio)?n)\.\s+[A-Z]")
_ADJECTIVE_LEFT = re.compile(
    r"\b[A-Z][a-z-]+(?:s|z|ts)(?:ka|kaya|kaia|koi|koyi|koho|kyi|kyy|kiy)\s+(?:(?:city|urban|rural|village|settlement|"
    r"territorial|amalgamated)\s+)*(?:communit|hromada|municipalit|region|oblast|AT[CH]\b|TH\b)"
)
# Names that end like an adjective and are none.
_REAL_NAMES = re.compile(r"(?:Khmelnytskyi|Podilskyi|Volynskyi|Dnistrovskyi|Sheptytskyi|Buzkyi)\s")
_SURNAME = re.compile(
    r"(?<=[^\W\d_]\s)[А-ЯҐЄІЇ][а-яґєії']+(?:енк(?:о|а|у|ові|ом|ою)|[чщ]ук(?:|а|у|ові|ом))(?![\w-])"
    r"|(?<=[А-ЯҐЄІЇ]\.\s)[А-ЯҐЄІЇ][а-яґєії']{4,}(?![\w-])"
)
_HEAD_NOUNS = (
    (re.compile(r"[А-ЯҐЄІЇ][\w'-]*[сцз]ьк\w+\s+област"), re.compile(r"region|oblast|province", re.I), "region"),
    (re.compile(r"[А-ЯҐЄІЇ][\w'-]*[сцз]ьк\w+\s+район(?!н)"), re.compile(r"district|ra[iy]on", re.I), "district"),
    (re.compile(r"(?:міськ|селищн|сільськ)\w+\s+голов(?:а|и|і|у|ою)\b", re.I), re.compile(r"mayor|head", re.I), "head"),
    (
        re.compile(r"(?:міськ|селищн|сільськ|районн|обласн)\w+\s+рад(?:а|и|і|у|ою)?\b", re.I),
        re.compile(r"council|rada", re.I),
        "council",
    ),
    (re.compile(r"\bстарост(?:а|и|і|у|ою)\b", re.I), re.compile(r"starosta|elder|head|chief|leader", re.I), "starosta"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules object to, each as `rule: detail`."""

    blocking: tuple[str, ...] = ()  # not to be shown as a translation
    flags: tuple[str, ...] = ()  # shown with a mark


def check(source: str, target: str | None) -> Verdict:
    """All rules on one Ukrainian text and its English; an empty or missing English blocks and ends the matter."""
    if not target or not target.strip():
        return Verdict(blocking=("empty",))
    source, target = plain(source), plain(target)
    return Verdict(
        blocking=_findings(BLOCKING, source, target),
        flags=_findings(FLAGS, source, target),
    )


def is_shouted(text: str) -> bool:
    """Whether `text` is written in capitals (rule 6; such a source is recased before translation)."""
    capitals = sum(c.isupper() for c in text)
    return capitals > SHOUTED_CAPITALS and not any(a.islower() and b.islower() for a, b in pairwise(text))


def untranslated(source: str, target: str) -> Iterator[str]:
    """Rule 17, 0 %: the source itself, nothing but signs, or mostly Cyrillic."""
    cyrillic = sum(len(run) for run in re.findall(r"[\u0400-\u04ff]+", target))
    letters = len(_LETTER.findall(target))
    if not letters and _LETTER.search(source):
        yield "no letters"
    elif cyrillic and (letters - cyrillic) / letters < MIN_LATIN_SHARE:
        yield "mostly Cyrillic"
    elif _CYRILLIC.search(source) and _folded(source) == _folded(target):
        yield "same as the source"


def numbers_missing(source: str, target: str) -> Iterator[str]:
    """Rule 1 from two digits on, 1.2 %: a number of the source, or its million, is not in the result."""
    yield from (number.text for number in _missing(source, target) if number.digits > 1)


def digit_missing(source: str, target: str) -> Iterator[str]:
    """Rule 1 for single digits, 0.1 %."""
    yield from (number.text for number in _missing(source, target) if number.digits == 1)


def numbers_added(source: str, target: str) -> Iterator[str]:
    """Rule 2 from two digits on, 0.7 %: a number in digits that the source has neither in digits nor in words."""
    yield from (number.text for number in _added(source, target) if number.digits > 1)


def digit_added(source: str, target: str) -> Iterator[str]:
    """Rule 2 for single digits."""
    yield from (number.text for number in _added(source, target) if number.digits == 1)


def cyrillic_left(_source: str, target: str) -> Iterator[str]:
    """Rule 3, 0 %."""
    yield from _CYRILLIC.findall(target)


def loop(source: str, target: str) -> Iterator[str]:
    """Rule 4, 0.5 %: a phrase that runs on and on, comes back when the source's does not, or a stuttered syllable."""
    words, original = _words(target), _stems(source)
    runs = (_run(words, size, times) for size, times in LOOPS if not _run(original, size, max(2, times - 1)))
    returns = (_twice(words, size) for size, excuse in RETURNS if not _twice(original, excuse))
    if phrase := next(filter(None, runs), "") or next(filter(None, returns), ""):
        yield phrase
    if (stutter := _STUTTER.search(target)) and not _STUTTER.search(source):
        yield stutter.group()


def word_doubled(source: str, target: str) -> Iterator[str]:
    """Rule 4, the mild form: a word or pair of words twice running, and not so in the source."""
    words, original = _words(target), _stems(source)
    if (run := _run(words, 1, 2) or _run(words, 2, 2)) and not (_run(original, 1, 2) or _run(original, 2, 2)):
        yield run


def length_extreme(source: str, target: str) -> Iterator[str]:
    """Rule 5 beyond EXTREME_RATIO, or a short source with far too long a result."""
    yield from _ratios(source, target, EXTREME_RATIO, EXTREME_RATIO)
    if (
        len(source) < MIN_CHARS
        and len(target) > EXTREME_RATIO[1] * len(source)
        and len(target) - len(source) > SHORT_EXCESS
    ):
        yield f"{len(target)} characters for {len(source)}"


def length_unusual(source: str, target: str) -> Iterator[str]:
    """Rule 5 within EXTREME_RATIO."""
    if not any(length_extreme(source, target)):
        yield from _ratios(source, target, WORD_RATIO, CHAR_RATIO)


def capitals_kept(_source: str, target: str) -> Iterator[str]:
    """Rules 6 and 7: a result in capitals, whatever the source was."""
    if is_shouted(target):
        yield target[:40]


def capital_lost(source: str, target: str) -> Iterator[str]:
    """Rule 7: the source begins with a capital, the result with a small letter."""
    first, begins = _FIRST.search(source), _FIRST.search(target)
    if first and begins and first.group().isupper() and begins.group().islower():
        yield begins.string[begins.start() :].split()[0]


def quotes_lost(source: str, target: str) -> Iterator[str]:
    """Rule 8: a quoted phrase in the source and no quotation mark of any kind in the result. Soft."""
    if not _QUOTES.search(target):
        yield from _QUOTED.findall(source)


def latin_lost(source: str, target: str) -> Iterator[str]:
    """Rule 9: a Latin word of the source (U-LEAD, DREAM) that is not in the result."""
    low = target.casefold()
    for word in _LATIN.findall(source):
        if len(word) >= MIN_LATIN and word.casefold() not in low and not re.fullmatch("[IVXLC]+", word):
            yield word


def residue(source: str, target: str) -> Iterator[str]:
    """Rule 10: entities and pieces of the tokenizer."""
    yield from (found for found in _RESIDUE.findall(target) if found not in source)


def abbreviation_split(source: str, target: str) -> Iterator[str]:
    """Rule 12: the full stop of м., с., обл. became the end of a sentence."""
    if _ABBREVIATION.search(source):
        yield from _SPLIT.findall(target)


def hromada_lost(source: str, target: str) -> Iterator[str]:
    """Rule 13: громада without community, hromada or municipality; or bulk, hulk, gross for it."""
    if _HROMADA.search(source):
        yield from _BULK.findall(target)
        if not _COMMUNITY.search(target):
            yield "громада"


def head_noun_lost(source: str, target: str) -> Iterator[str]:
    """Rule 14: область, район, голова, рада, староста beside their adjective, and not their English."""
    for ukrainian, english, label in _HEAD_NOUNS:
        if ukrainian.search(source) and not english.search(target):
            yield label


def adjective_left(_source: str, target: str) -> Iterator[str]:
    """Rule 15: Korostyshivska community."""
    yield from (found for found in _ADJECTIVE_LEFT.findall(target) if not _REAL_NAMES.search(found))


def surname_lost(source: str, target: str) -> Iterator[str]:
    """Rule 16, for the surnames that their ending or an initial gives away: nothing similar in the result."""
    candidates = [word.casefold() for word in _words(target)]
    for surname in _SURNAME.findall(source):
        stem = romanise(surname).casefold().rstrip("aeiouy")[:7]
        if not any(_close(stem, word[: len(stem)]) for word in candidates):
            yield surname


BLOCKING: dict[str, Callable[[str, str], Iterator[str]]] = {
    "untranslated": untranslated,
    "number_missing": numbers_missing,
    "number_added": numbers_added,
    "loop": loop,
    "length_extreme": length_extreme,
}
FLAGS: dict[str, Callable[[str, str], Iterator[str]]] = {
    "digit_missing": digit_missing,
    "digit_added": digit_added,
    "cyrillic_left": cyrillic_left,
    "word_doubled": word_doubled,
    "length_unusual": length_unusual,
    "capitals_kept": capitals_kept,
    "capital_lost": capital_lost,
    "quotes_lost": quotes_lost,
    "latin_lost": latin_lost,
    "residue": residue,
    "abbreviation_split": abbreviation_split,
    "hromada_lost": hromada_lost,
    "head_noun_lost": head_noun_lost,
    "adjective_left": adjective_left,
    "surname_lost": surname_lost,
}


def _findings(rules: dict[str, Callable[[str, str], Iterator[str]]], source: str, target: str) -> tuple[str, ...]:
    found = ((name, list(dict.fromkeys(rule(source, target)))) for name, rule in rules.items())
    return tuple(f"{name}: {', '.join(details)}" for name, details in found if details)


def _missing(source: str, target: str) -> list[numbers.Number]:
    asked = numbers.written(source, "uk")
    if not asked:
        return []
    there, words = numbers.written(target, "en"), numbers.worded(target, "en")
    return [
        number
        for number in asked
        if not numbers.accounted(number, there, words) or not numbers.same_magnitude(number, target, there, words)
    ]


def _added(source: str, target: str) -> list[numbers.Number]:
    said = numbers.written(target, "en")
    if not said:
        return []
    there, words = numbers.written(source, "uk"), numbers.worded(source, "uk")
    return [number for number in said if not numbers.accounted(number, there, words)]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _stems(text: str) -> list[str]:
    return [word[: min(STEM, max(3, len(word) - 1))] for word in _words(text)]


def _folded(text: str) -> str:
    return " ".join(_words(text))


def _run(words: list[str], size: int, times: int) -> str:
    """The first phrase of `size` words that stands `times` times running."""
    for at in range(len(words) - size * times + 1):
        phrase = words[at : at + size]
        if words[at : at + size * times] == phrase * times and not any(word.isdigit() for word in phrase):
            return " ".join(phrase)
    return ""


def _twice(words: list[str], size: int) -> str:
    """The first phrase of `size` words that stands anywhere twice."""
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


def _close(stem: str, word: str) -> bool:
    """Edit distance of at most two."""
    row = list(range(len(word) + 1))
    for at, a in enumerate(stem, 1):
        last, row = row, [at]
        for to, b in enumerate(word, 1):
            row.append(min(last[to] + 1, row[-1] + 1, last[to - 1] + (a != b)))
    return row[-1] <= 2
