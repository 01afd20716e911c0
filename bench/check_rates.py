"""Rate at which the checks object to human translations: NTREX-128, Ukrainian to English, 1,997 lines.

    python -m bench.check_rates --ntrex FOLDER [--show RULE]

reads ntrex128.uk.txt and ntrex128.en.txt from the folder. The set (Federmann, Kocmi, Xin 2022; CC BY-SA 4.0) is read
where it lies and is no part of the project.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from translations.checks import check

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_BLOCKED, MOST_FLAGGED = 3.0, 8.0  # per cent of lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the share of lines for each rule; return 1 when a limit is passed, 2 without the set."""
    parser = argparse.ArgumentParser(prog="python -m bench.check_rates", description=__doc__)
    parser.add_argument("--ntrex", type=Path, required=True, metavar="FOLDER", help="where the two files are")
    parser.add_argument("--show", metavar="RULE", help="print the lines to which this rule objects")
    args = parser.parse_args(arguments)
    try:
        lines = _pairs(args.ntrex)
    except OSError as error:
        parser.error(f"no NTREX-128 at {args.ntrex}: {error}")
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
            if rule == args.show:
                print(f"{reason}\n  {source}\n  {target}")
    seconds = time.perf_counter() - began
    for rule, count in sorted(fired.items()):
        print(f"{rule:20} {count:5} {100 * count / len(lines):6.2f} %")
    print(f"{len(lines)} lines, {1000 * seconds / len(lines):.2f} ms a line")
    blocked, flagged = (100 * fired[name] / len(lines) for name in ("= blocked", "= flagged"))
    return 0 if blocked < MOST_BLOCKED and flagged < MOST_FLAGGED else 1


def _pairs(folder: Path) -> list[tuple[str, str]]:
    """Return the lines of both languages, side by side."""
    uk, en = (
        (folder / f"ntrex128.{language}.txt").read_text(encoding="utf-8").splitlines() for language in ("uk", "en")
    )
    return list(zip(uk, en, strict=True))


if __name__ == "__main__":
    sys.exit(main())
