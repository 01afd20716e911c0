"""Answers of listings that are out of character are held back; those that are ordinary never are."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.store import open_store
from pipeline.health import READ
from tests.support.fakes import Desk, open_desk
from tests.support.listing_changes import DRIFT, FEED, OF_FEED, OF_PAGE, ORDINARY, PAGE, Room, english, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Item, SourceStatistics
    from tests.support.listing_changes import Change

KINDS = {"feed": (OF_FEED, FEED), "page": (OF_PAGE, PAGE)}


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory, kind: str) -> Path:
    """A database after one run over a healthy list."""
    path = tmp_path_factory.mktemp("held") / f"{kind}.db"
    desk = open_desk(path, KINDS[kind][0])
    desk.site.validates = False
    desk.site.pages[KINDS[kind][1]] = [*yesterday(kind)]
    desk.run()
    desk.store.close()
    return path


@pytest.fixture
def desk(tmp_path: Path, kind: str, read_once: Path) -> Iterator[Desk]:
    desk = Desk(open_store(Path(shutil.copy(read_once, tmp_path / "news.db"))), sources=(KINDS[kind][0],))
    desk.site.validates = False
    yield desk
    desk.store.close()


def room_of(kind: str) -> Room:
    return Room("feed" if kind == "feed" else "listing")


def yesterday(kind: str) -> list[Item]:
    room = room_of(kind)
    return room.items(newest=room.newest - 2)


def run(desk: Desk, kind: str, items: list[Item], days: float = 1) -> SourceStatistics:
    """Read the source when its listing shows `items`."""
    desk.site.pages[KINDS[kind][1]] = [*items]
    return desk.run(days=days).statistics["portal"]


@pytest.mark.fault("C35")
@pytest.mark.parametrize("change", DRIFT.values(), ids=DRIFT)
def test_drift_is_held_back_in_the_same_run_and_nothing_of_it_is_applied(desk: Desk, kind: str, change: Change) -> None:
    before = desk.state()
    figures = run(desk, kind, change(room_of(kind)))
    assert (figures.state, figures.listed) == ("suspicious", 0)
    assert desk.state() == before
    assert desk.rows("SELECT * FROM validators") == []
    assert desk.rows("SELECT stage, resolved_at FROM problems") == [("held", None)]


@pytest.mark.parametrize("change", ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_change_is_never_held_back(
    desk: Desk, kind: str, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.fakes.group_due", lambda *_: None)  # not the subject, and slow
    figures = run(desk, kind, change(room_of(kind)))
    assert desk.rows("SELECT reasons FROM held_answers") == []
    assert figures.state in READ


@pytest.mark.parametrize(("turned", "state"), [(2, "ok"), (3, "suspicious")])
def test_known_items_that_turn_to_the_other_language_have_quite_another_title(
    tmp_path: Path, turned: int, state: str
) -> None:
    """Where editions share no keys: there the same item is never in both."""
    source = replace(OF_FEED, identity=replace(OF_FEED.identity, canonical={}))
    desk = open_desk(tmp_path / "own.db", source)
    room = Room("feed")
    items = room.items(size=20)
    for shown in (items, [replace(item, title=english(number_of(item))) for item in items[:turned]] + items[turned:]):
        desk.site.pages[FEED] = [*shown]
        found = desk.run(days=1).statistics["portal"].state
    desk.store.close()
    assert found == state
