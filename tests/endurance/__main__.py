"""`python -m tests.endurance`: kills, failing calls, signals; a table of how far the runs had got, and what broke.

Exit code 1 when anything was lost, double, half or said with a traceback.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.endurance import injector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.endurance.scenes import Scene, Stage
    from tests.endurance.trials import Trial

    Kind = Callable[[Stage, Scene, random.Random], Trial]


WANTED = {
    "kills": "SIGKILL at a call or at a moment",
    "real-kills": "SIGKILL to a whole `python -m pipeline`, with the sandbox and the demonstration model",
    "io-errors": "a file call that fails, once or from then on",
    "signals": "SIGTERM, SIGHUP or SIGINT at a moment, to every command",
    "real-signals": "the same to a whole `python -m pipeline`",
    "clocks": "the clock of the day set by an hour, a year, to 1970, at one of its calls",
    "full-disks": "a memory disk with too little room (needs root)",
    "pairs": "the same command twice at once",
    "crowds": "ingest, translate, digest, edit and a reader at once",
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    for name, text in WANTED.items():
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=text)
    parser.add_argument("--only", action="append", metavar="SCENE", help="only this command (repeatable)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the runs work; a memory disk is quickest")
    parser.add_argument("--json", type=Path, metavar="FILE", help="append every trial to it, one a line")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    if reason := injector.why_not():
        print(reason, file=sys.stderr)
        return 2
    place = args.folder or (Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None)
    if injector.LIBRARY not in os.environ:
        return _again_with_injector(place)
    from tests.endurance.scenes import Stage
    from tests.endurance.site import Site

    site = Site()
    with tempfile.TemporaryDirectory(prefix="visnyk-endurance-", dir=place) as folder:
        stage = Stage(Path(folder), site)
        trials: list[Trial] = []
        began = time.monotonic()
        for trial in _trials(stage, args):
            trials.append(trial)
            for line in trial.wrong:
                print(f"WRONG  {trial.scene}, {trial.kind}, {trial.fault} ({trial.where}): {line}", flush=True)
            if args.json:
                with args.json.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(trial), ensure_ascii=False) + "\n")
        seconds = time.monotonic() - began
    site.close()
    print("\n".join(report(trials, seconds)))
    return 1 if any(trial.wrong for trial in trials) else 0


def _again_with_injector(place: Path | None) -> int:
    import subprocess

    with tempfile.TemporaryDirectory(prefix="visnyk-injector-", dir=place) as folder:
        command = [sys.executable, "-m", "tests.endurance", *sys.argv[1:]]
        return subprocess.run(command, env=injector.environment(Path(folder)), check=False).returncode


def _trials(stage: Stage, args: argparse.Namespace) -> Iterator[Trial]:
    """Yield what was asked for; a fault that came too late for its run is tried again elsewhere."""
    from tests.endurance import clocks, shared, trials
    from tests.endurance.plans import ONLY_STOPPED, PLANS

    rng = random.Random(args.seed)
    scenes = [name for name in PLANS if not args.only or name in args.only]
    quiet = [name for name in ONLY_STOPPED if not args.only or name in args.only]
    if args.full_disks and not shared.can_mount():
        print("full disks are left out: they need root, to mount a small disk", file=sys.stderr)
        args.full_disks = 0
    plans: Sequence[tuple[int, Sequence[Kind], Sequence[str]]] = (
        (args.kills, (trials.kill_at_a_call, trials.kill_at_a_moment), scenes),
        (args.real_kills, (trials.kill_for_real,), scenes),
        (args.io_errors, (trials.fail,), scenes),
        (args.signals, (trials.stop,), [*scenes, *quiet]),
        (args.real_signals, (trials.stop_for_real,), [name for name in (*scenes, *quiet) if "desk" not in name]),
        (args.clocks, (clocks.jump,), [name for name in scenes if name in clocks.READING_THE_CLOCK]),
        (args.full_disks, (shared.full_disk,), scenes),
        (args.pairs, (shared.two_at_once,), [name for name in scenes if name in shared.LOCKING]),
        (args.crowds, (shared.all_at_once,), [name for name in scenes if name == "ingest"]),
    )
    for wanted, kinds, suited in plans:
        struck = tries = 0
        among = rng.sample(suited, len(suited))
        while struck < wanted and among and tries < 3 * wanted + 10:
            name, kind = among[tries % len(among)], kinds[tries // len(among) % len(kinds)]
            trial = kind(stage, stage.scene(name), rng)
            tries += 1
            struck += trial.struck
            yield trial


def report(trials: Sequence[Trial], seconds: float) -> list[str]:
    """The figures: how many of which kind, how far the runs had got, and where they were struck."""
    struck = [trial for trial in trials if trial.struck]
    wrong = [trial for trial in trials if trial.wrong]
    lines = [f"{len(struck)} runs struck of {len(trials)} in {seconds:.0f} s; {len(wrong)} with something wrong"]
    for kind in dict.fromkeys(trial.kind for trial in struck):
        chosen = [trial for trial in struck if trial.kind == kind]
        lines += ["", f"{kind}: {len(chosen)}", f"  {'':24}{'all':>5}  how far the run had got, in tenths of its calls"]
        for scene in dict.fromkeys(trial.scene for trial in chosen):
            of_scene = [trial for trial in chosen if trial.scene == scene]
            tenths = Counter(min(9, int(trial.share * 10)) for trial in of_scene)
            bars = "".join(f"{tenths[tenth]:>5}" for tenth in range(10))
            lines.append(f"  {scene:24}{len(of_scene):>5}  {bars}")
        places = Counter(trial.where.partition(" ")[0] for trial in chosen)
        lines.append("  at: " + ", ".join(f"{place} {count}" for place, count in places.most_common()))
        if kind == "error":
            errors = Counter(trial.fault.partition(" ")[0] for trial in chosen)
            lines.append("  errors: " + ", ".join(f"{error} {count}" for error, count in errors.most_common()))
    return lines


if __name__ == "__main__":
    sys.exit(main())
