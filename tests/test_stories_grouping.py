"""Grouping against a real database: every order of arrival, editors' decisions, representatives; nothing deleted."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.inputs.story_database import StoryDatabase
from core.errors import UsageError
from core.model import StoryText
from pipeline.stories.editing import join, split
from pipeline.stories.grouping import group
from pipeline.stories.regroup import regroup_all

if TYPE_CHECKING:
    from collections.abc import Sequence

ANCHOR = StoryText(
    0,
    "portal",
    "1",
    "uk",
    "Бровари та шведська Карлскруна підписали угоду про партнерство",
    "Міські голови домовилися про обмін досвідом у водопостачанні та молодіжній політиці на три роки.",
    "2026-02-02",
)
REPOST = replace(
    ANCHOR, source_id="association", key="a", title=f"ВАЖЛИВО! {ANCHOR.title} (ФОТО)", published_on="2026-02-03"
)
ENGLISH = replace(
    ANCHOR,
    source_id="partners",
    key="p",
    language="en",
    title="Brovary and Swedish Karlskrona sign a partnership agreement",
    lead="The mayors agreed to share experience in water supply and youth policy for three years.",
    published_on="2026-02-05",
)
OTHER_TOWN = replace(
    ANCHOR,
    source_id="agency",
    key="o",
    title="Бориспіль та німецький Фюрт підписали угоду про партнерство",
    lead="Міські голови Борисполя і Фюрта домовилися про спільні проєкти у сфері транспорту.",
)
LATER = replace(ANCHOR, source_id="paper", key="l", published_on="2027-05-10")
BUDGET = replace(
    ANCHOR,
    source_id="agency",
    key="b",
    title="Уряд виділив 1,8 млрд грн на будівництво укриттів у школах",
    lead="Субвенцію отримають 14 областей, загалом збудують 92 підземні укриття.",
)
BUDGET_TOO = replace(
    BUDGET,
    source_id="portal",
    key="2",
    title="На шкільні укриття спрямують 1,8 мільярда гривень",
    lead="Кабмін розподілив субвенцію між 14 областями: заплановано 92 підземні укриття.",
)
BUDGET_MORE = replace(BUDGET, source_id="paper", key="m", title=BUDGET.title.replace("1,8", "2,3"), lead="")
ALL = (ANCHOR, REPOST, ENGLISH, OTHER_TOWN, LATER, BUDGET, BUDGET_TOO, BUDGET_MORE)


def identities(*texts: StoryText) -> frozenset[tuple[str, str, str]]:
    return frozenset((text.source_id, text.key, text.language) for text in texts)


EXPECTED = {
    identities(ANCHOR, REPOST, ENGLISH),
    identities(OTHER_TOWN),
    identities(LATER),
    identities(BUDGET, BUDGET_TOO),
    identities(BUDGET_MORE),
}


def test_the_same_news_is_one_story_and_look_alikes_are_not() -> None:
    room = StoryDatabase()
    room.arrive(ALL)
    assert room.stories() == EXPECTED


@settings(max_examples=40, deadline=None)
@given(st.permutations(ALL), st.lists(st.integers(1, 4), min_size=1, max_size=8))
def test_every_order_and_every_batch_gives_the_same_stories(order: Sequence[StoryText], sizes: list[int]) -> None:
    room = StoryDatabase()
    waiting, turn = list(order), 0
    while waiting:
        size = sizes[turn % len(sizes)]
        room.arrive(waiting[:size])
        waiting, turn = waiting[size:], turn + 1
    assert room.stories() == EXPECTED


@settings(max_examples=25, deadline=None)
@given(st.permutations(ALL))
def test_an_article_never_changes_its_story_without_a_row_that_says_why(order: Sequence[StoryText]) -> None:
    room = StoryDatabase()
    for text in order:
        before = dict(room.connection.execute("SELECT id, story_id FROM articles"))
        links = len(room.rows("SELECT id FROM story_links"))
        room.arrive([text])
        moved = [article for article, story in before.items() if room.story_of(article) != story]
        named = {
            a for row in room.rows(f"SELECT article_id, other_id FROM story_links WHERE id > {links}") for a in row
        }
        assert set(moved) <= named


def test_a_merged_story_keeps_its_id_and_points_to_the_one_that_lives_on() -> None:
    room = StoryDatabase()
    first, english = room.arrive([ANCHOR])[0], room.arrive([BUDGET, ENGLISH])[1]
    assert room.story_of(first) == room.story_of(english) == 1
    assert room.rows("SELECT id, merged_into FROM stories ORDER BY id") == [(1, None), (2, None), (3, 1)]
    assert room.archive.current(3) == 1


def test_the_report_names_every_story_that_readers_may_see_otherwise_now() -> None:
    room = StoryDatabase()
    room.arrive([ANCHOR, BUDGET])
    english = room._store(ENGLISH)
    report = group(room.archive, [english])
    assert (report.stories, report.moved) == ((1, 3), (english,))


def test_every_link_has_its_reason_in_a_sentence() -> None:
    room = StoryDatabase()
    room.arrive(ALL)
    reasons = [str(reason) for (reason,) in room.rows("SELECT reason FROM story_links")]
    assert reasons
    assert all(reason.endswith(".") and reason[0].isupper() for reason in reasons)
    assert any("Карлскруна" in reason for reason in reasons)
    assert "The same text published again 462 days later" in " ".join(reasons)


def test_a_text_published_again_much_later_is_linked_and_not_merged() -> None:
    room = StoryDatabase()
    anchor, later = room.arrive([ANCHOR, LATER])
    assert room.story_of(anchor) != room.story_of(later)
    assert room.rows("SELECT verdict, method FROM story_links") == [("related", "republished")]


def test_a_count_that_keeps_ukrainian_editions_apart_keeps_their_translations_apart_too() -> None:
    centres = replace(
        ANCHOR,
        key="c",
        title="На Одещині працюють 12 ЦНАПів",
        lead="ЦНАП відкрили 21 грудня. Мобільний ЦНАП обслуговуватиме 12 старостинських округів.",
    )
    english = replace(
        centres,
        language="en",
        title="12 administrative service centres operate in the Odesa region",
        lead="The ASC was opened on 21 December. The mobile ASC will serve 12 starosta districts.",
    )
    veterans = replace(
        centres,
        key="v",
        title="Послуги для ветеранів: ЦНАП в Одесі запровадив єдине вікно",
        lead="Обладнання для громади надав фонд. Мобільний ЦНАП обслуговуватиме 36 старостинських округів.",
    )
    room = StoryDatabase()
    room.arrive([veterans, english, centres])
    assert room.stories() == {identities(centres, english), identities(veterans)}


def test_grouping_again_writes_nothing_new() -> None:
    room = StoryDatabase()
    ids = room.arrive(ALL)
    before = room.rows("SELECT * FROM story_links"), room.rows("SELECT * FROM stories"), room.stories()
    again = group(room.archive, ids)
    assert (again.moved, again.links) == ((), 0)
    assert (room.rows("SELECT * FROM story_links"), room.rows("SELECT * FROM stories"), room.stories()) == before


def test_from_scratch_the_stories_are_the_same() -> None:
    room = StoryDatabase()
    for text in random.Random(5).sample(ALL, len(ALL)):
        room.arrive([text])
    kept = room.rows("SELECT id, story_id FROM articles"), room.rows("SELECT * FROM story_words")
    again = regroup_all(room.archive)
    assert room.stories() == EXPECTED
    assert again.moved == ()
    assert (room.rows("SELECT id, story_id FROM articles"), room.rows("SELECT * FROM story_words")) == kept


def test_a_split_outlives_three_runs_a_regrouping_and_a_new_report() -> None:
    room = StoryDatabase()
    anchor, repost, english = room.arrive([ANCHOR, REPOST, ENGLISH])
    split(room.archive, english)
    apart = {identities(ANCHOR, REPOST), identities(ENGLISH)}
    assert room.stories() == apart
    for _ in range(3):
        group(room.archive, [anchor, repost, english])
    regroup_all(room.archive)
    assert room.stories() == apart
    room.arrive([replace(REPOST, source_id="paper", key="n")])
    assert identities(ENGLISH) in room.stories()


def test_a_split_article_can_be_joined_again_and_the_last_word_counts() -> None:
    room = StoryDatabase()
    anchor, _, english = room.arrive([ANCHOR, REPOST, ENGLISH])
    split(room.archive, english)
    join(room.archive, anchor, english)
    assert room.stories() == {identities(ANCHOR, REPOST, ENGLISH)}
    regroup_all(room.archive)
    assert room.stories() == {identities(ANCHOR, REPOST, ENGLISH)}
    assert len(room.rows("SELECT id FROM story_links WHERE decided_by = 'editor'")) == 4


def test_an_editor_joins_what_no_rule_would() -> None:
    room = StoryDatabase()
    anchor, budget = room.arrive([ANCHOR, BUDGET])
    join(room.archive, anchor, budget)
    regroup_all(room.archive)
    assert room.stories() == {identities(ANCHOR, BUDGET)}


def test_editions_of_one_publication_leave_together() -> None:
    room = StoryDatabase()
    edition = replace(ENGLISH, source_id="portal", key="1")
    anchor, _, _ = room.arrive([ANCHOR, edition, REPOST])
    split(room.archive, anchor)
    assert room.stories() == {identities(ANCHOR, edition), identities(REPOST)}


def test_splitting_what_is_alone_or_unknown_is_refused() -> None:
    room = StoryDatabase()
    (anchor,) = room.arrive([ANCHOR])
    with pytest.raises(UsageError, match="alone"):
        split(room.archive, anchor)
    with pytest.raises(UsageError, match="no article 77"):
        split(room.archive, 77)
    with pytest.raises(UsageError, match="no article 77"):
        join(room.archive, anchor, 77)


def test_a_title_that_changes_into_another_news_leaves_its_story_and_says_why() -> None:
    room = StoryDatabase()
    anchor, repost = room.arrive([ANCHOR, REPOST])
    room.connection.execute("UPDATE articles SET title = ?, lead = ? WHERE id = ?", (BUDGET.title, BUDGET.lead, repost))
    report = group(room.archive, [repost])
    assert report.moved == (repost,)
    assert room.stories() == {identities(ANCHOR), identities(REPOST)}
    assert room.rows("SELECT verdict FROM story_links ORDER BY id DESC LIMIT 1") == [("different",)]
    assert room.story_of(anchor) == 1


def test_the_original_publisher_speaks_for_the_story_and_the_earliest_day_is_shown() -> None:
    room = StoryDatabase()
    early_repost = replace(REPOST, published_on="2026-02-01", attribution="Джерело: Portal")
    anchor, repost, english = room.arrive([ANCHOR, early_repost, ENGLISH])
    chosen = room.rows("SELECT uk_article_id, en_article_id, published_on FROM stories WHERE merged_into IS NULL")
    assert chosen == [(anchor, english, "2026-02-01")]
    assert repost not in chosen[0]


def test_a_full_title_speaks_before_a_cut_one() -> None:
    room = StoryDatabase()
    cut = replace(ANCHOR, source_id="paper", key="c", title=f"{ANCHOR.title[:48]}...", published_on="2026-02-01")
    anchor, _ = room.arrive([ANCHOR, cut])
    assert room.rows("SELECT uk_article_id FROM stories WHERE merged_into IS NULL") == [(anchor,)]


def test_the_evidence_is_stored_by_plain_names() -> None:
    room = StoryDatabase()
    room.arrive([ANCHOR, ENGLISH])
    ((evidence,),) = room.rows("SELECT evidence FROM story_links")
    found = json.loads(str(evidence))
    assert found["names"] == ["Бровари", "Карлскруна"]
    assert found["days"] == ["3"]
    assert "партнерство" in found["words"]


def test_groups_stay_bounded_however_many_articles_are_alike() -> None:
    room = StoryDatabase()
    room.arrive([replace(ANCHOR, source_id=f"site{number}", key=str(number)) for number in range(30)])
    assert max(len(story) for story in room.stories()) <= 24
