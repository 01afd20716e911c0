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
from newsletter.escape import from_cell, from_markdown, to_cell, to_markdown
from newsletter.files import COLUMNS
from newsletter.issue import plain
from newsletter.render.formats import FORMATS, Renderer
from tests.support.digesting import Paper, numbers
from tests.support.hostile_texts import HOSTILE_TITLES, ODD_TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from newsletter.issue import Issue

EDITABLE = ("md", "csv", "xlsx")
TEXT = st.text(max_size=80).map(plain)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    yield made
    made.close()


def write(paper: Paper, folder: Path, form: str, issue: Issue | None = None) -> Path:
    issue = issue or paper.draft()
    path = folder / f"{issue.name}{FORMATS[form][0]}"
    path.write_bytes(FORMATS[form][1](Renderer(issue)))
    return path


def state(paper: Paper) -> list[object]:
    return [
        paper.rows(f"SELECT * FROM {table}")
        for table in ("digest_choices", "digests", "translation_edits", "digest_drops")
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


@pytest.mark.parametrize("form", EDITABLE)
def test_there_and_back_and_there_again_is_the_same(paper: Paper, tmp_path: Path, form: str) -> None:
    """Titles, English, notes, typed sections, order and drops; every one of them odd."""
    for number, title in enumerate(ODD_TITLES):
        story = paper.story(plain(title), en=plain(ODD_TITLES[-number - 1]) if number % 3 else "")
        assert story
    issue = paper.draft()
    with paper.store.transaction() as connection:
        from newsletter import draft
        from newsletter.issue import Choice, ImportedDraft

        draft.save(
            connection,
            paper.newsletter.id,
            ImportedDraft(
                tuple(
                    Choice(
                        entry.story.story_id,
                        "taken" if place % 4 else "dropped",
                        section=None if place % 2 else "Мій | розділ *",
                        position=len(ODD_TITLES) - place,
                        title_en="" if place % 5 == 0 else None,
                        note=plain(ODD_TITLES[place]),
                    )
                    for place, entry in enumerate(issue.entries)
                )
            ),
            "olena",
            paper.now(),
        )
    first = write(paper, tmp_path, form)
    everything = {name: make(Renderer(paper.draft())) for name, (_, make) in FORMATS.items()}
    assert len(paper.draft().dropped) == 7
    paper.take(first)
    assert {name: make(Renderer(paper.draft())) for name, (_, make) in FORMATS.items()} == everything
    assert paper.rows("SELECT count(*) FROM translation_edits") == [(0,)]
    paper.take(first)
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
    writer = csv.DictWriter(out, COLUMNS, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


def test_a_table_saved_by_a_spreadsheet_program_drops_moves_and_comments(paper: Paper, tmp_path: Path) -> None:
    """Semicolons and no byte order mark, as a European spreadsheet writes them."""
    stories = [paper.story(f"Новина {number}") for number in range(4)]

    def edit(row: dict[str, str]) -> None:
        number = int(row["story_id"])
        row["order"] = str(10 - number)
        row["include"] = "ні" if number == stories[1] else "так"
        row["note"] = "повторює минулий випуск" if number == stories[1] else "важливо"
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
    path = write(paper, tmp_path, "md")
    lines = path.read_text().split("\n")
    place = next(number for number, line in enumerate(lines) if f"`{second}-" in line)
    path.write_text("\n".join(lines[:place] + lines[place + 4 :]))
    assert any("1 stories are not in the file" in note for note in paper.take(path))
    third = paper.story("Третя")
    draft = paper.draft()
    assert (numbers(draft), draft.waiting) == ([first], 2)
    assert numbers(paper.seal()) == [first]
    assert sorted(numbers(paper.draft())) == [second, third]


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

    def test_an_edited_number(self, paper: Paper, two: dict[str, Path]) -> None:
        two["md"].write_text(two["md"].read_text().replace("`1-", "`2-"))
        self.refused(paper, two["md"], r"line \d+: story 2-")

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_an_edited_number_in_a_table(self, paper: Paper, two: dict[str, Path], form: str) -> None:
        rows = (
            [
                [str(cell.value or "") for cell in row]
                for row in openpyxl.load_workbook(two["xlsx"]).worksheets[0].iter_rows()
            ]
            if form == "xlsx"
            else list(csv.reader(io.StringIO(two["csv"].read_text(encoding="utf-8-sig"), newline="")))
        )
        rows[2][6] = "99"
        if form == "xlsx":
            book = openpyxl.Workbook()
            for row in rows:
                book.worksheets[0].append(row)
            book.save(two[form])
        else:
            with two[form].open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        self.refused(paper, two[form], "line 3: story 99")

    def test_two_drafts_in_one_file(self, paper: Paper, two: dict[str, Path]) -> None:
        two["md"].write_text(two["md"].read_text() * 2)
        self.refused(paper, two["md"], r"line \d+: (story \d stands in line|this is neither)")

    def test_a_repeated_row(self, paper: Paper, two: dict[str, Path]) -> None:
        lines = two["csv"].read_bytes().split(b"\r\n")
        two["csv"].write_bytes(b"\r\n".join([*lines[:3], lines[1], b""]))
        self.refused(paper, two["csv"], "line 4: story . stands in line 2 already")

    def test_a_draft_of_a_sealed_issue(self, paper: Paper, two: dict[str, Path]) -> None:
        paper.seal()
        self.refused(paper, two["csv"], "no draft is open")
        paper.story("Третя")
        paper.draft()
        for path in two.values():
            self.refused(paper, path, "line")

    def test_a_spreadsheet_that_was_damaged_on_its_way(self, paper: Paper, two: dict[str, Path]) -> None:
        data = bytearray(two["xlsx"].read_bytes())
        sheet = data.index(b"xl/worksheets/sheet1.xml") + 24
        data[sheet : sheet + 200] = bytes(range(200))
        two["xlsx"].write_bytes(data)
        self.refused(paper, two["xlsx"], "no spreadsheet that can be read")

    @pytest.mark.parametrize(
        ("name", "data", "pattern"),
        [
            ("a.csv", b"", "line 1: the file is empty"),
            ("a.csv", b"\xff\xfe\x00", "line 1: the file is not UTF-8"),
            ("a.csv", b"include,order\nyes,1\n", "line 1: there is no column section"),
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
            ("title_uk", " ", "line 2: story . has no headline left"),
            ("check", "000000", "line 2: story"),
            ("story_id", "1; DROP TABLE", "line 2: story"),
            ("story_id", "9" * 40, "line 2: story"),
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
    with paper.store.transaction() as connection:
        from newsletter import draft
        from newsletter.issue import Choice, ImportedDraft

        choices = tuple(
            Choice(entry.story.story_id, title_en=plain(title)[:500] or "x", note=plain(title)[:500])
            for entry, title in zip(issue.entries, HOSTILE_TITLES, strict=True)
        )
        draft.save(connection, paper.newsletter.id, ImportedDraft(choices), "olena", paper.now())
    before = [(entry.story.story_id, entry.story.title_en, entry.note) for entry in paper.draft().entries]
    paper.take(write(paper, tmp_path, form))
    after = {entry.story.story_id: (entry.story.title_en, entry.note) for entry in paper.draft().entries}
    assert [after[number] for number, *_ in before] == [(english, note) for _, english, note in before]
