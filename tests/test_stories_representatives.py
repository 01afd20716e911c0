"""The representatives of a story: headline, lead, day, link and English."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.inputs.story_database import AT, StoryDatabase
from db import edits, ledger
from pipeline.stories.representatives import choose_representatives
from tests.test_stories_grouping import ANCHOR, ENGLISH, REPOST

if TYPE_CHECKING:
    from core.model import StoryText


def news(room: StoryDatabase, columns: str) -> tuple[object, ...]:
    (row,) = room.rows(f"SELECT {columns} FROM news")
    return tuple(row)


def arrived(*texts: StoryText) -> StoryDatabase:
    room = StoryDatabase()
    room.arrive(texts)
    room.connection.execute("UPDATE articles SET lead_hash = lead")
    return room


def edit(room: StoryDatabase, source: str, english: str) -> None:
    edits.save(room.connection, [(source, source, english, "Оля")], AT)


def test_the_day_is_that_of_the_event_and_not_of_its_translation() -> None:
    original, translation = replace(ENGLISH, published_on="2025-05-21"), replace(ANCHOR, published_on="2025-06-03")
    assert news(arrived(translation, original), "published_on, title_uk") == ("2025-05-21", ANCHOR.title)
    undated = replace(ANCHOR, published_on=None)
    assert choose_representatives([undated]).published_on is None
    assert choose_representatives([undated, original]).published_on == "2025-05-21"


def test_a_lead_is_shown_if_any_article_of_the_story_has_one() -> None:
    silent = replace(ENGLISH, source_id="aaa", lead="", published_on="2026-02-03")
    room = arrived(replace(ANCHOR, lead=""), REPOST, silent, ENGLISH)
    assert news(room, "title_uk, lead_uk, title_en, lead_en, lead_en_by, lead_en_state") == (
        ANCHOR.title, REPOST.lead, ENGLISH.title, ENGLISH.lead, "publisher", "ok",
    )  # fmt: skip
    assert news(room, "url_uk, url_en") == ("https://portal.test/1", "https://aaa.test/p")


def test_the_lead_of_another_article_is_translated_and_can_be_edited() -> None:
    room = arrived(replace(ANCHOR, lead=""), REPOST)
    room.connection.row_factory = sqlite3.Row
    assert [text.source_text for text in ledger.due(room.connection, AT)] == [ANCHOR.title, REPOST.lead]
    assert news(room, "lead_en, lead_en_by, lead_en_state") == (None, None, "due")
    edit(room, REPOST.lead, "The mayors agreed.")
    assert news(room, "lead_en, lead_en_by, lead_en_state") == ("The mayors agreed.", "editor", "ok")
    assert [text.source_text for text in ledger.due(room.connection, AT)] == [ANCHOR.title]


def test_the_headline_is_a_full_one_and_the_link_stays_the_original_publishers() -> None:
    original = replace(ANCHOR, title=f"{ANCHOR.title[:48]}…", published_on="2026-02-01")
    repost = replace(REPOST, title=ANCHOR.title, attribution="Джерело: Portal")
    room = arrived(original, repost)
    assert news(room, "title_uk, url, url_uk") == (ANCHOR.title, *["https://portal.test/1"] * 2)


def test_the_editors_english_stays_when_an_earlier_repost_becomes_the_face() -> None:
    room = arrived(ANCHOR, ENGLISH)
    edit(room, ANCHOR.title, "Brovary has a Swedish partner")
    room.arrive([replace(REPOST, published_on="2026-02-01")])
    shown = "title_uk, title_en, title_en_by, title_en_state"
    assert news(room, shown) == (REPOST.title, "Brovary has a Swedish partner", "editor", "ok")
    edit(room, REPOST.title, "Brovary and Karlskrona are partners")
    assert news(room, shown)[1] == "Brovary and Karlskrona are partners"
    edit(room, ANCHOR.title, "Brovary and Karlskrona")
    assert news(room, shown)[1] == "Brovary and Karlskrona"


def test_the_wording_that_an_editor_worded_is_the_one_that_is_listed() -> None:
    room = arrived(ANCHOR)
    room.connection.row_factory = sqlite3.Row
    edit(room, ANCHOR.title, "Brovary has a Swedish partner")
    room.arrive([replace(REPOST, lead="", published_on="2026-02-01")])
    listed = {row["source_text"]: (row["text"], row["current"]) for row in edits.wordings(room.connection)}
    assert listed[ANCHOR.title] == ("Brovary has a Swedish partner", 1)
    assert REPOST.title not in listed
    assert ledger.due(room.connection, AT)[0].source_text == ANCHOR.lead
    (story,) = ledger.stories_showing(room.connection, [ANCHOR.title])
    assert story == room.story_of(1)


def test_an_edit_of_a_wording_that_no_article_has_is_shown_nowhere() -> None:
    room = arrived(ANCHOR)
    edit(room, f"{ANCHOR.title} учора", "Yesterday")
    assert news(room, "title_en, title_en_by") == (None, None)
