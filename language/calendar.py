"""Names of the months as sites print them: Ukrainian, English and Russian, every case and cut. Pure."""

from __future__ import annotations

import re
from functools import cache

_FORMS = (
    ("січня", "січень", "января", "январь", "january"),
    ("лютого", "лютий", "февраля", "февраль", "february"),
    ("березня", "березень", "марта", "март", "march"),
    ("квітня", "квітень", "апреля", "апрель", "april"),
    ("травня", "травень", "мая", "май", "may"),
    ("червня", "червень", "июня", "июнь", "june"),
    ("липня", "липень", "июля", "июль", "july"),
    ("серпня", "серпень", "августа", "август", "august"),
    ("вересня", "вересень", "сентября", "сентябрь", "september"),
    ("жовтня", "жовтень", "октября", "октябрь", "october"),
    ("листопада", "листопад", "ноября", "ноябрь", "november"),
    ("грудня", "грудень", "декабря", "декабрь", "december"),
)
_SHORTEST = 3
_CYRILLIC_TWINS = str.maketrans("aceopxyi", "асеорхуі")

# Every name and every beginning of one of at least three letters (`лют`, `квіт`, `sept`) → 1 … 12.
NUMBERS = {
    form[:length]: number
    for number, forms in enumerate(_FORMS, start=1)
    for form in forms
    for length in range(_SHORTEST, len(form) + 1)
}


def one_script(text: str) -> str:
    """Lower-case `text` with Latin letters inside Cyrillic words replaced by their Cyrillic twins (`сiчня`)."""
    return re.sub(r"[^\W\d_]+", _fold, text)


@cache
def pattern() -> str:
    """A regular expression for any name of a month, the longest first."""
    return "|".join(sorted(NUMBERS, key=len, reverse=True))


def _fold(match: re.Match[str]) -> str:
    word = match[0]
    return word.translate(_CYRILLIC_TWINS) if re.search("[а-яіїєґ]", word) else word
