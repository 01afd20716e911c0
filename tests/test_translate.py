"""The second loop: what is translated, what it is worth, and what readers see."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from core.errors import ModelError
from core.model import Rendering, Text, Translation, Translator, iso
from db import ledger
from pipeline.translate import CHUNK, Translated, translate_due
from tests.support.fakes import Desk, Echo, open_desk, utc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.closed_sets import TranslationState

AT = "2026-02-05T16:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    yield desk
    desk.store.close()


def judge(text: Text, rendering: Rendering, translator: Translator) -> Translation:
    state: TranslationState = "ok" if rendering.text else "failed"
    reasons = () if rendering.text else (rendering.error or "empty",)
    return Translation(text, rendering.text, translator.engine, translator.model, "", state, reasons)


def translate(desk: Desk, translator: Echo, limit: int | None = None, hours: float = 0) -> Translated:
    at = iso(utc(AT.rstrip("Z")) + timedelta(hours=hours))
    return translate_due(desk.store, load=lambda: translator, judge=judge, at=at, limit=limit)


def test_titles_before_leads_newest_first_and_each_text_once(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються", lead="Перший лід", day="2026-02-01")
    desk.site.publish(2, "Громади будують школу", lead="Другий лід", day="2026-02-03")
    desk.site.publish(3, "Громади навчаються", day="2026-02-02")
    desk.run()
    echo = Echo()
    assert translate(desk, echo).states == {"ok": 4}
    assert echo.calls == [["Громади будують школу", "Громади навчаються"], ["Другий лід", "Перший лід"]]
    assert desk.rows("SELECT title_en, title_en_by, title_en_state FROM news WHERE published_on = '2026-02-02'") == [
        ("English of 18 letters", "machine", "ok")
    ]


def test_a_second_run_makes_no_engine_call(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються")
    desk.run()
    translate(desk, Echo())

    def load() -> Translator:
        raise AssertionError("the engine was loaded although nothing waits")

    assert translate_due(desk.store, load=load, judge=judge, at=AT) == Translated()


def test_what_the_publisher_gave_in_english_is_not_translated(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються", lead="Лід")
    desk.site.publish(1, "Communities are learning", lead="Lead", edition="/en")
    desk.run()
    echo = Echo()
    assert translate(desk, echo).due == 0
    assert desk.rows("SELECT title_en, title_en_by, lead_en FROM news") == [
        ("Communities are learning", "publisher", "Lead")
    ]


def test_the_publisher_s_later_english_wins_over_the_machine_s(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються")
    desk.run()
    translate(desk, Echo())
    assert desk.rows("SELECT title_en_by FROM news") == [("machine",)]
    desk.site.publish(1, "Communities are learning", edition="/en", day="2026-02-06")
    desk.run(days=1)
    assert desk.rows("SELECT title_en, title_en_by FROM news") == [("Communities are learning", "publisher")]
    assert desk.rows("SELECT count(*) FROM translations") == [(1,)]


@pytest.mark.fault("T11")
def test_the_english_wording_belongs_to_one_version_of_the_headline(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються")
    desk.run()
    translate(desk, Echo())
    desk.site.publish(1, "Громади навчаються разом")
    desk.run()
    assert desk.rows("SELECT title_en, title_en_state FROM news") == [(None, "due")]
    assert translate(desk, Echo()).states == {"ok": 1}
    assert desk.rows("SELECT title_en, title_en_state FROM news") == [("English of 24 letters", "ok")]
    desk.site.publish(1, "Громади навчаються")
    desk.run()
    assert desk.rows("SELECT title_en FROM news") == [("English of 18 letters",)]


@pytest.mark.fault("T4")
def test_a_failure_is_never_shown_and_is_tried_again_a_few_times(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються")
    desk.site.publish(2, "Громади будують школу")
    desk.run()
    failing = Echo(answers={"Громади навчаються": Rendering(None, error="no output")})
    assert translate(desk, failing).states == {"ok": 1, "failed": 1}
    assert desk.rows(
        "SELECT title_en, title_en_by, title_en_state FROM news WHERE title_uk = 'Громади навчаються'"
    ) == [(None, None, "failed")]
    assert translate(desk, failing).due == 0
    tried = [hours for hours in range(24 * 60) if translate(desk, failing, hours=hours).due]
    assert [later - earlier for earlier, later in pairwise([0, *tried])] == [1, 12, 3 * 24, 14 * 24]


def test_a_failure_that_is_mended_is_shown(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються")
    desk.run()
    translate(desk, Echo(answers={"Громади навчаються": Rendering(None, error="no output")}))
    assert translate(desk, Echo(), hours=1).states == {"ok": 1}
    assert desk.rows("SELECT state, attempts FROM translations") == [("ok", 2)]


@pytest.mark.fault("T1")
def test_without_a_model_everything_stays_due_and_one_line_says_what_to_do(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються", lead="Лід")
    desk.run()

    def load() -> Translator:
        raise ModelError("no translation model: run `make model ARGS=install`")

    translated = translate_due(desk.store, load=load, judge=judge, at=AT)
    assert translated.due == 2
    assert translated.problem
    assert "make model" in translated.problem.message
    assert len(ledger.due(desk.store.connection, AT)) == 2


@pytest.mark.fault("T3")
def test_an_engine_that_breaks_in_the_middle_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.translate.CHUNK", 2)
    for key in range(1, 7):
        desk.site.publish(key, f"Громади навчаються, частина {key}")
    desk.run()

    class Breaks(Echo):
        def translate(self, texts: list[str]) -> list[Rendering]:
            if len(self.calls) == 1:
                raise ModelError("out of memory")
            return super().translate(texts)

    translated = translate(desk, Breaks())
    assert (translated.states, translated.due) == ({"ok": 2}, 6)
    rest = Echo()
    assert translate(desk, rest).states == {"ok": 4}
    assert sum(map(len, rest.calls)) == 4


def test_a_limit_takes_the_newest(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються", day="2026-02-01")
    desk.site.publish(2, "Громади будують", day="2026-02-02")
    desk.run()
    echo = Echo()
    translate(desk, echo, limit=1)
    assert echo.calls == [["Громади будують"]]
    assert CHUNK > 1


def test_the_english_wording_can_be_searched_for(desk: Desk) -> None:
    desk.site.publish(1, "Об’єднані громади навчаються")
    desk.run()
    translate(desk, Echo(answers={"Об’єднані громади навчаються": Rendering("United communities learn")}))
    found = "SELECT rowid FROM news_fts WHERE news_fts MATCH ?"
    assert len(desk.rows(found, "communities")) == len(desk.rows(found, "навчаються")) == 1
    assert desk.rows(found, '"об\'єднані"') == desk.rows(found, '"обʼєднані"') == desk.rows(found, '"об’єднані"') != []
