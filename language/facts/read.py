"""Reads the typed facts of a text in Ukrainian or English, each with its span. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from language.calendar import MONTHS, WEEKDAYS
from language.facts.currencies import CURRENCY, currency_of
from language.facts.kinds import Date, Fact, Label, Named, Quantity, Range, Time
from language.facts.numerals import lower, one_way, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from language.facts.kinds import Numeral
    from language.facts.numerals import Scan

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_SCALE = r"(?:тис|млн|млрд|трлн|thousand|million|billion|trillion|bln|mln)"
_DAYS = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_YEAR_BEHIND = re.compile(r",? +(?P<year>(?:19|20)\d\d)(?!\d|[.,]\d)(?: +(?:року|рік))?(?!\w)")
_NAMED_DATES = (
    re.compile(
        rf"(?<![\d.,])(?P<d1>\d{{1,2}})(?:\s*(?:[-–—]|та|і|й|and|to)\s*(?P<d2>\d{{1,2}}))?(?:st|nd|rd|th|-?го)?"
        rf"(?:\s+of)?\s+(?P<month>{_MONTH})\b"
    ),
    re.compile(
        rf"\b(?P<month>{_MONTH})[,\s]+(?P<d1>\d{{1,2}})(?:\s*[-–—]\s*(?P<d2>\d{{1,2}}))?(?:st|nd|rd|th)?\b(?!\d)(?!\s*{_SCALE})"
    ),
)
_DATES = (
    re.compile(r"(?<![\d.-])(?P<year>\d{4})-(?P<m1>\d\d)-(?P<d1>\d\d)(?![\d-]|\.\d)"),
    re.compile(r"\b(?P<d1>\d{1,2})\.(?P<m1>\d{1,2})\.(?P<year>\d{4}|\d{2})\b"),
    re.compile(rf"(?<![\d.,])(?P<d1>[0-3]\d)\.(?P<m1>0\d|1[0-2])(?![\d.,%]|\s*(?:{_SCALE}|грн|per))"),
)
_TIMES = (
    re.compile(r"(?<![\d:.,])(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?![\d:])\s*(?P<half>[ap])\.?m\b\.?"),
    re.compile(r"(?<![\d:.,])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?![\d:])"),
    re.compile(r"(?:(?<!\w)(?:о|об|at) )(?P<hour>\d{1,2})\.(?P<minute>\d\d)(?![\d.])"),
    re.compile(r"(?<![\d:.,])(?P<hour>\d{1,2})\s*(?P<half>[ap])\.?m\b\.?"),
    re.compile(r"(?<!\w)(?:о|об) (?P<hour>\d{1,2})(?:-[йіа])? +год(?:\.|ині)"),
)
_BEFORE = re.compile(rf"(?:{CURRENCY})\s*$")
_BEHIND = re.compile(
    rf"(?:-(?:х|ти|ма))?(?:(?<=[а-я])\.)?\s*(?:(?P<currency>{CURRENCY})|%|per ?cent|відсот\w*|процент\w*)"
)
_ABOUT = re.compile(
    r"(?:майже|близько|понад|більше|більш як|більш ніж|більше ніж|до|приблизно|орієнтовно|перевищ\w+|"
    r"nearly|almost|about|around|over|more than|some|roughly|exceed(?:s|ed|ing)?)\s+"
    r"(?:(?:uah|eur|usd|sek|nok|dkk|czk|pln|chf|€|\$)\s*)?$"
)
_FAR_BEFORE = 40  # signs before a number in which its currency and its "about" are looked for
_YEAR = re.compile(rf"(?<![\d.,№#])((?:19|20)\d\d)(?!\d|[.,]\d|\s*(?:{_SCALE}|грн|громад))")
_ACCOUNT = 16  # digits from which on a number is an account, or several numbers run together
_LABELS = (
    # «Школа 7» is as much a name as «школа №7».
    re.compile(
        r"(?<!\w)(?:школ[аиіуою]{1,2}|ліце[йяюї]\w{0,2}|гімназі\w{1,2}|сад(?:ок|ка|ку)|дитсад(?:ок|ка|ку)|лікарн\w{1,2}|"
        r"поліклінік\w{1,2}|котельн\w{1,2}|school|lyceum|kindergarten|hospital|clinic)\s+(?P<label>\d{1,3})"
        r"(?=\s*(?:$|[.:;»\")–—]|,\s)|\s+(?:у|в|на|із|з|для|in|of|for|to)\s)"
    ),
    re.compile(
        r"(?:№|#|no\.)\s*(?P<label>[0-9][0-9–\-/]{0,12}[а-яa-z]?)|"
        r"(?:законопро[єе]кт\w*|про[єе]кт\w*(?:\s+закону)?|bill|draft law|постанов\w*|наказ\w*)\s+(?P<bill>\d{3,6})\b"
    ),
)
_STEP = (
    r"част\w*|етап\w*|фаз\w*|форум\w*|конгрес\w*|з'?їзд\w*|хвил\w*|сесі\w*|раунд\w*|випуск\w*|модул\w*|транш\w*|сезон\w*|"
    r"засідан\w*|саміт\w*|фестивал\w*|конференці\w*|черг\w*|потік|потоку|квартал\w*|півріч\w*|лекці\w*|урок\w*|тем\w{1,3}|сері\w*|"
    r"quarter|half|lecture|lesson|episode|webinar|topic|"
    r"parts?|phase|stage|forum|congress|wave|session|round|issue|module|tranche|season|meeting|summit|festival|conference|edition|cohort|convention"
)
_ROMAN = {
    roman: value
    for value, roman in enumerate(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], 1)
}
_SPOKEN = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_TAIL = r"(?:-(?:й|ий|ша|га|тя|та|а|го|му|ої|я|е|є)|st|nd|rd|th)"
_PARTS = (
    re.compile(
        rf"(?<!\w)(?:{_STEP})\s*(?:№\s*)?(?P<number>\d{{1,2}}{_TAIL}?|(?:{'|'.join(_SPOKEN)})(?=\s*(?:$|[.:;,)–—-]))|"
        rf"(?:x|ix|iv|v?i{{1,3}}|v|xi{{1,2}}))(?!\w)(?!\s*(?:{_MONTH}))"
    ),
    re.compile(
        rf"(?<!\w)(?P<number>\d{{1,2}}{_TAIL}|(?:x|ix|iv|v?i{{2,3}}|v|xi{{1,2}}))\s+(?:\w+\s+){{0,2}}(?:{_STEP})(?!\w)"
    ),
    re.compile(r"(?<![\w.,])(?P<number>\d{1,2})\s+(?:етап|етапу|фаза|фази|фазу|phase|stage)(?!\w)"),
)
_FIRST_QUARTER = re.compile(r"(?<!\w)і (?:квартал|півріч|етап|фаз)\w*")  # «І квартал» in a Cyrillic letter
_LAST_PART = re.compile(r"(?:\s[-–—]\s*(?P<dash>\d{1,2})|\((?P<bracket>\d{1,2})\))\s*$")  # «Історії старост – 2», «(2)»
# «Бар та ще шість громад» are seven, «Бар, Жмеринка та ще шість» eight; a further sum, share or time is no count.
_COUNT = r"(?P<{}>\d{{1,3}}|[^\W\d_]+(?:'[^\W\d_]+)*)"
_MORE = re.compile(
    rf"(?P<names>(?:\w+, )*)(?:\w+ (?:та|і|й) )?(?:ще|and another) {_COUNT.format('more')}(?!\w|[.,–-]\d|-\w| \d|\s*(?:"
    rf"{_SCALE}|{CURRENCY}|%|відсот|рок|рік|місяц|тиж|дн|год|percent|years|months|weeks|days|hours))|"
    rf"(?P<others>(?:\w+, )*)\w+ and {_COUNT.format('count')} *(?:more|others?|neighbou?rs|neighbou?ring)(?! {_SCALE})"
)
_RANGE_OPENS = {
    " до ": re.compile(r"(?<!\w)(?:з|із|зі|від) $"),
    " по ": re.compile(r"(?<!\w)(?:з|із|зі|від) $"),
    " to ": re.compile(r"(?<!\w)from $"),
    " and ": re.compile(r"(?<!\w)between $"),
    " і ": re.compile(r"(?<!\w)між $"),
    " та ": re.compile(r"(?<!\w)між $"),
}
_DASHES = frozenset("-–—")
_SEVERAL = re.compile("[ -]")
_DIGITS = re.compile(r"\d+")
_VERBS = frozenset(("may", "march"))  # months with a capital alone
_MAYBE_TIME = re.compile(r"\d\s*[ap]\.?m\b|(?<!\w)(?:об?|at) \d")
_COUNTED = frozenset(("number", "share", "sum"))


@lru_cache(maxsize=512)
def read(text: str, language: str) -> tuple[Fact, ...]:
    """Return the facts of `text` in the order of their beginnings; an enclosing range comes before its ends.

    `language`, uk or en, is that of the text: it decides what comma and dot mean in digits. Names and number words
    of both languages are read in any text. Spans are those of `text` as given. A digit inside a word is no fact.
    """
    low = lower(one_way(text))
    found = scan(text, low, language)
    if not found.numerals and not found.names and not _FIRST_QUARTER.search(low):
        return ()
    return _Reading(text, low, found).facts()


class _Reading:
    """A text, of which each fact takes its signs away, so that no later one reads them again."""

    def __init__(self, text: str, low: str, found: Scan) -> None:
        self._text, self._named = text, found.names
        self._numerals = {numeral.start: numeral for numeral in found.numerals}
        self._written = self._left = _in_digits(low, found.numerals)
        self._has_digits = _DIGITS.search(self._left) is not None

    def facts(self) -> tuple[Fact, ...]:
        """Return what is found: what a number names or dates is no longer counted."""
        steps = [self._names, self._numbering, self._quantities]
        if self._has_digits:
            steps = [self._times, self._dates, *steps]
        found = [fact for step in steps for fact in step()]
        found.sort(key=lambda fact: (fact.start, fact.end))
        ranges: list[Fact] = []  # a dash or «від … до» joins two of a kind
        for first, last in pairwise(found):
            if first.kind == last.kind or {first.kind, last.kind} <= _COUNTED:
                gap = self._written[first.end : last.start]
                opens = _RANGE_OPENS.get(gap)
                if gap.strip() in _DASHES or (opens and opens.search(self._written, 0, first.start)):
                    ranges.append(Range("range", first.start, last.end, first, last))
        return tuple(sorted((*ranges, *found), key=lambda fact: (fact.start, -fact.end)))

    def _take(self, start: int, end: int) -> None:
        self._left = self._left[:start] + " " * (end - start) + self._left[end:]

    def _matches(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        return list(pattern.finditer(self._left))

    def _times(self) -> Iterator[Fact]:
        if ":" not in self._left and not _MAYBE_TIME.search(self._left):
            return
        for pattern in _TIMES:
            for match in self._matches(pattern):
                told = match.groupdict()
                hour, minute, half = int(told["hour"]), int(told.get("minute") or 0), told.get("half")
                if half and not 1 <= hour <= 12:
                    continue
                hour = hour % 12 + (12 if half == "p" else 0) if half else hour
                if hour < 24 and minute < 60:
                    yield Time("time", match.start("hour"), match.end(), hour, minute)
                    self._take(match.start("hour"), match.end())

    def _dates(self) -> Iterator[Fact]:
        for pattern in (*(_NAMED_DATES if self._named else ()), *_DATES):
            for match in self._matches(pattern):
                told = match.groupdict()
                month = MONTHS[told["month"]] if told.get("month") else int(told["m1"])
                days = [int(day) for day in (told["d1"], told.get("d2")) if day]
                if month not in _DAYS or not all(1 <= day <= _DAYS[month] for day in days):
                    continue
                if written := told.get("year"):
                    year, end = int(written) + (0 if len(written) == 4 else 2000), match.end()
                elif behind := _YEAR_BEHIND.match(self._left, match.end()):
                    year, end = int(behind["year"]), behind.end()
                else:
                    year, end = None, match.end()
                first_end = match.end("d1") if len(days) > 1 else end
                yield Date("date", match.start(), first_end, month, days[0], year)
                if len(days) > 1:
                    yield Date("date", match.start("d2"), end, month, days[1], year)
                self._take(match.start(), end)

    def _names(self) -> Iterator[Fact]:
        for start, end in self._named:
            word = self._left[start:end]
            if word in _VERBS and not self._text[start].isupper():
                continue
            if word in MONTHS:
                yield Named("month", start, end, MONTHS[word])
            elif word in WEEKDAYS:
                yield Named("weekday", start, end, WEEKDAYS[word])

    def _numbering(self) -> Iterator[Fact]:
        """Yield labels, the places in a series, and years."""
        for pattern in _LABELS if self._has_digits else ():
            for match in self._matches(pattern):
                label = match["label"] or match["bill"]
                yield Label("label", *match.span(), label.strip("-–/"))
                self._take(*match.span())
        for match in self._matches(_FIRST_QUARTER):
            if self._text[match.start()].isupper():
                yield Quantity("part", *match.span(), Decimal(1))
                self._take(*match.span())
        if last := _LAST_PART.search(self._left):
            yield Quantity("part", *last.span(), Decimal(last["dash"] or last["bracket"]))
            self._take(*last.span())
        for pattern in _PARTS:
            for match in self._matches(pattern):
                numeral, written = self._numerals.get(match.start("number")), match["number"]
                if numeral and numeral.writing == "words" and numeral.sense == "cardinal" and written not in _SPOKEN:
                    continue  # «на сесії двадцятьма чотирма голосами»
                digits = _DIGITS.match(written)
                if value := int(digits[0]) if digits else _ROMAN.get(written) or _SPOKEN[written]:
                    yield Quantity("part", *match.span(), Decimal(value), numeral)
                self._take(*match.span())
        for match in self._matches(_YEAR) if self._has_digits else ():
            numeral = self._numerals.get(match.start())
            end = max(match.end(), numeral.end) if numeral else match.end()
            yield Quantity("year", match.start(), end, Decimal(match[1]), numeral)
            self._take(match.start(), end)

    def _quantities(self) -> Iterator[Fact]:
        left, written, last = self._left, self._written, 0
        beyond: dict[int, int] = {}  # where a count begins that comes on top of named things → how many these are
        if "ще " in left or " and " in left:
            for more in _MORE.finditer(left):
                names = more["names"] or more["others"] or ""
                beyond[more.start("more" if more["more"] else "count")] = 1 + names.count(",")
        for start, numeral in self._numerals.items():
            if left[start] == " " or (start and (left[start - 1].isalnum() or left[start - 1] in "_.,")):
                continue
            value = numeral.value
            if numeral.writing == "roman":
                if len(numeral.text) > 1:
                    yield Quantity("roman", start, numeral.end, numeral.values[0], numeral)
            elif value is None or numeral.sense == "loose" or numeral.digits >= _ACCOUNT:
                continue
            elif numeral.sense == "ordinal":
                yield Quantity("ordinal", start, numeral.end, value, numeral)
            else:
                rough = numeral.inexact or bool(_ABOUT.search(written[max(0, start - _FAR_BEFORE) : start]))
                ahead = _BEFORE.search(written[max(last, start - _FAR_BEFORE) : start])
                behind = _BEHIND.match(left, numeral.end)
                last = behind.end() if behind else numeral.end
                if behind and not behind["currency"]:
                    yield Quantity("share", start, last, value, numeral, rough)
                elif currency := ahead[0] if ahead else behind["currency"] if behind else "":
                    begin = start - len(ahead[0]) if ahead else start
                    yield Quantity("sum", begin, last, value, numeral, rough, currency_of(currency))
                else:
                    yield Quantity("number", start, last, value, numeral, rough, "", beyond.get(start))


def _in_digits(low: str, found: tuple[Numeral, ...]) -> str:
    """Return `low` with ordinals, and numbers of several words, in digits, as long as it was: «25-й        сесія»."""
    for numeral in found:
        start, end, value, ordinal = numeral.start, numeral.end, numeral.value, numeral.sense == "ordinal"
        of_words = ordinal or (not numeral.scaled and _SEVERAL.search(numeral.text))
        if numeral.writing == "words" and of_words and value is not None and value % 1 == 0:
            tail = ("th" if low[start:end].isascii() else "-го" if low.endswith("го", start, end) else "-й") * ordinal
            low = low[:start] + f"{value:f}{tail}".ljust(end - start)[: end - start] + low[end:]
    return low
