"""What is done to a text before a machine translates it, and to its result afterwards."""

from __future__ import annotations

import pytest

from tests.support.argos_packages import install_demo
from translations import postedit
from translations.abbreviations import write_out
from translations.engines import argos
from translations.placeholders import Phrase, mask, restore
from translations.recasing import recase


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("У м. Буча відкрили ЦНАП", "У місті Буча відкрили ЦНАП"),
        ("м. Київ", "місто Київ"),
        ("до смт Теофіполь Хмельницької обл.", "до селища Теофіполь Хмельницької області"),
        ("На с. Курне Коростишівського р-ну", "На село Курне Коростишівського району"),
        ("школа на вул. Франка", "школа на вулиці Франка"),
        ("₴987,1 млн на школи", "987,1 мільйонів гривень на школи"),
        ("12,5 млн. грн та 1 тис. грн", "12,5 мільйонів гривень та 1 тисяч гривень"),
        ("законопроєкт №12283", "законопроєкт номер 12283"),
        ("ліцей ім. Франка", "ліцей імені Франка"),
        ("50 км. Потім ліс", "50 км. Потім ліс"),
        ("Громада отримає 500 осіб", "Громада отримає 500 осіб"),
    ],
)
def test_abbreviations_are_write_out(text: str, full: str) -> None:
    assert write_out(text, lambda short, full: True) == full


def test_what_the_package_does_not_read_better_is_left() -> None:
    text = "У м. Буча Київської обл. дали 5 млн грн за № 7"
    assert write_out(text, lambda short, full: False) == text
    assert write_out("₴1 млрд", lambda short, full: False) == "1 млрд грн"


def test_the_package_itself_says_what_it_reads_better(tmp_path_factory: pytest.TempPathFactory) -> None:
    translator = argos.ArgosTranslator(install_demo(tmp_path_factory.mktemp("demo")), threads=1)
    assert write_out("м. Курне, 5 млн грн", translator.should_write_out) == "місто Курне, 5 млн грн"
    assert translator.signs == ()  # it never saw A1, so nothing is carried through it


@pytest.mark.parametrize(
    ("shouted", "written"),
    [
        (
            "КОРОСТИШІВСЬКА МІСЬКА ГРОМАДА ОТРИМАЛА СУБВЕНЦІЮ НА ЦНАПИ ВІД U-LEAD",
            "Коростишівська міська громада отримала субвенцію на ЦНАПи від U-LEAD",
        ),
        (
            "ЗАПРОШУЄМО СТАРОСТ ЖИТОМИРСЬКОЇ ОБЛАСТІ ДО КАМ’ЯНЦЯ-ПОДІЛЬСЬКОГО!",
            "Запрошуємо старост Житомирської області до Кам’янця-Подільського!",
        ),
        ("ПРОЄКТ U-LEAD З ЄВРОПОЮ: ЗАКОН УКРАЇНИ", "Проєкт U-LEAD з Європою: закон України"),
        ("ПРЕЗИДЕНТ ВОЛОДИМИР ЗЕЛЕНСЬКИЙ У ВЕРХОВНІЙ РАДІ", "Президент Володимир Зеленський у Верховній Раді"),
        ("УВАГА! КОНКУРС ДЛЯ ГРОМАД СУМЩИНИ. НАДІЯ НА МИР", "Увага! Конкурс для громад Сумщини. Надія на мир"),
        ("«АНОНС»: 12 МЛН ГРН ДЛЯ ОМС", "«Анонс»: 12 млн грн для ОМС"),
        ("Нова школа для ВПО", "Нова школа для ВПО"),
        ("ЦНАП", "ЦНАП"),
    ],
)
@pytest.mark.fault("T7")
def test_a_text_in_capitals_gets_small_letters_and_keeps_its_names(shouted: str, written: str) -> None:
    assert recase(shouted) == written


@pytest.mark.parametrize(
    ("source", "target", "better"),
    [
        ("Рада у Києві", "The council in Kiev", "The council in Kyiv"),
        ("Книга про старий світ", "A book on old Kiev", "A book on old Kiev"),
        ("Громади Харківщини", "Bulks of Kharkov region", "Communities of Kharkiv region"),
        ("Велика знижка", "Bulk discount", "Bulk discount"),
        ("Коростишівська громада", "Korostyshivska community", "Korostyshiv community"),
        ("Рада дала 1,2 млн грн", "The council gave 1.2 million UAH", "The council gave UAH 1.2 million"),
        ("Рада дала 12 500 гривень", "The council gave 12,500 hryvnias", "The council gave UAH 12,500"),
        ("Центр для громад", "center for communities", "Centre for communities"),
        ("Рада каже «так»", "The council says &quot;yes&quot; <unk>", 'The council says "yes"'),
        ("Онлайн-форум", "Online @-@ forum", "Online-forum"),
    ],
)
def test_what_can_be_put_right_by_rule_is(source: str, target: str, better: str) -> None:
    text, steps = postedit.repair(source, target)
    assert text == better
    assert bool(steps) == (target != better)


def test_cyrillic_words_that_are_left_are_romanised_and_named() -> None:
    assert postedit.romanise_rest("The Дія app in Кам’янка") == ("The Diia app in Kamianka", ("Дія", "Кам’янка"))


def test_at_most_three_phrases_are_carried_and_each_arrives_once() -> None:
    text = "Курненська громада, Опішнянська громада, Теофіпольська громада і Кушугумська громада: A1"
    words = ("Курненська громада", "Опішнянська громада", "Теофіпольська громада", "Кушугумська громада")
    phrases = [Phrase(text.index(word), text.index(word) + len(word), word[:2]) for word in words]
    masked = mask(text, phrases, ("A1", "A2", "A4", "F1", "F2"))
    assert masked is not None
    assert masked.text == "A2, A4, F1 і Кушугумська громада: A1"
    assert restore("A4, A2 and F1: A1", masked) == "Оп, Ку and Те: A1"
    assert restore("A4 and F1", masked) is None
    assert restore("A2, A2, A4, F1", masked) is None
    assert restore("A2-ska, A4, F1", masked) is None
    assert mask(text, phrases, ()) is None
    assert mask(text, [], ("A1",)) is None
