"""A run over the eight replica sources that finds nothing new, against `python -c pass`: CPU and peak memory."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from demo.replica import Replica

ROUNDS = 9
ROOT = Path(__file__).parents[1]
HELD_TO = "held to: CPU at most 20 x `python -c pass`, under 60 MB"


def main() -> int:
    """Prints the ratio of the medians and of the minima."""
    with Replica(well=True) as site, tempfile.TemporaryDirectory() as folder:
        site.start()
        run = _ingest(site, Path(folder) / "news.db")
        _cpu([*run, "--max-pages", "3"])
        _cpu(run)
        pairs = [(_cpu([sys.executable, "-c", "pass"]), _cpu(run)) for _ in range(ROUNDS)]
        peak = _peak_megabytes(run)
        site.shutdown()
    floor, quiet = ([pair[side] for pair in pairs] for side in (0, 1))
    ratios = (statistics.median(quiet) / statistics.median(floor), min(quiet) / min(floor))
    print(f"quiet run: {ratios[0]:.1f} x (medians), {ratios[1]:.1f} x (minima); peak {peak} MB; {HELD_TO}")
    return 0


def _ingest(site: Replica, database: Path) -> list[str]:
    routes = [word for route in site.connections() for word in ("--connect-to", route)]
    command = [sys.executable, "-m", "pipeline", "ingest", "--db", str(database), "--no-translate"]
    return [*command, "--now", "2026-02-05T16:00:00Z", *routes]


def _cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _peak_megabytes(command: list[str]) -> int:
    """Of the process alone: it reads its own high-water mark as it ends."""
    tail = (
        "import sys, runpy, pathlib, atexit\n"
        "mark = lambda: [l for l in pathlib.Path('/proc/self/status').read_text().splitlines() if 'VmHWM' in l][0]\n"
        "atexit.register(lambda: print(mark()))\n"
        "sys.argv = ['pipeline', *sys.argv[1:]]; runpy.run_module('pipeline', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", tail, *command[3:]], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return int(done.stdout.split()[-2]) // 1024


if __name__ == "__main__":
    sys.exit(main())
