"""Numbers, dates and part numbers in a text, by what they count. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from language.facts.numerals import SCALE, WORD_NUMBER, WORD_NUMBERS, in_digits

MONTHS = {
    month: number
    for number, forms in enumerate(
        (
            "січень січня січні січнем january jan",
            "лютий лютого лютому february feb",
            "березень березня березні березнем march",
            "квітень квітня квітні april apr",
            "травень травня травні may",
            "червень червня червні june jun",
            "липень липня липні july jul",
            "серпень серпня серпні august aug",
            "вересень вересня вересні september sept sep",
            "жовтень жовтня жовтні october oct",
            "листопад листопада листопаді november nov",
            "грудень грудня грудні december dec",
        ),
        start=1,
    )
    for month in forms.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[  ]\d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_SCALES = {
    "тис": 1e3, "thou": 1e3, "k": 1e3, "млн": 1e6, "міль": 1e6, "mill": 1e6, "mln": 1e6, "m": 1e6,
    "млрд": 1e9, "мільярд": 1e9, "bill": 1e9, "bln": 1e9, "bn": 1e9, "b": 1e9,
}  # fmt: skip
_MONEY = (
    r"грн|гривень|гривні|гривен\w*|uah|hryvnias?|₴|євро|euros?|eur|€|дол\w*|usd|\$|dollars?|£|"
    r"крон\w*|sek|nok|dkk|czk|злот\w*|pln|zlotys?|франк\w*|chf"
)
_CURRENCIES = (
    ("UAH", r"грн|грив|uah|hryv|₴"),
    ("EUR", r"євро|euro|eur|€"),
    ("USD", r"дол|usd|\$|dollar"),
    ("GBP", r"£"),
    ("crowns", r"крон|sek|nok|dkk|czk"),
    ("PLN", r"злот|pln|zlot"),
    ("CHF", r"франк|chf"),
)
_DATE = re.compile(
    rf"(?<![\d.,])(\d{{1,2}})(?:\s*(?:[-–—]|та|і|й|and|to)\s*(\d{{1,2}}))?(?:st|nd|rd|th)?(?:\s+of)?\s+({_MONTH})\b|"
    rf"\b({_MONTH})[,\s]+(\d{{1,2}})(?:\s*[-–—]\s*(\d{{1,2}}))?(?:st|nd|rd|th)?\b(?!\d)(?!\s*(?:млн|млрд|million|billion))"
)
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})\b")
_SHORT_DATE = re.compile(
    r"(?<![\d.,])([0-3]\d)\.(0\d|1[0-2])(?![\d.,%]|\s*(?:млн|млрд|тис|грн|million|billion|bln|mln|per))"
)
_MONTH_NAME = re.compile(rf"(?<!\w)({_MONTH})(?!\w)")
_YEAR = re.compile(r"(?<![\d.,№#])((?:19|20)\d\d)(?!\d|[.,]\d|\s*(?:млн|млрд|тис|грн|громад|million|billion))")
_BILL = re.compile(
    r"(?:№|#|no\.)\s*([0-9][0-9–\-/]{0,12}[а-яa-z]?)|"
    r"(?:законопро[єе]кт\w*|про[єе]кт\w*(?:\s+закону)?|bill|draft law|постанов\w*|наказ\w*)\s+(\d{3,6})\b"
)
# «Школа 7» is as much a name as «школа №7».
_NUMBERED = re.compile(
    r"((?<!\w)(?:школ[аиіуою]{1,2}|ліце[йяюї]\w{0,2}|гімназі\w{1,2}|сад(?:ок|ка|ку)|дитсад(?:ок|ка|ку)|лікарн\w{1,2}|поліклінік\w{1,2}|"
    r"котельн\w{1,2}|school|lyceum|kindergarten|hospital|clinic))\s+(\d{1,3})"
    r"(?=\s*(?:$|[.:;»\")–—]|,\s)|\s+(?:у|в|на|із|з|для|in|of|for|to)\s)"
)
_AMOUNT = re.compile(
    rf"(?P<pre>{_MONEY})?\s*(?<![\w.,])(?P<value>{_NUMBER})(?:-(?:х|ти|мільйонн\w+))?\s*"
    rf"(?P<scale>{SCALE})?\.?\s*(?P<post>{_MONEY}|%|percent|відсотк\w*|per cent)?"
)
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_STEP = (
    r"част\w*|етап\w*|фаз\w*|форум\w*|конгрес\w*|з[’'ʼ]?їзд\w*|хвил\w*|сесі\w*|раунд\w*|випуск\w*|модул\w*|транш\w*|сезон\w*|"
    r"засідан\w*|саміт\w*|фестивал\w*|конференці\w*|черг\w*|потік|потоку|квартал\w*|півріч\w*|лекці\w*|урок\w*|тем\w{1,3}|сері\w*|"
    r"quarter|half|lecture|lesson|episode|webinar|topic|"
    r"parts?|phase|stage|forum|congress|wave|session|round|issue|module|tranche|season|meeting|summit|festival|conference|edition|cohort|convention"
)
_ORDINALS = {
    "перш": 1, "друг": 2, "трет": 3, "четверт": 4, "п'ят": 5, "пят": 5, "шост": 6, "сьом": 7, "восьм": 8, "дев'ят": 9,
    "девят": 9, "десят": 10, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_ORDINAL = "|".join(
    rf"{word}(?:ий|а|е|ої|ому|ого|у|ою|им|ій|я|є|ю|ьої|ьому|ього)" if ord(word[0]) > 127 else word for word in _ORDINALS
)
_NUMERAL = (
    rf"\d{{1,2}}(?:-(?:й|ий|ша|га|тя|та|а|го|му|ої|я|е|є)|st|nd|rd|th)?|{_ORDINAL}|"
    r"(?:one|two|three|four|five|six)(?=\s*(?:$|[.:;,)–—-]))|"
    rf"(?:x|ix|iv|v?i{{1,3}}|v|xi{{1,2}})"
)
_PART_AFTER = re.compile(rf"(?<!\w)(?P<step>{_STEP})\s*(?:№\s*)?(?P<number>{_NUMERAL})(?!\w)(?!\s*(?:{_MONTH}))")
_PART_BEFORE = re.compile(
    rf"(?<!\w)(?P<number>\d{{1,2}}(?:-(?:й|ий|ша|га|тя|та|а|го|му|ої|я|е|є)|st|nd|rd|th)|{_ORDINAL}|(?:x|ix|iv|v?i{{2,3}}|v|xi{{1,2}}))"
    rf"\s+(?:\w+\s+){{0,2}}(?P<step>{_STEP})(?!\w)"
)
_FIRST_QUARTER = re.compile(r"(?<!\w)і (?=(?:квартал|півріч|етап|фаз))")  # «І квартал» in a Cyrillic letter
_LAST_PART = re.compile(r"\s*(?:\s[-–—]\s*(?P<dash>\d{1,2})|\((?P<bracket>\d{1,2})\))$")  # «Історії старост – 2», «(2)»
_PHASE = re.compile(r"(?<![\w.,])(?P<number>\d{1,2})\s+(?:етап|етапу|фаза|фази|фазу|phase|stage)(?!\w)")
# Words that `numbers` reads, so that nobody else need count them as words.
NUMERIC = frozenset(MONTHS) - {"may", "mar"} | {word.replace("'", "") for word in WORD_NUMBERS}
# 1 мільярд 212 мільйонів
_TWO_SCALES = re.compile(
    r"(?<![\d.,])(\d{1,3})\s+(?:мільярд\w*|млрд|billion)\s+(?:and\s+)?(\d{1,3}(?:[.,]\d+)?)\s+(?:мільйон\w*|млн|million)"
)
_ORDINAL_TAIL = re.compile(r"(?:st|nd|rd|th)\b|-(?:й|ий|ша|га|тя|та|а|го|му|ої|я|е|є|тій|м)\b")
_NOISE = re.compile(r"\d{16,}")  # accounts, numbers run together
_ABOUT = re.compile(
    r"(?:майже|близько|понад|більше|більш як|більш ніж|більше ніж|до|приблизно|орієнтовно|перевищ\w+|"
    r"nearly|almost|about|around|over|more than|some|roughly|exceed(?:s|ed|ing)?)\s+"
    r"(?:(?:uah|eur|usd|sek|nok|dkk|czk|pln|chf|€|\$)\s*)?$"
)
_FRACTIONS = (
    (re.compile(r"three[ -]quarters of a billion|три чверті мільярда|трьох чвертей мільярда"), 0.75e9),
    (re.compile(r"half a billion|пів\s?мільярда"), 0.5e9),
    (re.compile(r"half a million|пів\s?мільйона"), 0.5e6),
    (re.compile(r"(?:a|one|майже|понад|nearly|almost|over)\s+(?:billion|мільярд\w*)"), 1e9),
    (re.compile(r"(?:a|майже|понад|nearly|almost|over)\s+(?:million|мільйон\w*)"), 1e6),
)


_COUNT = rf"(\d{{1,3}}|{'|'.join(sorted(WORD_NUMBERS, key=len, reverse=True))})"
# «Бар та ще шість громад» are seven, «Бар, Жмеринка та ще шість» eight; a further sum, share or time is no count.
_MORE = re.compile(
    rf"(?P<names>(?:\w+, )*)(?:\w+ (?:та|і|й) )?(?:ще|and another) {_COUNT}(?!\w|[.,–-]\d|-\w| \d|\s*(?:"
    rf"{SCALE}|{_MONEY}|%|відсот|рок|рік|місяц|тиж|дн|год|percent|years|months|weeks|days|hours))|"
    rf"(?P<others>(?:\w+, )*)\w+ and {_COUNT} (?:more|other|others|neighbou?rs|neighbou?ring)(?! (?:{SCALE}))"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money or another large quantity."""

    value: float
    rough: bool  # «майже», "nearly", or a fraction in words
    # The currency; empty for what is no money, None for what may be a sum without its currency.
    money: str | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a text counts, by kind; within one kind two stories must not differ."""

    amounts: tuple[Amount, ...] = ()
    counts: frozenset[int] = frozenset()  # bare numbers and number words from 2 on
    bills: frozenset[str] = frozenset()
    parts: frozenset[int] = frozenset()
    percents: frozenset[float] = frozenset()
    years: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()  # month names without a day
    dates: frozenset[tuple[int, int]] = frozenset()  # (month, day)
    rough: frozenset[int] = frozenset()  # counts of which only so much is said: «понад 600», "almost 400"
    further: frozenset[int] = frozenset()  # counts that come on top of something: «ще шість громад»
    totals: frozenset[int] = frozenset()  # what these make with the names before them


NO_NUMBERS = Numbers()


def together(first: Numbers, second: Numbers) -> Numbers:
    """The numbers of two texts."""
    if first is NO_NUMBERS or second is NO_NUMBERS:
        return second if first is NO_NUMBERS else first
    return Numbers(
        first.amounts + second.amounts,
        first.counts | second.counts,
        first.bills | second.bills,
        first.parts | second.parts,
        first.percents | second.percents,
        first.years | second.years,
        first.months | second.months,
        first.dates | second.dates,
        first.rough | second.rough,
        first.further | second.further,
        first.totals | second.totals,
    )


def numbers(folded: str) -> Numbers:
    """Every number of a folded text."""
    text = _NOISE.sub(" ", re.sub(r"[’ʼ`‘]", "'", folded.lower()))
    text = _TWO_SCALES.sub(lambda two: f"{int(two[1]) + _value(two[2]) / 1000:g} billion", text)
    text = _WHOLE_YEARS.sub(_in_years, in_digits(text))
    if not any(char.isdigit() for char in text) and not _MAYBE.search(text):
        return NO_NUMBERS
    text, dates = _taken_dates(text)
    months = frozenset(MONTHS[match[1]] for match in _MONTH_NAME.finditer(text)) - _false_may(folded, text)
    text, bills = _taken_bills(text)
    text, parts = _taken_parts(text)
    years = frozenset(int(match[1]) for match in _YEAR.finditer(text))
    text = _YEAR.sub(" ", text)
    amounts, counts, percents, rough = _quantities(text)
    more = [told for match in _MORE.finditer(text) if (told := _further(match))[0] > 1]
    further, totals = frozenset(count for count, _ in more), frozenset(total for _, total in more)
    found = Numbers(amounts, counts, bills, parts, percents, years, months, dates, rough, further, totals)
    return NO_NUMBERS if found == NO_NUMBERS else found


_WHOLE_YEARS = re.compile(r"(?<![\d.,])(\d{2,3})[ -](?:місяц\w*|months?)\b")
_MAYBE = re.compile(
    rf"(?<!\w)(?:{'|'.join(WORD_NUMBERS)}|{_MONTH}|{_ORDINAL}|one|ii+|iv|v|vi+|ix|x|мільярд\w*|мільйон\w*|billion|million)(?!\w)"
)


def _in_years(months: re.Match[str]) -> str:
    """«60 місяців» as 5 years."""
    years, rest = divmod(int(months[1]), 12)
    return months[0] if rest else f"{years} years"


def _false_may(folded: str, text: str) -> frozenset[int]:
    """The verb «may» is no month: only a capital one counts."""
    return frozenset({5}) if re.search(r"\bmay\b", text) and not re.search(r"\bMay\b|\bтрав", folded) else frozenset()


def _taken_dates(text: str) -> tuple[str, frozenset[tuple[int, int]]]:
    found: set[tuple[int, int]] = set()
    for match in _DATE.finditer(text):
        month = MONTHS[match[3] or match[4]]
        found |= {(month, int(day)) for day in (match[1], match[2], match[5], match[6]) if day and 0 < int(day) < 32}
    text = _SHORT_DATE.sub(r"\1.\2.00", text)
    for match in _DOTTED.finditer(text):
        if int(match[2]) in range(1, 13):
            found.add((int(match[2]), int(match[1])))
    return _DOTTED.sub(" ", _DATE.sub(" ", text)), frozenset(found)


def _taken_bills(text: str) -> tuple[str, frozenset[str]]:
    text = _NUMBERED.sub(r"\1 №\2", text)
    found = frozenset((match[1] or match[2]).strip("-–/") for match in _BILL.finditer(text))
    return _BILL.sub(" ", text), found


def _taken_parts(text: str) -> tuple[str, frozenset[int]]:
    found: set[int] = set()
    text = _FIRST_QUARTER.sub("i ", text)
    if last := _LAST_PART.search(text):
        text = f"{text[: last.start()]} part {last['dash'] or last['bracket']}"
    for pattern in (_PART_AFTER, _PART_BEFORE, _PHASE):
        found |= {value for match in pattern.finditer(text) if (value := _numeral(match["number"]))}
        text = pattern.sub(" ", text)
    return text, frozenset(found)


def _numeral(written: str) -> int:
    digits = re.match(r"\d+", written)
    if digits:
        return int(digits.group())
    if written in _ROMAN:
        return _ROMAN[written]
    if written in WORD_NUMBERS or written == "one":
        return WORD_NUMBERS.get(written, 1)
    return next((value for word, value in _ORDINALS.items() if written.startswith(word)), 0)


def _quantities(text: str) -> tuple[tuple[Amount, ...], frozenset[int], frozenset[float], frozenset[int]]:
    amounts: list[Amount] = []
    counts: dict[int, bool] = {}  # whether it is a rough one
    percents: set[float] = set()
    for pattern, worth in _FRACTIONS:
        if pattern.search(text):
            amounts.append(Amount(worth, True))
            text = pattern.sub(" ", text)
    for match in _AMOUNT.finditer(text):
        value = _value(match["value"], decimal=bool(match["scale"] and ord(match["scale"][0]) > 127))
        post = match["post"] or ""
        if post and not re.match(_MONEY, post):
            percents.add(value)
        elif match["scale"] or match["pre"] or post or (value >= 1_000 and not _ordinal(match, text)):
            amounts.append(_amount(value, match, text))
        elif _is_count(value, match, text):
            counts[int(value)] = bool(_ABOUT.search(text[: match.start("value")]))
    for match in WORD_NUMBER.finditer(text):
        counts[WORD_NUMBERS[match[1]]] = bool(_ABOUT.search(text[: match.start()]))
    rough = frozenset(count for count, about in counts.items() if about)
    return tuple(amounts), frozenset(counts) - rough, frozenset(percents), rough


def _further(match: re.Match[str]) -> tuple[int, int]:
    """A count that comes on top of the names before it, and the sum of both; one thing when none is named."""
    names, written, others, counted = match.groups()
    count = int(said) if (said := written or counted).isdigit() else WORD_NUMBERS[said]
    return count, count + 1 + (names or others or "").count(",")


def _amount(value: float, match: re.Match[str], text: str) -> Amount:
    worth = value * _scale(match["scale"])
    rough = bool(_ABOUT.search(text[: match.start("value")]))
    currency = _currency(match["pre"] or match["post"] or "")
    return Amount(worth, rough, currency or (None if match["scale"] else ""))


def _currency(written: str) -> str:
    return next((code for code, opening in _CURRENCIES if re.match(opening, written)), "")


def _ordinal(match: re.Match[str], text: str) -> bool:
    return bool(_ORDINAL_TAIL.match(text, match.end("value")))


def _is_count(value: float, match: re.Match[str], text: str) -> bool:
    """Whether a bare number counts something: not «3-й»."""
    return value == int(value) and value > 1 and not _ordinal(match, text)


def _value(written: str, *, decimal: bool = False) -> float:
    """`decimal`: a comma before three digits is a decimal one all the same («2,847 млрд»)."""
    plain = re.sub(r"[  ]", "", written)
    if not decimal and re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        return float(plain.replace(",", ""))
    return float(plain.replace(",", "."))


def _scale(written: str | None) -> float:
    if not written:
        return 1.0
    if written.startswith("мільярд"):
        return 1e9
    return next(worth for start, worth in _SCALES.items() if written.startswith(start))
