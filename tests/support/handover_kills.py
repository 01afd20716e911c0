"""`python -m tests.support.handover_kills N [FOLDER]`: hand-overs that are killed, one after the other, and ended.

Each of N sealed issues is handed over by a process that is killed (SIGKILL) at one of the moments of a hand-over, as
the service sees them, or at a random one; then by one that is left alone. Prints what came of it as JSON and ends with
1 when an issue has not exactly one campaign, or is not done.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.clock import clock_from
from newsletter.handover import attempts, services
from newsletter.handover.content import campaign_of
from pipeline import asking
from scrapers.http import client as _loaded_once  # noqa: F401
from tests.support.digesting import Paper
from tests.support.mailing_services import RULES, SECRET, VARIABLES, StandIn, settings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

NAMES = sorted(RULES)
MOMENTS = ("get", "post", "stored", "answered", "random")
LONGEST = 0.08  # seconds of a hand-over, about


class BusyPaper(Paper):
    """More issues than there are hours in a month."""

    def now(self) -> str:
        self.hour += 1
        return f"2026-03-{1 + self.hour // 1440:02}T{self.hour // 60 % 24:02}:{self.hour % 60:02}:00Z"


def stand_in(name: str, pipe: Connection, victim: Any, moment: Any) -> None:
    """Serves in a process of its own, and kills the process that `victim` names at the `moment` that was chosen."""

    def hook(now: str) -> None:
        if victim.value and MOMENTS[moment.value] == now:
            pid, victim.value = victim.value, 0
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            if now == "post":
                raise ConnectionAbortedError  # it was not read any more: nothing is stored

    service = StandIn(RULES[name], hook=hook, is_unique=False)
    pipe.send(service.url)
    with service:
        pipe.recv()
        pipe.send([json.dumps(one, ensure_ascii=False) for one in service.campaigns])


def attempt(path: Path, issue: str, name: str, url: str) -> int:
    """Hands one issue over in a child; gives its process id."""
    if child := os.fork():
        return child
    with contextlib.suppress(BaseException):
        tables = services.tables(path.with_name(f"{name}.toml"))
        service = services.service(name, tables, asking.ask, {VARIABLES[name]: SECRET})
        attempts.hand_over(
            path, issue, service, newsletter_id="bulletin", by="t", clock=clock_from(None), pause=lambda _: None
        )
        os._exit(0)
    os._exit(1)


def main() -> int:
    """Kills as often as was asked for."""
    count = int(sys.argv[1])
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    path, chance = folder / "kills.db", random.Random(13)
    paper: Paper = BusyPaper(path)
    for number in range(1, count + 1):
        paper.story(f"Новина {number:04}.")
        sealed = paper.seal(f"issue-{number:04}")
    assert sealed is not None
    campaign_of(sealed, "", {}, has_browser_view=True)  # loads here, not in each child, what the first one loads
    paper.close()
    context, victim, moment = (
        multiprocessing.get_context("fork"),
        multiprocessing.Value("i"),
        multiprocessing.Value("i"),
    )
    pipes = {}
    for name in NAMES:
        pipes[name], other = context.Pipe()
        context.Process(target=stand_in, args=(name, other, victim, moment), daemon=True).start()
    urls = {name: pipes[name].recv() for name in NAMES}
    for name, url in urls.items():
        path.with_name(f"{name}.toml").write_text(settings(name, url), encoding="utf-8")
    killed, asked = Counter[str](), Counter[str]()
    for number in range(1, count + 1):
        name, when = NAMES[number % len(NAMES)], MOMENTS[number // len(NAMES) % len(MOMENTS)]
        moment.value = MOMENTS.index(when)
        child = attempt(path, f"issue-{number:04}", name, urls[name])
        victim.value = child
        if when == "random":
            time.sleep(chance.uniform(0, LONGEST))
            os.kill(child, signal.SIGKILL)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        victim.value = 0
        killed[when] += ended == -signal.SIGKILL
        asked[when] += 1
        os.waitpid(attempt(path, f"issue-{number:04}", name, urls[name]), 0)
    for pipe in pipes.values():
        pipe.send("end")
    texts = [text for pipe in pipes.values() for text in pipe.recv()]
    had = [sum(f"issue-{number:04}" in text for text in texts) for number in range(1, count + 1)]
    paper = Paper(path)
    ((done,),) = paper.rows("SELECT count(*) FROM digest_handovers WHERE done_at IS NOT NULL")
    ((sound,),) = paper.rows("PRAGMA integrity_check")
    paper.close()
    told = {"killed": killed.total(), "moments": dict(killed), "done": done, "sound": sound,
            "campaigns": {str(key): value for key, value in sorted(Counter(had).items())}}  # fmt: skip
    print(json.dumps(told))
    return int(set(had) != {1} or done != count or sound != "ok")


if __name__ == "__main__":
    sys.exit(main())
