"""`python -m tests.support.killed_run DATABASE N`: a run that kills itself at its Nth statement (0: never).

Prints how many statements the run made.
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


def main() -> None:
    """Runs once, with death at the statement that was asked for."""
    path, deadly = Path(sys.argv[1]), int(sys.argv[2])
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
    print(count)


if __name__ == "__main__":
    main()
