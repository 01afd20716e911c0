"""Abbreviations of a Ukrainian text written out, in the case that the words before them ask for. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from language.facts.number_words import SCALE_ABBREVIATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    Prefers = Callable[[str, str], bool]  # (as written, written out): whether the engine reads the latter better

_STREETS = ("вул", "просп")
_PLACE_FORMS = {  # nominative (as the accusative), genitive, locative
    "м": ("місто", "міста", "місті"),
    "с": ("село", "села", "селі"),
    "смт": ("селище", "селища", "селищі"),
    "вул": ("вулиця", "вулиці", "вулиці"),
    "просп": ("проспект", "проспекту", "проспекті"),
}
_UNIT_FORMS = {  # ending of the adjective before it → form
    "обл": {"ої": "області", "ій": "області", "у": "область", "ою": "областю", "а": "область"},
    "р-н": {"ого": "району", "ому": "районі", "им": "районом", "ий": "район"},
}
_CASE_AFTER = {
    **dict.fromkeys(("у", "в", "на", "о"), 2),
    **dict.fromkeys(("з", "із", "зі", "до", "від", "біля", "для", "після", "з-під", "навколо", "поблизу"), 1),
}
_PLACE = re.compile(r"(?<![\w.])((?i:[а-яґєії-]+)\s+)?((?:м|с|вул|просп)\.|смт\.?)\s*(?=[А-ЯҐЄІЇ«])")
_UNIT = re.compile(r"(?<=[сцз]ьк)(\w{1,3})\s+(обл|р-н)(?:ом|у|і)?(?:\.|(?=\s|$|[,;:)»]))")
_STOP = r"(?:\.(?=\s*[а-яґєії0-9]))?(?!\w)"  # a stop that ends the sentence stays
_WORDS = (
    *(
        (re.compile(rf"(?<=\d)\s*{short}{_STOP}"), f" {short}{'.' if short == 'тис' else ''}", f" {full}")
        for short, full in SCALE_ABBREVIATIONS.items()
    ),
    (re.compile(rf"(?<![\w.])грн{_STOP}"), "грн", "гривень"),
    (re.compile(r"(?<!\w)ім\.\s*(?=[А-ЯҐЄІЇ])"), "ім. ", "імені "),
    (re.compile(r"№\s*(?=\d)"), "№ ", "номер "),
)
_HRYVNIA_FIRST = re.compile(rf"₴\s*(\d[\d\s.,]*\d|\d)(\s*(?:{'|'.join(SCALE_ABBREVIATIONS)})\.?)?(?!\w)")
_HRYVNIA_LAST = re.compile(r"\s*₴")


def write_out(text: str, prefers: Prefers) -> str:
    """Return `text` with each abbreviation written out where the engine reads the words better than the abbreviation.

    The hryvnia sign always becomes `грн` behind its number. Stops that abbreviate millions go: they end no sentence.
    """

    def place(match: re.Match[str]) -> str:
        before, short = match[1] or "", match[2]
        preposition, kind = before.strip().lower(), short.rstrip(".")
        into = preposition == "на" and kind not in _STREETS  # «на с. Курне» is for it, «на вул. Франка» is there
        full = _PLACE_FORMS[kind][0 if into else _CASE_AFTER.get(preposition, 0)]
        return f"{before}{full if prefers(short, full) else short} "

    def unit(match: re.Match[str]) -> str:
        ending, short = match[1], match[2]
        full = _UNIT_FORMS[short].get(ending)
        return f"{ending} {full}" if full and prefers(short, full) else match[0]

    text = _HRYVNIA_FIRST.sub(lambda match: f"{match[1]}{match[2] or ''} грн", text)
    text = _UNIT.sub(unit, _PLACE.sub(place, _HRYVNIA_LAST.sub(" грн", text)))
    for pattern, short, full in _WORDS:
        text = pattern.sub(full if prefers(short.strip(), full.strip()) else short, text)
    return text
