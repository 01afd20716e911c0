"""The machine's English that an editor approved: what the website and the newsletter show of it, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from core.model import Rendering, Text, Translation, Translator
from db import digest_changes, ledger
from language.letters import text_hash
from pipeline.translate import translate_due
from tests.support.fakes import Desk, Echo, open_desk
from tests.support.newsroom import NOON, Newsroom, Website, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TITLE, LEAD = "Громади навчаються", "Лід новини"
AT = "2026-02-05T16:00:00Z"
Shown = list[tuple[object, ...]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = open_desk(tmp_path / "news.db")
    made.site.publish(1, TITLE, lead=LEAD, day="2026-02-01")
    made.run()
    translate(made, "fake 1", "Communities learn", "flagged")
    yield made
    made.store.close()


def translate(desk: Desk, model: str, title: str, state: Literal["ok", "flagged"]) -> None:
    def judge(text: Text, rendering: Rendering, translator: Translator) -> Translation:
        return Translation(text, rendering.text, translator.engine, translator.model, "", state)

    with desk.store.transaction() as connection:
        ledger.go_through(connection, model, ("fake", model), lambda _: "", AT)
    answers = {TITLE: Rendering(title), LEAD: Rendering(f"{title}: lead")}
    translate_due(desk.store, load=lambda: Echo(model=model, answers=answers), judge=judge, at=AT)


def approve(desk: Desk, source: str, text: str) -> None:
    with desk.store.transaction() as connection:
        digest_changes.approve(connection, text_hash(source), text, "olena", AT)


def title(desk: Desk) -> Shown:
    return desk.rows("SELECT title_en, title_en_by, title_en_state FROM news")


def lead(desk: Desk) -> Shown:
    return desk.rows("SELECT lead_en, lead_en_by, lead_en_state FROM news")


def test_it_is_well_and_stays_the_machine_s(desk: Desk) -> None:
    assert title(desk) == [("Communities learn", "machine", "flagged")]
    approve(desk, TITLE, "Communities learn")
    assert title(desk) == [("Communities learn", "machine", "ok")]
    assert lead(desk) == [("Communities learn: lead", "machine", "flagged")]


def test_a_lead_is_approved_by_itself(desk: Desk) -> None:
    approve(desk, LEAD, "Communities learn: lead")
    assert lead(desk) == [("Communities learn: lead", "machine", "ok")]
    assert title(desk)[0][2] == "flagged"


def test_the_newest_word_holds(desk: Desk) -> None:
    for text, state in (("Communities learn", "ok"), ("", "flagged"), ("Communities learn", "ok")):
        approve(desk, TITLE, text)
        assert title(desk) == [("Communities learn", "machine", state)]


def test_another_text_is_not_approved(desk: Desk) -> None:
    approve(desk, TITLE, "Communities learn ")
    approve(desk, LEAD, "Communities learn")
    assert [title(desk)[0][2], lead(desk)[0][2]] == ["flagged", "flagged"]


@pytest.mark.parametrize("state", ["ok", "flagged"])
def test_no_later_model_takes_its_place(desk: Desk, state: Literal["ok", "flagged"]) -> None:
    approve(desk, TITLE, "Communities learn")
    before = desk.rows("SELECT * FROM translation_approvals")
    translate(desk, "fake 2", "The hromadas study", state)
    desk.run(days=1)
    sql = "SELECT model, state FROM translations WHERE text_hash = ? ORDER BY id"
    assert desk.rows(sql, text_hash(TITLE)) == [("fake 1", "stale"), ("fake 2", state)]
    assert title(desk) == [("Communities learn", "machine", "ok")]
    assert desk.rows("SELECT * FROM translation_approvals") == before
    approve(desk, TITLE, "")
    assert title(desk) == [("The hromadas study", "machine", state)]


def test_a_later_text_of_the_same_model_is_not_approved(desk: Desk) -> None:
    approve(desk, TITLE, "Communities learn")
    desk.rows("UPDATE translations SET text = 'They study' WHERE text = 'Communities learn'")
    assert title(desk) == [("They study", "machine", "flagged")]


def test_an_editor_s_own_words_and_a_publisher_s_go_before_it(desk: Desk) -> None:
    approve(desk, TITLE, "Communities learn")
    rows(desk.store.connection, "translation_edits", source_text=TITLE, text_hash=text_hash(TITLE), text="They learn",
         edited_by="olena", edited_at=AT)  # fmt: skip
    assert title(desk) == [("They learn", "editor", "ok")]


def test_it_belongs_to_a_wording(desk: Desk) -> None:
    approve(desk, TITLE, "Communities learn")
    desk.site.publish(1, "Громади вчаться", lead=LEAD, day="2026-02-01")
    desk.run(days=1)
    assert title(desk) == [(None, None, "due")]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Website]:
    room = Newsroom(tmp_path / "news.db")
    room.source("portal")
    room.story("Рада", lead="Лід")
    for source in ("Рада", "Лід"):
        room.translation(source, f"English of {source}", "flagged", reasons=("number 3 is not in the translation",))
    rows(room.db, "translation_approvals", text_hash="h:Рада", text="English of Рада", approved_by="Оленка",
         approved_at=NOON)  # fmt: skip
    made = room.done()
    yield made
    made.close()


def test_the_website_objects_no_more(site: Website) -> None:
    (row,) = site.json("/news/news.json?_shape=objects")["rows"]
    assert [row["title_en_state"], row["title_en_by"], row["lead_en_state"]] == ["ok", "machine", "flagged"]
    page = site.get("/news/stories/1").text
    told = page.partition('id="english"')[2].partition("</ul>")[0]
    assert "Lead: " in told and "Headline" not in told
    (listed,) = site.json("/news/flagged.json?_shape=array")
    assert [listed["title_en_state"], listed["title_reasons"], listed["lead_en_state"]] == ["ok", None, "flagged"]
    assert "Оленка" not in page


def test_the_view_stays_in_its_indexes(tmp_path: Path) -> None:
    room = Newsroom(tmp_path / "news.db")
    plan = [row[3] for row in room.db.execute("EXPLAIN QUERY PLAN SELECT * FROM news LIMIT 25")]
    room.db.close()
    assert [step for step in plan if step.startswith("SCAN") and "subquery" not in step] == [
        "SCAN s USING INDEX stories_newest"
    ]
    assert sum("translation_approvals_text" in step for step in plan) >= 2
