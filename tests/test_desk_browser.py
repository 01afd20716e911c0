"""The desk's scripts in a real browser: keys, saving while one types, conflicts. Skipped where there is no Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.browser import chromium, find_chromium
from scripts.desk_instance import EDITORS, desk_instance
from scripts.desk_measures import BIN, SAVED, edit, opened, stored
from tests.support.digesting import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.browser import Tab
    from scripts.desk_instance import DeskInstance

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskInstance]:
    path = tmp_path_factory.mktemp("desk") / "news.db"
    paper = Paper(path)
    for number in range(4):
        paper.story(f"Громада номер {number} має бюджет", f"Community {number} has a budget")
    paper.close()
    with desk_instance(path, "2026-03-02T06:00:00Z") as instance:
        yield instance


@pytest.fixture(scope="module")
def tab(desk: DeskInstance) -> Iterator[Tab]:
    with chromium() as browser:
        yield opened(browser, desk)


def test_keys_take_and_undo_and_do_nothing_while_one_types(desk: DeskInstance, tab: Tab) -> None:
    tab.press("j")
    key = str(tab.evaluate("document.activeElement.dataset.key"))
    tab.press("t")
    tab.wait(f"document.querySelector('#issue #{key}') && {SAVED}")
    assert stored(desk, "SELECT field, became, by FROM digest_changes WHERE field = 'decision'") == [
        ("decision", "taken", EDITORS[0])
    ]
    assert tab.evaluate("document.activeElement.matches('#bin .story') && document.activeElement.dataset.key") != key
    tab.press("/")
    tab.press("t")
    assert tab.evaluate("document.activeElement.value") == "t"
    assert tab.evaluate("document.querySelectorAll('#issue .story').length") == 1
    tab.evaluate("document.activeElement.value = '', document.activeElement.blur(), 1")
    tab.press("z")
    tab.wait(f"document.querySelector('#bin #{key}') && {SAVED}")


def test_what_another_changed_meanwhile_is_shown_beside_and_never_overwritten(desk: DeskInstance, tab: Tab) -> None:
    key = str(tab.evaluate(f"document.querySelector('{BIN}').dataset.key"))
    edit(tab, key, "note", "Ours")
    tab.wait(SAVED)
    assert stored(desk, "SELECT became FROM digest_changes WHERE field = 'note'") == [("Ours",)]
    tab.evaluate(f"document.querySelector('#{key} .detail [data-field=note]').dataset.base = 'older', 1")
    edit(tab, key, "note", "Ours, longer")
    tab.wait("document.querySelector('.versions')")
    shown = str(tab.evaluate("document.querySelector('.versions').innerText"))
    assert "Ours, longer" in shown and EDITORS[0] in shown
    assert stored(desk, "SELECT became FROM digest_changes WHERE field = 'note'") == [("Ours",)]
    assert tab.evaluate("localStorage.length") == 1
    tab.click(".versions button")
    tab.wait(SAVED)
    assert [row[0] for row in stored(desk, "SELECT became FROM digest_changes WHERE field = 'note'")] == [
        "Ours", "Ours, longer"]  # fmt: skip
    assert tab.evaluate("localStorage.length") == 0


def test_a_value_that_cannot_be_is_said_at_its_field_and_kept(desk: DeskInstance, tab: Tab) -> None:
    field = "document.querySelector('#f-name-issue')"
    tab.evaluate(f"{field}.closest('details').open = true, {field}.select(), 1")
    tab.type("issue/1")
    tab.wait(f"{field}.parentElement.querySelector('.said.error')")
    assert tab.evaluate(f"{field}.value") == "issue/1"
    assert stored(desk, "SELECT name FROM digests") == [("issue-1",)]
    tab.evaluate(f"{field}.select(), 1")
    tab.type("issue-1")
    tab.wait(SAVED)
