"""Words of a text, their stems and keys, their sound, and their spellings."""

from __future__ import annotations

import pytest

from language.letters import fold
from language.sound import shortened, sound
from language.spelling import american, british, in_british, one_ukrainian
from language.stems import entry_keys, form_keys, stem, stems
from language.words import tokens, words


def test_a_token_is_folded_and_knows_where_its_word_stands() -> None:
    text = "У Зна\u0301м’янській громаді — 12 ЦНАПів, смарт\u2011рішення й Pайон"
    read = tokens(text)
    assert [token.low for token in read] == (
        ["у", "знам'янській", "громаді", "12", "цнапів", "смарт-рішення", "й", "район"]
    )
    assert [text[token.start : token.end] for token in read if token.capital] == (
        ["У", "Зна\u0301м’янській", "ЦНАПів", "Pайон"]
    )


@pytest.mark.parametrize("sign", ["-", "’", "–", "_", ".", ","])
def test_a_sign_at_the_end_of_a_word_is_not_of_it(sign: str) -> None:
    assert [token.low for token in tokens(f"{sign}громада{sign} рада{sign}")] == ["громада", "рада"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("місто-побратим", ["місто", "побратим"]),  # two words of four letters at least
        ("еко-парк", ["екопарк"]),
        ("смарт-спеціалізація", ["смартспеціалізація"]),
        ("по-болградськи", ["болградськи"]),
        ("ЦНАП-ів", ["ЦНАПів"]),
        ("self-government", ["self", "government"]),
        ("for-up", ["forup"]),  # three letters each at least
        ("mid-2026", ["mid2026"]),
        ("2025-2026", ["2025", "2026"]),
        ("Ukraine's", ["Ukraine"]),
        ("об'єднання", ["обєднання"]),
        ("Київ–Львів", ["Київ", "Львів"]),
    ],
)
def test_a_compound_is_one_word_or_two(written: str, read: list[str]) -> None:
    assert words(fold(written)) == read


@pytest.mark.parametrize(
    ("one", "other"),
    [("громади", "громадою"), ("проєкту", "проектами"), ("ґранти", "грант"), ("centres", "center"),
     ("budgets", "budget"),
     ("programmes", "program"), ("organised", "organized"), ("communities", "community")],
)  # fmt: skip
def test_forms_and_spellings_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_a_stem_is_short_and_the_first_of_its_readings() -> None:
    assert (len(stem("децентралізаційний")), len(stem("decentralisation"))) == (7, 8)
    assert stem("сіл") == next(stems("сіл"))
    assert not set(stems("села")).isdisjoint(stems("сіл"))


@pytest.mark.parametrize(
    ("form", "entry"),
    [("шкіл", "школа"), ("лікарень", "лікарня"), ("повноважень", "повноваження"), ("громаді", "громада"),
     ("дорозі", "дорога"),
     ("переселенця", "переселенець"), ("стійкості", "стійкість"), ("законопроекту", "законопроєкт")],
)  # fmt: skip
def test_a_form_and_its_entry_have_a_key_in_common(form: str, entry: str) -> None:
    assert form_keys(form) & entry_keys(entry)
    assert not form_keys(form) & entry_keys("бюджет")


@pytest.mark.parametrize(
    ("one", "other"),
    [("ольборг", "ålborg"), ("умань", "uman"), ("коростишівська", "korostyshiv"), ("вентспілс", "ventspils")],
)
def test_a_name_sounds_alike_in_both_scripts(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


def test_a_word_of_one_consonant_has_no_sound_and_one_of_two_no_shorter_sound() -> None:
    assert (sound("іва"), sound("ева"), sound("оо")) == ("", "", "")
    assert shortened(sound("умань")) == ()
    assert sound("grybów") in shortened(sound("грибовом"))


def test_spellings_of_both_englishes_meet_and_people_read_british() -> None:
    assert american("organisation") == american("organization")
    assert british("organization") == british("organisation") == "organisation"
    assert in_british("The labor center is organized by Center-West") == "The labour centre is organised by Center-West"
    assert one_ukrainian("віце-прем'єр") == one_ukrainian("віцепрем'єр")
