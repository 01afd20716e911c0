"""The facts of a text: each kind in both languages with its span, and both sides of every bound."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from language.calendar import MONTHS, WEEKDAYS, month_name
from language.facts import counterparts
from language.facts.kinds import Date, Fact, Label, Named, Quantity, Range, Time
from language.facts.number_sets import numbers
from language.facts.numerals import numerals
from language.facts.read import read


def described(fact: Fact) -> object:
    """What a fact says, in one value."""
    match fact:
        case Quantity(currency=currency, value=value):
            return f"{currency} {value:f}".strip()
        case Date(year=year, month=month, day=day):
            return f"{year or '----'}-{month:02}-{day:02}"
        case Time(hour=hour, minute=minute):
            return f"{hour}:{minute:02}"
        case Named(number=number):
            return number
        case Label(label=label):
            return label
        case Range(first=first, last=last):
            return (described(first), described(last))
    raise AssertionError(fact)


def found(text: str, language: str = "") -> list[tuple[str, str, object]]:
    """Kind, words and value of each fact of a text."""
    language = language or ("en" if text.isascii() else "uk")
    return [(fact.kind, text[fact.start : fact.end], described(fact)) for fact in read(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # numbers in digits: the separators of both languages
        ("отримали 12 500 жителів", ("number", "12 500", "12500")),
        ("reached 12,500 residents", ("number", "12,500", "12500")),
        ("зросла в 2,5 раза", ("number", "2,5", "2.5")),
        ("grew 2.5 times", ("number", "2.5", "2.5")),
        ("у 119 громадах", ("number", "119", "119")),
        ("5,847 млн тонн", ("number", "5,847 млн", "5847000")),
        ("5,847 million tonnes", ("number", "5,847 million", "5847000000")),
        # numbers in words, in every case, with any apostrophe and hyphen
        ("сім громад", ("number", "сім", "7")),
        ("seven communities", ("number", "seven", "7")),
        ("двадцять‑п’ять шкіл", ("number", "двадцять‑п’ять", "25")),
        ("двадцять пʼять шкіл", ("number", "двадцять пʼять", "25")),
        ("двадцять п‛ять шкіл", ("number", "двадцять п‛ять", "25")),
        ("двадцять п′ять шкіл", ("number", "двадцять п′ять", "25")),
        ("двадцять п'ять шкіл", ("number", "двадцять п'ять", "25")),
        ("twenty-five schools", ("number", "twenty-five", "25")),
        ("двадцятьма сімома селами", ("number", "двадцятьма сімома", "27")),
        ("a hundred and five pupils", ("number", "a hundred and five", "105")),
        ("дев'ятсот двоє дітей", ("number", "дев'ятсот двоє", "902")),
        ("обох рад", ("number", "обох", "2")),
        ("п'ятнадцятеро дітей", ("number", "п'ятнадцятеро", "15")),
        # thousand to trillion, and fractions of them
        ("півтора мільйона дерев", ("number", "півтора мільйона", "1500000")),
        ("пів мільйона дерев", ("number", "пів мільйона", "500000")),
        ("півмільйона дерев", ("number", "півмільйона", "500000")),
        ("чверть мільярда людей", ("number", "чверть мільярда", "250000000")),
        ("два з половиною мільйони людей", ("number", "два з половиною мільйони", "2500000")),
        ("half a million people", ("number", "half a million", "500000")),
        ("three-quarters of a billion people", ("number", "three-quarters of a billion", "750000000")),
        ("one and a half million people", ("number", "one and a half million", "1500000")),
        ("one and a quarter billion people", ("number", "one and a quarter billion", "1250000000")),
        ("a million and a half people", ("number", "a million and a half", "1500000")),
        ("дві тисячі п'ятсот людей", ("number", "дві тисячі п'ятсот", "2500")),
        ("1 мільярд 212 мільйонів тонн", ("number", "1 мільярд 212 мільйонів", "1212000000")),
        ("мільйон дерев", ("number", "мільйон", "1000000")),
        ("понад тисячу пам'яток", ("number", "тисячу", "1000")),
        ("п'ять трильйонів тонн", ("number", "п'ять трильйонів", "5000000000000")),
        ("5 trillion tonnes", ("number", "5 trillion", "5000000000000")),
        ("6 тис. жителів", ("number", "6 тис.", "6000")),
        # ordinals and Roman numerals
        ("28-й рейс", ("ordinal", "28", "28")),
        ("the 28th bus", ("ordinal", "28", "28")),
        ("двадцять восьмий рейс", ("ordinal", "двадцять восьмий", "28")),
        ("the twenty-eighth bus", ("ordinal", "twenty-eighth", "28")),
        ("Збори VIII скликання", ("roman", "VIII", "8")),
        ("Збори ІХ скликання", ("roman", "ІХ", "9")),
        # places in a series
        ("стартував третій етап", ("part", "третій етап", "3")),
        ("двадцять п'ята сесія", ("part", "двадцять п'ята сесія", "25")),
        ("Part III", ("part", "Part III", "3")),
        ("І квартал", ("part", "І квартал", "1")),
        ("Історії старост (2)", ("part", "(2)", "2")),
        # shares
        ("61% громад", ("share", "61%", "61")),
        ("61 відсоток громад", ("share", "61 відсоток", "61")),
        ("three percent of them", ("share", "three percent", "3")),
        ("2.5 per cent of them", ("share", "2.5 per cent", "2.5")),
        # sums
        ("987,1 млн грн", ("sum", "987,1 млн грн", "UAH 987100000")),
        ("UAH 987.1 million", ("sum", "UAH 987.1 million", "UAH 987100000")),
        ("півтора мільйона гривень", ("sum", "півтора мільйона гривень", "UAH 1500000")),
        ("half a billion euros", ("sum", "half a billion euros", "EUR 500000000")),
        ("$5 million", ("sum", "$5 million", "USD 5000000")),
        ("5 злотих", ("sum", "5 злотих", "PLN 5")),
        ("трильйон гривень", ("sum", "трильйон гривень", "UAH 1000000000000")),
        # dates
        ("20 лютого 2026 року", ("date", "20 лютого 2026 року", "2026-02-20")),
        ("20 February 2026", ("date", "20 February 2026", "2026-02-20")),
        ("February 20th", ("date", "February 20th", "-----02-20")),
        ("20.02.2026", ("date", "20.02.2026", "2026-02-20")),
        ("2026-02-20", ("date", "2026-02-20", "2026-02-20")),
        ("до 01.07", ("date", "01.07", "-----07-01")),
        ("з першого вересня", ("date", "першого вересня", "-----09-01")),
        ("29 лютого", ("date", "29 лютого", "-----02-29")),
        # months, weekdays, years
        ("у січні", ("month", "січні", 1)),
        ("in May", ("month", "May", 5)),
        ("у п’ятницю", ("weekday", "п’ятницю", 5)),
        ("on Monday", ("weekday", "Monday", 1)),
        ("у 2026 році", ("year", "2026", "2026")),
        ("дві тисячі двадцять шостий рік", ("year", "дві тисячі двадцять шостий", "2026")),
        # times
        ("о 15:00", ("time", "15:00", "15:00")),
        ("о 10.30", ("time", "10.30", "10:30")),
        ("at 5:30 p.m.", ("time", "5:30 p.m.", "17:30")),
        ("at 12 am", ("time", "12 am", "0:00")),
        ("до 23:59", ("time", "23:59", "23:59")),
        # numbers that name
        ("законопроєкт №5655", ("label", "№5655", "5655")),
        ("bill 5655", ("label", "bill 5655", "5655")),
        ("Школа 7 чекає", None),
        ("Школа 7", ("label", "Школа 7", "7")),
    ],
)
def test_a_fact_is_read_with_its_span(text: str, expected: tuple[str, str, object] | None) -> None:
    kinds = [fact for fact in found(text) if fact[0] != "number" or expected is None or expected[0] == "number"]
    assert kinds == ([expected] if expected else [("number", "7", "7")])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("5–7 травня", "-----05-05", "-----05-07"),
        ("May 5-7", "-----05-05", "-----05-07"),
        ("10–15 %", "10", "15"),
        ("з 10:00 до 17:30", "10:00", "17:30"),
        ("from 5 to 7 million", "5", "7000000"),
        ("між 5 та 7 громадами", "5", "7"),
        ("у 2024-2026 роках", "2024", "2026"),
    ],
)
def test_a_range_stands_before_its_ends(text: str, first: str, last: str) -> None:
    facts = read(text, "en" if text.isascii() else "uk")
    assert [described(fact) for fact in facts] == [(first, last), first, last]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("32 січня", "date"),
        ("30 лютого", "date"),
        ("31.04.2026", "date"),
        ("00.05.2026", "date"),
        ("12.13.2026", "date"),
        ("2026-00-10", "date"),
        ("о 24:00", "time"),
        ("о 23:60", "time"),
        ("at 13 p.m.", "time"),
        ("at 0 am", "time"),
        ("It may rain", "month"),
        ("they march", "month"),
        ("столиця і сім'я", "number"),
        ("триває тримати разом", "number"),
        ("мільйони гривень", "number"),
        ("Громада на мільйон: фінал", "number"),
        ("Cities4Cities", "number"),
        ("рахунок 1234567890123456", "number"),
        ("на сесії двадцятьма чотирма голосами", "part"),
        ("долучилися 58 громад", "sum"),
        ("17 шкіл Івано-Франківщини", "sum"),
        ("I have a dream", "roman"),
        ("1899 осіб", "year"),
        ("2100 осіб", "year"),
    ],
)
def test_what_only_looks_like_a_fact_is_none(text: str, kind: str) -> None:
    assert kind not in [fact.kind for fact in read(text, "en" if text.isascii() else "uk")]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("12.500", "uk", [12.5, 12500]),  # a dot before three digits groups them as often as it divides them
        ("12,500", "uk", [12500, 12.5]),
        ("12,500", "en", [12500]),
        ("12.500", "en", [12.5]),
        ("1.234,5", "uk", [1234.5]),
        ("1 000 2000", "uk", [1000]),
    ],
)
def test_every_meaning_of_digits_is_known_the_likeliest_first(text: str, language: str, values: list[float]) -> None:
    assert [float(value) for value in numerals(text, language)[0].values] == values


def test_a_letter_behind_digits_may_be_a_unit() -> None:
    sure, unsure = numerals("5 million", "en")[0], numerals("5m", "en")[0]
    assert (sure.scaled, sure.scale_certain, unsure.scaled, unsure.scale_certain) == (
        (Decimal(5_000_000),), True, (Decimal(5_000_000),), False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "target", "missing", "added"),
    [
        ("Півтора мільйона гривень", "UAH 1.5 million", [], []),
        ("Півтора мільйона гривень", "UAH 17 million", [], ["17"]),
        ("Двадцять‑п’ять сіл", "25 villages", [], []),
        ("Двадцять‑п’ять сіл", "26 villages", [], ["26"]),
        ("10 трильйонів гривень", "UAH 10 trillion", [], []),
        ("10 трильйонів гривень", "UAH 10,000 billion", [], []),
        ("10 трильйонів гривень", "UAH 10 billion", ["10"], ["10"]),
        ("1 млн 200 тис. грн", "UAH 1.2 million", [], []),
        ("Проєкт триває", "3 projects go on", [], ["3"]),  # no three in «триває»
        ("До 20 лютого", "By 20.02", [], []),
        ("До 20 лютого", "By 20.03", [], ["20.03"]),
    ],
)
def test_a_translation_keeps_every_number(source: str, target: str, missing: list[str], added: list[str]) -> None:
    assert [number.text for number in counterparts.missing(source, target)] == missing
    assert [number.text for number in counterparts.added(source, target)] == added


@pytest.mark.parametrize(
    ("text", "language", "field", "expected"),
    [
        ("60 місяців", "uk", "counts", {5}),
        ("61 місяць", "uk", "counts", {61}),
        ("999 осіб", "uk", "counts", {999}),
        ("1000 осіб", "uk", "counts", set()),  # an amount
        ("одна громада", "uk", "counts", set()),
        ("о 15:30", "uk", "counts", set()),
        ("понад 600 осіб", "uk", "rough", {600}),
        ("До 5 травня 92 громади", "uk", "rough", set()),
        ("14.09.2021", "uk", "years", {2021}),
    ],
)
def test_numbers_are_summed_up_by_what_they_count(text: str, language: str, field: str, expected: set[int]) -> None:
    assert getattr(numbers(text, language), field) == expected


def test_a_sum_in_words_and_in_digits_is_one_amount() -> None:
    spoken, written = numbers("Півтора мільйона гривень", "uk"), numbers("UAH 1.5 million", "en")
    assert [(one.value, one.money) for one in spoken.amounts] == [(1.5e6, "UAH")]
    assert [(one.value, one.money) for one in written.amounts] == [(1.5e6, "UAH")]


def test_names_of_months_are_known_in_every_case_and_written_in_the_right_one() -> None:
    assert {MONTHS[form] for form in ("листопад", "листопада", "листопаді", "листопадом", "nov", "november")} == {11}
    assert {WEEKDAYS[form] for form in ("середа", "середи", "середу", "среду", "wednesday")} == {3}
    assert (month_name(2, "uk", "genitive"), month_name(2, "uk"), month_name(2, "en")) == (
        "лютого", "лютий", "February",
    )  # fmt: skip


@example("²³ громад")
@given(
    st.one_of(
        st.text(max_size=80), st.text("0123456789 .,:-–'’%№$млнтисIVХpmвід до5 січня May один and a half", max_size=60)
    )
)
def test_spans_lie_in_any_text(text: str) -> None:
    for language in ("uk", "en"):
        facts = read(text, language)
        assert [fact.start for fact in facts] == sorted(fact.start for fact in facts)
        assert all(0 <= fact.start < fact.end <= len(text) for fact in facts)
        assert all(0 <= one.start < one.end <= len(text) and one.text in text for one in numerals(text, language))


@pytest.mark.parametrize(
    ("text", "found"), [("5 million2026", ["5", "2026"]), ("one million_2", ["one", "2"]), ("million²", [])]
)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_a_word_million_with_a_digit_behind_it_is_passed_over(text: str, found: list[str], language: str) -> None:
    assert [numeral.text for numeral in numerals(text, language)] == found
