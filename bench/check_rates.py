"""How often the checks object to human translations: NTREX-128, Ukrainian to English, 1,997 lines.

    python bench/check_rates.py [--show RULE]

reads ntrex128.uk.txt and ntrex128.en.txt from the folder in VISNYK_NTREX, else from ../shared/translation/eval.
The set (Federmann, Kocmi, Xin 2022; CC BY-SA 4.0) is read where it lies and is no part of the project; without
it the script says so and exits with 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from translations.checks import check  # noqa: E402  (the project root must be on the path first)

MOST_BLOCKED, MOST_FLAGGED = 3.0, 8.0  # per cent of lines


def pairs(folder: Path) -> list[tuple[str, str]]:
    """The lines of both languages, side by side."""
    uk, en = (
        (folder / f"ntrex128.{language}.txt").read_text(encoding="utf-8").splitlines() for language in ("uk", "en")
    )
    return list(zip(uk, en, strict=True))


def main() -> int:
    """Print the share of lines for each rule; 1 without the set, 2 when a limit is passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--show", metavar="RULE", help="print the lines to which this rule objects")
    show = options.parse_known_args()[0].show  # `python -m bench` leaves its own words on the line
    folder = Path(os.environ.get("VISNYK_NTREX") or ROOT.parent / "shared" / "translation" / "eval")
    try:
        lines = pairs(folder)
    except OSError as error:
        sys.stderr.write(f"not measured: no NTREX-128 at {folder} ({error}); set VISNYK_NTREX\n")
        return 1
    fired: Counter[str] = Counter()
    check("Громада", "Community")  # loads the tables
    began = time.perf_counter()
    for source, target in lines:
        verdict = check(source, target)
        fired["= blocked"] += bool(verdict.blocking)
        fired["= flagged"] += bool(verdict.flags)
        for reason in verdict.blocking + verdict.flags:
            rule = reason.partition(":")[0]
            fired[rule] += 1
            if rule == show:
                sys.stdout.write(f"{reason}\n  {source}\n  {target}\n")
    seconds = time.perf_counter() - began
    for rule, count in sorted(fired.items()):
        sys.stdout.write(f"{rule:20} {count:5} {100 * count / len(lines):6.2f} %\n")
    sys.stdout.write(f"{len(lines)} lines, {1000 * seconds / len(lines):.2f} ms a line\n")
    blocked, flagged = (100 * fired[name] / len(lines) for name in ("= blocked", "= flagged"))
    return 0 if blocked < MOST_BLOCKED and flagged < MOST_FLAGGED else 2


if __name__ == "__main__":
    raise SystemExit(main())
