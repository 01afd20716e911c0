"""The one table of apostrophes, hyphens, invisible signs and look-alike letters, and what is folded by it."""

from __future__ import annotations

import pytest

from language.letters import (
    APOSTROPHES,
    fold,
    fold_wording,
    one_script,
    one_script_words,
    plain,
    roman_in_latin,
    single_spaces,
    text_hash,
)
from language.places.names import find_certain
from language.romanise import romanise
from language.words import tokens, words

LOOKALIKES = list(zip("aceiopxyABCEHIKMOPTXY", "асеіорхуАВСЕНІКМОРТХУ", strict=True))


def test_the_table_has_every_form_of_the_apostrophe_that_was_met() -> None:
    assert set("'’ʼ`‘´′‛ʹ＇") <= set(APOSTROPHES)


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_every_form_of_the_apostrophe_is_one_letter_everywhere(apostrophe: str) -> None:
    written = f"Кам{apostrophe}янська громада"
    assert plain(written) == "Кам'янська громада"
    assert fold(written) == "Кам’янська громада"
    assert text_hash(written) == text_hash("Кам’янська громада")
    assert words(fold(written)) == ["Камянська", "громада"]
    assert [token.low for token in tokens(written)] == ["кам'янська", "громада"]
    assert romanise(written) == "Kamianska hromada"


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_a_place_is_found_with_every_form_of_the_apostrophe(apostrophe: str) -> None:
    (found,) = find_certain(f"Кам{apostrophe}янець-Подільська громада")
    assert found.name_en == "Kamianets-Podilskyi community"


@pytest.mark.parametrize(("latin", "cyrillic"), LOOKALIKES)
def test_a_lookalike_goes_to_the_script_of_the_word(latin: str, cyrillic: str) -> None:
    assert one_script(f"{latin}жщ") == f"{cyrillic}жщ"
    assert one_script(f"{cyrillic}wz") == f"{latin}wz"
    assert text_hash(f"{latin}жщ") == text_hash(f"{cyrillic}жщ")


@pytest.mark.parametrize(
    ("word", "in_one"),
    [
        ("pайонна", "районна"),
        ("Сities4Cities", "Cities4Cities"),
        ("decentralіsation", "decentralisation"),
        ("IТ", "ІТ"),  # nothing tells: Cyrillic
        ("ІTA", "ITA"),  # more Latin letters, none unmistakable
        ("IТ-фахівець", "ІТ-фахівець"),
        ("LED-світильник", "LED-світильник"),  # each part has its own script
        ("громада", "громада"),
        ("Cities", "Cities"),
        ("2026", "2026"),
        ("wщ²", "wщ²"),  # in no single script, and no digit of it is one of 0 to 9
        ("wщⅫ", "wщⅫ"),
    ],
)
def test_a_word_is_put_in_one_script(word: str, in_one: str) -> None:
    assert one_script(word) == in_one
    assert one_script_words(f"«{word}», 5") == f"«{in_one}», 5" or "-" in word


@pytest.mark.parametrize(
    ("written", "read"),
    [("ІІ етап", "II етап"), ("ХХІ століття", "XXI століття"), ("І етап", "І етап"), ("ІІІІХХ", "ІІІІХХ")],
)
def test_roman_numerals_of_two_to_five_cyrillic_letters_are_latin(written: str, read: str) -> None:
    assert roman_in_latin(written) == read


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u2011"])
def test_every_hyphen_is_one_sign(hyphen: str) -> None:
    written = f"двадцять{hyphen}п’ять"
    assert plain(written) == "двадцять-п'ять"
    assert fold(written) == "двадцять-п’ять"
    assert [token.low for token in tokens(written)] == ["двадцять-п'ять"]


@pytest.mark.parametrize("mark", ["\u0301", "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_marks_inside_a_word_are_no_letters(mark: str) -> None:
    written = f"Опі{mark}шнянська громада"
    assert plain(written) == "Опішнянська громада"
    assert [token.low for token in tokens(written)] == ["опішнянська", "громада"]
    assert [place.name_en for place in find_certain(written)] == ["Opishnia community"]


def test_an_apostrophe_in_no_word_is_a_quotation_mark() -> None:
    assert fold("‘Polaris’ programme") == "‘Polaris’ programme"
    assert fold_wording("‘Polaris’ programme") == '"Polaris" programme'


def test_white_space_is_one_space() -> None:
    assert single_spaces(" 12\u00a0500\u202fгрн\n\tі\u2003все ") == "12 500 грн і все"


# Stored hashes are compared with new ones: if one of these changes, headlines count as edited and are translated again.
STORED = {
    "Громади отримали 740,3 млн грн": "a2ef0ae2a741f4977d3ff325a99c6a12",
    "Кам’янець-Подільська громада – переможець конкурсу «Кращі практики»": "60cf414d9fccf40f09b8dd1e4d982698",
    "Обʼєднані стіною: у Старокостянтинові відкрили парк": "e29c271b0516ea887cd07ca5d74721da",
    "Open Call: ‘Polaris’ programme for hromadas’ partners": "3fd7846fe232b6cca5c9590134a22113",
    "Сities4Cities: pайонна рада Х-ХІ скликання, №5": "7e0b9e7c6850be6d599dbeed7e4bf43e",
    "USAIDівський проєкт і LED-світильники": "c644a13a5c008e9b8c2352fc7174baab",
    "Двадцять\u2011п’ять громад, за\u0301мок та Опі\u00adшня": "ca23ce6c463b1edf977e6d21d928430a",
    "Форум | Переглядів: 1 632": "b78d169b2086331193fe2025c93ff2af",
}


@pytest.mark.parametrize(("text", "stored"), STORED.items())
def test_the_hash_of_a_wording_never_changes(text: str, stored: str) -> None:
    assert text_hash(text) == stored


def test_nothing_has_no_hash() -> None:
    assert text_hash(" \n") == ""
