"""Which items of a broad feed are about local self-government."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scrapers.parsing import topic
from scrapers.parsing.topic import about_local_government


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Громади отримають кошти на укриття", "Громади"),
        ("Кошти розподілили між громадою та районом", "громадою"),
        ("Шість ГРОМАД підписали угоду", "ГРОМАД"),
        ("У Тергромадах рахують бюджети", "Тергромадах"),
        ("Роз’яснення для ОТГ", "ОТГ"),
        ("День місцевого самоврядування", "самоврядування"),
        ("Субвенцією скористалися не всі", "Субвенцією"),
        ("Старостинський округ у горах", "Старостинський"),
        ("Старости пройшли навчання", "Старости"),
        ("Міським головам пояснили порядок", "Міським головам"),
        ("Мери обговорили тарифи", "Мери"),
        ("Депутати сільської ради проголосували", "сільської ради"),
        ("Місцеві бюджети виросли", "Місцеві бюджети"),
        ("ЦНАПи приймають заяви", "ЦНАПи"),
        ("Міста-побратими зустрілися", "Міста-побратими"),
        ("Міністерство оновило перелік проєктів ДФРР", "ДФРР"),
        ("Communities to receive shelters", "Communities"),
        ("A hromada near the sea", "hromada"),
        ("Municipalities train accountants", "Municipalities"),
        ("Decentralisation: what comes next", "Decentralisation"),
        ("Decentralization: what comes next", "Decentralization"),
        ("Local authorities meet in Lviv", "Local authorities"),
        ("Ukrainian mayors visit Tartu", "mayors"),
        ("Local self-government week", "Local self-government"),
        ("U‑LEAD opens a call", "U-LEAD"),
    ],
)
def test_kept_with_the_words_that_say_so(title: str, word: str) -> None:
    assert word in about_local_government(title)


@pytest.mark.parametrize(
    "title",
    [
        "Громадськість обговорила закон про надра",
        "Громадські слухання щодо мосту",
        "Громадяни зможуть подати заяву онлайн",
        "Громадянство: нові правила",
        "Європейська Рада ухвалила рішення",
        "Рада Європи відкрила виставку",
        "Верховна Рада ухвалила бюджет",
        "Прем’єр зустрівся з релігійними громадами",
        "Наукова громада вітає лауреата",
        "Студентське самоврядування обрало голову",
        "Територіальна оборона провела навчання",
        "Публічний реєстр запрацював",
        "Рада рада вітати гостей",
        "Business communities meet in Brussels",
        "The LGBTQ communities festival",
        "European Council adopts sanctions",
        "Public services go digital",
        "Community of practice for judges",
        "",
    ],
)
def test_left_out(title: str) -> None:
    assert about_local_government(title) == ()


def test_lead_and_tags_count_too_and_each_word_is_told_once() -> None:
    found = about_local_government("Гроші на школи", "Субвенція для громад і ще раз для громад.", ("старости",))
    assert found == ("Субвенція", "громад", "старости")


def test_every_row_of_the_data_can_match_its_own_words() -> None:
    path = Path(topic.__file__).parents[1] / "data" / "local_government.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["language"] for row in rows} == {"uk", "en"}
    silent = [row["phrase"] for row in rows if not about_local_government(row["phrase"].replace("*", ""))]
    assert silent == []
