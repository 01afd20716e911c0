"""Mutation tests of the pure deciders: `python -m scripts.mutate [MODULE …]`.

cosmic-ray changes one thing at a time in a copy of the repository and runs the module's own tests; a change that no
test notices survives and is printed. Every run takes minutes; `make mutate` installs the tool beside .venv.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
# Decider → the files that test it, the telling ones first: the first failure ends a run.
DECIDERS = {
    "pipeline/collect/decide.py": ("collect_limits", "ingest", "store"),
    "pipeline/collect/identity.py": ("identity", "addresses"),
    "pipeline/collect/listings.py": ("collect_limits", "ingest"),
    "pipeline/stories/judge.py": ("stories", "stories_lookalikes", "stories_evidence"),
    "pipeline/stories/clusters.py": ("stories_grouping", "stories_editing", "stories_moves"),
    "pipeline/stories/number_likeness.py": ("stories_words", "stories", "stories_lookalikes"),
    "translations/checks/form.py": ("checks", "assess"),
    "translations/checks/meaning.py": ("checks", "assess"),
    "newsletter/choose.py": ("digest", "digest_desk"),
    "newsletter/merge.py": ("digest_files", "digest_desk"),
    "pipeline/health.py": ("health",),
}
CONFIGURATION = """\
[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "{python} -m pytest -q -x -p no:randomly {tests}"
[cosmic-ray.distributor]
name = "local"
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the score and the surviving changes of each module; return 1 when the unchanged tests fail."""
    parser = argparse.ArgumentParser(prog="python -m scripts.mutate", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"of: {', '.join(DECIDERS)}; all if none is named")
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds for the tests of one change")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="modules at once")
    args = parser.parse_args(arguments)
    if unknown := [module for module in args.modules if module not in DECIDERS]:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(DECIDERS)}")
    if shutil.which("cosmic-ray") is None:
        parser.error("cosmic-ray is not on the path: run `make mutate`")
    modules, worst = args.modules or list(DECIDERS), 0
    with ThreadPoolExecutor(args.workers) as pool:
        outcomes = pool.map(lambda module: _mutated(module, args.timeout), modules)
        for module, (status, report) in zip(modules, outcomes, strict=True):
            print(f"── {module}\n{report}", flush=True)
            worst = max(worst, status)
    return worst


def _mutated(module: str, timeout: float) -> tuple[int, str]:
    """Return the exit status of the unchanged tests, and the report on all changes of a module in a copy of its own."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "visnyk"
        _copy(copy)
        tests = " ".join(f"tests/test_{name}.py" for name in DECIDERS[module])
        text = CONFIGURATION.format(module=module, timeout=timeout, python=sys.executable, tests=tests)
        (copy / "mutate.toml").write_text(text, encoding="utf-8")
        baseline = _run(copy, "cosmic-ray", "baseline", "mutate.toml")
        if baseline.returncode:
            return 1, baseline.stdout + baseline.stderr
        _run(copy, "cosmic-ray", "init", "mutate.toml", "mutate.sqlite")
        _run(copy, "cosmic-ray", "exec", "mutate.toml", "mutate.sqlite")
        return 0, _run(copy, "cr-report", "--show-diff", "--surviving-only", "mutate.sqlite").stdout


def _copy(target: Path) -> None:
    """Copy what git tracks, as it stands in the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
