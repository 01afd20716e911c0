"""The draft there and back: nothing is lost, what does not fit is refused with its line and changes nothing."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from language.letters import text_hash
from newsletter.escape import (
    from_cell,
    from_draft_cell,
    from_markdown,
    from_markdown_block,
    to_cell,
    to_draft_cell,
    to_markdown,
    to_markdown_block,
)
from newsletter.fields import key, normal
from newsletter.issue import Choice, plain
from newsletter.render.formats import FORMATS, Renderer
from newsletter.table_file import TABLE_COLUMNS
from tests.support.digesting import Paper, decide, numbers
from tests.support.hostile_texts import HOSTILE_TITLES, ODD_TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


EDITABLE = ("md", "csv", "xlsx")
TEXT = st.text(max_size=80).map(plain)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    yield made
    made.close()


def write(paper: Paper, folder: Path, form: str) -> Path:
    return paper.export(folder, form)


def state(paper: Paper) -> list[object]:
    return [
        paper.rows(f"SELECT * FROM {table}")
        for table in (
            "digest_choices",
            "digest_changes",
            "digests",
            "translation_edits",
            "digest_drops",
            "digest_texts",
        )
    ]


@given(TEXT)
@pytest.mark.fault("O3")
def test_markdown_holds_any_text(text: str) -> None:
    written = to_markdown(text)
    assert "\n" not in written
    assert from_markdown(written) == text


@given(TEXT)
@pytest.mark.fault("O1")
def test_a_cell_holds_any_text_and_is_no_formula(text: str) -> None:
    assert from_cell(to_cell(text)) == text
    assert not to_cell(text).lstrip().startswith(("=", "+", "-", "@"))
    assert from_draft_cell(to_draft_cell(text)) == text


@given(TEXT)
def test_a_text_of_several_lines_goes_through_markdown(text: str) -> None:
    kept = normal("note", text)
    assert from_markdown_block(to_markdown_block(kept)) == kept


@pytest.mark.parametrize("form", EDITABLE)
def test_there_and_back_and_there_again_is_the_same(paper: Paper, tmp_path: Path, form: str) -> None:
    """Titles, English, notes, typed sections, order and drops; every one of them odd."""
    for number, title in enumerate(ODD_TITLES):
        story = paper.story(plain(title), en=plain(ODD_TITLES[-number - 1]) if number % 3 else "")
        assert story
    issue = paper.draft()
    decide(
        paper,
        *(
            Choice(
                entry.story.story_id,
                "taken" if place % 4 else "dropped",
                section=None if place % 2 else "Мій | розділ *",
                position=len(ODD_TITLES) - place,
                title_en="" if place % 5 == 0 else None,
                note=plain(ODD_TITLES[place]),
            )
            for place, entry in enumerate(issue.entries)
        ),
    )
    first = write(paper, tmp_path, form)
    everything = {name: make(Renderer(paper.draft())) for name, (_, make) in FORMATS.items()}
    assert len(paper.draft().dropped) == 7
    before = state(paper)
    assert paper.take(first) == [f"{first.name}: nothing was changed in it"]
    assert state(paper) == before
    assert {name: make(Renderer(paper.draft())) for name, (_, make) in FORMATS.items()} == everything
    assert {name: make(Renderer(paper.draft())) for name, (_, make) in FORMATS.items()} == everything


@pytest.mark.parametrize("form", EDITABLE)
def test_a_changed_english_headline_stays(paper: Paper, tmp_path: Path, form: str) -> None:
    story = paper.story("Громада має бюджет")
    paper.translate("Громада має бюджет", "The crowd has a budget")
    path = change(write(paper, tmp_path, form), form, "The crowd has", "The =community| has *")
    paper.take(path)
    assert paper.rows("SELECT source_text, text_hash, text, edited_by FROM translation_edits") == [
        ("Громада має бюджет", text_hash("Громада має бюджет"), "The =community| has * a budget", "olena")
    ]
    (entry,) = paper.draft().entries
    assert (entry.story.title_en, entry.story.title_en_by) == ("The =community| has * a budget", "editor")
    issue = paper.seal()
    assert numbers(issue) == [story]
    paper.story("Громада має бюджет", day="2026-03-01", source_id="letter")
    (again,) = paper.draft().entries
    assert again.story.title_en == "The =community| has * a budget"


def change(path: Path, form: str, old: str, new: str) -> Path:
    """As an editor would: with the escapes that the format needs."""
    if form == "xlsx":
        book = openpyxl.load_workbook(path)
        for row in book.worksheets[0].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and old in cell.value:
                    cell.value = cell.value.replace(old, new)
        book.save(path)
    else:
        text = path.read_text(encoding="utf-8-sig")
        path.write_text(text.replace(old, to_markdown(new) if form == "md" else new), encoding="utf-8", newline="")
    return path


def edited(path: Path, form: str, edit: Callable[[dict[str, str]], None]) -> Path:
    """The table with each row changed."""
    rows = [dict(row) for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))]
    for row in rows:
        edit(row)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, TABLE_COLUMNS, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


def test_a_table_saved_by_a_spreadsheet_program_drops_moves_and_comments(paper: Paper, tmp_path: Path) -> None:
    """Semicolons and no byte order mark, as a European spreadsheet writes them."""
    stories = [paper.story(f"Новина {number}") for number in range(4)]
    numbered = {key(1, number): number for number in stories}

    def edit(row: dict[str, str]) -> None:
        number = numbered[row["key"]]
        row["order"] = str(10 - number)
        row["include"] = "ні" if number == stories[1] else "так"
        row["reason"] = "повторює минулий випуск" if number == stories[1] else ""
        row["note"] = "" if number == stories[1] else "важливо"
        row["section"] = "Budgets and subventions" if number == stories[2] else "Власна рубрика"

    paper.take(edited(write(paper, tmp_path, "csv"), "csv", edit))
    issue = paper.seal()
    assert issue is not None
    assert [
        (section.name_en, numbers_of)
        for section, numbers_of in ((s, [e.story.story_id for e in entries]) for s, entries in issue.sections())
    ] == [
        ("Budgets and subventions", [stories[2]]),
        ("Власна рубрика", [stories[3], stories[0]]),
    ]
    assert {entry.note for entry in issue.entries} == {"важливо"}
    assert paper.rows("SELECT story_id, reason FROM digest_drops") == [(stories[1], "повторює минулий випуск")]
    assert numbers(paper.draft()) == []


def test_what_arrives_after_the_editors_list_waits_and_is_not_lost(paper: Paper, tmp_path: Path) -> None:
    first, second = paper.story("Перша"), paper.story("Друга")
    path = without(write(paper, tmp_path, "md"), second)
    assert any("1 story not in the file" in note for note in paper.take(path))
    third = paper.story("Третя")
    assert numbers(paper.draft()) == [first]
    assert numbers(paper.seal()) == [first]
    assert sorted(numbers(paper.draft())) == [second, third]


def without(path: Path, *stories: int) -> Path:
    """The Markdown file without some stories."""
    kept, leaves_out = [], False
    for line in path.read_text().split("\n"):
        leaves_out = any(f"`{key(1, story)}`" in line for story in stories) or (leaves_out and line.startswith("  "))
        kept += [] if leaves_out else [line]
    path.write_text("\n".join(kept))
    return path


class TestRefused:
    @pytest.fixture
    def two(self, paper: Paper, tmp_path: Path) -> dict[str, Path]:
        paper.story("Перша"), paper.story("Друга")
        return {form: write(paper, tmp_path, form) for form in EDITABLE}

    def refused(self, paper: Paper, path: Path, pattern: str) -> None:
        before = state(paper)
        with pytest.raises(UsageError, match=pattern) as caught:
            paper.take(path)
        assert path.name in str(caught.value)
        assert state(paper) == before

    def test_changed_letters(self, paper: Paper, two: dict[str, Path]) -> None:
        two["md"].write_text(two["md"].read_text().replace(f"`{key(1, 1)}`", f"`{key(2, 1)}`"))
        self.refused(paper, two["md"], r"line \d+: [a-z]{10} is no story of this file")
        self.refused(paper, edited(two["csv"], "csv", lambda row: row.update(key="")), "line 2: a row without letters")

    @pytest.mark.parametrize("file", ["", "bcdfghkmnp"])
    def test_letters_of_no_file(self, paper: Paper, two: dict[str, Path], file: str) -> None:
        self.refused(paper, edited(two["csv"], "csv", lambda row: row.update(file=file)), "line 2: the letters of the")
        lines = [line for line in two["md"].read_text().split("\n") if not line.startswith("This is file")]
        two["md"].write_text("\n".join(lines))
        self.refused(paper, two["md"], "the letters of the file")

    def test_two_drafts_in_one_file(self, paper: Paper, two: dict[str, Path]) -> None:
        two["md"].write_text(two["md"].read_text() * 2)
        self.refused(paper, two["md"], r"line \d+: the story of line \d+ stands here again")

    def test_a_repeated_row(self, paper: Paper, two: dict[str, Path]) -> None:
        lines = two["csv"].read_bytes().split(b"\r\n")
        two["csv"].write_bytes(b"\r\n".join([*lines[:3], lines[1], b""]))
        self.refused(paper, two["csv"], "line 4: the story of line 2 stands here again")

    def test_a_draft_of_a_sealed_issue(self, paper: Paper, two: dict[str, Path]) -> None:
        paper.seal()
        self.refused(paper, two["csv"], "issue-1, which is sealed")
        paper.story("Третя")
        paper.draft()
        for path in two.values():
            self.refused(paper, path, "issue-1, which is sealed")

    def test_a_spreadsheet_that_was_damaged_on_its_way(self, paper: Paper, two: dict[str, Path]) -> None:
        data = bytearray(two["xlsx"].read_bytes())
        sheet = data.index(b"xl/worksheets/sheet1.xml") + 24
        data[sheet : sheet + 200] = bytes(range(200))
        two["xlsx"].write_bytes(data)
        self.refused(paper, two["xlsx"], "no spreadsheet that can be read")

    @pytest.mark.parametrize(
        ("name", "data", "pattern"),
        [
            ("a.csv", b"", "the file is empty"),
            ("a.md", b"", "the file names no story"),
            ("a.md", "# Хтось інший\n\nтекст\n".encode(), "the file names no story"),
            ("a.csv", b"\xff\x00", "line 1: the file is not UTF-8"),
            ("a.csv", b"include,order\nyes,1\n", "line 1: there is no column key"),
            ("a.csv", b"key,file\n", "the file names no story"),
            ("a.csv", b'"unclosed\n', "line"),
            ("a.xlsx", b"PK\x03\x04 no archive", "no spreadsheet"),
            ("a.xlsx", b"", "no spreadsheet"),
            ("a.docx", b"x", "a draft is a .md, .csv or .xlsx"),
            ("a.md", "## Розділ\n\nвільний текст\n".encode(), "line 3: this is neither"),
        ],
    )
    def test_no_draft_at_all(
        self, paper: Paper, two: dict[str, Path], tmp_path: Path, name: str, data: bytes, pattern: str
    ) -> None:
        (tmp_path / name).write_bytes(data)
        self.refused(paper, tmp_path / name, pattern)

    @pytest.mark.parametrize(
        ("column", "value", "pattern"),
        [
            ("include", "maybe", "line 2: include must be"),
            ("order", "first", "line 2: order must be a number"),
            ("order", "nan", "line 2: order must be a number"),
            ("section", "", "line 2: the story stands under no section"),
            ("title_en", "x" * 501, "line 2: title_en has 501"),
            ("title_uk", " ", "line 2: the story has no headline left"),
            ("until", "soon", "line 2: until must be a day"),
            ("key", "1; DROP TABLE", "line 2: 1; DROP TABLE is no story"),
        ],
    )
    def test_a_cell_that_does_not_fit(
        self, paper: Paper, two: dict[str, Path], column: str, value: str, pattern: str
    ) -> None:
        self.refused(paper, edited(two["csv"], "csv", lambda row: row.update({column: value})), pattern)

    def test_a_formula_in_a_spreadsheet(self, paper: Paper, two: dict[str, Path]) -> None:
        book = openpyxl.load_workbook(two["xlsx"])
        book.worksheets[0]["E2"].value = "=1+1"
        book.save(two["xlsx"])
        self.refused(paper, two["xlsx"], "line 2: cell E2 holds a formula")


@pytest.mark.parametrize("form", EDITABLE)
def test_hostile_wordings_of_an_editor_come_back_as_they_are(paper: Paper, tmp_path: Path, form: str) -> None:
    for number, _ in enumerate(HOSTILE_TITLES):
        paper.story(f"Новина {number}")
    issue = paper.draft()
    decide(
        paper,
        *(
            Choice(entry.story.story_id, title_en=plain(title)[:500] or "x", note=plain(title)[:500])
            for entry, title in zip(issue.entries, HOSTILE_TITLES, strict=True)
        ),
    )
    before = state(paper)
    assert paper.take(write(paper, tmp_path, form)) == [f"issue-1-draft.{form}: nothing was changed in it"]
    assert state(paper) == before
