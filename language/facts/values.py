"""The numbers of a text, written in digits or words, in Ukrainian or English. Pure: only text in, values out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

# Up to three digits and groups of three after a space are one number; `2026 100` is two.
_TOKEN = re.compile(
    r"(?<![0-9])[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)*"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_DAY_MONTH_OR_TIME = re.compile(r"[0-9]{1,2}\.[0-9]{2}")
_FULL_HOUR = re.compile(r"(?<=[0-9]:)(00)(?![0-9])")
_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f")

_SCALES = {
    "uk": re.compile(r"[\s-]*(?:(тис(?:\.|яч\w*)?)|(млн|мільйон\w*)|(млрд|мільярд\w*)|(трлн|трильйон\w*))(?!\w)", re.I),
    "en": re.compile(r"[\s-]*(?:(thousands?)|(mln|millions?)|(bln|bn|billions?)|(trn|trillions?))(?!\w)", re.I),
}
_ANY_SCALE = re.compile(r"thousand|million|billion|trillion|\b[mb]ln\b|\btrn\b|[0-9]\s?(?:k|m|bn?)\b", re.I)
# 5k, 5m and 5b may be a scale or a unit (metres): either reading is accepted.
_LETTER_SCALE = re.compile(r"([kmb])(?!\w)", re.I)
_LETTERS = {"k": 3, "m": 6, "b": 9}
_SHORT_YEAR = re.compile(r"(?:(?<=[0-9][-–/])|(?<=['’]))[0-9]{2}(?![0-9])|(?<![0-9])[0-9]0(?=s\b|['’]s\b|-[тихі])")

_ENGLISH = {
    word: Decimal(value)
    for value, words in {
        0: "zero",
        1: "one first single once an a",
        2: "two second twice both couple pair double",
        3: "three third thrice triple trio",
        4: "four fourth",
        5: "five fifth",
        6: "six sixth",
        7: "seven seventh",
        8: "eight eighth",
        9: "nine ninth",
        10: "ten tenth decade",
        11: "eleven eleventh",
        12: "twelve twelfth dozen",
        13: "thirteen thirteenth",
        14: "fourteen fourteenth fortnight",
        15: "fifteen fifteenth",
        16: "sixteen sixteenth",
        17: "seventeen seventeenth",
        18: "eighteen eighteenth",
        19: "nineteen nineteenth",
        20: "twenty twentieth twenties",
        30: "thirty thirtieth thirties",
        40: "forty fortieth forties",
        50: "fifty fiftieth fifties half",
        60: "sixty sixtieth sixties",
        70: "seventy seventieth seventies",
        80: "eighty eightieth eighties",
        90: "ninety ninetieth nineties",
    }.items()
    for word in words.split()
}
_ENGLISH_SCALES = {
    "hundred": 2,
    "hundredth": 2,
    "centenary": 2,
    "century": 2,
    "thousand": 3,
    "million": 6,
    "billion": 9,
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

# Stems; the longest that begins a word counts. `сто` and `сорок` stand alone so that `столиця` is no hundred.
_UKRAINIAN = {
    stem: Decimal(value)
    for value, stems in {
        "0": "нул",
        "0.5": "пів",
        "1": "один одн перш раз",
        "1.5": "півтор",
        "2": "два дві дво двох друг обид обидв пар подвій вдвіч удвіч",
        "3": "три трьо трет троє потрій втричі утричі",
        "4": "чотир четвер четвіро",
        "5": "п'ят",
        "6": "шіст шост шест",
        "7": "сім сьом сем",
        "8": "вісім восьм",
        "9": "дев'ят",
        "10": "десят декад",
        "11": "одинадцят",
        "12": "дванадцят дюжин",
        "13": "тринадцят",
        "14": "чотирнадцят",
        "15": "п'ятнадцят",
        "16": "шістнадцят",
        "17": "сімнадцят",
        "18": "вісімнадцят",
        "19": "дев'ятнадцят",
        "20": "двадцят",
        "30": "тридцят",
        "40": "сорок",
        "50": "п'ятдесят п'ятидесят половин",
        "60": "шістдесят шестидесят",
        "70": "сімдесят семидесят",
        "80": "вісімдесят восьмидесят",
        "90": "дев'яност",
        "200": "двіст двохсот",
        "300": "трист трьохсот",
        "400": "чотирист чотирьохсот",
        "500": "п'ятсот",
        "600": "шістсот шестисот",
        "700": "сімсот семисот",
        "800": "вісімсот восьмисот",
        "900": "дев'ятсот",
        "100": "сторіч століт сотн сотий",
    }.items()
    for stem in stems.split()
}
_UKRAINIAN_WHOLE = {"сто": Decimal(100), "ста": Decimal(100), "сорока": Decimal(40)}
_UKRAINIAN_SCALES = {"тисяч": 3, "мільйон": 6, "мільярд": 9}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "І": 1, "Х": 10, "С": 100}
_ROMAN_WORD = re.compile(r"(?<!\w)[IVXLCІХС]{1,7}(?!\w)")


@dataclass(frozen=True, slots=True)
class Number:
    """One number as written: every value that the writing may mean."""

    text: str
    values: frozenset[Decimal]
    scaled: frozenset[Decimal] = frozenset()  # the values times thousand, million …, when such a word follows
    scale_certain: bool = False  # False for 5m, which may be metres
    parts: tuple[Decimal, ...] = ()  # of a date, a time or a list: those values, one by one, also count
    in_words: bool = False

    @property
    def digits(self) -> int:
        """How many digits are written."""
        return sum(c.isdigit() for c in self.text)

    def equals(self, other: Number) -> bool:
        """Whether both may mean the same; `10 million` is not `10 billion`, but `10` may be either."""
        if self.scale_certain and other.scale_certain:
            return bool(self.scaled & other.scaled)
        return bool((self.values | self.scaled) & (other.values | other.scaled))


@lru_cache(maxsize=256)
def written(text: str, language: str) -> tuple[Number, ...]:
    """The numbers that stand in digits in `text`; `language` is uk or en and decides what comma and dot mean."""
    short_years = {match.start() for match in _SHORT_YEAR.finditer(text)}
    full_hours = {match.start(1) for match in _FULL_HOUR.finditer(text)}  # 15:00 may become 3 p.m.
    return tuple(
        _number(match, text, language, match.start() in short_years)
        for match in _TOKEN.finditer(text)
        if match.start() not in full_hours
    )


@lru_cache(maxsize=256)
def worded(text: str, language: str) -> frozenset[Decimal]:
    """The values that the number words, Roman numerals and month names of `text` stand for."""
    values = {Decimal(_roman(word)) for word in _ROMAN_WORD.findall(text)}
    if language == "en":
        values |= {Decimal(at) for at, month in enumerate(_MONTHS, 1) if re.search(rf"\b{month}", text)}
    if language == "en" and "half" in text.casefold():
        values.add(Decimal("0.5"))
    run: list[Decimal | int] = []
    for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*|[^\s\w-]", text.replace("’", "'").replace("ʼ", "'").casefold()):
        meaning = _word(word, language)
        if meaning is None and word not in {"and", "i", "й"}:
            values |= _sums(tuple(run))
            run = []
        elif meaning is not None:
            run.append(meaning)
    return frozenset(values | _sums(tuple(run)))


def accounted(number: Number, others: tuple[Number, ...], words: frozenset[Decimal]) -> bool:
    """Whether `number` has its counterpart among the other text's numbers, or in its words."""
    if any(number.equals(other) for other in others) or (number.values | number.scaled) & words:
        return True
    pool = words.union(*(other.parts for other in others))
    if number.parts:
        pool = pool.union(*(other.values for other in others))
        return all(part in pool or (_is_evening(part) and part - 12 in pool) for part in number.parts)
    return bool(number.values & pool)


def same_magnitude(number: Number, text: str, others: tuple[Number, ...], words: frozenset[Decimal]) -> bool:
    """Whether the million or thousand of `number` is in English `text`, as a word or multiplied out.

    True for a number without such a word.
    """
    if not number.scale_certain or number.scaled & words or _ANY_SCALE.search(text):
        return True
    return any(number.scaled & (other.values | other.scaled) for other in others)


def _number(match: re.Match[str], text: str, language: str, short_year: bool) -> Number:
    token = match.group()
    values = set(_values(token.translate(_SPACES), language))
    if re.match(r":[0-9]{2}(?![0-9])|[-\w]*\s+годин", text[match.end() : match.end() + 12]):
        values |= {value - 12 for value in values if _is_evening(value)}
    if short_year:
        values |= {1900 + value for value in values} | {2000 + value for value in values}
    scale, certain = _scale(text, match.end(), language)
    return Number(
        text=token,
        values=frozenset(values),
        scaled=frozenset(value.scaleb(scale).normalize() for value in values) if scale else frozenset(),
        scale_certain=certain,
        parts=_parts(token),
    )


def _is_evening(hour: Decimal) -> bool:
    """Whether English would write it with p.m."""
    return 12 < hour < 24


def _values(token: str, language: str) -> tuple[Decimal, ...]:
    bare = Decimal(re.sub(r"[.,]", "", token))
    separators = re.findall(r"[.,]", token)
    if not separators:
        return (bare.normalize(),)
    grouped = _GROUPED.fullmatch(token) is not None and len(set(separators)) == 1
    if len(separators) > 1:
        mixed = _mixed(token, separators)
        return (bare.normalize(),) if grouped else mixed
    decimal = Decimal(token.replace(",", ".")).normalize()
    if not grouped:
        return (decimal,)
    if language == "en":
        return (bare.normalize(),) if separators[0] == "," else (decimal,)
    return (bare.normalize(), decimal)


def _mixed(token: str, separators: list[str]) -> tuple[Decimal, ...]:
    """`1,234.5` and `1.234,5`; nothing for dates and lists."""
    last = separators[-1]
    whole, _, fraction = token.rpartition(last)
    if last in separators[:-1] or _GROUPED.fullmatch(whole) is None:
        return ()
    return (Decimal(f"{re.sub(r'[.,]', '', whole)}.{fraction}").normalize(),)


def _parts(token: str) -> tuple[Decimal, ...]:
    pieces = re.split(r"[^0-9]", token)
    several = len(pieces) > 2 or _DAY_MONTH_OR_TIME.fullmatch(token) or re.search(r"\s", token)
    return tuple(Decimal(piece).normalize() for piece in pieces) if several else ()


def _scale(text: str, end: int, language: str) -> tuple[int, bool]:
    if found := _SCALES[language].match(text, end):
        return 3 * (found.lastindex or 0), True
    if language == "en" and (letter := _LETTER_SCALE.match(text, end)):
        return _LETTERS[letter.group(1).lower()], False
    return 0, False


def _roman(word: str) -> int:
    values = [_ROMAN.get(c, 5) for c in word]
    return sum(-v if v < n else v for v, n in zip(values, [*values[1:], 0], strict=True))


@lru_cache(maxsize=4096)
def _word(word: str, language: str) -> Decimal | int | None:
    """A value, the exponent of a multiplier (an int), or None when it is no number word."""
    if language == "en":
        return _ENGLISH.get(word) or _ENGLISH_SCALES.get(word.removesuffix("s"))
    if word in _UKRAINIAN_WHOLE:
        return _UKRAINIAN_WHOLE[word]
    for stem, exponent in _UKRAINIAN_SCALES.items():
        if word.startswith(stem):
            return exponent
    stems = [word[:size] for size in range(min(len(word), 12), 2, -1) if word[:size] in _UKRAINIAN]
    return _UKRAINIAN[stems[0]] if stems else None


def _sums(run: tuple[Decimal | int, ...]) -> set[Decimal]:
    """The value of a run of number words, and of each word in it by itself."""
    total, current = Decimal(0), Decimal(0)
    single: set[Decimal] = set()
    for meaning in run:
        if isinstance(meaning, Decimal):
            current += meaning
            single.add(meaning.normalize())
        else:
            current = (current or Decimal(1)).scaleb(meaning)
            single |= {current.normalize(), Decimal(1).scaleb(meaning).normalize()}
            if meaning > 2:
                total, current = total + current, Decimal(0)
    return single | {(total + current).normalize()} if run else set()
