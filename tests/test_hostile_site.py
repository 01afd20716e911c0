"""Every path of the hostile site, as a source of its own, through fetching, parsing and storing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from scrapers.http.limits import Limits
from tests.conftest import keep_local
from tests.support.hostile_run import Facts, HostileRun, Pace, misses
from tests.support.hostile_site import Expected, failed
from tests.support.hostile_sites import PATHS

if TYPE_CHECKING:
    from tests.support.hostile_site import HostilePath


async def _no_time(_: float) -> None:
    await asyncio.sleep(0)


# Time is not what is asked of most paths: a busy machine must not make them fail. What never ends is read by itself.
PATIENT = Pace(replace(Limits(), connect_seconds=60, read_seconds=120, total_seconds=300), 4, 600, 24, _no_time)
SHORT = Pace(replace(Limits(), read_seconds=0.3, total_seconds=0.7), 1, 600, 48, _no_time)


@dataclass
class Found:
    """Facts of every path and day, and the requests that the canary had."""

    facts: dict[tuple[str, int], Facts] = field(default_factory=dict)
    canary: int = 0


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    found = Found()
    path = tmp_path_factory.mktemp("hostile") / "news.db"
    with pytest.MonkeyPatch.context() as patched, HostileRun(path, PATHS) as run:
        keep_local(patched)
        for day in range(max(len(path.days) for path in PATHS)):
            due = [path for path in PATHS if day < len(path.days)]
            run.read(day, [path for path in due if not path.is_slow], PATIENT)
            found.facts |= {(path.name, day): run.facts(path) for path in due if not path.is_slow}
            run.read(day, [path for path in due if path.is_slow], SHORT, knows_rules=True)
            found.facts |= {(path.name, day): run.facts(path) for path in due if path.is_slow}
        found.canary = len(run.canary.asked)
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_each_path_is_as_expected(found: Found, path: HostilePath) -> None:
    wrong = {day: misses(path, expected, found.facts[path.name, day]) for day, (_, expected) in enumerate(path.days)}
    assert {day: said for day, said in wrong.items() if said} == {}


def test_no_private_address_is_contacted(found: Found) -> None:
    assert found.facts
    assert found.canary == 0


def test_there_are_enough_paths() -> None:
    assert len({path.name for path in PATHS}) == len(PATHS) >= 350
    assert sum(not path.faults for path in PATHS) >= 48


@pytest.mark.parametrize(
    "expected",
    [
        Expected("234"),
        Expected("123456"),
        Expected(titles=("x",)),
        Expected(states=("empty",)),
        Expected(says="no such words"),
        Expected(first={"published_on": None}),
        Expected(absent=("news/2",)),
        Expected(asked_at_most=0),
        failed(),
    ],
)
def test_what_is_not_as_expected_is_told(found: Found, expected: Expected) -> None:
    (path,) = (path for path in PATHS if path.name == "feed-good")
    assert misses(path, expected, found.facts["feed-good", 0])
