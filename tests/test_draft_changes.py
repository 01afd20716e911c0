"""Edits of a draft field by field: what is stored, as whose, what conflicts, what is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import UsageError
from newsletter import changes
from newsletter.changes import Applied, Edit
from newsletter.present import present
from tests.support.digesting import Paper, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    for number in range(1, 6):
        made.story(f"Громада {number} ухвалила бюджет", day=f"2026-02-2{9 - number}")
        made.translate(f"Громада {number} ухвалила бюджет", f"Community {number} adopted a budget")
    yield made
    made.close()


def change(paper: Paper, *edits: Edit, by: str = "olena") -> Applied:
    with paper.store.transaction() as connection:
        digest_id = present(connection, paper.newsletter, paper.now()).digest_id
        return changes.apply(connection, paper.newsletter, digest_id, edits, by, paper.now(), "desk")


def undo(paper: Paper, change_id: int, by: str = "petro", *, together: bool = False) -> Applied:
    with paper.store.transaction() as connection:
        return changes.undo(connection, paper.newsletter, change_id, by, paper.now(), together=together)


def value(paper: Paper, story: int, field: str) -> str:
    with paper.store.transaction() as connection:
        return present(connection, paper.newsletter, paper.now()).stories[story][field]


def edit(story: int | None, field: str, base: str, value: str) -> Edit:
    return Edit(story, None, field, base, value)


@pytest.mark.parametrize(
    ("field", "text"),
    [("note", "For readers"), ("remark", "ask Iryna"), ("title_uk", "Інша назва"), ("lead_uk", "Лід"),
     ("section", "other two"), ("reason", "old"), ("until", "2026-04-01"), ("decision", "held")],
)  # fmt: skip
def test_a_field_of_a_story_is_kept_logged_and_taken_back(paper: Paper, field: str, text: str) -> None:
    before = value(paper, 1, field)
    (made,) = change(paper, edit(1, field, before, text)).changes
    assert value(paper, 1, field) == text
    assert (made.field, made.was, made.became, made.by, made.via) == (field, before, text, "olena", "desk")
    (back,) = undo(paper, made.id).changes
    assert (value(paper, 1, field), back.by, back.via, back.undoes) == (before, "petro", "undo", made.id)
    digest_id = paper.rows("SELECT id FROM digests")[0][0]
    assert [one.id for one in changes.history(paper.db, digest_id)] == [made.id, back.id]
    assert changes.history(paper.db, digest_id, since=made.id) == [back]


def test_two_people_in_different_fields_both_keep_their_work_in_the_same_one_a_conflict_shows_both(
    paper: Paper,
) -> None:
    shown = value(paper, 1, "title_en")
    assert change(paper, edit(1, "note", "", "hers"), by="olena").changes
    assert change(paper, edit(1, "title_en", shown, "His English"), by="petro").changes
    assert (value(paper, 1, "note"), value(paper, 1, "title_en")) == ("hers", "His English")
    late = change(paper, edit(1, "note", "", "his"), edit(2, "note", "", "fits"), by="petro")
    (conflict,) = late.conflicts
    assert (conflict.now, conflict.by, conflict.edit.value) == ("hers", "olena", "his")
    assert (value(paper, 1, "note"), value(paper, 2, "note")) == ("hers", "fits")


@pytest.mark.parametrize("ending", [" ", "\r\n", "\u00a0"])
def test_the_machines_english_never_becomes_a_persons(paper: Paper, ending: str) -> None:
    shown = value(paper, 1, "title_en")
    assert not change(paper, edit(1, "title_en", shown, shown + ending)).changes
    paper.db.execute("UPDATE translations SET text = ? WHERE text = ?", ("Another machine's budget", shown))
    assert not change(paper, edit(1, "title_en", shown, shown)).changes
    assert paper.rows("SELECT * FROM translation_edits") == []
    assert value(paper, 1, "title_en") == "Another machine's budget"


def test_a_wording_that_is_taken_back_gives_way_to_the_machines_which_is_nobodys(paper: Paper) -> None:
    shown = value(paper, 1, "title_en")
    (made,) = change(paper, edit(1, "title_en", shown, "Reworded")).changes
    assert paper.rows("SELECT text, edited_by FROM translation_edits") == [("Reworded", "olena")]
    undo(paper, made.id)
    assert paper.rows("SELECT title_en, title_en_by FROM news WHERE story_id = 1") == [(shown, "machine")]
    assert paper.rows("SELECT count(*) FROM translation_edits WHERE text = ?", shown) == [(0,)]


def test_english_that_fails_a_check_is_approved_as_it_is_and_that_is_taken_back(paper: Paper) -> None:
    paper.story("Рада має 5 шкіл", day="2026-02-10")
    paper.translate("Рада має 5 шкіл", "The council has 6 schools", "flagged")
    assert value(paper, 6, "title_en") == ""
    approval = change(paper, edit(6, "title_en", "", "The council has 6 schools"))
    assert {one.field for one in approval.changes} == {"approved", "title_en"}
    assert paper.rows("SELECT text, approved_by FROM translation_approvals") == [("The council has 6 schools", "olena")]
    assert paper.rows("SELECT * FROM translation_edits") == []
    assert value(paper, 6, "approved") == "The council has 6 schools"
    approved = {entry.story.story_id: entry.story.english_by for entry in paper.draft().entries}
    assert (approved[6], approved[1]) == ("approved", "machine")
    undo(paper, approval.changes[0].id, together=True)
    assert value(paper, 6, "approved") == ""


def test_people_who_move_different_stories_both_succeed(paper: Paper) -> None:
    assert numbers(paper.draft()) == [1, 2, 3, 4, 5]
    assert change(paper, edit(5, "position", "5", "1"), by="olena").changes
    assert change(paper, edit(1, "position", "1", "5"), by="petro").changes
    assert numbers(paper.draft()) == [5, 2, 3, 4, 1]
    late = change(paper, edit(5, "position", "5", "3"), by="petro")
    assert [(one.now, one.by) for one in late.conflicts] == [("1", "olena")]
    assert numbers(paper.draft()) == [5, 2, 3, 4, 1]


def test_a_value_that_a_field_cannot_hold_is_named_and_nothing_is_stored(paper: Paper) -> None:
    for field, given in (("until", "soon"), ("position", "0"), ("position", "9e1"), ("decision", "maybe"),
                         ("section", " "), ("note", "x" * 4001), ("nothing", "")):  # fmt: skip
        with pytest.raises(UsageError, match=field):
            change(paper, edit(1, "remark", "", "kept?"), edit(1, field, "", given))
    assert paper.rows("SELECT * FROM digest_changes") == []
    assert change(paper, edit(1, "note", "", "x" * 4000)).changes


def test_the_last_headline_of_a_story_cannot_be_emptied(paper: Paper) -> None:
    title_uk, title_en = value(paper, 1, "title_uk"), value(paper, 1, "title_en")
    change(paper, edit(1, "title_en", title_en, ""))
    with pytest.raises(UsageError, match="headline"):
        change(paper, edit(1, "title_uk", title_uk, ""))


def test_a_bulk_is_taken_back_together(paper: Paper) -> None:
    made = change(paper, *(edit(number, "decision", "", "taken") for number in (1, 2, 3))).changes
    assert [one.field for one in made] == ["decision", "fixed", "decision", "decision"]
    undo(paper, made[-1].id, together=True)
    assert [value(paper, number, "decision") for number in (1, 2, 3)] == ["", "", ""]
    assert paper.rows("SELECT fixed_at FROM digests") == [(None,)]


def test_texts_and_items_of_the_issue(paper: Paper) -> None:
    made = change(paper, edit(None, "subject", "", "Budgets"), edit(None, "section_text_en:other", "", "Text")).changes
    assert paper.rows("SELECT field, text FROM digest_texts ORDER BY field") == [
        ("section_text_en:other", "Text"), ("subject", "Budgets")]  # fmt: skip
    undo(paper, made[0].id)
    assert paper.rows("SELECT field FROM digest_texts") == [("section_text_en:other",)]
    with paper.store.transaction() as connection:
        item = changes.add_item(connection, paper.newsletter, 1, "other", "olena", paper.now(), "desk").item_id
    assert change(paper, Edit(None, item, "title_en", "", "Ours"), Edit(None, item, "position", "", "2")).changes
    assert paper.rows("SELECT title_en, position, removed FROM digest_items") == [("Ours", 2, 0)]
    with pytest.raises(UsageError, match="url"):
        change(paper, Edit(None, item, "url", "", "javascript:alert(1)"))
