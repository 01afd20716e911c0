"""The clock of the day is set while a command is at work: by an hour, by a year, to 1970."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.endurance.injector import SET_CLOCK, Fault
from tests.endurance.state import State, broken, negative_times, tables_of
from tests.endurance.trials import BUGS, Trial

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from tests.endurance.scenes import Scene, Stage

HOUR = 3600
JUMPS = (HOUR, -HOUR, 26 * HOUR, -26 * HOUR, 366 * 24 * HOUR, -366 * 24 * HOUR, -56 * 366 * 24 * HOUR)
READING_THE_CLOCK = (
    "ingest from nothing", "ingest", "ingest and translate", "ingest with a backlog", "ingest of a wrong list",
    "ingest beside a held answer", "translate", "translate with a backlog", "draft", "import", "seal", "sources accept",
    "edit import", "split", "backup", "migrate from 4",
)  # fmt: skip
_ends: dict[str, Mapping[str, tuple[str, ...]]] = {}  # of runs by a clock that stays in order


def jump(stage: Stage, scene: Scene, rng: random.Random) -> Trial:
    """Set the clock at one of the run's calls: it does what it does otherwise, and so does the next one."""
    real = _by_the_real_clock(scene)
    if scene.name not in _ends:
        folder = stage.copy(scene, "trial")
        stage.run_on(real, folder)
        stage.run_on(real, folder)
        _ends[scene.name] = tables_of(folder / "news.db", timeless=True)
    folder, seconds = stage.copy(scene, "trial"), rng.choice(JUMPS)
    nth = rng.randint(1, sum(scene.usual.calls.values()))
    ended = stage.run(real, folder, Fault(nth=nth, deed=SET_CLOCK, error=seconds))
    wrong = [*broken(folder / "news.db"), *negative_times(folder / "news.db")]
    if ended.code != scene.codes[0] or any(sign in ended.errors for sign in BUGS):
        wrong.append(f"it ended with {ended.code}: {ended.errors.strip()[-300:]}")
    again = stage.run_on(real, folder)
    if again.code not in scene.codes:
        wrong.append(f"the next run ended with {again.code}: {again.errors.strip()[-300:]}")
    difference = State(tables_of(folder / "news.db", timeless=True)).differs(State(_ends[scene.name]))
    wrong += [f"the next run did not end as undisturbed: {difference}"] if difference else []
    return Trial(
        scene.name, "clock", f"{seconds} s at call {nth}", ended.reached.hits > 0, 0.0, ended.reached.last, ended.code,
        ended.errors, tuple(wrong),
    )  # fmt: skip


def _by_the_real_clock(scene: Scene) -> Scene:
    """The scene without --now, by which a run has a clock of its own."""
    words = list(scene.words)
    if "--now" in words:
        at = words.index("--now")
        del words[at : at + 2]
    return replace(scene, words=tuple(words))
