"""A new model or a changed glossary: what is translated again, in which order, and what readers see meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.model import Rendering, Text, Translation, Translator
from db import ledger
from db.stories import StoryArchive
from pipeline.commands.translate import work_off
from pipeline.stories.editing import split
from pipeline.stories.regroup import regroup_all
from pipeline.translate import Translated, translate_due
from tests.support.fakes import Desk, Echo, open_desk, utc
from translations import fingerprint, glossary
from translations.glossary import Glossary, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.closed_sets import TranslationState

AT = "2026-02-05T16:00:00Z"
COMMUNITY, SUBVENTION = Term("громада", "community"), Term("субвенція", "subvention")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    for key, title in enumerate(("Громади отримали субвенцію", "Уряд дав громадам школи", "Субвенції для громад"), 1):
        desk.site.publish(key, title, day=f"2026-02-0{key}")
    desk.run()
    yield desk
    desk.store.close()


def translate(desk: Desk, echo: Echo, terms: Glossary, limit: int | None = None) -> list[str]:
    """Goes through the ledger, translates what waits; gives the texts that the engine was asked for."""

    def judge(text: Text, rendering: Rendering, translator: Translator) -> Translation:
        state: TranslationState = "ok" if rendering.text else "failed"
        key = terms.version_for(text.source_text)
        return Translation(text, rendering.text, translator.engine, translator.model, key, state, ("none",))

    with desk.store.transaction() as connection:
        ledger.go_through(connection, f"{echo.model} {terms.version}", (echo.engine, echo.model), terms.version_for, AT)
    translate_due(desk.store, load=lambda: echo, judge=judge, at=AT, limit=limit)
    return [text for call in echo.calls for text in call]


def test_a_changed_entry_translates_again_exactly_the_texts_that_contain_a_form_of_it(desk: Desk) -> None:
    before = Glossary([COMMUNITY, SUBVENTION])
    assert len(translate(desk, Echo(), before)) == 3
    assert translate(desk, Echo(), before) == []
    after = Glossary([COMMUNITY, Term("субвенція", "transfer")])
    assert translate(desk, Echo(), after) == ["Субвенції для громад", "Громади отримали субвенцію"]
    assert translate(desk, Echo(), after) == []


@pytest.mark.parametrize("terms", [[COMMUNITY], [COMMUNITY, SUBVENTION, Term("школа", "school")]], ids=["gone", "new"])
def test_an_entry_that_comes_or_goes_counts_as_changed(desk: Desk, terms: list[Term]) -> None:
    translate(desk, Echo(), Glossary([COMMUNITY, SUBVENTION]))
    touched = {"gone": 2, "new": 1}["new" if len(terms) > 1 else "gone"]
    assert len(translate(desk, Echo(), Glossary(terms))) == touched


def test_what_an_editor_split_stays_so_when_a_changed_glossary_gives_it_new_english(desk: Desk) -> None:
    titles = ("Громади Поділля отримали субвенцію на школи", "Громади Поділля отримали субвенцію на школи (ВІДЕО)")
    for key, title in enumerate(titles, 11):
        desk.site.publish(key, title, day="2026-02-04")
    desk.run()
    together = "SELECT count(DISTINCT story_id) FROM articles WHERE title LIKE 'Громади Поділля%'"
    assert desk.rows(together) == [(1,)]
    ((later,),) = desk.rows("SELECT id FROM articles WHERE title = ?", titles[1])
    with desk.store.transaction() as connection:
        split(StoryArchive(connection, AT), int(str(later)))
    translate(desk, Echo(), Glossary([COMMUNITY, SUBVENTION]))
    changed = Glossary([COMMUNITY, Term("субвенція", "transfer")])
    assert set(titles) <= set(translate(desk, Echo(), changed))
    assert desk.rows(together) == [(2,)]
    with desk.store.transaction() as connection:
        regroup_all(StoryArchive(connection, AT))
    assert desk.rows(together) == [(2,)]


@pytest.mark.fault("T12")
def test_a_new_model_translates_all_again_newest_first_and_readers_keep_the_old_english(desk: Desk) -> None:
    terms = Glossary([COMMUNITY])
    translate(desk, Echo(), terms)
    newer = Echo(model="fake 2")
    assert translate(desk, newer, terms, limit=1) == ["Субвенції для громад"]
    assert desk.rows("SELECT title_en_state, title_en IS NULL, title_en_model FROM news") == [
        ("ok", 0, "fake 2"),
        ("stale", 0, "fake 1"),
        ("stale", 0, "fake 1"),
    ]
    assert len(translate(desk, Echo(model="fake 2"), terms)) == 2
    assert desk.rows("SELECT DISTINCT title_en_state, title_en_model FROM news") == [("ok", "fake 2")]


def test_what_has_no_english_at_all_goes_first(desk: Desk) -> None:
    terms = Glossary([COMMUNITY])
    translate(desk, Echo(), terms)
    desk.site.publish(9, "Стара новина про громади", day="2020-01-01")
    desk.run()
    assert translate(desk, Echo(model="fake 2"), terms)[0] == "Стара новина про громади"


def test_a_new_model_that_fails_leaves_the_old_english_with_a_mark(desk: Desk) -> None:
    terms = Glossary([COMMUNITY])
    translate(desk, Echo(), terms)
    failing = Echo(model="fake 2", answers={"Субвенції для громад": Rendering(None, error="no output")})
    translate(desk, failing, terms)
    assert desk.rows("SELECT title_en, title_en_state FROM news WHERE title_uk = 'Субвенції для громад'") == [
        ("English of 20 letters", "stale")
    ]


def test_english_of_the_model_before_last_is_shown_while_two_models_fail(desk: Desk) -> None:
    terms = Glossary([COMMUNITY])
    translate(desk, Echo(), terms)
    for model in ("fake 2", "fake 3"):
        failing = Echo(model=model, answers={"Субвенції для громад": Rendering(None, error="no output")})
        translate(desk, failing, terms)
    translate(desk, Echo(model="fake 4"), terms, limit=1)
    shown = desk.rows("SELECT title_en, title_en_state FROM news ORDER BY story_id")
    assert [title for title, _ in shown if title is None] == []
    assert "stale" in {state for _, state in shown}


def test_a_failure_of_the_old_model_is_tried_at_once_by_the_new_one(desk: Desk) -> None:
    terms = Glossary([COMMUNITY])
    translate(desk, Echo(answers={"Субвенції для громад": Rendering(None, error="no output")}), terms)
    assert translate(desk, Echo(), terms) == []
    assert "Субвенції для громад" in translate(desk, Echo(model="fake 2"), terms)


@pytest.mark.fault("T10")
def test_when_the_time_is_over_the_rest_is_left_to_the_next_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.translate.CHUNK", 1)
    ticks = iter([0.0, 1.0, 11.0, 21.0])

    def judge(text: Text, rendering: Rendering, translator: Translator) -> Translation:
        return Translation(text, rendering.text, translator.engine, translator.model, "", "ok")

    done = translate_due(desk.store, load=Echo, judge=judge, at=AT, seconds=20, timer=lambda: next(ticks))
    assert (done.due, done.states) == (3, {"ok": 2})
    assert len(ledger.due(desk.store.connection, AT)) == 1


@pytest.fixture
def work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Translated]:
    """`translate` as the command does it, with a fake engine in place of the installed one."""

    def work(model: str = "fake 1", **answers: Rendering) -> Translated:
        echo = Echo(model=model, answers={text.replace("_", " "): answer for text, answer in answers.items()})
        monkeypatch.setattr("translations.engines.argos.load", lambda: echo)
        monkeypatch.setattr(fingerprint, "maker", lambda: (echo.engine, echo.model))
        return work_off(desk.store, lambda: utc("2026-02-05T16:00"), setup=False, limit=None)

    return work


def test_the_command_keeps_glossary_and_steps_in_the_ledger_and_works_once(
    desk: Desk, work: Callable[..., Translated]
) -> None:
    answer = Rendering("Bulks received a subvention")
    assert work(Громади_отримали_субвенцію=answer).states.total() == 3  # type: ignore[attr-defined]
    source = "Громади отримали субвенцію"
    assert desk.rows("SELECT text, state, glossary, steps FROM translations WHERE source_text = ?", source) == [
        ("Communities received a subvention", "ok", glossary.version_for(source), '["repaired: громада"]')
    ]
    assert work().due == 0
    assert work("fake 2").due == 3


def test_the_command_goes_through_the_ledger_when_the_glossary_file_changed(
    desk: Desk, work: Callable[..., Translated], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {"Громади_отримали_субвенцію": Rendering("Communities received a subvention"),
            "Уряд_дав_громадам_школи": Rendering("The Government gave communities schools"),
            "Субвенції_для_громад": Rendering("Subventions for communities")}  # fmt: skip
    assert work(**good).states == {"ok": 3}
    text = fingerprint.GLOSSARY.read_text(encoding="utf-8")
    (tmp_path / "glossary.csv").write_text(
        text.replace("субвенція,subvention,", "субвенція,transfer,subvention;"), "utf-8"
    )
    for module, name in ((fingerprint, "GLOSSARY"), (glossary, "FILE")):
        monkeypatch.setattr(module, name, tmp_path / "glossary.csv")
    glossary.glossary.cache_clear()
    try:
        assert work(**good).due == 2
        assert work(**good).due == 0
    finally:
        glossary.glossary.cache_clear()
