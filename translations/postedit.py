"""What can be put right in a translation by rule, seeing its source. Pure but for the tables of data/."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from language.letters import CYRILLIC_WORD
from language.places import names, spellings
from language.romanise import romanise
from language.spelling import in_british

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Repair = Callable[[str, str], str]

_HROMADA = re.compile(r"\b(?:тер)?громад(?:а|и|і|у|ою|ам|ами|ах)?\b", re.I)
_BULK = re.compile(r"\b([bh])ulk(s?)\b", re.I)
_PIECES = re.compile(r"\s*<unk>|</?s>|<pad>|@@\s?|▁|⁇")
_LEFT = re.compile(
    r"\b([A-Z][a-z]+(?:-[A-Z][a-z]+)*(?:s|z|ts)k(?:a|yi|yy|oi|iy|aya|aia))(?=\s+(?:\w+\s+){0,2}?(?:communit|hromada))"
)
_CURRENCY = r"(?:UAH|[Hh]ryvn(?:ia|ya|a)s?|[Gg]rivn(?:a|ia|ya)s?|hrn)"
_MONEY = re.compile(rf"(?<![\w.,])(\d[\d.,]*(?:\s\d{{3}})*(?:\s(?:thousand|million|billion))?)\s{_CURRENCY}\b(?!\s\d)")
SIMILAR = 5  # letters that a name and the adjective that was left for it have in common


def repaired(source: str, target: str) -> tuple[str, tuple[str, ...]]:
    """The translation put right, and which rules changed it."""
    steps = []
    for name, repair in _REPAIRS.items():
        better = repair(source, target)
        if better != target:
            steps.append(f"repaired: {name}")
            target = better
    return target, tuple(steps)


def romanised(target: str) -> tuple[str, tuple[str, ...]]:
    """The translation with its Cyrillic words in Latin letters by Resolution 55, and those words."""
    words = tuple(dict.fromkeys(CYRILLIC_WORD.findall(target)))
    return CYRILLIC_WORD.sub(lambda match: romanise(match[0]), target), words


def _without_pieces(source: str, target: str) -> str:
    cleaned = _PIECES.sub("", target.replace(" @-@ ", "-"))
    return cleaned if "&" in source else html.unescape(cleaned)


def _our_spelling(source: str, target: str) -> str:
    if not spellings.russian(target):
        return target
    said = _Spoken(source)
    return spellings.repaired(target, said.__contains__)


class _Spoken:
    """The names of a source in Latin letters: whether it says a place, in whatever case."""

    def __init__(self, source: str) -> None:
        self._cores = {mention.core for mention in names.find(source)}
        self._words = romanise(source).split()

    def __contains__(self, name: str) -> bool:
        stem = name[: max(4, len(name) - 2)]
        return name in self._cores or any(word.lstrip("«\"'(").startswith(stem) for word in self._words)


def _community(source: str, target: str) -> str:
    """Bulk and hulk are what Russian громада means."""
    if not _HROMADA.search(source):
        return target
    return _BULK.sub(lambda match: _cased(match[1], "communities" if match[2] else "community"), target)


def _cased(first: str, word: str) -> str:
    return word.capitalize() if first.isupper() else word


def _centre_name(source: str, target: str) -> str:
    """Korostyshivska community → Korostyshiv community, if the source names one place that sounds so."""
    return _LEFT.sub(lambda match: _core_like(source, match[1]) or match[1], target)


def _core_like(source: str, adjective: str) -> str:
    cores = {
        mention.core
        for mention in names.find(source)
        if mention.core and romanise(mention.matched)[:SIMILAR].casefold() == adjective[:SIMILAR].casefold()
    }
    return cores.pop() if len(cores) == 1 else ""


def _money(_source: str, target: str) -> str:
    return _MONEY.sub(lambda match: f"UAH {match[1]}", target)


def _british(_source: str, target: str) -> str:
    return in_british(target)


def _capital(source: str, target: str) -> str:
    first = next(_letters(source), "")
    at = next((at for at, letter in enumerate(target) if letter.isalpha()), -1)
    if not first.isupper() or at < 0 or any(sign.isdigit() for sign in target[:at]):
        return target
    return target[:at] + target[at].upper() + target[at + 1 :]


def _letters(text: str) -> Iterator[str]:
    return (letter for letter in text if letter.isalpha())


_REPAIRS: dict[str, Repair] = {
    "pieces of the tokenizer": _without_pieces,
    "Russian spelling": _our_spelling,
    "громада": _community,
    "adjective for a name": _centre_name,
    "currency": _money,
    "British spelling": _british,
    "first capital": _capital,
}
