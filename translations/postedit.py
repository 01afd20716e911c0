"""Repairs of a translation by rule, seeing its source. Pure but for the tables of data/."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from language.facts.kinds import Quantity
from language.facts.read import read
from language.letters import CYRILLIC_WORD
from language.places import names, spellings
from language.romanise import romanise
from language.spelling import in_british

if TYPE_CHECKING:
    from collections.abc import Callable

    Repair = Callable[[str, str], str]

_HROMADA = re.compile(r"\b(?:тер)?громад(?:а|и|і|у|ою|ам|ами|ах)?\b", re.I)
_BULK = re.compile(r"\b([bh])ulk(s?)\b", re.I)
_PIECES = re.compile(r"\s*<unk>|</?s>|<pad>|@@\s?|▁|⁇")
_LEFT = re.compile(
    r"\b([A-Z][a-z]+(?:-[A-Z][a-z]+)*(?:s|z|ts)k(?:a|yi|yy|oi|iy|aya|aia))(?=\s+(?:\w+\s+){0,2}?(?:communit|hromada))"
)
_NUMBER_BEHIND = re.compile(r"\s\d")
SIMILAR = 5  # letters that a name and the adjective that was left for it have in common


def repair(source: str, target: str) -> tuple[str, tuple[str, ...]]:
    """Return the translation put right, and which rules changed it."""
    steps = []
    for name, rule in _REPAIRS.items():
        better = rule(source, target)
        if better != target:
            steps.append(f"repaired: {name}")
            target = better
    return target, tuple(steps)


def romanise_rest(target: str) -> tuple[str, tuple[str, ...]]:
    """Return the translation with its Cyrillic words in Latin letters by Resolution 55, and those words."""
    words = tuple(dict.fromkeys(CYRILLIC_WORD.findall(target)))
    return CYRILLIC_WORD.sub(lambda match: romanise(match[0]), target), words


def without_pieces(source: str, target: str) -> str:
    """Take away pieces of the tokenizer and undo entities that the source does not have."""
    cleaned = _PIECES.sub("", target.replace(" @-@ ", "-"))
    return cleaned if "&" in source else html.unescape(cleaned)


def our_spelling(source: str, target: str) -> str:
    """Spell places in our way that the source says, in whatever case; a Kiev in the title of a book stays."""
    if not spellings.russian(target):
        return target
    cores = {mention.core for mention in names.find(source)}
    words = [word.lstrip("«\"'(") for word in romanise(source).split()]

    def is_said(name: str) -> bool:
        stem = name[: max(4, len(name) - 2)]
        return name in cores or any(word.startswith(stem) for word in words)

    return spellings.repaired(target, is_said)


def community(source: str, target: str) -> str:
    """Replace bulk and hulk: громада as if it were Russian."""
    if not _HROMADA.search(source):
        return target

    def word_of(match: re.Match[str]) -> str:
        word = "communities" if match[2] else "community"
        return word.capitalize() if match[1].isupper() else word

    return _BULK.sub(word_of, target)


def centre_name(source: str, target: str) -> str:
    """Turn Korostyshivska community into Korostyshiv community, if the source names one place that sounds so."""

    def core(match: re.Match[str]) -> str:
        opening = match[1][:SIMILAR].casefold()
        named = ((mention.core, romanise(mention.matched)) for mention in names.find(source) if mention.core)
        cores = {core for core, matched in named if matched[:SIMILAR].casefold() == opening}
        return cores.pop() if len(cores) == 1 else match[1]

    return _LEFT.sub(core, target)


def first_capital(source: str, target: str) -> str:
    """Begin with a capital where the source does."""
    first = next(filter(str.isalpha, source), "")
    at = next((at for at, letter in enumerate(target) if letter.isalpha()), -1)
    if not first.isupper() or at < 0 or any(sign.isdigit() for sign in target[:at]):
        return target
    return target[:at] + target[at].upper() + target[at + 1 :]


def hryvnia_first(_source: str, target: str) -> str:
    """Write UAH before its number."""
    for fact in reversed(read(target, "en")):
        number = fact.numeral if isinstance(fact, Quantity) and fact.currency == "UAH" else None
        behind = number is not None and number.writing == "digits" and number.start == fact.start
        if number and behind and not _NUMBER_BEHIND.match(target, fact.end):
            target = f"{target[: fact.start]}UAH {target[fact.start : number.end]}{target[fact.end :]}"
    return target


_REPAIRS: dict[str, Repair] = {
    "pieces of the tokenizer": without_pieces,
    "Russian spelling": our_spelling,
    "громада": community,
    "adjective for a name": centre_name,
    "currency": hryvnia_first,
    "British spelling": lambda _, target: in_british(target),
    "first capital": first_capital,
}
