"""A text in capitals brought back to small letters, names and abbreviations kept. Pure but for the tables of data/.

A model that met few texts in capitals takes them to pieces and dreams up the rest.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from language.letters import APOSTROPHES, HYPHENS, plain
from language.places import names
from language.places.declension import forms
from language.places.gazetteer import gazetteer
from language.places.place_nouns import PLACE_NOUNS
from language.places.ukrainian import type_word
from translations import glossary
from translations.checks.form import is_shouted

_WORD = re.compile(rf"[^\W\d_]+(?:[{APOSTROPHES}{HYPHENS}][^\W\d_]+)*")
# Of everyday news; those of the field come from the glossary.
_EVERYDAY = frozenset((
    "ЄС", "ООН", "США", "НАТО", "ОБСЄ", "ЗСУ", "СБУ", "ДСНС", "ЮНІСЕФ", "ПРООН", "ЮСАІД", "ВЛК", "ТЦК", "ЗМІ", "ДТП",
    "ФОП", "ЄДРПОУ", "ВРУ", "КМУ",
))  # fmt: skip
_FAR = (
    "Україна", "Європа", "Америка", "Австрія", "Бельгія", "Білорусь", "Болгарія", "Британія", "Греція", "Грузія",
    "Данія", "Естонія", "Ізраїль", "Ірландія", "Іспанія", "Італія", "Канада", "Китай", "Корея", "Латвія", "Литва",
    "Люксембург", "Молдова", "Нідерланди", "Німеччина", "Норвегія", "Польща", "Португалія", "Росія", "Румунія",
    "Сербія", "Словаччина", "Словенія", "Туреччина", "Угорщина", "Фінляндія", "Франція", "Хорватія", "Чехія",
    "Швейцарія", "Швеція", "Японія", "Баварія", "Берлін", "Брюссель", "Варшава", "Вільнюс", "Женева", "Прага",
    "Страсбург",
)  # fmt: skip
_SURNAME = re.compile(
    r"(?:енк(?:о|а|у|ом|ові)|[ую]к(?:а|у|ом|ові)?|[сцз]ьк(?:ий|ого|ому|им|а|ої|ій|у|ою)|[оеєіїи][вн](?:а|у|им|ою|ої|ій)?"
    r"|ич(?:а|у|ем)?|[аяи]к(?:а|у|ом|ові)?|[лкт]о)$"
)
_SENTENCE = re.compile(r"(?:[!?…]|\w{4}\.)[»”\"')]*\s+[«„“\"(]*(?=[^\W\d_])")
_ENDING = 3  # letters that a case may add to an abbreviation


def recase(text: str) -> str:
    """Return `text` as a headline is written, when it is in capitals; otherwise `text` itself."""
    if not is_shouted(text):
        return text
    titled = _WORD.sub(lambda match: _titled(match[0]), text)
    spans = [(mention.start, mention.end) for mention in names.find(titled)]
    proper, known = _proper_words(titled), abbreviations()

    def small(match: re.Match[str]) -> str:
        word = match[0]
        for size in range(len(word), max(1, len(word) - _ENDING - 1), -1):  # ЦНАПУ becomes ЦНАПу
            if word[:size].upper() in known:
                return word[:size].upper() + word[size:].lower()
        if word.isascii():
            return word
        if match.start() in proper:
            return _titled(word)
        named = any(start <= match.start() < end for start, end in spans)
        return _titled(word) if named and not _is_common(word.lower()) else word.lower()

    out = _WORD.sub(small, text)
    first = _WORD.search(out)
    starts = {first.start()} if first else set()
    starts |= {match.end() for match in _SENTENCE.finditer(out)}
    return "".join(letter.upper() if at in starts else letter for at, letter in enumerate(out))


def _proper_words(titled: str) -> frozenset[int]:
    """Return where words begin that are names but no places of ours: countries, people, bodies of the glossary."""
    words = list(_WORD.finditer(titled))
    found = {word.start() for word in words if plain(word[0]).lower() in far_places()}
    given = gazetteer().given_names
    for first, last in pairwise(words):
        low = plain(last[0]).lower()
        if plain(first[0]).lower() in given and _SURNAME.search(low) and not _is_common(low):
            found |= {first.start(), last.start()}
    for match in glossary.find(titled):
        written, meant = list(_WORD.finditer(match.matched)), _WORD.findall(match.term.uk)
        if len(written) == len(meant) > 1:
            found |= {
                match.start + word.start() for word, term in zip(written, meant, strict=True) if term[0].isupper()
            }
    return frozenset(found)


@cache
def far_places() -> frozenset[str]:
    """Return countries and capitals in every case form, in small letters."""
    return frozenset(form for name in _FAR for form in forms(name))


def _titled(word: str) -> str:
    """Begin each part of a double name with a capital: Кам’янець-Подільський."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def _is_common(low: str) -> bool:
    """Return whether a word inside a name is an ordinary one: громада, міська."""
    return low in PLACE_NOUNS or type_word(low) is not None


@cache
def abbreviations() -> frozenset[str]:
    """Return the abbreviations of the glossary and of everyday news."""
    terms = (term.uk for term in glossary.glossary().terms)
    words = (word for term in terms for word in _WORD.findall(term))
    return _EVERYDAY | frozenset(word for word in words if len(word) > 1 and word.isupper())
