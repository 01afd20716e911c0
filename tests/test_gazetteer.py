"""The official list: complete, and with the names that the list itself gives."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from language.places import gazetteer as module
from language.places.declension import forms
from language.places.gazetteer import gazetteer

SEED = [
    ("Коростишівська", "Korostyshiv community", "Zhytomyr region"),
    ("Козятинська", "Koziatyn community", "Vinnytsia region"),
    ("Курненська", "Kurne community", "Zhytomyr region"),
    ("Кушугумська", "Kushuhum community", "Zaporizhzhia region"),
    ("Новоукраїнська", "Novoukrainka community", "Kirovohrad region"),
    ("Опішнянська", "Opishnia community", "Poltava region"),
    ("Роздільнянська", "Rozdilna community", "Odesa region"),
    ("Савинська", "Savyntsi community", "Kharkiv region"),
    ("Теофіпольська", "Teofipol community", "Khmelnytskyi region"),
    ("Заводська", "Zavodske community", "Ternopil region"),
]
OVERRIDDEN = {
    "Золочівська": "Zolochiv",
    "Пристолична": "Prystolychna",
    "Борщагівська": "Borshchahivka",
    "Поліська": "Poliske",
    "Петрівська": "Petrivtsi",
    "Феодосіївська": "Feodosiivka",
    "Гірська": "Hora",
    "Брониківська": "Bronyky",
    "Грабовецько-Дулібівська": "Hrabovets-Duliby",
    "Присиваська": "Prysyvashshia",
    "Новодунаєвецька": "Novodunaivtsi",
    "Карапчівська": "Karapchiv",
    "Петровецька": "Petrivtsi",
}


def rows(name: str) -> list[dict[str, str]]:
    with (Path(module.__file__).parent / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_hromada_raion_and_oblast_is_there() -> None:
    kinds = Counter(place.kind for place in gazetteer().places.values())
    assert kinds == {"hromada": 1469, "raion": 136, "oblast": 27}


def test_every_place_lies_in_an_oblast_that_is_there() -> None:
    places = gazetteer().places
    assert all(places[place.oblast_id].kind == "oblast" for place in places.values())
    assert all(place.raion_id in places for place in places.values() if place.kind == "hromada")


@pytest.mark.parametrize(("adjective", "name", "oblast"), SEED)
def test_the_communities_of_the_portal_s_list_come_out_as_it_writes_them(
    adjective: str, name: str, oblast: str
) -> None:
    tables = gazetteer()
    found = [
        place for place in tables.places.values() if place.name_uk == f"{adjective} громада" and place.name_en == name
    ]
    assert oblast in {tables.oblast_of(place.id).name_en for place in found}


@pytest.mark.parametrize(("adjective", "core"), OVERRIDDEN.items())
def test_a_name_that_does_not_come_from_the_centre_is_overridden(adjective: str, core: str) -> None:
    overridden = {row["id"] for row in rows("overrides") if row["name_uk"] == adjective}
    assert [gazetteer().places[place_id].core for place_id in overridden] == [core]


def test_renamings_and_overrides_name_places_of_the_list() -> None:
    places = gazetteer().places
    assert {row["id"] for row in rows("renamings") + rows("overrides")} <= places.keys()


def test_every_oblast_but_crimea_and_kyiv_has_its_centre() -> None:
    without = {row["name_uk"] for row in rows("oblasts") if not row["centre_id"]}
    assert without == {"Автономна Республіка Крим", "Київська область", "місто Київ", "місто Севастополь"}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Коростишів", "коростишева"),
        ("Харків", "харкові"),
        ("Київ", "києвом"),
        ("Тернопіль", "тернополем"),
        ("Бориспіль", "борисполі"),
        ("Трускавець", "трускавця"),
        ("Кривий Ріг", "кривому розі"),
        ("Біла Церква", "білій церкві"),
        ("Нові Петрівці", "нових петрівцях"),
        ("Кам'янець-Подільський", "кам'янцем-подільським"),
        ("Івано-Франківськ", "івано-франківську"),
        ("Рава-Руська", "раві-руській"),
        ("Опішня", "опішнею"),
        ("Запоріжжя", "запоріжжям"),
        ("Новоукраїнка", "новоукраїнці"),
        ("Суми", "сумах"),
        ("Чернівці", "чернівців"),
        ("Ромни", "ромен"),
        ("Рівне", "рівного"),
        ("Умань", "уманню"),
        ("Дніпро", "дніпра"),
        ("Надвірна", "надвірній"),
        ("Золотоноша", "золотоношею"),
        ("Гуляйполе", "гуляйполя"),
    ],
)
def test_a_name_is_known_in_its_case_forms(name: str, form: str) -> None:
    assert form in forms(name)


def test_nothing_is_read_before_it_is_needed() -> None:
    code = "import language.places.names, language.places.gazetteer as g; print(g.gazetteer.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
