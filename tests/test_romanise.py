"""Resolution No. 55: the official examples by letter, and the writings that trip up other tools."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.letters import plain
from language.romanise import romanise

OFFICIAL = """
Алушта Alushta|Андрій Andrii|Борщагівка Borshchahivka|Борисенко Borysenko|Вінниця Vinnytsia|Володимир Volodymyr
Гадяч Hadiach|Богдан Bohdan|Згурський Zghurskyi|Ґалаґан Galagan|Ґорґани Gorgany|Донецьк Donetsk|Дмитро Dmytro
Рівне Rivne|Олег Oleh|Есмань Esman|Єнакієве Yenakiieve|Гаєвич Haievych|Короп'є Koropie|Житомир Zhytomyr
Жанна Zhanna|Жежелів Zhezheliv|Закарпаття Zakarpattia|Казимирчук Kazymyrchuk|Медвин Medvyn|Михайленко Mykhailenko
Іванків Ivankiv|Іващенко Ivashchenko|Їжакевич Yizhakevych|Кадиївка Kadyivka|Мар'їне Marine|Йосипівка Yosypivka
Стрий Stryi|Олексій Oleksii|Київ Kyiv|Коваленко Kovalenko|Лебедин Lebedyn|Леонід Leonid|Миколаїв Mykolaiv
Маринич Marynych|Ніжин Nizhyn|Наталія Nataliia|Одеса Odesa|Онищенко Onyshchenko|Полтава Poltava|Петро Petro
Решетилівка Reshetylivka|Рибчинський Rybchynskyi|Суми Sumy|Соломія Solomiia|Тернопіль Ternopil|Троць Trots
Ужгород Uzhhorod|Уляна Uliana|Фастів Fastiv|Філіпчук Filipchuk|Харків Kharkiv|Христина Khrystyna
Біла~Церква Bila~Tserkva|Стеценко Stetsenko|Чернівці Chernivtsi|Шевченко Shevchenko|Шостка Shostka|Кишеньки Kyshenky
Щербухи Shcherbukhy|Гоща Hoshcha|Гаращенко Harashchenko|Юрій Yurii|Корюківка Koriukivka|Яготин Yahotyn
Ярошенко Yaroshenko|Костянтин Kostiantyn|Знам'янка Znamianka|Феодосія Feodosiia
"""
TRICKY = """
Згорани Zghorany|Розгон Rozghon|ЗГОРАНИ ZGHORANY|Безгласний Bezghlasnyi|Нова~Ярославівка Nova~Yaroslavivka
Кам’янець-Подільський Kamianets-Podilskyi|Камʼянка Kamianka|Кам'янка Kamianka|Кам`янка Kamianka|Кам‘янка Kamianka
ЩОРС SHCHORS|ЄНАКІЄВЕ YENAKIIEVE|Я. Ya.|Ю.~Є.~Щур Yu.~Ye.~Shchur|ОВА OVA|Івано-Франківськ Ivano-Frankivsk
Новоград-Волинський Novohrad-Volynskyi|Гола~Пристань Hola~Prystan|Їхня Yikhnia|Йорданешти Yordaneshty
Юр’ївка Yurivka|Ямпіль Yampil|Яблуниця-Їздра Yablunytsia-Yizdra|об’єднання obiednannia|Згурівка Zghurivka
U-LEAD~2026 U-LEAD~2026|«Дія» «Diia»|Опі\u0301шня Opishnia|Зінькі́в Zinkiv|Підгайці Pidhaitsi|підʼїзд pidizd
"""


def pairs(table: str) -> list[tuple[str, str]]:
    rows = (entry.split() for line in table.strip().splitlines() for entry in line.split("|"))
    return [(uk.replace("~", " "), en.replace("~", " ")) for uk, en in rows]


@pytest.mark.parametrize(("ukrainian", "latin"), pairs(OFFICIAL) + pairs(TRICKY))
def test_names_come_out_as_the_resolution_writes_them(ukrainian: str, latin: str) -> None:
    assert romanise(ukrainian) == latin


@pytest.mark.parametrize(("ukrainian", "latin"), pairs(OFFICIAL) + pairs(TRICKY))
def test_decomposed_letters_make_no_difference(ukrainian: str, latin: str) -> None:
    assert romanise(unicodedata.normalize("NFD", ukrainian)) == latin


def test_the_table_of_examples_is_as_long_as_it_should_be() -> None:
    assert len(pairs(OFFICIAL)) + len(pairs(TRICKY)) >= 89


def test_a_stress_mark_between_a_letter_and_its_own_mark_is_removed() -> None:
    assert plain("и\u0301\u0306") == "й"
    assert plain("і\u0301\u0308") == "ї"


@given(st.text(alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюя' -АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ’ʼ"))
def test_no_ukrainian_letter_survives(text: str) -> None:
    assert not any("\u0400" <= c <= "\u04ff" for c in romanise(text))


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_what_is_not_ukrainian_passes_unchanged(text: str) -> None:
    assert romanise(text) == text.replace("`", "'")
