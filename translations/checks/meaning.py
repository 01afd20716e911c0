"""Rules on names and terms in a translation. Pure but for the tables of data/, read when a rule first needs them.

Each rule yields what it objects to. The percentage in its first line is the share of human references (NTREX-128,
1,997 lines) that it objects to, as measured by `bench/check_rates.py`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from language.places import names, spellings
from language.places.gazetteer import gazetteer
from language.romanise import romanise
from translations import glossary

if TYPE_CHECKING:
    from collections.abc import Iterator

_BULK = re.compile(r"\b(?:bulk|hulk|gross)\b", re.I)
_HROMADA = re.compile(r"\b(?:тер)?громад(?:а|и|і|у|ою|о|ам|ами|ах)?\b", re.I)
_COMMUNITY = re.compile(r"(?i:communit|hromada|municipalit|congregation)|\b(?:ATC|ATH|AH|TH)s?\b")
_ABBREVIATION = re.compile(r"(?<!\w)(?:м|с|смт|обл|р-н|ст|вул|ім|тис|млн|млрд)\.\s", re.I)
_SPLIT = re.compile(r"\b(?:city|town|village|settlement|region|oblast|district|street|thousand|m(?:illio)?n)\.\s+[A-Z]")
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
_ADJECTIVE_LEFT = re.compile(
    r"(?<![\w-])([A-Z][A-Za-z-]+?(?:s|z|ts)(?:ka|kaya|kaia|koi|koyi|koho|kyi|kyy|kiy))\s+(?:(?:city|urban|rural|village|settlement|"
    r"territorial|amalgamated)\s+)*(?:communit|hromada|municipalit|region|oblast|AT[CH]\b|TH\b)"
)
_LETTERS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def abbreviation_split(source: str, target: str) -> Iterator[str]:
    """Yield places where the full stop of м., с., обл. became the end of a sentence (rule 12, 0 %)."""
    if _ABBREVIATION.search(source):
        yield from _SPLIT.findall(target)


def hromada_lost(source: str, target: str) -> Iterator[str]:
    """Yield bulk, hulk or gross for громада, and громада without community or municipality (rule 13, 0 %)."""
    if _HROMADA.search(source):
        yield from _BULK.findall(target)
        if not _COMMUNITY.search(target):
            yield "громада"


def head_noun_lost(source: str, target: str) -> Iterator[str]:
    """Yield область, район, голова, рада, староста beside an adjective without their English (rule 14, 0 %)."""
    for ukrainian, english, label in _HEAD_NOUNS:
        if ukrainian.search(source) and not english.search(target):
            yield label


def adjective_left(_source: str, target: str) -> Iterator[str]:
    """Yield adjectives left for names, Korostyshivska community; not Khmelnytskyi, a name (rule 15, 0 %)."""
    for match in _ADJECTIVE_LEFT.finditer(target):
        name = match.group(1).lower()
        if name not in gazetteer().english and name.rpartition("-")[2] not in gazetteer().english:
            yield match.group(1)


def surname_lost(source: str, target: str) -> Iterator[str]:
    """Yield surnames, told by ending or initial, to which no word of the result is similar (rule 16, 0 %)."""
    candidates = [word.casefold() for word in _LETTERS.findall(target)]
    for surname in _SURNAME.findall(source):
        stem = romanise(surname).casefold().rstrip("aeiouy")[:7]
        if not any(_close(stem, word[: len(stem)]) for word in candidates):
            yield surname


def _close(stem: str, word: str) -> bool:
    """Return whether the edit distance is at most two."""
    row = list(range(len(word) + 1))
    for at, a in enumerate(stem, 1):
        last, row = row, [at]
        for to, b in enumerate(word, 1):
            row.append(min(last[to] + 1, row[-1] + 1, last[to - 1] + (a != b)))
    return row[-1] <= 2


def russian_spelling(_source: str, target: str) -> Iterator[str]:
    """Yield Kiev, Kharkov, Odessa (rule 11, 0 %)."""
    yield from (f"{wrong} ({right})" for wrong, right in spellings.russian(target))


def name_missing(source: str, target: str) -> Iterator[str]:
    """Yield the official English of places that the source names and the result does not (rule 15, 0 %)."""
    said = target.casefold()
    yield from (mention.core for mention in _named(source) if mention.core and mention.core.casefold() not in said)


def name_ambiguous(source: str, _target: str) -> Iterator[str]:
    """Yield names of several places with different English: nobody can say which was meant (0 %)."""
    yield from (mention.matched for mention in _named(source) if not mention.is_certain and not mention.core)


def term_missing(source: str, target: str) -> Iterator[str]:
    """Yield hard terms of the glossary without any accepted English (0.3 %); громада has a rule of its own."""
    yield from (term.uk for term in _hard_terms(source) if not glossary.is_said(term, target))


# The hypotheses of one headline are checked one after the other: its own side is read once.
@lru_cache(maxsize=64)
def _named(source: str) -> tuple[names.Mention, ...]:
    return names.find(source)


@lru_cache(maxsize=64)
def _hard_terms(source: str) -> tuple[glossary.Term, ...]:
    return tuple(match.term for match in glossary.expected(source) if match.term.uk != "громада")


FLAGS = {
    "russian_spelling": russian_spelling,
    "abbreviation_split": abbreviation_split,
    "hromada_lost": hromada_lost,
    "head_noun_lost": head_noun_lost,
    "adjective_left": adjective_left,
    "name_missing": name_missing,
    "name_ambiguous": name_ambiguous,
    "term_missing": term_missing,
    "surname_lost": surname_lost,
}
