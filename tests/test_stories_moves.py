"""Rows of refusals and moves, whichever article came first; look-alikes in any number stay in bounds."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.inputs.labelled_pairs import PAIRS, RETOLD, labelled
from bench.inputs.story_database import StoryDatabase, score_in_one_archive
from bench.story_quality import below_floors
from core.model import StoryText
from pipeline.stories.grouping import group
from pipeline.stories.judge import judge
from pipeline.stories.regroup import regroup_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LEAD = (
    "Очільниця Шульгинської громади на Луганщині розповіла про евакуацію мешканців, роботу в релокації, допомогу"
    " сусідам та плани повернення додому після деокупації."
)
SHULHYNKA = StoryText(0, "portal", "1", "uk", "Шульгинка: громада, що не здалася", LEAD, "2024-09-21")
WOMEN = replace(SHULHYNKA, title="Жінки, які тримають тил")
LEADERS = replace(SHULHYNKA, source_id="paper", key="2", title="Лідерки змін. Випуск перший")


def laws() -> list[StoryText]:
    """Reports of two laws, one of them under a title that was cut where both begin alike."""
    openings = ("Верховна Рада ухвалила закон про", "Verkhovna Rada adopts law on", "Парламент розширив повноваження")
    texts = {text.title: text for two in labelled() for text in (two.a, two.b) if text.title.startswith(openings)}
    chosen = sorted(texts.values(), key=lambda text: text.title)
    return [replace(text, key=str(number), machine_english=None) for number, text in enumerate(chosen)]


LAWS = laws()


def same_between_stories(room: StoryDatabase) -> list[tuple[object, ...]]:
    """Pairs of which the last row says that they are one story, and which are not."""
    return room.rows(
        """SELECT l.article_id, l.other_id, l.method FROM story_links l
           JOIN articles a ON a.id = l.article_id JOIN articles b ON b.id = l.other_id
           WHERE l.verdict = 'same' AND a.story_id <> b.story_id AND l.id =
               (SELECT max(id) FROM story_links WHERE article_id = l.article_id AND other_id = l.other_id)"""
    )


def moved_untold(room: StoryDatabase, arriving: Sequence[StoryText]) -> set[int]:
    """The articles that change their story when others arrive, without a new row that names them."""
    before = dict(room.connection.execute("SELECT id, story_id FROM articles"))
    (last,) = room.rows("SELECT coalesce(max(id), 0) FROM story_links")[0]
    room.arrive(arriving)
    told = {one for row in room.rows(f"SELECT article_id, other_id FROM story_links WHERE id > {last}") for one in row}
    return {article for article, story in before.items() if room.story_of(article) != story} - told


@settings(max_examples=20, deadline=None)
@given(st.permutations(LAWS))
def test_no_article_moves_untold_when_stories_part_and_meet(order: Sequence[StoryText]) -> None:
    room = StoryDatabase()
    for text in order:
        assert moved_untold(room, [text]) == set()
    assert same_between_stories(room) == []
    before = room.stories()
    regroup_all(room.archive)
    assert room.stories() == before


def test_an_article_that_comes_to_others_through_a_third_is_told_of() -> None:
    """The third has the title of the one and the lead of the other, which have nothing in common."""
    title = "Бровари та шведська Карлскруна підписали угоду про партнерство"
    room = StoryDatabase()
    first, second = room.arrive([replace(SHULHYNKA, source_id="titled", title=title, lead=""), LEADERS])
    assert room.story_of(first) != room.story_of(second)
    third = replace(LEADERS, source_id="third", title=title)
    assert moved_untold(room, [third]) == set()
    assert len(room.stories()) < 3


def test_two_that_are_alike_and_stay_apart_say_why() -> None:
    room = StoryDatabase()
    room.arrive([replace(SHULHYNKA, source_id=f"site{number:02}", key=str(number)) for number in range(26)])
    ((reason,),) = room.rows("SELECT DISTINCT reason FROM story_links WHERE method = 'group_too_large'")
    assert reason == "Alike, but their stories together would be too large for one."
    assert same_between_stories(room) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_any_number_of_equal_articles_in_any_order_makes_the_same_bounded_stories(seed: int) -> None:
    texts = [replace(SHULHYNKA, source_id=f"site{number:02}", key=str(number)) for number in range(50)]
    room, shuffled = StoryDatabase(), random.Random(seed).sample(texts, len(texts))
    for start in range(0, len(texts), 15):
        assert moved_untold(room, shuffled[start : start + 15]) == set()
    expected = {frozenset((one.source_id, one.key, "uk") for one in texts[at : at + 24]) for at in (0, 24, 48)}
    assert room.stories() == expected
    regroup_all(room.archive)
    assert room.stories() == expected


def test_a_short_report_and_a_long_one_find_each_other_whichever_comes_last() -> None:
    figures = "Децентралізація в цифрах: головне за січень"
    lead = "12 громад уклали договори про співробітництво, 34 ЦНАПи відкрито, на рахунки громад надійшло 38,4 млрд грн."
    long = StoryText(0, "portal", "1", "uk", figures, lead, "2026-01-20")
    short = replace(long, source_id="zaxid", key="2", lead="")
    english = StoryText(
        0, "partners", "3", "en", "Decentralisation in figures: key facts of January",
        "12 communities concluded cooperation agreements, 34 administrative service centres were opened.",
        "2026-01-20",
    )  # fmt: skip
    for order in permutations([long, short, english]):
        room = StoryDatabase()
        for text in order:
            room.arrive([text])
        assert len(room.stories()) == 1, [text.source_id for text in order]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SHULHYNKA, replace(SHULHYNKA, key="2", published_on="2025-12-24", title="«Ми повернемось»: інтерв’ю")),
        (WOMEN, replace(LEADERS, published_on="2025-12-24")),
        (WOMEN, replace(LEADERS, published_on="2024-09-22")),
        (SHULHYNKA, LEADERS),
    ],
)
def test_one_lead_under_two_titles_is_judged_in_a_run_as_by_compare(first: StoryText, second: StoryText) -> None:
    room = StoryDatabase()
    room.arrive([first])
    room.arrive([second])
    compared = judge(first, second)
    assert room.rows("SELECT verdict, method FROM story_links") == [(compared.verdict, compared.method)]


@pytest.mark.parametrize("file", [PAIRS, RETOLD], ids=lambda file: file.stem)
def test_stories_of_one_archive_with_all_labelled_articles_keep_their_floors(file: Path) -> None:
    """The largest set is held to its floors by `python -m bench.story_quality` alone, for its size."""
    reached = score_in_one_archive(labelled(file), StoryDatabase())
    assert below_floors(file, reached) == set(), reached


def test_no_reader_sees_two_stories_called_the_same() -> None:
    room = StoryDatabase()
    texts = {text.title: text for two in labelled()[:250] for text in (two.a, two.b)}
    ids = [
        article
        for number, text in enumerate(texts.values())
        for article in room.arrive([replace(text, key=str(number))])
    ]
    assert same_between_stories(room) == []
    group(room.archive, ids)  # articles now see those that came after them
    assert (same_between_stories(room), group(room.archive, ids).links) == ([], 0)
