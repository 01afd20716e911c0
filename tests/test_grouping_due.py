"""Grouping that waits: articles are stored first, grouped in batches that may end anywhere, and sent when grouped."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.model import Item, Listing, iso
from db import articles, grouping_due, runs
from newsletter import draft
from newsletter.exporting import advice as desk_advice
from pipeline import group, report
from pipeline.collect.listings import Plan
from pipeline.collect.run import ExchangeLog, Ingest, Tools
from pipeline.group import Grouped, group_due
from tests.support.digesting import Paper, numbers
from tests.support.fakes import Desk, open_desk
from tests.support.samples import PORTAL

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from core.model import Decision
    from db.articles import Saved

EQUAL = "Громади отримали нову школу та сучасний центр послуг"
FEED = replace(PORTAL, listings=(Listing("https://portal.example/news", min_items=0),), reads_articles=False)
OTHER = replace(
    FEED, id="other", hosts=("other.example",), listings=(Listing("https://other.example/news", min_items=0),)
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db", FEED, OTHER)
    for host, count in (("portal", 5), ("other", 2)):
        listed = [Item(f"https://{host}.example/news/{number}", f"{EQUAL} {number // 2}") for number in range(count)]
        desk.site.pages[f"https://{host}.example/news"] = [*listed]
    yield desk
    desk.store.close()


async def read(desk: Desk) -> None:
    """Reads the sources without grouping."""
    with desk.store.transaction() as connection:
        run_id = runs.start_run(connection, "ingest", iso(desk.now), "test")
    tools = Tools(desk.site, desk.site, ExchangeLog(), dict)
    await Ingest(desk.store, run_id, Plan(desk.now), tools).read(desk.sources)


def test_what_is_stored_is_read_at_once_and_grouped_afterwards(desk: Desk) -> None:
    asyncio.run(read(desk))
    assert desk.rows("SELECT count(*), count(DISTINCT story_id) FROM news") == [(7, 7)]
    assert group_due(desk.store, iso(desk.now)) == Grouped(7, 0)
    assert desk.rows("SELECT count(*) < 7 FROM news") == [(1,)]
    assert group_due(desk.store, iso(desk.now)) == Grouped()


def test_when_the_time_is_over_the_rest_waits_and_the_end_is_the_same(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(read(desk))
    monkeypatch.setattr(group, "AT_ONCE", 3)
    ticks = iter([0.0, 1.0, 11.0])
    done = group_due(desk.store, iso(desk.now), 10.0, lambda: next(ticks))
    assert done == Grouped(7, 4)
    assert report.backlog_lines(done) == ["grouping: 4 of 7 articles are left to the next run"]
    assert report.backlog_lines(Grouped(7, 0)) == []
    by_source = """SELECT a.source_id, count(*) FROM grouping_due d JOIN articles a ON a.id = d.article_id GROUP BY 1"""
    assert desk.rows(by_source) == [("other", 1), ("portal", 3)]  # of each in turn
    assert group_due(desk.store, iso(desk.now)) == Grouped(4, 0)
    whole = open_desk(tmp_path / "whole.db", FEED, OTHER)
    whole.site = desk.site
    whole.run()
    assert desk.rows("SELECT id, story_id FROM articles") == whole.rows("SELECT id, story_id FROM articles")
    whole.store.close()


def test_a_batch_that_is_interrupted_waits_as_a_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(read(desk))
    before = desk.state()

    def interrupted(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(grouping_due, "remove", interrupted)
        with pytest.raises(KeyboardInterrupt):
            group_due(desk.store, iso(desk.now))
    assert desk.state() == before
    assert group_due(desk.store, iso(desk.now)) == Grouped(7, 0)


def test_while_one_source_is_stored_another_is_answered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other site answers only when storing the first has begun, and storing ends only when it has answered."""
    storing, answered, save = threading.Event(), threading.Event(), articles.save
    fetch = desk.site.fetch

    async def fetched(source: object, url: str, validators: object = None) -> object:
        while "other" in url and not storing.is_set():
            await asyncio.sleep(0)
        answer = await fetch(source, url, validators)  # type: ignore[arg-type]
        if "other" in url:
            answered.set()
        return answer

    def saved(connection: sqlite3.Connection, decisions: Sequence[Decision], at: str) -> Saved:
        storing.set()
        assert answered.wait(60)
        return save(connection, decisions, at)

    monkeypatch.setattr(desk.site, "fetch", fetched)
    monkeypatch.setattr(articles, "save", saved)
    asyncio.run(read(desk))
    assert desk.rows("SELECT source_id, new FROM source_runs ORDER BY 1") == [("other", 2), ("portal", 5)]


def test_a_run_that_is_stopped_while_it_stores_stores_nothing_half(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement would never end: only stopping it ends the test."""

    async def stopped() -> None:
        loop, task, save = asyncio.get_running_loop(), asyncio.create_task(read(desk)), articles.save

        def endless(connection: sqlite3.Connection, decisions: Sequence[Decision], at: str) -> Saved:
            saved = save(connection, decisions, at)
            loop.call_soon_threadsafe(task.cancel)
            connection.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            ).fetchone()
            return saved

        monkeypatch.setattr(articles, "save", endless)
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())
    assert desk.rows("SELECT count(*) FROM articles") == [(0,)]
    monkeypatch.undo()
    desk.run()
    assert desk.rows("SELECT count(*) FROM articles") == [(7,)]


def test_a_story_that_waits_comes_in_the_next_issue_and_never_twice(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "news.db")
    first = paper.story(f"{EQUAL} дітям")
    grouping_due.add(paper.db, [1], paper.now())
    group_due(paper.store, paper.now())
    assert numbers(paper.seal()) == [first]
    again, alone = paper.story(f"{EQUAL} дітям", source_id="letter"), paper.story("Комітет розглянув закон про старост")
    waiting = [row[0] for row in paper.rows("SELECT id FROM articles WHERE story_id IN (?, ?)", again, alone)]
    grouping_due.add(paper.db, waiting, paper.now())
    issue = paper.draft()
    assert numbers(issue) == []
    assert desk_advice(paper.db, issue) == ["2 stories are not grouped yet and wait for the next issue"]
    assert paper.seal() is None
    assert group_due(paper.store, paper.now()) == Grouped(2, 0)
    assert numbers(paper.draft()) == [alone]
    assert paper.rows("SELECT merged_into FROM stories WHERE id = ?", again) == [(first,)]
    assert numbers(paper.seal()) == [alone]
    paper.close()


def test_older_stories_are_put_aside_though_they_wait(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "news.db")
    paper.story(EQUAL, day="2026-02-01")
    grouping_due.add(paper.db, [1], paper.now())
    with paper.store.transaction() as connection:
        assert draft.begin_with(connection, paper.newsletter, "2026-02-16", paper.now()) == 1
    paper.close()
