"""Words that are numbers, in every case form, in Ukrainian and English: the one table. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import chain, product
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from language.facts.kinds import Sense

# Value → stem:endings (`-` is none); alone a stem is a word. Collective forms too.
_CARDINALS = {
    1: "один од:на,не,ного,ній,ну,ному,ним,нією,ні,них,ними one",
    2: "дв:а,і,ох,ом,ома,оє обидва обидві обо:х,м,ма,є two",
    3: "тр:и,ьох,ьом,ьома,оє three",
    4: "чотир:и,ьох,ьом,ма четверо four",
    5: "five",
    6: "шіст:ь,ьох,ьом,ьма,ьома шест:и,еро six",
    7: "сім с:еми,імох,імом,ьома,емеро сімома seven",
    8: "вісім вісьм:ох,ом,а,ома вось:ми,меро eight",
    9: "nine", 10: "ten", 11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen",
    17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "twenty", 30: "thirty",
    40: "сорок сорока forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty",
    90: "дев'яност:о,а ninety",
    100: "ст:о,а сотня сотню hundred",
    200: "двісті двохсот двомстам двомастами двохстах",
    300: "триста трьохсот трьомстам трьомастами трьохстах",
    400: "чотириста чотирьохсот чотирьомстам чотирмастами чотирьохстах",
    **{
        100 * number: f"{word}сот {genitive}сот {genitive}стам {genitive}стах"
        for number, word, genitive in (
            (5, "п'ят", "п'яти"), (6, "шіст", "шести"), (7, "сім", "семи"), (8, "вісім", "восьми"),
            (9, "дев'ят", "дев'яти"),
        )
    },
}  # fmt: skip
# п'ять and its like: stem → value; the endings are those of п'ять, or of п'ятдесят.
_LIKE_FIVE = {
    "п'ят": 5, "дев'ят": 9, "десят": 10, "одинадцят": 11, "дванадцят": 12, "тринадцят": 13, "чотирнадцят": 14,
    "п'ятнадцят": 15, "шістнадцят": 16, "сімнадцят": 17, "вісімнадцят": 18, "дев'ятнадцят": 19, "двадцят": 20,
    "тридцят": 30,
}  # fmt: skip
_LIKE_FIFTY = {"п'ятдесят": 50, "шістдесят": 60, "сімдесят": 70, "вісімдесят": 80}
_FIVE_ENDINGS, _FIFTY_ENDINGS = (
    ["ь", "и", "ьох", "ьом", "ьма", "ьома", "еро"],
    ["", *["и", "ьох", "ьом", "ьма", "ьома"]],
)
_ORDINAL_STEMS = {
    "перш": 1, "друг": 2, "трет": 3, "четверт": 4, "шост": 6, "сьом": 7, "восьм": 8, "сороков": 40, "дев'яност": 90,
    "сот": 100, **_LIKE_FIVE, **_LIKE_FIFTY,
}  # fmt: skip
_ORDINAL_ENDINGS = ["ий", "а", "е", "ої", "ому", "ого", "у", "ою", "им", "ій", "я", "є", "ю", "ьої", "ьому", "ього"]
_ORDINAL_PLURALS = ["і", "их", "ими", "іх", "іми"]  # several things of one number: no place in a series
_ENGLISH_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40,
    "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100,
}  # fmt: skip
# Words that are no numbers and may yet stand for one in a translation.
_LOOSE = {
    0: "zero нуль нуля нулю",
    1: "single once a an раз рази разу вперше уперше",
    2: "twice both couple pair double двічі вдвічі удвічі вдвоє удвоє вдруге обоє "
    "пар:а,и,і,у,ою подвійн:ий,а,е,ого,ої,у,і,их",
    3: "thrice triple trio тричі втричі утричі втроє утроє втретє потрійн:ий,а,е,ого,ої,у,і,их третин:а,и,і,у,ою",
    4: "quadruple вчетверо учетверо",
    5: "вп'ятеро уп'ятеро п'ятірк:а,и,у",
    10: "decade decades tens десят:ок,ки,ків,ка,ку десятк:ом,ами,ах,ам декад:а,и,у,і вдесятеро",
    12: "dozen dozens дюжин:а,и,у",
    14: "fortnight",
    20: "twenties", 30: "thirties", 40: "forties", 60: "sixties", 70: "seventies", 80: "eighties", 90: "nineties",
    50: "fifties",
    100: "hundreds century centuries centenary "
    "сотн:і,ею,ями,ях,ям сотень столітт:я,ю,ям сторічч:я,ю,ям столітн:ій,я,є,ього",
    1000: "тисячолітт:я,ю тисячоріччя millennium",
}  # fmt: skip
# Before a word thousand, million … a number («півтора мільйона»); alone those below one are a share.
_FRACTIONS = {
    "0.5": "пів half половин:а,и,і,у,ою",
    "0.25": "quarter quarters чверт:ь,і,ю чвертей чвертю",
    "1.5": "півтора півтори",
    "150": "півтораста",
}
# «п'ятиповерховий», «тридцятирічний»: how numbers begin longer words, before measures.
_COMBINING = {
    "одно": 1, "дво": 2, "двох": 2, "три": 3, "трьох": 3, "чотири": 4, "чотирьох": 4, "шести": 6, "семи": 7,
    "восьми": 8, "сорока": 40, "дев'яносто": 90, "сто": 100, "двохсот": 200, "трьохсот": 300,
    **{f"{stem}и": value for stem, value in (_LIKE_FIVE | _LIKE_FIFTY).items()},
}  # fmt: skip
_BEGINNING = "|".join(sorted(_COMBINING, key=len, reverse=True))
_COMPOUND = re.compile(
    rf"((?:{_BEGINNING})+)(?:річ|рок|літ(?:т|н)|ден|доб|тиж|місяч|годин|"
    r"хвилин|секунд|поверх|кімнат|квартирн|етап|фаз|мільйон|мільярд|тисяч|відсот|раз|том|бал|сторон|мов|метр|кілометр|"
    r"тонн|клас|зірк|місн|сот|крат|кут|член|колісн|значн|цифр|рівнев|склад|ярус|смуг|ступ|частин|компонент|вимір|мандат|"
    r"місць|вугіл|пал)"
)
_SCALE_STEMS = {"тисяч": 3, "мільйон": 6, "мільярд": 9, "трильйон": 12}
# How they are abbreviated, and what the abbreviation is behind most numbers.
SCALE_ABBREVIATIONS = {"тис": "тисяч", "млн": "мільйонів", "млрд": "мільярдів"}
_ENGLISH_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
# One of it is meant where no number stands before it; «мільйони», "millions" say no number.
_ONE_SCALE = frozenset((
    *(f"{stem}{ending}" for stem in ("мільйон", "мільярд", "трильйон") for ending in ("", "у", "ом", "а")),
    "тисяча", "тисячу", "тисячею",
))  # fmt: skip
_SCALE = re.compile(
    r"(?:-(?:х|ти|ма|мільйонн\w+))?(?:[ -]*(?:(тис(?:яч\w*|\.)?|thousands?)|(млн|мільйон\w*|mln|mn|millions?)|"
    r"(млрд|мільярд\w*|bln|bn|billions?)|(трлн|трильйон\w*|trn|tn|trillions?))(?!\w)|(?<=\d)(?:(k)|(m)|(b))(?!\w))"
)
_COUNTED = re.compile(r" [^\W\d_]")
_CERTAIN = 4  # groups of `_SCALE` that are words; the others are letters behind digits


class Word(NamedTuple):
    """One word of a number: its value, or of a word thousand, million … (sense `scale`) the exponent."""

    value: Decimal
    sense: Literal[Sense, "fraction", "scale", "roman"]


def _forms(row: str) -> list[str]:
    """«дв:а,і» as «два», «дві»."""
    found = []
    for entry in row.split():
        stem, _, endings = entry.partition(":")
        found += [stem + ending for ending in endings.split(",")]
    return found


def _table() -> dict[str, Word]:
    """Return every form with its value; of several senses the first one stands: сьома is seven and seventh."""
    words: dict[str, Word] = {}

    def add(form: str, value: float | str, sense: Literal[Sense, "fraction"]) -> None:
        words.setdefault(form, Word(Decimal(value), sense))
        if form.startswith("п'ят"):
            words.setdefault(form.replace("'", ""), words[form])

    for value, row in _CARDINALS.items():
        for form in _forms(row):
            add(form, value, "cardinal")
    for (stem, value), ending in chain(
        product(_LIKE_FIVE.items(), _FIVE_ENDINGS), product(_LIKE_FIFTY.items(), _FIFTY_ENDINGS)
    ):
        add(stem + ending, value, "cardinal")
    for (stem, value), ending in product(_ORDINAL_STEMS.items(), _ORDINAL_ENDINGS):
        add(stem + ending, value, "ordinal")
    for (stem, value), ending in product(_ORDINAL_STEMS.items(), _ORDINAL_PLURALS):
        add(stem + ending, value, "loose")
    for word, value in _ENGLISH_ORDINALS.items():
        add(word, value, "ordinal")
    for share, row in _FRACTIONS.items():
        for form in _forms(row):
            add(form, share, "fraction")
    for value, row in _LOOSE.items():
        for form in _forms(row):
            add(form, value, "loose")
    return words


WORDS = _table()


@lru_cache(maxsize=50_000)
def number_word(low: str) -> Word | None:
    """Return the number that a small word is, or, of an adjective of measure, begins with; None for any other."""
    if (known := WORDS.get(low)) is not None:
        return known
    if size := _exponent(low):
        return Word(Decimal(size), "scale")
    if low.startswith("пів") and len(low) > 3 and (size := _exponent(low[3:])):
        return Word(Decimal("0.5").scaleb(size), "fraction")
    if (compound := _COMPOUND.match(low)) is not None:
        return Word(Decimal(sum(_COMBINING[part] for part in re.findall(_BEGINNING, compound[1]))), "loose")
    return None


def _exponent(low: str) -> int:
    if low.isascii():
        return _ENGLISH_SCALES.get(low.removesuffix("s"), 0)
    return next((_SCALE_STEMS[stem] for stem in _SCALE_STEMS if low.startswith(stem)), 0) if low[0] in "тм" else 0


def is_one(low: str, start: int, end: int) -> bool:
    """Return whether a word thousand, million … without a number counts one, as in «мільйон гривень».

    «мільйони» says no number, and «Громада на мільйон» is a name.
    """
    return low[start:end] in _ONE_SCALE and _COUNTED.match(low, end) is not None


def scale_behind(low: str, at: int) -> tuple[int, int, bool]:
    """Return where the word thousand, million … behind a number that ends at `at` ends, its exponent, and certainty.

    Without such a word: (at, 0, False). `5m` may be metres: it is not certain.
    """
    match = _SCALE.match(low, at)
    if match is None:
        return at, 0, False
    group = match.lastindex or 1
    return match.end(), 3 * ((group - 1) % _CERTAIN + 1), group <= _CERTAIN
