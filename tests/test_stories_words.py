"""Words and numbers as the story judge reads them: forms of one word meet, numbers in words are numbers."""

from __future__ import annotations

import pytest

from language.facts.number_sets import Amount, numbers
from language.letters import fold
from language.words import placed_words
from pipeline.stories.lexicon import listed_stem, meaning
from pipeline.stories.number_likeness import is_among, is_roughly_among, is_same_amount


@pytest.mark.parametrize(
    ("first", "form"),
    [
        ("освіта", "освіти"),  # no verb in -ити
        ("проблема", "проблем"),  # no ending at all
        ("село", "сіл"),
        ("голова", "голів"),
        ("земля", "земель"),
        ("якість", "якості"),
        ("увага", "увазі"),
        ("дорога", "дорозі"),
        ("рівень", "рівня"),
        ("острів", "острови"),
        ("робити", "роблять"),
        ("знайти", "знайшли"),
        ("прозорий", "найпрозоріших"),
        ("take", "took"),
        ("build", "built"),
        ("law", "laws"),
    ],
)
def test_forms_of_one_word_have_one_meaning(first: str, form: str) -> None:
    assert meaning(listed_stem(first)).rows & meaning(listed_stem(form)).rows


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("Sixty-one communities will receive funds", 61),
        ("У школі двадцять п’ять класів", 25),
        ("чотириста двадцять одна громада", 421),
        ("two hundred and fifty pupils", 250),
        ("сімнадцять країн", 17),
    ],
)
def test_a_count_in_words_is_a_count(written: str, count: int) -> None:
    assert numbers(fold(written), "uk").counts == {count}


def test_a_rough_count_is_met_by_the_same_count_however_small() -> None:
    exact, rough = (
        numbers(fold("Інтернет мають вісімнадцять сіл"), "uk"),
        numbers(fold("Оптику довели до 18 сіл"), "uk"),
    )
    assert (is_among(18, rough), is_roughly_among(18, exact), is_among(17, rough)) == (True, True, False)


@pytest.mark.parametrize(
    ("written", "total"),
    [
        ("Скадовськ, Каланчак та ще 17 громад", {19}),
        ("Лінією користуватимуться ще чотири громади", {5}),
        ("Bar and six other towns", {7}),
        ("Ще 1 000 осіб і ще 5 відсотків, ще 10-15 шкіл, ще два роки", set()),
    ],
)
def test_what_comes_on_top_of_names_is_summed_up_with_them(written: str, total: set[int]) -> None:
    assert numbers(fold(written), "uk").totals == total


def test_words_that_make_no_number_together_stay_apart() -> None:
    assert numbers(fold("два три роки"), "uk").counts == {2, 3}


def test_thousands_in_words_and_in_digits_are_one_amount() -> None:
    spoken, written = (numbers(fold(text), "uk").amounts for text in ("Шість тисяч жителів", "6,000 residents"))
    assert [one.value for one in spoken] == [6000.0]
    assert is_same_amount(spoken[0], written[0])


def test_a_rounded_sum_may_be_a_good_tenth_off_and_no_more() -> None:
    assert is_same_amount(Amount(2.14e9, False), Amount(2e9, True))
    assert not is_same_amount(Amount(2.4e9, False), Amount(2e9, True))
    assert not is_same_amount(Amount(2.14e9, False), Amount(2e9, False))


def test_a_roman_number_in_cyrillic_letters_is_one() -> None:
    assert (
        numbers(fold("Розпочинається ІІІ етап"), "uk").parts
        == numbers(fold("стартував третій етап"), "uk").parts
        == {3}
    )


def test_an_english_compound_is_its_words_and_a_prefix_is_none() -> None:
    read = [word for word, _ in placed_words(fold("six-week inter-municipal U-LEAD co-operation"))]
    assert read == ["six", "week", "intermunicipal", "ULEAD", "cooperation"]
