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


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int], str]:
    """The databases of all runs, how the disturbed ones ended, and what the undisturbed one leaves."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "tests.support.killed_run", str(folder), str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    desk = Desk(open_store(folder / "whole.db"))
    state = desk.state()
    desk.store.close()
    return folder, [int(line) for line in done.stdout.split()], state


@pytest.mark.parametrize("share", range(KILLS))
@pytest.mark.fault("S7", "S8")
def test_the_next_run_ends_where_an_undisturbed_one_ends(runs: tuple[Path, list[int], str], share: int) -> None:
    folder, ended, state = runs
    path = folder / f"{share}.db"
    assert ended[share] == -signal.SIGKILL
    desk = Desk(open_store(path), sources=(TWO_EDITIONS,))
    assert [row[0] for row in desk.store.connection.execute("PRAGMA integrity_check")] == ["ok"]
    half = desk.rows("SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM article_versions)")
    assert half == [(0,)]
    fill(desk)
    run_once(desk)
    assert desk.state() == state
    assert desk.rows("SELECT count(*) FROM runs WHERE finished_at IS NULL") != [(0,)]
    desk.store.close()
