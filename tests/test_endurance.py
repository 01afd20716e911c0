"""A small share of what `make endurance` does by the thousand: real commands killed, failed, starved and doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.endurance import injector, shared

ROOT = Path(__file__).parents[1]
SHARE = {"kills": 3, "real-kills": 1, "io-errors": 3, "signals": 1, "clocks": 1, "pairs": 1, "crowds": 1}
SCENES = ("ingest", "translate")  # each needs the ones before it; `make endurance` has all
DISKS = 1

pytestmark = pytest.mark.skipif(bool(injector.why_not()), reason=injector.why_not())


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """All trials of the share, by kind."""
    found = tmp_path_factory.mktemp("endurance") / "trials.jsonl"
    share = SHARE | ({"full-disks": DISKS} if shared.can_mount() else {})
    words = [word for name, count in share.items() for word in (f"--{name}", str(count))]
    words += [word for scene in SCENES for word in ("--only", scene)]
    command = [sys.executable, "-m", "tests.endurance", "--seed", "12", "--json", str(found), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.exists(), done.stderr
    by_kind = defaultdict(list)
    for trial in map(json.loads, found.read_text(encoding="utf-8").splitlines()):
        by_kind[trial["kind"]].append(trial)
    return by_kind


def are_well(trials: list[dict[str, Any]], least: int) -> None:
    """So many runs were really struck, and nothing was wrong with any."""
    assert sum(trial["struck"] for trial in trials) >= least
    assert [
        (trial["scene"], trial["fault"], trial["where"], trial["wrong"]) for trial in trials if trial["wrong"]
    ] == []


@pytest.mark.fault("S7", "S8", "S15", "O9", "P2", "T9")
def test_the_run_after_a_kill_ends_where_an_undisturbed_one_does(trials: dict[str, list[dict[str, Any]]]) -> None:
    killed = [trial for kind in ("kill at a call", "kill at a moment", "kill for real") for trial in trials[kind]]
    are_well(killed, SHARE["kills"] + SHARE["real-kills"])


@pytest.mark.fault("S1", "S2", "S3", "S10")
def test_a_failing_call_is_one_line_and_the_next_run_is_whole(trials: dict[str, list[dict[str, Any]]]) -> None:
    are_well(trials["error"], SHARE["io-errors"])


@pytest.mark.fault("P3")
def test_a_signal_ends_any_command_soon_and_in_one_line(trials: dict[str, list[dict[str, Any]]]) -> None:
    are_well(trials["signal"], SHARE["signals"])


@pytest.mark.fault("P7")
def test_a_clock_that_is_set_in_mid_run_changes_nothing(trials: dict[str, list[dict[str, Any]]]) -> None:
    are_well(trials["clock"], SHARE["clocks"])


@pytest.mark.fault("S1")
@pytest.mark.skipif(not shared.can_mount(), reason="a small disk can only be mounted by root")
def test_a_full_disk_is_one_line_and_the_next_run_is_whole(trials: dict[str, list[dict[str, Any]]]) -> None:
    are_well(trials["full disk"], DISKS)


@pytest.mark.fault("P1")
def test_of_two_at_once_one_works_and_one_leaves(trials: dict[str, list[dict[str, Any]]]) -> None:
    are_well(trials["two at once"], SHARE["pairs"])


@pytest.mark.fault("S6", "D11")
def test_many_commands_and_a_reader_at_once_meet_no_error(trials: dict[str, list[dict[str, Any]]]) -> None:
    are_well(trials["all at once"], SHARE["crowds"])
