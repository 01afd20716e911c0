"""What grouping may cost however alike articles are: pairs judged, rows written, steps of SQLite; none lost or twice.

Counts, not seconds: they are the same on every machine.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import islice, product

import pytest

from bench.inputs.story_database import StoryDatabase
from core.model import StoryText
from pipeline.stories import link_rows
from pipeline.stories.clusters import MOST_MEMBERS
from pipeline.stories.editing import join, split
from pipeline.stories.grouping import MOST_DIVIDED, MOST_TOGETHER, Grouping
from pipeline.stories.places import find_places
from pipeline.stories.regroup import regroup_all

EQUAL = StoryText(0, "portal", "", "uk", "Громада отримала нову школу та сучасний центр послуг", "", "2026-02-02")
_SYLLABLES = ("ба", "во", "гри", "дро", "жен", "зим", "кав", "лон")


def equal(count: int) -> list[StoryText]:
    return [replace(EQUAL, key=f"{number:05}") for number in range(count)]


def nearly_equal(count: int) -> list[StoryText]:
    """Each has a word that no other has, and all are one story with each other."""
    words = map("".join, islice(product(_SYLLABLES, repeat=3), count))
    return [
        replace(one, title=f"Громада отримала нову школу та сучасний {word}ник центр послуг для людей на Львівщині")
        for one, word in zip(equal(count), words, strict=True)
    ]


@dataclass
class Cost:
    """What it cost to group articles that arrived, in batches as ingest makes them."""

    judged: int = 0
    links: int = 0
    steps: int = 0  # thousands of steps of SQLite's machine


def arrive(room: StoryDatabase, texts: list[StoryText]) -> Cost:
    cost, ids = Cost(), [room._store(text) for text in texts]

    def counted() -> int:
        cost.steps += 1
        return 0

    room.connection.set_progress_handler(counted, 1000)
    for start in range(0, len(ids), MOST_DIVIDED):
        grouping = Grouping(room.archive, find_places)
        cost.links += grouping.group(ids[start : start + MOST_DIVIDED]).links
        cost.judged += grouping.verdicts.judged
    room.connection.set_progress_handler(None, 0)
    return cost


def all_in_stories(room: StoryDatabase, count: int) -> bool:
    stories = room.stories()
    return sum(map(len, stories)) == len(frozenset().union(*stories)) == count


def test_equal_headlines_are_judged_once_a_batch_and_cost_in_proportion() -> None:
    few, many = (arrive(StoryDatabase(), equal(count)) for count in (2 * MOST_DIVIDED, 4 * MOST_DIVIDED))
    assert many.judged <= 4 * 4
    assert many.links <= 4 * MOST_DIVIDED * MOST_MEMBERS
    assert many.steps <= 3 * few.steps  # for twice as many


def test_headlines_that_are_nearly_equal_are_judged_with_few_others_each() -> None:
    room = StoryDatabase()
    cost = arrive(room, nearly_equal(2 * MOST_DIVIDED))
    assert cost.judged <= 2 * MOST_DIVIDED * 50
    assert cost.links <= 2 * MOST_DIVIDED * MOST_MEMBERS
    assert all_in_stories(room, 2 * MOST_DIVIDED)


def test_equal_headlines_become_full_stories_of_neighbours() -> None:
    room = StoryDatabase()
    arrive(room, equal(4 * MOST_MEMBERS))
    keys = [one.key for one in equal(4 * MOST_MEMBERS)]
    parts = (keys[at : at + MOST_MEMBERS] for at in range(0, len(keys), MOST_MEMBERS))
    assert room.stories() == {frozenset(("portal", key, "uk") for key in part) for part in parts}
    before = room.stories()
    regroup_all(room.archive)
    assert room.stories() == before


def test_new_ones_beside_many_stored_ones_cost_what_they_cost_beside_few() -> None:
    costs = []
    for stored in (2 * MOST_DIVIDED, 4 * MOST_DIVIDED):
        room, texts = StoryDatabase(), equal(stored + 10)
        arrive(room, texts[:-10])
        costs.append(arrive(room, texts[-10:]))
        assert all_in_stories(room, stored + 10)
    few, many = costs
    assert many.steps <= 2 * few.steps + 5
    assert many.links <= 10 * MOST_MEMBERS


@pytest.mark.parametrize("count", [MOST_TOGETHER, MOST_TOGETHER + 1])
def test_up_to_the_bound_the_order_of_arrival_tells_nothing_and_beyond_it_nothing_is_lost(count: int) -> None:
    texts = [replace(one, source_id=f"site{one.key}") for one in equal(count)]
    found = []
    for seed in (1, 2):
        room = StoryDatabase()
        ids = [room._store(text) for text in random.Random(seed).sample(texts, count)]
        Grouping(room.archive, find_places).group(ids)
        assert all_in_stories(room, count)
        assert max(map(len, room.stories())) == MOST_MEMBERS
        ((made, live),) = room.rows("SELECT max(id), count(*) - count(merged_into) FROM stories")
        assert made == count  # no id was given away twice
        assert live == len(room.stories())
        found.append(room.stories())
    assert (found[0] == found[1]) == (count == MOST_TOGETHER)


def test_refusals_are_told_up_to_a_bound_and_every_article_has_one() -> None:
    room = StoryDatabase()
    arrive(room, equal(MOST_DIVIDED))
    told: dict[object, int] = {}
    for row in room.rows("SELECT article_id, other_id FROM story_links WHERE method = 'group_too_large'"):
        for article in row:
            told[article] = told.get(article, 0) + 1
    assert len(told) == MOST_DIVIDED
    assert sum(told.values()) / 2 < MOST_MEMBERS**2  # all pairs of the two stories
    assert sorted(told.values())[MOST_DIVIDED // 2] == link_rows.MOST_REFUSALS


def test_a_story_that_is_too_large_to_be_grouped_is_changed_by_an_editor_alone() -> None:
    room = StoryDatabase()
    arrive(room, equal(4 * MOST_MEMBERS))
    ids = [row[0] for row in room.rows("SELECT id FROM articles ORDER BY id")]
    first = int(str(ids[0]))
    for at in range(MOST_MEMBERS, 4 * MOST_MEMBERS, MOST_MEMBERS):
        join(room.archive, first, int(str(ids[at])))
    assert [len(story) for story in room.stories()] == [4 * MOST_MEMBERS]
    arrive(room, [replace(EQUAL, key="new")])
    assert sorted(map(len, room.stories())) == [1, 4 * MOST_MEMBERS]
    regroup_all(room.archive)
    assert sorted(map(len, room.stories())) == [1, 4 * MOST_MEMBERS]
    split(room.archive, first)
    assert sorted(map(len, room.stories())) == [1, 1, 4 * MOST_MEMBERS - 1]
    ((links,),) = room.rows("SELECT count(*) FROM story_links WHERE decided_by = 'editor'")
    assert int(str(links)) < MOST_TOGETHER**2
