"""Editors' joins and splits, which stay: for whole stories, through new reports, new wordings and regrouping."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.inputs.story_database import StoryDatabase
from core.errors import UsageError
from core.model import StoryText
from pipeline.stories.editing import join, split
from pipeline.stories.grouping import group
from pipeline.stories.places import no_places
from pipeline.stories.regroup import regroup_all


def report(key: str, title: str, source: str = "portal", lead: str = "") -> StoryText:
    return StoryText(0, source, key, "uk", title, lead, "2026-02-02")


UPPSALA = report("1", "Львів і шведське місто Уппсала стали містами-побратимами")
UPPSALA_AGAIN = report("2", f"{UPPSALA.title} (ФОТО)", "association")
LYCEUM = report("3", "Чугуїв отримав 12 млн грн на ремонт ліцею", "agency")
LYCEUM_AGAIN = report("4", f"ВАЖЛИВО! {LYCEUM.title}", "paper")
INSULATION = report("5", "Громади Волині утеплюють школи", "herald")


def keys(room: StoryDatabase) -> set[str]:
    """The stories as the keys of their articles: «12», «3»."""
    return {"".join(sorted(key for _, key, _ in story)) for story in room.stories()}


def test_a_join_holds_for_whole_stories_however_little_they_are_alike() -> None:
    room = StoryDatabase()
    first, _, third, _ = room.arrive([UPPSALA, UPPSALA_AGAIN, LYCEUM, LYCEUM_AGAIN])
    assert keys(room) == {"12", "34"}
    join(room.archive, first, third)
    assert keys(room) == {"1234"}
    regroup_all(room.archive)
    assert keys(room) == {"1234"}


def test_a_join_outlives_runs_a_new_wording_and_another_gazetteer() -> None:
    room = StoryDatabase()
    ids = room.arrive([UPPSALA, UPPSALA_AGAIN, LYCEUM, LYCEUM_AGAIN])
    join(room.archive, ids[0], ids[2])
    for number in ids[1:3]:
        room.connection.execute("UPDATE articles SET title = ? WHERE id = ?", (INSULATION.title, number))
        group(room.archive, [number])
    assert keys(room) == {"1234"}
    regroup_all(room.archive, no_places)
    assert keys(room) == {"1234"}


def test_what_fits_one_half_of_a_joined_story_comes_to_the_whole() -> None:
    room = StoryDatabase()
    first, _, third, _ = room.arrive([UPPSALA, UPPSALA_AGAIN, LYCEUM, LYCEUM_AGAIN])
    join(room.archive, first, third)
    room.arrive([replace(LYCEUM, source_id="late", key="6"), replace(UPPSALA, source_id="late", key="7"), INSULATION])
    assert keys(room) == {"123467", "5"}


def test_a_split_after_two_joins_takes_one_article_out_and_no_other() -> None:
    room = StoryDatabase()
    first, second, third = room.arrive([UPPSALA, LYCEUM, INSULATION])
    join(room.archive, first, second)
    join(room.archive, first, third)
    split(room.archive, first)
    assert keys(room) == {"1", "35"}
    regroup_all(room.archive)
    assert keys(room) == {"1", "35"}


def test_nothing_brings_a_split_article_back_but_another_join() -> None:
    room = StoryDatabase()
    first, second, third, _ = room.arrive([UPPSALA, UPPSALA_AGAIN, LYCEUM, LYCEUM_AGAIN])
    join(room.archive, first, third)
    split(room.archive, second)
    room.arrive([replace(UPPSALA, source_id="late", key="7")])
    regroup_all(room.archive)
    assert not any("1" in story and "2" in story for story in keys(room))
    join(room.archive, first, second)
    regroup_all(room.archive)
    assert keys(room) == {"12347"}


def test_joining_what_is_one_story_already_is_refused() -> None:
    room = StoryDatabase()
    first, second = room.arrive([UPPSALA, UPPSALA_AGAIN])
    with pytest.raises(UsageError, match="in one story already: story 1"):
        join(room.archive, first, second)


def test_the_machine_adds_nothing_where_an_editor_has_spoken() -> None:
    room = StoryDatabase()
    ids = room.arrive([UPPSALA, UPPSALA_AGAIN, LYCEUM])
    split(room.archive, ids[1])
    join(room.archive, ids[0], ids[2])
    for _ in range(2):
        group(room.archive, ids)
    regroup_all(room.archive)
    last = room.rows(
        "SELECT article_id, other_id, verdict, decided_by FROM story_links WHERE id IN"
        " (SELECT max(id) FROM story_links GROUP BY article_id, other_id)"
    )
    assert sorted(last) == [(1, 2, "different", "editor"), (1, 3, "same", "editor")]


def test_an_article_that_is_split_off_gets_the_id_of_its_former_story_back() -> None:
    room = StoryDatabase()
    ids = room.arrive([UPPSALA, UPPSALA_AGAIN, LYCEUM])
    assert room.rows("SELECT id, merged_into FROM stories") == [(1, None), (2, 1), (3, None)]
    split(room.archive, ids[1])
    assert room.story_of(ids[1]) == 2
    assert room.rows("SELECT id, merged_into FROM stories") == [(1, None), (2, None), (3, None)]


def test_a_merged_story_leads_to_where_its_article_went() -> None:
    room = StoryDatabase()
    first, _, third, fourth = room.arrive([UPPSALA, UPPSALA_AGAIN, LYCEUM, LYCEUM_AGAIN])
    join(room.archive, first, third)
    split(room.archive, third)
    led = {story: room.archive.current(story) for story in (1, 2, 3, 4)}
    assert led == {1: 1, 2: 1, 3: room.story_of(third), 4: room.story_of(fourth)}
