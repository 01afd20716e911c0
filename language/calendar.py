"""Names of months and weekdays in Ukrainian, English and Russian, in every case and cut. Pure."""

from __future__ import annotations

from functools import cache
from typing import Literal

Case = Literal["nominative", "genitive", "locative"]

# Ukrainian nominative, genitive, locative and the other cases; Russian; English and its abbreviations.
_MONTHS = tuple(
    tuple(tuple(forms.split()) for forms in row.split("|"))
    for row in (
        "січень січня січні січню січнем | январь января январе | January Jan",
        "лютий лютого лютому лютим | февраль февраля феврале | February Feb",
        "березень березня березні березню березнем | март марта марте | March",
        "квітень квітня квітні квітню квітнем | апрель апреля апреле | April Apr",
        "травень травня травні травню травнем | май мая мае | May",
        "червень червня червні червню червнем | июнь июня июне | June Jun",
        "липень липня липні липню липнем | июль июля июле | July Jul",
        "серпень серпня серпні серпню серпнем | август августа августе | August Aug",
        "вересень вересня вересні вересню вереснем | сентябрь сентября сентябре | September Sept Sep",
        "жовтень жовтня жовтні жовтню жовтнем | октябрь октября октябре | October Oct",
        "листопад листопада листопаді листопаду листопадом | ноябрь ноября ноябре | November Nov",
        "грудень грудня грудні грудню груднем | декабрь декабря декабре | December Dec",
    )
)
_WEEKDAYS = (
    "понеділок понеділка понеділку понеділком понеділки понеділках | понедельник понедельника | Monday Mondays",
    "вівторок вівторка вівторку вівторком вівторки вівторках | вторник вторника | Tuesday Tuesdays",
    "середа середи середі середу середою середах | среда среды среду | Wednesday Wednesdays",
    "четвер четверга четвергу четвергом четверги четвергах | четверг | Thursday Thursdays",
    "п'ятниця п'ятниці п'ятницю п'ятницею п'ятницях | пятница пятницы пятницу | Friday Fridays",
    "субота суботи суботі суботу суботою суботах | суббота субботы субботу | Saturday Saturdays",
    "неділя неділі неділю неділею неділях | воскресенье воскресенья | Sunday Sundays",
)
# As Ukrainian text abbreviates them before a full stop.
MONTH_ABBREVIATIONS = frozenset(
    ("січ", "лют", "бер", "квіт", "трав", "черв", "лип", "серп", "вер", "жовт", "лист", "груд")
)
_CASES: tuple[Case, ...] = ("nominative", "genitive", "locative")
_SHORTEST = 3

# Small Ukrainian and English names, whole or abbreviated in English → 1 … 12, and 1 (Monday) … 7.
MONTHS = {
    form.lower(): number
    for number, (ukrainian, _, english) in enumerate(_MONTHS, start=1)
    for form in (*ukrainian, *english)
}
WEEKDAYS = {
    form.lower(): number for number, row in enumerate(_WEEKDAYS, start=1) for form in row.replace("|", " ").split()
}
# Every name and every beginning of one of at least three letters (`лют`, `квіт`, `sept`) → 1 … 12.
MONTH_BEGINNINGS = {
    form[:length].lower(): number
    for number, languages in enumerate(_MONTHS, start=1)
    for forms in languages
    for form in forms
    for length in range(_SHORTEST, len(form) + 1)
}


def month_name(number: int, language: str, case: Case = "nominative") -> str:
    """Return the name of month 1 … 12, capitalised in English (`en`), where the case changes nothing."""
    ukrainian, _, english = _MONTHS[number - 1]
    return english[0] if language == "en" else ukrainian[_CASES.index(case)]


@cache
def month_pattern() -> str:
    """Return a regular expression for any name of a month or its beginning, the longest first."""
    return "|".join(sorted(MONTH_BEGINNINGS, key=len, reverse=True))
