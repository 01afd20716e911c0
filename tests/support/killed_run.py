"""`python -m tests.support.killed_run FOLDER DEATHS`: runs that each kill themselves at one of their statements.

The first run, `FOLDER/whole.db`, is not disturbed. Then DEATHS runs die at as many places spread over it, `FOLDER/0.db`
and so on, each in a process of its own. Prints how each ended: 0, or the signal.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from core.model import Translation
from pipeline.translate import translate_due
from tests.support.fakes import Desk, Echo, open_desk

AT = "2026-02-05T16:00:00Z"


def fill(desk: Desk) -> None:
    """What the site publishes: two editions, an untranslated item, an edited headline on the second day."""
    for key in range(1, 5):
        desk.site.publish(key, f"Громади навчаються, заняття {key}", lead=f"Про заняття {key}")
    desk.site.publish(2, "Communities are learning, lesson 2", edition="/en")
    desk.site.publish(3, "Громади навчаються, заняття 3", edition="/en")


def run_once(desk: Desk) -> None:
    """Reads and translates."""
    desk.run()
    translate_due(
        desk.store,
        load=Echo,
        judge=lambda text, result, by: Translation(text, result.text, by.engine, by.model, "", "ok"),
        at=AT,
    )


def run(path: Path, deadly: int) -> int:
    """Runs once, with death at the statement that was asked for; gives how many statements it made."""
    desk = open_desk(path)
    fill(desk)
    count = 0

    def counted(_: str) -> None:
        nonlocal count
        count += 1
        if count == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    desk.store.connection.set_trace_callback(counted)
    run_once(desk)
    return count


def main() -> None:
    """Runs as often as was asked for."""
    folder, deaths = Path(sys.argv[1]), int(sys.argv[2])
    statements = run(folder / "whole.db", 0)
    for share in range(deaths):
        child = os.fork()
        if not child:
            run(folder / f"{share}.db", 1 + share * (statements - 1) // (deaths - 1))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
