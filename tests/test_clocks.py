"""A clock that was once ahead, jumps, or stands in the night of the change puts nothing off and deletes nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Self

import pytest

from core import clock
from core.clock import AHEAD, is_awaited, is_fresh, kyiv_day
from core.errors import Refused, ServerTrouble
from core.model import HostState, Known, Published, Rendering, Seen, Validators, iso
from db import ledger, runs
from db.runs import source_facts
from pipeline.collect.listings import FULL_ANSWER_EVERY, conditional
from pipeline.collect.rereading import LONGEST_PAUSE, is_revisit_due, revisit_at
from pipeline.health import judge, unread_days
from scrapers.http.politeness import Budget
from scrapers.http.retries import LONGEST_WAIT, Retries
from scrapers.http.sites import Site
from tests.support.digesting import Paper
from tests.support.fakes import Echo, open_desk
from tests.support.newsroom import Newsroom, rows
from tests.test_translate import translate

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 2, 20, 18, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
YEAR_AHEAD = NOW + 365 * DAY
pytestmark = pytest.mark.fault("P7")


@pytest.mark.parametrize(
    ("moment", "awaited"),
    [(None, False), (-SECOND, False), (0 * SECOND, False), (SECOND, True), (DAY, True), (DAY + SECOND, False)],
)
def test_what_lies_further_ahead_than_its_cap_is_not_waited_for(moment: timedelta | None, awaited: bool) -> None:
    assert is_awaited(None if moment is None else NOW + moment, NOW, DAY) is awaited


@pytest.mark.parametrize(
    ("age", "fresh"),
    [(None, False), (DAY, False), (DAY - SECOND, True), (0 * DAY, True), (-AHEAD, True), (-AHEAD - SECOND, False)],
)
def test_what_is_old_or_from_the_future_is_not_fresh(age: timedelta | None, fresh: bool) -> None:
    assert is_fresh(None if age is None else NOW - age, NOW, DAY) is fresh


@pytest.mark.parametrize("now", [None, "2026-02-20T18:00:00Z"])
def test_who_sets_the_clock_in_mid_run_does_not_set_that_of_the_run(
    now: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Set(datetime):
        ahead = timedelta(0)

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + cls.ahead

    monkeypatch.setattr(clock, "datetime", Set)
    moments = clock.clock_from(now)
    began = moments()
    for Set.ahead in (-365 * DAY, 365 * DAY):
        assert timedelta(0) <= moments() - began < timedelta(minutes=1)


# How sites are asked


@pytest.mark.parametrize(("ahead", "waits"), [(LONGEST_WAIT, True), (LONGEST_WAIT + SECOND, False)])
def test_a_host_is_asked_again_when_its_wait_lies_further_ahead_than_any(ahead: timedelta, waits: bool) -> None:
    site = Site(
        Budget(1.0, 1, time.monotonic, asyncio.sleep),
        {"a.test": HostState("a.test", NOW + ahead), "b.test": HostState("b.test")},
    )
    if waits:
        with pytest.raises(Refused, match="asked us to wait"):
            site.refuse_while_waiting("https://a.test/", NOW)
    else:
        site.refuse_while_waiting("https://a.test/", NOW)


def test_a_wait_that_is_void_hides_no_other_of_the_site() -> None:
    hosts = {"a.test": HostState("a.test", YEAR_AHEAD), "b.test": HostState("b.test", NOW + SECOND)}
    with pytest.raises(Refused, match="2026-02-20T18:00:01Z"):
        Site(Budget(1.0, 1, time.monotonic, asyncio.sleep), hosts).refuse_while_waiting("https://a.test/", NOW)


@pytest.mark.parametrize(
    ("ahead", "conditionally"), [(AHEAD, True), (AHEAD + SECOND, False), (-FULL_ANSWER_EVERY, False)]
)
def test_an_answer_from_the_future_is_asked_for_in_full(ahead: timedelta, conditionally: bool) -> None:
    seen = Seen("https://a.test/", Validators('"tag"'), "hash", iso(NOW + ahead))
    assert (conditional(seen, NOW) is not None) is conditionally


def test_a_wait_that_is_over_by_another_clock_takes_no_negative_time() -> None:
    error = ServerTrouble("503", "https://a.test/", 503)
    error.wait_until = NOW
    assert Retries().wait_after(error, NOW + DAY) == 0.0


# Articles' own pages


def known(revisit: datetime | None, published: datetime) -> Known:
    return Known(1, 1, "uk", "t", "", "h", "", Published(iso(published), "minute", "page"), iso(published),
                 "https://a.test/1", revisit_at=None if revisit is None else iso(revisit))  # fmt: skip


@pytest.mark.parametrize("age", [1, 30, 300])
def test_an_article_is_read_again_when_that_was_put_off_further_than_ever(age: int) -> None:
    published = NOW - age * DAY
    planned = datetime.fromisoformat(revisit_at(iso(published), NOW) or "")
    assert not is_revisit_due(known(planned, published), NOW)
    assert not is_revisit_due(known(planned, published), planned - SECOND)
    assert is_revisit_due(known(planned, published), planned)
    assert not is_revisit_due(known(planned + DAY, published), NOW)
    assert is_revisit_due(known(planned + DAY + SECOND, published), NOW)
    assert not is_revisit_due(known(None, published), NOW)


def test_the_archive_gives_what_was_put_off_further_than_ever(tmp_path: Path) -> None:
    from pipeline.collect.run import StoredMemory

    desk = open_desk(tmp_path / "news.db")
    for key in (1, 2, 3):
        desk.site.publish(key, f"Громади навчаються, заняття {key}")
    desk.run()
    moments = (desk.now, desk.now + LONGEST_PAUSE, desk.now + LONGEST_PAUSE + SECOND)
    for number, moment in enumerate(moments, 1):
        desk.store.connection.execute("UPDATE articles SET look_again_at = ? WHERE key = ?", (iso(moment), number))
    memory = StoredMemory(desk.store.connection, desk.sources[0].id)
    assert [key for key, _ in memory.due(desk.now, 5)] == ["3", "1"]
    assert [key for key, _ in memory.due(desk.now, 1)] == ["3"]
    desk.store.close()


# Translation


@pytest.mark.parametrize(("ahead", "due"), [(AHEAD, 0), (AHEAD + SECOND, 1)])
def test_a_text_that_failed_in_the_future_is_tried_again(tmp_path: Path, ahead: timedelta, due: int) -> None:
    desk = open_desk(tmp_path / "news.db")
    desk.site.publish(1, "Громади навчаються")
    desk.run()
    translate(desk, Echo({"Громади навчаються": Rendering(None, error="empty")}))
    desk.store.connection.execute("UPDATE translations SET created_at = ?", (iso(NOW + ahead),))
    assert len(ledger.due(desk.store.connection, iso(NOW))) == due
    desk.store.close()


# Health and coverage


def newsroom(tmp_path: Path, *given: tuple[datetime, str, int]) -> Newsroom:
    """One source, and its runs in the order in which they were stored: (ended at, state, new)."""
    room = Newsroom(tmp_path / "news.db")
    room.source("portal")
    for at, state, new in given:
        run = rows(room.db, "runs", command="ingest", started_at=iso(at), version="0.1.0")
        rows(room.db, "source_runs", run_id=run, source_id="portal", state=state, listed=new, new=new, at=iso(at))
    room.db.row_factory = sqlite3.Row
    return room


def test_a_source_that_was_read_in_the_future_is_not_well_for_ever(tmp_path: Path) -> None:
    with closing(newsroom(tmp_path, (NOW - DAY, "ok", 1), (YEAR_AHEAD, "ok", 1)).db) as db:
        (facts,) = source_facts(db)
        judged = judge(facts, NOW)
        assert judged.is_actionable
        assert judged.message == "last read at 2027-02-20T18:00:00Z, in the future: was the clock ahead?"
        assert judged.silent_hours == 0.0
        assert unread_days([facts], NOW) == 0


@pytest.mark.parametrize(("ahead", "actionable"), [(AHEAD, False), (AHEAD + SECOND, True)])
def test_clocks_of_two_machines_may_differ_a_little(tmp_path: Path, ahead: timedelta, actionable: bool) -> None:
    with closing(newsroom(tmp_path, (NOW + ahead, "ok", 1)).db) as db:
        assert judge(source_facts(db)[0], NOW).is_actionable is actionable


def test_the_next_run_by_the_right_clock_makes_all_of_it_right(tmp_path: Path) -> None:
    runs_of = ((NOW - DAY, "ok", 1), (YEAR_AHEAD, "ok", 2), (NOW, "blocked", 0))
    with closing(newsroom(tmp_path, *runs_of).db) as db:
        (facts,) = source_facts(db)
        assert (facts.state, facts.last_success_at, facts.last_new_at) == ("blocked", iso(NOW - DAY), iso(NOW - DAY))
        assert (facts.last_run_at, facts.new) == (iso(NOW), 0)
        assert judge(facts, NOW).message == "last run: blocked"
        assert judge(facts, NOW + 3 * DAY).message == "not read for 4 days: last run: blocked"


def test_the_view_says_of_the_future_what_the_rule_says(tmp_path: Path) -> None:
    real = datetime.now(UTC)
    with closing(newsroom(tmp_path, (real + DAY, "ok", 1)).db) as db:
        viewed = db.execute("SELECT message, actionable, silent_hours FROM source_health").fetchone()
        judged = judge(source_facts(db)[0], real)
        assert tuple(viewed) == (judged.message, judged.is_actionable, judged.silent_hours)


def test_a_run_dated_in_the_future_adds_no_days_to_the_coverage(tmp_path: Path) -> None:
    real = datetime.now(UTC)
    future = (real + DAY, real + 3000 * DAY, datetime(9999, 12, 31, 12, tzinfo=UTC))
    with closing(newsroom(tmp_path, (real - 2 * DAY, "ok", 1), *((at, "ok", 1) for at in future)).db) as db:
        days = [row[0] for row in db.execute("SELECT day FROM coverage ORDER BY day")]
        assert days == [(real - back * DAY).date().isoformat() for back in (2, 1)]
        db.execute("DELETE FROM source_runs WHERE at < ?", (iso(real),))
        assert db.execute("SELECT count(*) FROM coverage").fetchone()[0] == 0


def test_a_problem_that_was_met_in_the_future_is_resolved(tmp_path: Path) -> None:
    with closing(newsroom(tmp_path).db) as db:
        for at, url in ((YEAR_AHEAD, "https://a.test/1"), (NOW, "https://a.test/2")):
            rows(
                db,
                "problems",
                source_id="portal",
                stage="drift",
                url=url,
                message="m",
                first_at=iso(at),
                last_at=iso(at),
            )
        runs.resolve_outdated(db, "portal", ["https://a.test/1", "https://a.test/2"], iso(NOW))
        open_ones = db.execute("SELECT url FROM problems WHERE resolved_at IS NULL").fetchall()
        assert [row[0] for row in open_ones] == ["https://a.test/2"]  # it was met in this run


def test_a_run_never_ends_before_it_began(tmp_path: Path) -> None:
    with closing(newsroom(tmp_path).db) as db:
        run = runs.start_run(db, "ingest", iso(NOW), "0.1.0")
        runs.finish_run(db, run, iso(NOW - DAY), 0)
        assert db.execute("SELECT finished_at FROM runs").fetchone()[0] == iso(NOW)


# The newsletter


@pytest.fixture
def paper(tmp_path: Path) -> Any:
    made = Paper(tmp_path / "news.db")
    yield made
    made.close()


def seal_in_the_future(paper: Paper) -> None:
    assert paper.seal()
    paper.db.execute("UPDATE digests SET sealed_at = '2027-01-01T00:00:00Z' WHERE sealed_at IS NOT NULL")


def test_an_issue_sealed_in_the_future_makes_no_story_late(paper: Paper) -> None:
    paper.story("Перша новина")
    seal_in_the_future(paper)
    paper.story("Друга новина", day="2026-03-01")
    assert [entry.late for entry in paper.draft().entries] == [False]


def test_an_edit_after_an_issue_sealed_in_the_future_is_a_correction(paper: Paper) -> None:
    from db import edits
    from language.letters import text_hash

    paper.story("Перша новина", "First news")
    seal_in_the_future(paper)
    edits.save(paper.db, [("Перша новина", text_hash("Перша новина"), "Better news", "olena")], paper.now())
    assert [entry.story.title_en for entry in paper.draft().entries] == ["Better news"]


def test_a_draft_that_was_begun_in_the_future_bears_the_day_of_today(paper: Paper) -> None:
    paper.story("Новина")
    paper.draft()
    paper.db.execute("UPDATE digests SET started_at = '2027-01-01T00:00:00Z'")
    issue = paper.draft()
    assert issue.day == "2026-03-01"
    assert issue.moment < "2026-03-02"


@pytest.mark.fault("P8")
def test_the_days_of_the_nights_in_which_the_clock_changes() -> None:
    """In Kyiv 2026-03-29 has 23 hours and 2026-10-25 has 25."""
    spring = ("2026-03-28T21:59:59Z", "2026-03-28T22:00:00Z", "2026-03-29T20:59:59Z", "2026-03-29T21:00:00Z")
    assert [kyiv_day(moment)[5:] for moment in spring] == ["03-28", "03-29", "03-29", "03-30"]
    autumn = ("2026-10-24T20:59:59Z", "2026-10-24T21:00:00Z", "2026-10-25T21:59:59Z", "2026-10-25T22:00:00Z")
    assert [kyiv_day(moment)[5:] for moment in autumn] == ["10-24", "10-25", "10-25", "10-26"]
