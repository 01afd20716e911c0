"""Killed at any moment: the database opens, and the next run ends where an undisturbed one ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from db.store import open_store
from tests.support.fakes import TWO_EDITIONS, Desk
from tests.support.killed_run import fill, run_once

ROOT = Path(__file__).parents[1]
KILLS = 24


def killed(path: Path, statement: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.killed_run", str(path), str(statement)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str]:
    """How many statements a whole run makes, and what it leaves."""
    path = tmp_path_factory.mktemp("undisturbed") / "news.db"
    done = killed(path, 0)
    assert done.returncode == 0, done.stderr
    desk = Desk(open_store(path))
    state = desk.state()
    desk.store.close()
    return int(done.stdout), state


@pytest.mark.parametrize("share", range(KILLS))
def test_the_next_run_ends_where_an_undisturbed_one_ends(
    tmp_path: Path, undisturbed: tuple[int, str], share: int
) -> None:
    statements, state = undisturbed
    path = tmp_path / "news.db"
    done = killed(path, 1 + share * (statements - 1) // (KILLS - 1))
    assert done.returncode == -signal.SIGKILL
    desk = Desk(open_store(path), sources=(TWO_EDITIONS,))
    assert [row[0] for row in desk.store.connection.execute("PRAGMA integrity_check")] == ["ok"]
    half = desk.rows("SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM article_versions)")
    assert half == [(0,)]
    fill(desk)
    run_once(desk)
    assert desk.state() == state
    assert desk.rows("SELECT count(*) FROM runs WHERE finished_at IS NULL") != [(0,)]
    desk.store.close()
