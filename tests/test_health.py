"""How a source does is said alike everywhere: by the rule, the command, the front page and the view `source_health`."""

from __future__ import annotations

import html
import itertools
import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from core.model import iso
from db.migrations import SCHEMA_VERSION
from db.runs import SourceFacts, source_facts
from db.store import APPLICATION_ID
from pipeline.__main__ import main
from pipeline.health import judge, unread_days
from tests.support.newsroom import Newsroom, rows

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 2, 20, 18, tzinfo=UTC)
DRIFT = "2 items, 5 are usual"


def ago(hours: float) -> str:
    return iso(NOW - timedelta(hours=hours))


class Case(NamedTuple):
    """Runs of one source, as (hours ago, state, new articles); a source expects something new every 48 hours."""

    runs: tuple[tuple[float, str, int], ...]
    problem: str | None
    actionable: int
    message: str


CASES = {
    "before its first run": Case((), None, 0, "never read"),
    "put off until now": Case(((3, "skipped", 0),), None, 0, "never read"),
    "just read": Case(((1, "ok", 3),), None, 0, "well"),
    "just read, nothing new": Case(((30, "ok", 3), (1, "not_modified", 0)), None, 0, "well"),
    "read, then put off": Case(((30, "ok", 3), (1, "skipped", 0)), None, 0, "well"),
    "not read for almost two days": Case(((47.9, "ok", 3),), None, 0, "well"),
    "not read for two days": Case(((48.1, "ok", 3),), None, 1, "not read for 2 days"),
    "all runs five days old": Case(((144, "ok", 3), (120.5, "ok", 1)), None, 1, "not read for 5 days"),
    "five days old, with a problem": Case(((120.5, "ok", 1),), DRIFT, 1, f"not read for 5 days: {DRIFT}"),
    "failing for a day": Case(((30, "ok", 3), (24, "unreachable", 0)), None, 1, "last run: unreachable"),
    "failing for five days": Case(((121, "ok", 3), (1, "blocked", 0)), "HTTP 403", 1, "not read for 5 days: HTTP 403"),
    "blocked from the start": Case(((30, "blocked", 0), (1, "blocked", 0)), "HTTP 403", 1, "HTTP 403"),
    "blocked for long from the start": Case(((73, "blocked", 0),), "HTTP 403", 1, "not read for 3 days: HTTP 403"),
    "read with a problem": Case(((1, "ok", 3),), DRIFT, 1, DRIFT),
    "silent, but not too long": Case(((48, "ok", 3), (1, "ok", 0)), None, 0, "well"),
    "silent too long": Case(((49, "ok", 3), (1, "ok", 0)), None, 1, "nothing new for 49 hours; expected every 48"),
    "never anything new": Case(((60, "ok", 0), (1, "ok", 0)), None, 1, "nothing new for 60 hours; expected every 48"),
}  # fmt: skip


def add(room: Newsroom, source: str, case: Case) -> None:
    room.source(source)
    for hours, state, new in case.runs:
        run = rows(room.db, "runs", command="ingest", started_at=ago(hours), version="0.1.0")
        rows(room.db, "source_runs", run_id=run, source_id=source, state=state, listed=new, new=new, at=ago(hours))
    if case.problem:
        rows(room.db, "problems", source_id=source, stage="drift", message=case.problem, first_at="x", last_at="x")


def ours(room: Newsroom) -> None:
    """Let the command take the file for one of ours."""
    room.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    room.db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def asked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = main(["health", "--db", str(path), "--json", "--now", iso(NOW)])
    return code, json.loads(capsys.readouterr().out)


def test_every_surface_says_the_same_of_every_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "news.db"
    room = Newsroom(path)
    ours(room)
    sources = {f"source{number:02}": case for number, case in enumerate(CASES.values())}
    for source, case in sources.items():
        add(room, source, case)
    site = room.done(iso(NOW))
    expected = {source: (case.actionable, case.message) for source, case in sources.items()}
    code, told = asked(path, capsys)
    assert {row["source_id"]: (row["actionable"], row["message"]) for row in told["sources"]} == expected
    assert code == 3
    viewed = site.json("/news/source_health.json?_shape=objects")["rows"]
    assert sorted(viewed, key=lambda row: row["source_id"]) == told["sources"]
    page, front = site.get("/news/source_health").text, site.get("/").text
    site.close()
    shown = re.findall(r'<span class="dot (\w+)".*?source_id=(\w+)".*?<span class="muted">(.*?)</span>', front, re.S)
    assert len(shown) == len(expected)
    for condition, source, words in shown:
        actionable, message = expected[source]
        assert (condition == "ill") == actionable
        assert message in page
        assert html.unescape(words) == message or condition == "well"


def test_a_dead_schedule_is_visible_for_every_source_and_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "news.db"
    room = Newsroom(path)
    ours(room)
    for source in ("portal", "letter"):
        add(room, source, CASES["all runs five days old"])
    site = room.done(iso(NOW))
    front = site.get("/").text
    site.close()
    assert "Not read for 5 days" in front
    assert front.count("not read for 5 days") == 2
    code, told = asked(path, capsys)
    assert (code, told["unread_days"], [row["actionable"] for row in told["sources"]]) == (3, 5, [1, 1])
    assert main(["health", "--db", str(path), "--now", iso(NOW)]) == 3
    assert capsys.readouterr().out.startswith("! nothing was read for 5 days")


def test_one_source_that_is_read_keeps_the_others_fault_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "news.db"
    room = Newsroom(path)
    ours(room)
    add(room, "portal", CASES["all runs five days old"])
    add(room, "letter", CASES["just read"])
    room.done(iso(NOW)).close()
    code, told = asked(path, capsys)
    assert (code, told["unread_days"]) == (3, 0)


def test_a_collection_in_which_nothing_could_ever_be_read_is_told_too() -> None:
    begun = SourceFacts("portal", "Portal", "blocked", ago(50), None, None, 48)
    assert unread_days([begun], NOW) == 2
    assert unread_days([], NOW) == unread_days([SourceFacts("new", "New", None, None, None, None, 48)], NOW) == 0


@pytest.mark.parametrize(("hours", "days"), [(1, 0), (47, 0), (48, 0), (48.5, 2), (71.5, 2), (72, 3)])
def test_days_without_a_reading_are_whole_and_more_than_two(hours: float, days: int) -> None:
    sources = [
        SourceFacts(name, name, "ok", ago(200), ago(hours + late), None, 48) for name, late in (("a", 0), ("b", 99))
    ]
    assert unread_days(sources, NOW) == days


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """A plain shell's view on all combinations of facts, in time that passes."""
    path = tmp_path_factory.mktemp("health") / "news.db"
    room = Newsroom(path)
    hours = (None, 0.5, 26, 47, 49, 60, 200)
    combinations = itertools.product(("ok", "empty", "blocked", "skipped"), hours, hours, (None, DRIFT))
    real = datetime.now(UTC)
    for number, (state, success, new, problem) in enumerate(combinations):
        source = f"source{number:03}"
        room.source(source)
        runs = [(success, "ok", 0), (new, "empty", 1), (0.25, state, 0)]
        for back, outcome, fresh in (run for run in runs if run[0] is not None):
            at = iso(real - timedelta(hours=back or 0))
            run = rows(room.db, "runs", command="ingest", started_at=at, version="0.1.0")
            rows(room.db, "source_runs", run_id=run, source_id=source, state=outcome, listed=fresh, new=fresh, at=at)
        if problem:
            rows(room.db, "problems", source_id=source, stage="drift", message=problem, first_at="x", last_at="x")
    room.db.row_factory = sqlite3.Row
    return room.db


def test_the_view_in_a_plain_shell_says_what_the_rule_says(plain: sqlite3.Connection) -> None:
    viewed = plain.execute("SELECT source_id, actionable, message FROM source_health ORDER BY source_id").fetchall()
    now = datetime.now(UTC)
    judged = [(facts.source_id, judge(facts, now)) for facts in source_facts(plain)]
    assert [tuple(row) for row in viewed] == [(source, int(j.is_actionable), j.message) for source, j in judged]
    assert len({j.message for _, j in judged}) > 8
