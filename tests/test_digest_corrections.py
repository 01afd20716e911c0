"""Corrections of the newsletter: what is one, what is none, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from db import edits
from language.letters import text_hash
from newsletter.differences import has_other_facts, is_other
from tests.support.digesting import Paper, drop, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.issue import Correction, Issue


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    yield made
    made.close()


def only(issue: Issue) -> tuple[str, str, Correction]:
    """The headlines and what was, of the one correction that an issue holds."""
    (entry,) = issue.entries
    assert entry.story.correction is not None
    return entry.story.title_uk, entry.story.title_en, entry.story.correction


@pytest.mark.parametrize(
    ("before", "after", "comes"),
    [
        ('Проєкт "Громада" розпочато', "проєкт «Громада» розпочато.", False),
        ("П'ять шкіл громади", "П’ять шкіл  громади!", False),
        ("Виділено 1 000 грн", "Виділено 1000 грн", False),
        ("Місто-побратим допоможе", "Місто – побратим допоможе", False),
        ("Проект громади", "Проєкт громади", False),
        ("Виділено 5 млн", "Виділено 50 млн", True),
        ("Виділено 5,5 млн", "Виділено 55 млн", True),
        ("Мороз до -5", "Мороз до 5", True),
        ("Громада Сум має раду", "Громада Лум має раду", True),
    ],
)
def test_a_headline_is_another_one_when_a_reader_sees_it(before: str, after: str, comes: bool) -> None:
    assert is_other(before, after) is comes
    assert is_other(after, before) is comes


@pytest.mark.parametrize(
    ("before", "after", "comes"),
    [
        ("Підписав голова Іваненко в Сумах.", "Підписав голова Петренко в Сумах.", True),
        ("Підписав голова Іваненко в Сумах.", "Голова Іваненко із Сум підписав.", False),
        ("Придбано 5 автобусів.", "Автобусів придбано п'ять.", False),
        ("Придбано 5 автобусів.", "Автобуси придбано.", True),
        ("Придбано 5 автобусів.", "Придбано 5 автобусів. Ще 7 чекають.", False),
        ("Придбано 5 автобусів і 3 авто.", "Придбано 5 автобусів…", False),
        ("", "Придбано 5 автобусів.", False),
    ],
)
def test_a_lead_is_another_one_by_its_numbers_and_names(before: str, after: str, comes: bool) -> None:
    assert has_other_facts(before, after, "uk") is comes


def test_a_correction_shows_what_was_and_only_where_it_differs(paper: Paper) -> None:
    story = paper.story("Громада отримає 5 млн", "Community gets money", lead="Лід без чисел.")
    paper.seal()
    paper.retitle(story, "Громада отримає 50 млн")
    title_uk, title_en, was = only(paper.draft())
    assert (title_uk, title_en) == ("Громада отримає 50 млн", "Community gets money")
    assert (was.was_uk, was.was_en, was.was_lead_uk) == ("Громада отримає 5 млн", "", "")
    paper.seal()
    kept = paper.rows("SELECT was_uk, was_en, was_lead_uk, was_lead_en FROM digest_entries WHERE correction_of = 1")
    assert kept == [("Громада отримає 5 млн", None, None, None)]


def test_a_lead_that_differs_is_shown_beside_the_same_headline(paper: Paper) -> None:
    story = paper.story("Громади отримають субвенцію", lead="Виділено 7 млн грн.")
    paper.seal()
    paper.relead(story, "Виділено 70 млн грн.")
    _, _, was = only(paper.draft())
    assert (was.was_uk, was.was_lead_uk) == ("", "Виділено 7 млн грн.")
    sealed = paper.seal()
    assert sealed is not None
    assert only(sealed)[2].was_lead_uk == "Виділено 7 млн грн."
    assert numbers(paper.draft()) == []


def test_another_articles_lead_corrects_nothing(paper: Paper) -> None:
    """The lead that the story shows is of an article that came later; the one that was sent is as it was."""
    story = paper.story("Громади отримають субвенцію", lead="Виділено 7 млн грн.")
    paper.seal()
    other = paper.article(story, "uk", "Субвенція громадам", day="2026-02-21", lead="Разом 9 млн грн.")
    paper.db.execute("UPDATE stories SET uk_lead_id = ? WHERE id = ?", (other, story))
    assert numbers(paper.draft()) == []


def test_a_correction_has_the_headline_of_the_article_that_was_sent(paper: Paper) -> None:
    story = paper.story("Громада отримає 5 млн")
    paper.seal()
    face = paper.article(story, "uk", "Кошти для громади", day="2026-02-21", source_id="letter")
    paper.retitle(story, "Громада отримає 50 млн")
    paper.db.execute("UPDATE stories SET uk_article_id = ? WHERE id = ?", (face, story))
    assert only(paper.draft())[0] == "Громада отримає 50 млн"
    paper.seal()
    paper.retitle(story, "Більше коштів для громади")  # the one that speaks now: its headline was never sent
    assert numbers(paper.draft()) == []


def test_the_publishers_english_that_comes_later_is_no_correction(paper: Paper) -> None:
    story = paper.story("Громада має бюджет")
    paper.translate("Громада має бюджет", "The crowd has a budget")
    paper.seal()
    english = paper.article(story, "en", "Community adopts its budget", day="2026-02-21")
    paper.db.execute("UPDATE stories SET en_article_id = ? WHERE id = ?", (english, story))
    assert numbers(paper.draft()) == []


def test_an_edit_that_a_join_brought_along_is_no_correction(paper: Paper) -> None:
    story, other = paper.story("Громада має бюджет"), paper.story("Бюджет громади схвалено")
    paper.translate("Громада має бюджет", "The crowd has a budget")
    drop(paper, other)
    paper.seal()
    title = "Бюджет громади схвалено"
    edits.save(paper.db, [(title, text_hash(title), "The budget was approved", "olena")], paper.now())
    paper.merge(other, story)
    assert numbers(paper.draft()) == []


def test_a_wording_that_the_editor_had_put_right_already_is_no_correction(paper: Paper) -> None:
    """The newsletter said 50 when the site still said 5; now the site says so too."""
    story = paper.story("Громада отримає 5 млн")
    paper.draft()
    paper.db.execute(
        "INSERT INTO digest_choices (digest_id, story_id, title_uk) VALUES (1, ?, 'Громада отримає 50 млн')", (story,)
    )
    paper.seal()
    paper.retitle(story, "Громада отримає 50 млн!")
    assert numbers(paper.draft()) == []
    paper.retitle(story, "Громада отримає 60 млн")
    assert only(paper.draft())[2].was_uk == "Громада отримає 50 млн"


@pytest.mark.parametrize(("languages", "comes"), [("en", False), ("uk", True), ("en-uk", True)])
def test_readers_of_one_language_get_corrections_of_what_they_read(paper: Paper, languages: str, comes: bool) -> None:
    paper.configure(languages=languages)
    story = paper.story("Громада отримає 5 млн", "Community gets money")
    paper.seal()
    paper.retitle(story, "Громада отримає 50 млн")
    assert bool(numbers(paper.draft())) is comes
    paper.retitle(story, "Громада отримає 5 млн")
    paper.retitle(story, "Community gets more money", "en")
    assert bool(numbers(paper.draft())) is (languages != "uk")


def test_a_split_and_a_join_correct_nothing(paper: Paper) -> None:
    story = paper.story("Громада отримала автобус")
    behind = paper.article(story, "uk", "Громада отримала школу", day="2026-02-20")
    paper.seal()
    parted = paper.part(story, behind)
    assert numbers(paper.draft()) == []
    paper.merge(parted, story)
    assert numbers(paper.draft()) == []


def test_two_articles_of_one_story_that_changed_are_told_one_after_the_other(paper: Paper) -> None:
    one, other = paper.story("Громада отримає 5 млн"), paper.story("Десять шкіл у громаді")
    paper.seal()
    paper.retitle(one, "Громада отримає 6 млн")
    paper.retitle(other, "Дванадцять шкіл у громаді")
    paper.merge(one, other)
    told = []
    for _ in range(2):
        sealed = paper.seal()
        assert sealed is not None
        told.append(only(sealed)[2].was_uk)
    assert told == ["Громада отримає 5 млн", "Десять шкіл у громаді"]
    assert paper.seal() is None
