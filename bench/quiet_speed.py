"""Rows `quiet run` and `quiet run, memory`: an ingest of the eight replica sources that finds nothing new."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench.ratios import paired
from demo.replica import Replica
from demo.scenario import SOURCE_OF_HOST

if TYPE_CHECKING:
    from bench.ratios import Options, Ratio

ROOT = Path(__file__).parents[1]
BOUND, MEMORY_BOUND = 25, 6
_PEAK = (  # printed by a process about itself as it ends
    "import pathlib, atexit\n"
    "mark = lambda: [l for l in pathlib.Path('/proc/self/status').read_text().splitlines() if 'VmHWM' in l][0]\n"
    "atexit.register(lambda: print(mark()))\n"
)
_PIPELINE = (
    "import sys, runpy\nsys.argv = ['pipeline', *sys.argv[1:]]; runpy.run_module('pipeline', run_name='__main__')"
)


def measure(options: Options) -> list[Ratio]:
    """Return both rows, against `python -c pass`."""
    rounds = options.pick(1, 7, 15)
    bare = [sys.executable, "-c", "pass"]
    with Replica(well=True) as site:
        site.start()
        arguments = ["ingest", "--db", str(options.folder / "news.db"), "--no-translate"]
        arguments += ["--now", "2026-02-05T16:00:00Z"]
        sources = sorted(set(SOURCE_OF_HOST.values()))[: options.pick(1, None, None)]
        arguments += [word for source in sources for word in ("--only", source)]
        arguments += [word for route in site.connections() for word in ("--connect-to", route)]
        quiet = [sys.executable, "-m", "pipeline", *arguments]
        # Compiled modules are kept, as wherever a program runs a second time, whatever this process was told.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        _cpu([*quiet, "--max-pages", "3"], kept)
        _cpu(quiet, kept)  # the first run after a deep one still moves a few rows
        _cpu(bare, kept)
        # So short a command is measured several times in each round: chance is a tenth of one.
        times = paired([(_cpu(quiet, kept), sum(_cpu(bare, kept) for _ in range(8)) / 8) for _ in range(rounds)])
        memory = paired([(_peak(_PEAK + _PIPELINE, *arguments), _peak(_PEAK)) for _ in range(min(rounds, 3))])
        site.shutdown()
    against = "python -c pass"
    return [
        times.row("quiet run", "ms CPU", per=1000, bound=BOUND, against=against),
        memory.row("quiet run, memory", "MB peak", per=1 / 1024, bound=MEMORY_BOUND, against=against),
    ]


def _cpu(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _peak(code: str, *arguments: str) -> float:
    """Return the KiB that a Python process held at most."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-2])
