"""Items of the editors' own and the words of the image in a draft's files: there and back, changed, moved, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from core.errors import UsageError
from newsletter import changes
from newsletter.changes import Edit
from newsletter.issue import plain
from newsletter.issue_image import put_image
from newsletter.present import present
from tests.support.digesting import Paper
from tests.support.hostile_texts import HOSTILE_TITLES
from tests.support.issues import png
from tests.support.newsroom import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMS = ("md", "csv", "xlsx")
TITLE = "Вебінар про бюджет"


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    for title in ("Перша", "Друга", "Третя"):
        made.story(title, f"English of {title}")
    add(made, 2, title_uk=TITLE, text_uk="Реєстрація **до 10 березня**.\n\n- раз\n- два", url="https://hub.example/a_b")
    yield made
    made.close()


def add(paper: Paper, place: int | None, **values: str) -> int:
    """Make an item among the stories of the open draft, by a desk's means; return its number."""
    with paper.store.transaction() as connection:
        now = present(connection, paper.newsletter, paper.now())
        section = now.issue.entries[0].section
        made = changes.add_item(connection, paper.newsletter, now.digest_id, section, "olena", paper.now(), "desk")
        assert made.item_id is not None
        given = {**values, **({"position": str(place)} if place else {})}
        edits = [Edit(None, made.item_id, field, "", value) for field, value in given.items()]
        assert not changes.apply(
            connection, paper.newsletter, now.digest_id, edits, "olena", paper.now(), "desk"
        ).conflicts
        return made.item_id


def item(paper: Paper, number: int = 1) -> dict[str, Any]:
    return dict(paper.db.execute("SELECT * FROM digest_items WHERE id = ?", (number,)).fetchone())


def in_file(paper: Paper) -> list[tuple[str, str, str]]:
    """What files changed: field, from, to."""
    rows = paper.rows("SELECT field, was, became FROM digest_changes WHERE via = 'file' ORDER BY id")
    return [(field, was, became) for field, was, became in rows]


def change(path: Path, before: str, after: str) -> None:
    """A person changes one text of the file."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        (cell,) = [cell for row in book.active.iter_rows() for cell in row if cell.value == before]
        cell.value = after
        book.save(path)
        return
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_bytes(text.replace(before, after).encode())


@pytest.mark.parametrize("form", FORMS)
def test_an_untouched_file_with_hostile_items_changes_nothing(paper: Paper, tmp_path: Path, form: str) -> None:
    with paper.store.transaction() as connection:
        put_image(
            connection, paper.newsletter, png(40, 40), {"en": "- note: x", "uk": "=1+1"}, "o", paper.now(), "desk"
        )
    issue = paper.draft()
    for number, title in enumerate(HOSTILE_TITLES):
        given = {"title_uk": title[:200], "title_en": "00123", "text_en": f"{title[:900]}\n\n  - note: {title[:900]}"}
        rows(paper.db, "digest_items", digest_id=issue.digest_id, section=issue.entries[0].section,
             position=number % 7 or None, **{field: plain(text) for field, text in given.items()})  # fmt: skip
    path = paper.export(tmp_path, form)
    assert paper.take(path) == [f"{path.name}: nothing was changed in it"]
    assert in_file(paper) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_text_is_changed_and_a_conflict_is_shown(paper: Paper, tmp_path: Path, form: str) -> None:
    path = paper.export(tmp_path, form)
    change(path, TITLE, "Вебінар 12 березня")
    paper.take(path)
    assert in_file(paper) == [("title_uk", TITLE, "Вебінар 12 березня")]
    assert item(paper)["title_uk"] == "Вебінар 12 березня"
    change(path, "Вебінар 12 березня", "Вебінар 13 березня")
    said = "\n".join(paper.take(path, "petro"))
    assert item(paper)["title_uk"] == "Вебінар 12 березня"
    assert "item 1, title uk: yours «Вебінар 13 березня»; now «Вебінар 12 березня», by olena" in said
    aside = path.with_name(f"{path.stem}.conflicts.md")
    assert "Друга" not in aside.read_text("utf-8")
    text = aside.read_text("utf-8").replace("` Вебінар 12 березня", "` Вебінар 13 березня")
    aside.write_text(text, encoding="utf-8")
    paper.take(aside, "petro")
    assert item(paper)["title_uk"] == "Вебінар 13 березня"


def test_the_words_of_the_image_and_a_link_in_markdown(paper: Paper, tmp_path: Path) -> None:
    assert "image alt" not in paper.export(tmp_path, "md").read_text("utf-8")
    with paper.store.transaction() as connection:
        put_image(connection, paper.newsletter, png(40, 40), {"en": "A bridge"}, "olena", paper.now(), "desk")
    path = paper.export(tmp_path, "md")
    change(path, "- image alt en: A bridge", "- image alt en: A new bridge")
    change(path, "- text en:", "- text en: Register\n\n      - one\n      - two")
    paper.take(path)
    assert in_file(paper) == [("image_alt_en", "A bridge", "A new bridge"), ("text_en", "", "Register\n\n- one\n- two")]
    change(path, "https://hub.example/a_b", "javascript:1")
    with pytest.raises(UsageError, match=r"line \d+: url must be an address"):
        paper.take(path)


def blocks(path: Path) -> tuple[str, list[str]]:
    """The head of a Markdown draft, and what stands in its one section."""
    head, *rest = path.read_text("utf-8").split("\n- [x]")
    return head, rest


@pytest.mark.parametrize(
    ("order", "became"), [((1, 0, 2, 3), "1"), ((0, 2, 3, 1), "4"), ((0, 1, 3, 2), None), ((0, 2, 1), "3")]
)
def test_an_item_moves_with_its_lines(paper: Paper, tmp_path: Path, order: tuple[int, ...], became: str | None) -> None:
    """It stands second of four; the last order leaves a story out, which goes back into the bin."""
    path = paper.export(tmp_path, "md")
    head, rest = blocks(path)
    assert TITLE in rest[1]
    path.write_text("\n- [x]".join((head, *(rest[one].rstrip("\n") for one in order))) + "\n", encoding="utf-8")
    paper.take(path)
    moves = [row for row in in_file(paper) if row[0] == "position"]
    assert (("position", "2", became) in moves) == (became is not None)
    again = paper.export(tmp_path, "md")
    wanted = [rest[one].split("\n")[0][:14] for one in order]  # box and letters
    assert [block.split("\n")[0][:14] for block in blocks(again)[1]][: len(order)] == wanted


@pytest.mark.parametrize("form", FORMS)
def test_a_row_marked_no_and_one_left_out_are_removed_and_can_be_put_back(
    paper: Paper, tmp_path: Path, form: str
) -> None:
    add(paper, None, title_uk="Друге оголошення")
    path = paper.export(tmp_path, form)
    if form == "xlsx":
        book = openpyxl.load_workbook(path)
        rows = {str(row[3].value): row for row in book.active.iter_rows()}
        rows[TITLE][0].value = "no"
        book.active.delete_rows(rows["Друге оголошення"][0].row)
        book.save(path)
    elif form == "csv":
        lines = path.read_bytes().decode("utf-8-sig").split("\r\n")
        kept = [line for line in lines if "Друге оголошення" not in line]
        text = "\r\n".join(line.replace("yes,", "no,", 1) if TITLE in line else line for line in kept)
        path.write_bytes(text.encode())
    else:
        head, rest = blocks(path)
        marked = [("\n- [ ]" if TITLE in block else "\n- [x]") + block for block in rest if "Друге" not in block]
        path.write_text(head + "".join(marked), encoding="utf-8")
    assert paper.take(path) == [f"{path.name}: 2 changes taken in: 2 removed"]
    assert (item(paper, 1)["removed"], item(paper, 2)["removed"]) == (1, 1)
    assert paper.take(path) == [f"{path.name}: nothing was changed in it"]


def test_a_field_that_only_a_story_or_only_an_item_has_is_refused_by_line(paper: Paper, tmp_path: Path) -> None:
    path = paper.export(tmp_path, "md")
    head, rest = blocks(path)
    for place, line in ((0, "  - link: https://x.example"), (1, "  - note: x")):
        changed = [f"{block}\n{line}" if at == place else block for at, block in enumerate(rest)]
        path.write_text("\n- [x]".join((head, *(block.rstrip("\n") for block in changed))), encoding="utf-8")
        with pytest.raises(UsageError, match=r"line \d+: (a story has no url|an item of the editors has no note)"):
            paper.take(path)
    assert in_file(paper) == []
