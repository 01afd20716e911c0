"""Editors' wordings: there and back as CSV, kept through everything, and what they teach the glossary."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from core.model import Rendering, Text, Translation, Translator
from db import ledger
from pipeline.__main__ import main
from pipeline.translate import translate_due
from tests.support.fakes import Desk, Echo, open_desk
from translations.suggestions import suggestions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AT = "2026-02-05T16:00:00Z"
LEARN, BUILD = "Громади навчаються", "Громади будують «нову» школу"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    desk.site.publish(1, LEARN, day="2026-02-01")
    desk.site.publish(2, BUILD, day="2026-02-02")
    desk.run()
    translate(desk)
    yield desk
    desk.store.close()


def translate(desk: Desk, model: str = "fake 1", **answers: Rendering) -> None:
    def judge(text: Text, rendering: Rendering, translator: Translator) -> Translation:
        return Translation(text, rendering.text, translator.engine, translator.model, "", "ok")

    translate_due(desk.store, load=lambda: Echo(model=model, answers=answers), judge=judge, at=AT)


Command = "Callable[..., tuple[int, str, str]]"


@pytest.fixture
def edit(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def edit(*words: str, command: str = "edit") -> tuple[int, str, str]:
        code = main([command, *words, "--db", str(desk.store.path)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return edit


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def shown(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows("SELECT title_uk, title_en, title_en_by FROM news")


def write(path: Path, *pairs: tuple[str, str], delimiter: str = ",", encoding: str = "utf-8") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([("source_text", "text"), *pairs])
    path.write_bytes(file.getvalue().encode(encoding))
    return str(path)


def test_an_exported_file_with_one_cell_filled_in_comes_back(
    desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "wordings.csv"
    assert edit("export", str(path))[0] == 0
    text = path.read_text(encoding="utf-8")
    assert [(row["source_text"], row["text"], row["machine"]) for row in rows(text)] == [
        (BUILD, "", "English of 28 letters"),
        (LEARN, "", "English of 18 letters"),
    ]
    path.write_text(text.replace(f"{LEARN},,", f"{LEARN},Communities learn,"), encoding="utf-8")
    assert json.loads(edit("import", str(path), "--json", "--by", "Оля")[1]) == {
        "edits": 1,
        "unchanged": 0,
        "unused": 0,
    }
    assert shown(desk)[1] == (LEARN, "Communities learn", "editor")
    assert desk.rows("SELECT edited_by FROM translation_edits") == [("Оля",)]
    assert [(row["text"], row["status"], row["edited_by"]) for row in rows(edit("export")[1])][1] == (
        "Communities learn", "in use", "Оля",
    )  # fmt: skip
    assert json.loads(edit("import", str(path), "--json")[1])["edits"] == 0


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8"), ("\t", "utf-8-sig"), (",", "utf-8-sig")])
def test_what_spreadsheets_make_of_a_csv_is_read(
    desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path, delimiter: str, encoding: str
) -> None:
    file = write(
        tmp_path / "a.csv",
        (BUILD, 'Communities build a "new" school, soon; now'),
        delimiter=delimiter,
        encoding=encoding,
    )
    assert edit("import", file)[0] == 0
    assert shown(desk)[0][1] == 'Communities build a "new" school, soon; now'


def test_a_wording_survives_ingests_models_and_a_publisher_s_english(
    desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    edit("import", write(tmp_path / "a.csv", (LEARN, "Communities learn")))
    desk.site.publish(1, "Communities are learning", edition="/en")
    desk.run(full=True)
    translate(desk, "fake 2")
    assert shown(desk)[1][1:] == ("Communities learn", "editor")


def test_a_changed_headline_is_not_shown_under_the_old_wording_which_is_listed_as_stale(
    desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    edit("import", write(tmp_path / "a.csv", (LEARN, "Communities learn")))
    desk.site.publish(1, "Громади навчаються разом", day="2026-02-01")
    desk.run()
    assert shown(desk)[1] == ("Громади навчаються разом", None, None)
    assert [edit["source_text"] for edit in json.loads(edit("stale", "--json")[1])["stale"]] == [LEARN]
    assert [row["status"][:5] for row in rows(edit("export")[1]) if row["text"]] == ["stale"]
    desk.site.publish(1, LEARN, day="2026-02-01")
    desk.run()
    assert shown(desk)[1] == (LEARN, "Communities learn", "editor")
    assert "every edit is in use" in edit("stale")[1]


LEAD = "Заняття почнуться в березні"


@pytest.fixture
def with_lead(desk: Desk) -> Desk:
    desk.site.publish(3, "Громади вчать старост", lead=LEAD, day="2026-02-03")
    desk.run()
    translate(desk)
    return desk


def lead(desk: Desk) -> tuple[object, ...]:
    return desk.rows("SELECT lead_uk, lead_en, lead_en_by, lead_en_state FROM news")[0]


def test_a_lead_is_worded_in_the_same_file_and_goes_before_all_others(
    with_lead: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    desk = with_lead
    exported = [(row["part"], row["source_text"], row["machine"]) for row in rows(edit("export")[1])][:2]
    assert exported == [
        ("title", "Громади вчать старост", "English of 21 letters"),
        ("lead", LEAD, f"English of {len(LEAD)} letters"),
    ]
    assert json.loads(edit("import", write(tmp_path / "a.csv", (LEAD, "Lessons begin in March")), "--json")[1]) == {
        "edits": 1, "unchanged": 0, "unused": 0,
    }  # fmt: skip
    assert lead(desk) == (LEAD, "Lessons begin in March", "editor", "ok")
    assert len(desk.rows("SELECT rowid FROM news_fts WHERE news_fts MATCH 'lead_en: lessons'")) == 1
    desk.site.publish(3, "Communities teach starostas", lead="Classes start soon", edition="/en")
    desk.run(full=True)
    assert lead(desk) == (LEAD, "Lessons begin in March", "editor", "ok")


def test_a_lead_that_changed_is_not_shown_under_the_old_wording(
    with_lead: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    edit("import", write(tmp_path / "a.csv", (LEAD, "Lessons begin in March")))
    with_lead.site.publish(3, "Громади вчать старост", lead="Заняття почнуться в квітні", day="2026-02-03")
    with_lead.run(days=1)
    translate(with_lead)
    assert lead(with_lead) == ("Заняття почнуться в квітні", "English of 26 letters", "machine", "ok")
    assert [row["source_text"] for row in json.loads(edit("stale", "--json")[1])["stale"]] == [LEAD]


def test_an_edited_text_needs_no_machine(desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    desk.site.publish(3, "Громади вчать старост", lead=LEAD, day="2026-02-03")
    edit("import", write(tmp_path / "a.csv", (LEAD, "Lessons begin in March"), ("Громади вчать старост", "They teach")))
    desk.run()
    assert ledger.due(desk.store.connection, AT) == []
    assert desk.rows("SELECT count(*) FROM stories WHERE waits") == [(0,)]
    with desk.store.transaction() as connection:
        ledger.go_through(connection, "new", ("fake", "fake 2"), lambda _: "", AT)
    assert [text.source_text for text in ledger.due(desk.store.connection, AT)] == [BUILD, LEARN]


def test_a_long_lead_may_have_long_english(
    desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"source_text,text,part\nГромада,{'long ' * 200},lead\n", encoding="utf-8")
    assert edit("import", str(path))[0] == 0
    path.write_text(f"source_text,text,part\nГромада,{'longer ' * 400},lead\n", encoding="utf-8")
    code, _, error = edit("import", str(path))
    assert (code, "longer than 2000" in error) == (2, True)


def test_an_edit_can_be_searched_for(desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    edit("import", write(tmp_path / "a.csv", (LEARN, "Municipal academies")))
    assert len(desk.rows("SELECT rowid FROM news_fts WHERE news_fts MATCH 'academies'")) == 1


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "@all communities", "-5 degrees", "'quoted'"])
def test_a_cell_is_no_formula_and_comes_back_as_it_was(
    desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path, text: str
) -> None:
    edit("import", write(tmp_path / "a.csv", (LEARN, f"{text} a")))
    (row,) = [row for row in rows(edit("export")[1]) if row["text"]]
    assert row["text"][0] not in "=+@-"
    (tmp_path / "b.csv").write_text(edit("export")[1], encoding="utf-8")
    assert json.loads(edit("import", str(tmp_path / "b.csv"), "--json")[1])["edits"] == 0
    assert shown(desk)[1][1] == f"{text} a"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"source_text,english\nx,y\n", "no column text"),
        (b"", "no column source_text"),
        ("source_text,text\nГромади,Communities\n,Schools\n".encode(), "line 3: English without the Ukrainian"),
        ("source_text,text\nГромади,Communities\nШколи,Школи\n".encode(), "line 3: no English: Школи"),
        ("source_text,text\nГромади,Communities\nГромади,Towns\n".encode(), "line 3: another English"),
        ('source_text,text\nГромади,Communities\n"Школи,Schools\n'.encode(), "no CSV"),
        ("source_text,text\nГромади,Communities\n".encode("cp1251"), "not UTF-8 at byte 17"),
        (("source_text,text\nГромади," + "long " * 400).encode(), "line 2: longer than"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(
    desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(data)
    code, _, error = edit("import", str(path))
    assert code == 2
    assert f"{path}" in error
    assert said in error
    assert desk.rows("SELECT count(*) FROM translation_edits") == [(0,)]


def test_without_a_file_or_a_database_there_is_one_clear_line(
    edit: Callable[..., tuple[int, str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edit("import")[0] == 2
    assert edit("import", str(tmp_path / "none.csv"))[0] == 2
    file = write(tmp_path / "a.csv", (LEARN, "Communities learn"))
    assert main(["edit", "import", file, "--db", str(tmp_path / "none.db")]) == 1
    assert "there is no database yet" in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()


def test_what_people_keep_changing_is_suggested_with_the_word_behind_it() -> None:
    found = suggestions(
        [
            ("Субвенція для шкіл", "Subsidy for schools", "Subvention for schools"),
            ("Громади отримають субвенції", "Communities receive the subsidies", "Communities receive a subvention"),
            (
                "Уряд дав субвенцію лікарні",
                "Government gave subsidy to a hospital",
                "Government gave subvention to a hospital",
            ),
            ("Рада обрала старосту", "Council elected a headman", "Council elected a starosta"),
            ("Уряд радить громадам", "Government advises communities", "The Government advises the communities"),
        ]
    )
    assert [(each.machine, each.person, each.times, each.ukrainian) for each in found] == [
        ("subsidy", "subvention", 3, "субвенція")
    ]


def test_cyrillic_letters_in_a_publisher_s_english_are_no_change() -> None:
    pairs = [(f"Новини {day}", f"Decentralisation news {day}", f"Decentralіsation news {day}") for day in ("а", "б")]
    assert suggestions(pairs) == []


def test_the_command_reads_editors_and_publishers(
    desk: Desk, edit: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    machine: dict[str, Any] = {
        "Бюджети громад": Rendering("Budgets of gromadas"),
        "Школи громад": Rendering("Schools of gromadas"),
    }
    desk.site.publish(3, "Бюджети громад")
    desk.site.publish(4, "Школи громад")
    desk.run()
    translate(desk, **machine)
    desk.site.publish(3, "Budgets of communities", edition="/en")
    desk.run()
    edit("import", write(tmp_path / "a.csv", ("Школи громад", "Schools of communities")))
    found = json.loads(edit("suggest", "--json", command="glossary")[1])["suggestions"]
    assert [(each["machine"], each["person"], each["times"]) for each in found] == [("gromada", "community", 2)]
    assert "2 × gromada → community" in edit("suggest", command="glossary")[1]
