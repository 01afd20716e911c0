"""An edited draft is merged with what happened meanwhile: an untouched one changes nothing, nobody's work is lost."""

from __future__ import annotations

import csv
import io
import random
from typing import TYPE_CHECKING

import openpyxl
import pytest

from core.errors import UsageError
from newsletter import changes
from newsletter.changes import Edit
from newsletter.damage import damage
from newsletter.fields import key
from newsletter.present import present
from tests.support import spreadsheets
from tests.support.digesting import Paper, numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FORMS = ("md", "csv", "xlsx")
LEFT_OUT = "left out"
KEPT = ("digest_choices", "digest_changes", "digest_texts", "translation_edits", "translation_approvals", "digests")


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    for number in range(1, 7):
        made.story(
            f"У громаді {number} відкрили {20 + number} шкіл", day=f"2026-02-{28 - number}", lead=f"Лід {number}"
        )
        made.translate(
            f"У громаді {number} відкрили {20 + number} шкіл", f"Community {number} opened {20 + number} schools"
        )
    yield made
    made.close()


def state(paper: Paper) -> list[object]:
    return [paper.rows(f"SELECT * FROM {table}") for table in KEPT]


def value(paper: Paper, story: int, field: str) -> str:
    with paper.store.transaction() as connection:
        return present(connection, paper.newsletter, paper.now()).stories[story][field]


def desk(paper: Paper, *edits: tuple[int, str, str], by: str = "petro") -> None:
    """Another person changes fields at the desk."""
    with paper.store.transaction() as connection:
        now = present(connection, paper.newsletter, paper.now())
        made = [Edit(story, None, field, now.stories[story][field], given) for story, field, given in edits]
        assert not changes.apply(connection, paper.newsletter, now.digest_id, made, by, paper.now(), "desk").conflicts


def table(path: Path, edit: Callable[[dict[str, str]], object]) -> Path:
    """The CSV with each row changed; a row for which `edit` gives LEFT_OUT is not in it."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    kept = [row for row in rows if edit(row) != LEFT_OUT]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(kept)
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    return path


def row_of(story: int) -> Callable[[dict[str, str]], bool]:
    return lambda row: row["key"] == key(1, story)


class TestUntouched:
    @pytest.mark.parametrize("form", FORMS)
    def test_an_ingest_between_export_and_import_is_left_as_it_is(
        self, paper: Paper, tmp_path: Path, form: str
    ) -> None:
        """The publisher retitles, its own English comes, the machine says another thing: none of it is an editor's."""
        path = paper.export(tmp_path, form)
        paper.retitle(1, "У громаді 1 відкрили 27 шкіл")
        paper.translate("У громаді 1 відкрили 27 шкіл", "Community 1 opened 27 schools")
        paper.db.execute("UPDATE translations SET text = 'Village 2 has 22 schools' WHERE text LIKE 'Community 2 %'")
        paper.db.execute("UPDATE stories SET en_article_id = ? WHERE id = 3", (
            paper.article(3, "en", "154 services in community 3", day="2026-02-20"),))  # fmt: skip
        paper.story("Зовсім нова", day="2026-02-27")
        paper.merge(5, 4)
        before = state(paper)
        assert paper.take(path)[0] == f"{path.name}: nothing was changed in it"
        assert state(paper) == before
        shown = {entry.story.story_id: entry.story for entry in paper.draft().entries}
        assert (shown[1].title_uk, shown[1].title_en) == (
            "У громаді 1 відкрили 27 шкіл",
            "Community 1 opened 27 schools",
        )
        assert (shown[2].title_en, shown[2].title_en_by) == ("Village 2 has 22 schools", "machine")
        assert (shown[3].title_en, shown[3].title_en_by) == ("154 services in community 3", "publisher")

    @pytest.mark.parametrize("seed", range(12))
    def test_whatever_happens_between(self, paper: Paper, tmp_path: Path, seed: int) -> None:
        chance = random.Random(seed)
        path = paper.export(tmp_path, chance.choice(FORMS))
        happens: list[Callable[[], object]] = [
            lambda: paper.retitle(chance.randint(1, 4), f"Інший заголовок {chance.random()}"),
            lambda: paper.story(f"Нова {chance.random()}", day=f"2026-02-{chance.randint(10, 28)}"),
            lambda: paper.merge(6, 1),
            lambda: paper.db.execute("UPDATE translations SET text = text || ' again'"),
            lambda: desk(paper, (2, "decision", chance.choice(("taken", "dropped", "held")))),
            lambda: desk(paper, (3, "section", "budgets"), (3, "note", "theirs")),
            lambda: desk(paper, (4, "position", "1")),
            lambda: desk(paper, (1, "title_en", "Their English"), (1, "title_uk", "Їхній заголовок")),
        ]
        for event in chance.sample(happens, 4):
            try:
                event()
            except UsageError:  # what cannot be done after the events before
                continue
        before = state(paper)
        assert paper.take(path)[0] == f"{path.name}: nothing was changed in it"
        assert state(paper) == before


class TestTwoPeople:
    @pytest.mark.parametrize("form", FORMS)
    def test_the_work_of_both_stays(self, paper: Paper, tmp_path: Path, form: str) -> None:
        path = paper.export(tmp_path, form)
        desk(paper, (1, "decision", "dropped"), (1, "reason", "стара"), (2, "title_en", "Petro's words"), by="petro")
        if form == "xlsx":
            book = openpyxl.load_workbook(path)
            for row in book.worksheets[0].iter_rows():
                for cell in row:
                    if cell.value == "Community 3 opened 23 schools":
                        cell.value = "Olena's words"
            book.save(path)
        else:
            path.write_bytes(path.read_bytes().replace(b"Community 3 opened 23 schools", b"Olena's words"))
        assert paper.take(path) == [f"{path.name}: 1 change taken in: 1 title en"]
        assert (value(paper, 1, "decision"), value(paper, 1, "reason")) == ("dropped", "стара")
        assert [value(paper, story, "title_en") for story in (2, 3)] == ["Petro's words", "Olena's words"]
        assert paper.rows("SELECT text, edited_by FROM translation_edits ORDER BY id") == [
            ("Petro's words", "petro"), ("Olena's words", "olena")]  # fmt: skip

    def test_different_moves_both_count(self, paper: Paper, tmp_path: Path) -> None:
        assert numbers(paper.draft()) == [1, 2, 3, 4, 5, 6]
        path = paper.export(tmp_path, "csv")
        desk(paper, (6, "position", "1"))
        said = paper.take(table(path, lambda row: row_of(2)(row) and row.update(order="5")))
        assert said == [f"{path.name}: 1 change taken in: 1 position"]
        assert numbers(paper.draft()) == [6, 1, 3, 4, 5, 2]

    def test_moves_of_one_story_are_a_conflict(self, paper: Paper, tmp_path: Path) -> None:
        path = paper.export(tmp_path, "csv")
        desk(paper, (2, "position", "1"))
        said = paper.take(table(path, lambda row: row_of(2)(row) and row.update(order="5.5")))
        assert any("position: yours" in line and "by petro" in line for line in said)
        assert numbers(paper.draft()) == [2, 1, 3, 4, 5, 6]

    def test_edits_of_a_story_that_left_the_draft_are_told(self, paper: Paper, tmp_path: Path) -> None:
        path = paper.export(tmp_path, "csv")
        paper.merge(5, 4)
        said = paper.take(table(path, lambda row: row_of(5)(row) and row.update(title_en="Mine", include="no")))
        assert any("not in the draft any more" in line and "Mine" in line for line in said)
        assert paper.rows("SELECT * FROM digest_changes") == []


class TestChoice:
    def test_what_the_file_leaves_out_is_undecided_and_what_came_since_waits(
        self, paper: Paper, tmp_path: Path
    ) -> None:
        path = table(paper.export(tmp_path, "csv"), lambda row: LEFT_OUT if row_of(3)(row) else None)
        paper.story("Нова", day="2026-02-28")
        said = paper.take(path)
        assert f"{path.name}: the issue is its 5 stories now; what comes later waits, undecided" in said
        assert "1 story not in the file: back in the bin, undecided" in said
        assert "1 story came since the file was written: they wait, undecided" in said
        assert numbers(paper.draft()) == [1, 2, 4, 5, 6]
        assert value(paper, 3, "decision") == value(paper, 7, "decision") == ""
        issue = paper.draft()
        assert sorted(entry.story.story_id for entry in issue.bin) == [3, 7]

    def test_the_bin_is_in_the_file_and_is_taken_from_there(self, paper: Paper, tmp_path: Path) -> None:
        desk(paper, *((story, "decision", "taken") for story in (1, 2, 3)))
        path = paper.export(tmp_path, "md")
        issue, bin_part = path.read_text().split("# Not in the issue")
        assert [key(1, story) in issue for story in range(1, 7)] == [True] * 3 + [False] * 3
        assert bin_part.count("- [?] ") == 3
        path.write_text(path.read_text().replace(f"- [?] `{key(1, 5)}`", f"- [x] `{key(1, 5)}`"))
        assert paper.take(path) == [f"{path.name}: 1 change taken in: 1 story taken"]
        assert numbers(paper.draft()) == [1, 2, 3, 5]

    @pytest.mark.parametrize("form", ["csv", "md"])
    def test_held_until_a_day(self, paper: Paper, tmp_path: Path, form: str) -> None:
        path = paper.export(tmp_path, form)
        if form == "csv":
            table(path, lambda row: row_of(2)(row) and row.update(include="held", until="31.03.2026"))
        else:
            name = f"- [x] `{key(1, 2)}`"
            text = path.read_text().replace(name, name.replace("[x]", "[later]"))
            head, rest = text.split(name.replace("[x]", "[later]"))
            path.write_text(
                head + name.replace("[x]", "[later]") + rest.replace("  - note:", "  - note:\n  - until: 2026-03-31", 1)
            )
        paper.take(path)
        assert (value(paper, 2, "decision"), value(paper, 2, "until")) == ("held", "2026-03-31")

    def test_a_file_of_fewer_than_half_must_say_so(self, paper: Paper, tmp_path: Path) -> None:
        half = paper.export(tmp_path, "csv")
        table(half, lambda row: None if row["key"] in {key(1, story) for story in (1, 2, 3)} else LEFT_OUT)
        fewer = tmp_path / "fewer.csv"
        fewer.write_bytes(half.read_bytes())
        table(fewer, lambda row: LEFT_OUT if row_of(3)(row) else row.update(note="так"))
        before = state(paper)
        with pytest.raises(UsageError, match="names 2 of the 6 stories"):
            paper.take(fewer)
        assert state(paper) == before
        assert paper.take(fewer, partial=True) == ["fewer.csv: 2 changes taken in: 2 note"]
        assert numbers(paper.draft()) == [1, 2, 3, 4, 5, 6]
        assert "3 stories not in the file: back in the bin, undecided" in paper.take(half)

    def test_a_part_of_the_draft_chooses_nothing_for_the_rest(self, paper: Paper, tmp_path: Path) -> None:
        desk(paper, (2, "decision", "dropped"))
        part = paper.export(tmp_path, "csv")
        table(part, lambda row: row.update(include="yes") if row_of(2)(row) else LEFT_OUT)
        assert paper.take(part, partial=True) == ["issue-1-draft.csv: 1 change taken in: 1 decision"]
        assert numbers(paper.draft()) == [1, 2, 3, 4, 5, 6]
        part = paper.export(tmp_path, "csv")
        table(part, lambda row: row.update(include="") if row_of(2)(row) else LEFT_OUT)
        assert "story 2 is undecided as all are" in paper.take(part, partial=True)[0]
        assert numbers(paper.draft()) == [1, 2, 3, 4, 5, 6]

    def test_everything_in_a_file_is_taken_back_together(self, paper: Paper, tmp_path: Path) -> None:
        path = paper.export(tmp_path, "md")
        text = path.read_text().replace("Community 2 opened 22", "Town 2 opened 22").replace("- [x]", "- [ ]", 1)
        path.write_text(text.replace("- subject:", "- subject: Schools"))
        shown = "SELECT story_id, title_en, title_en_by FROM news ORDER BY 1"
        before = [paper.rows(shown), numbers(paper.draft())]
        paper.take(path)
        ((last,),) = paper.rows("SELECT max(id) FROM digest_changes")
        with paper.store.transaction() as connection:
            undone = changes.undo(connection, paper.newsletter, last, "olena", paper.now(), together=True)
        assert not undone.conflicts
        assert [
            paper.rows("SELECT story_id, title_en, title_en_by FROM news ORDER BY 1"),
            numbers(paper.draft()),
        ] == before
        assert paper.rows("SELECT * FROM digest_texts") == []


class TestTexts:
    def test_texts_of_the_issue_go_on_over_lines(self, paper: Paper, tmp_path: Path) -> None:
        path = paper.export(tmp_path, "md")
        intro = "- intro en: Dear readers,\n\n    this was a week of [schools](https://x.example/)\n      - and more"
        path.write_text(path.read_text().replace("- intro en:", intro))
        paper.take(path)
        expected = "Dear readers,\n\nthis was a week of [schools](https://x.example/)\n  - and more"
        assert paper.rows("SELECT field, text FROM digest_texts") == [("intro_en", expected)]
        assert paper.take(paper.export(tmp_path, "md")) == ["issue-1-draft.md: nothing was changed in it"]

    @pytest.mark.parametrize("typed", ["Community 2 opened 22 schools ", "Community 2 opened\u00a022 schools",
                                       "\u201cCommunity 2\u201d opened 22 schools"])  # fmt: skip
    def test_what_a_program_changes_on_its_own_is_nobodys_edit(self, paper: Paper, tmp_path: Path, typed: str) -> None:
        paper.db.execute("UPDATE translations SET text = ? WHERE text LIKE 'Community 2 %'", (
            typed.replace("\u201c", '"').replace("\u201d", '"').replace("\u00a0", " ").strip(),))  # fmt: skip
        path = paper.export(tmp_path, "csv")
        paper.take(table(path, lambda row: row_of(2)(row) and row.update(title_en=typed)))
        assert paper.rows("SELECT * FROM translation_edits") == paper.rows("SELECT * FROM digest_changes") == []

    def test_a_cell_that_a_spreadsheet_changed_is_named_and_not_taken(self, paper: Paper, tmp_path: Path) -> None:
        paper.retitle(2, "00123")
        paper.retitle(3, "У 2026-02-20 змінили бюджет")
        typed = {2: "123", 3: "20.02.2026", 4: "Р\u00a3 РіСЂРѕРјР°РґС–", 5: "#NAME?"}
        typed[4] = "У громаді 4 відкрили 24 шкіл".encode().decode("cp1251", "replace")
        path = table(paper.export(tmp_path, "csv"), lambda row: [
            row.update(title_uk=text) for story, text in typed.items() if row_of(story)(row)])  # fmt: skip
        said = paper.take(path)
        assert len([line for line in said if "title uk" in line and "line " in line]) == 4
        assert paper.rows("SELECT * FROM digest_changes") == []


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("00123", "123", "number in its own way"),
        ("1.2E+3", "1200", "number in its own way"),
        ("5 березня", "05.03.2026", "a day or a time"),
        ("я" * 300, "я" * 255, "cut"),
        ("я" * 300, "я" * 254, ""),
        ("Рада", "Ñ\u0080", ""),
        ("Рада ухвалила", "???? ????????", "another encoding"),
        ("Рада", "Рада\ufffd", "lost"),
        ("TRUE", "1", "truth"),
        ("5 schools", "6 schools", ""),
        ("", "2026", ""),
    ],
)
def test_damage_is_told_from_work(was: str, now: str, words: str) -> None:
    assert words in damage(was, now)
    assert bool(words) == bool(damage(was, now))


@pytest.mark.skipif(spreadsheets.program() is None, reason="LibreOffice is not here")
def test_a_draft_that_libreoffice_opens_changes_and_saves_comes_back_whole(tmp_path: Path) -> None:
    office = spreadsheets.program()
    assert office
    assert spreadsheets.round_trips(office, 1, tmp_path, stories=50) == {"csv": [], "xlsx": []}
