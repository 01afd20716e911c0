"""The whole hostile site under the limits of a real run: `python -m tests.support.hostile_pass [NAME …]`.

Prints one line for each path that is not as it should be, then a table of what the pass cost, and ends with 1 on any
miss. Takes about two minutes, since what stalls takes the time that it may.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from scrapers.allowance import SOURCE_SECONDS
from scrapers.http.limits import Limits
from scrapers.sandbox.parent import CPU_SECONDS
from tests.support.hostile_run import HostileRun, Pace, misses
from tests.support.hostile_sites import PATHS

MOST_SECONDS, MOST_MEGABYTES = 180.0, 300
MOST_SOURCE_SECONDS, MOST_PARSER_MEGABYTES = 20.0, 512
AT_ONCE = 24  # sources


def main(names: list[str]) -> int:
    paths = [path for path in PATHS if not names or path.name in names]
    pace = Pace(Limits(), CPU_SECONDS, SOURCE_SECONDS, AT_ONCE)
    started, wrong, slowest = time.monotonic(), 0, 0.0
    with tempfile.TemporaryDirectory() as folder, HostileRun(Path(folder) / "news.db", paths) as run:
        for day in range(max(len(path.days) for path in paths)):
            due = [path for path in paths if day < len(path.days)]
            run.read(day, due, pace)
            for path in due:
                facts = run.facts(path)
                found = misses(path, path.days[day][1], facts)
                if found:
                    print(f"{path.name}, day {day + 1}: {'; '.join(found)}")
                wrong += bool(found)
                slowest = max(slowest, facts.seconds)
        canary = len(run.canary.asked)
    seconds = time.monotonic() - started
    own, parsers = (resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    figures = {
        "paths not as expected": (wrong, 0),
        "requests to a private address": (canary, 0),
        "seconds in all": (round(seconds, 1), MOST_SECONDS),
        "seconds of the slowest source": (round(slowest, 1), MOST_SOURCE_SECONDS),
        "megabytes of the run": (own, MOST_MEGABYTES),
        "megabytes of the parsers": (parsers, MOST_PARSER_MEGABYTES),
    }
    beyond = sum(not path.faults for path in paths)
    print(f"{len(paths)} paths, {beyond} of them of kinds that the catalogue does not name")
    for name, (figure, most) in figures.items():
        print(f"  {name:32} {figure:8} of at most {most:g}{'' if figure <= most else '   broken'}")
    return int(any(figure > most for figure, most in figures.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
