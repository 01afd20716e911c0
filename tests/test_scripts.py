"""Words with letters of two scripts: which are marked, and where an editor sees the mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from language.scripts import look, mixed, mixed_words
from newsletter.markdown_file import write_markdown
from newsletter.sheet import bare_sheet
from newsletter.table_file import write_csv
from tests.support.digesting import Paper
from tests.support.newsroom import Newsroom

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Уpяд ухвалив план", ["Уpяд"]),  # Latin p
        ("Гpoмади: гpoмади, Гpoмади", ["Гpoмади", "гpoмади"]),
        ("Decentralіsation continues", ["Decentralіsation"]),  # Cyrillic і
        ("ІT-галузь", ["ІT"]),
        ("гpоmада", ["гpоmада"]),
        ("pедакція-2", ["pедакція"]),
        ("XХ століття", ["XХ"]),
        ("aа", ["aа"]),
    ],
)
def test_words_of_both_scripts_are_marked(text: str, words: list[str]) -> None:
    assert mixed(text) == words
    assert {text[start:end] for start, end in mixed_words(text)} == set(words)


@pytest.mark.parametrize(
    "text",
    ["", "Уряд ухвалив план", "USAID і Prozorro", "e-послуги", "IT-громада", "U-LEAD з Європою", "COVID-19 у Києві",
     "Facebook’у", "Wi-Fi’я", "USAIDівський проєкт", "у Zoomом", "PDFка", "5G-мережа", "№ 5а", "Київ/Kyiv", "і i а a",
     "Cities4Cities", "смарт-City", "й", "Чорнобиль\u0301"],
)  # fmt: skip
def test_words_of_one_script_are_not(text: str) -> None:
    assert mixed(text) == []


def test_what_looks_alike() -> None:
    assert look("сом") == look("Com") != look("som")


def test_it_stands_in_the_files_of_a_draft(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "news.db")
    paper.story("Уpяд ухвалив план", "The government passed a plan")
    paper.story("Рада ухвалила план", "The council passed a plan")
    sheet = bare_sheet(paper.draft())
    assert write_markdown(sheet).decode().count("letters of two scripts: Уpяд") == 1
    assert write_csv(sheet).decode().count("Уpяд") == 2, "in the headline, and by itself"
    paper.close()


def test_readers_are_told_nothing_of_it(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "news.db")
    paper.story("Уpяд ухвалив план", "The government passed a plan")
    sealed = paper.seal()
    assert sealed is not None
    assert write_csv(bare_sheet(sealed)).decode().count("Уpяд") == 1, "in the headline"
    paper.close()
    room = Newsroom(tmp_path / "public.db")
    room.source("portal")
    room.story("Уpяд <b> план")
    site = room.done()
    assert "<mark>" not in site.get("/news/stories/1").text
    site.close()
