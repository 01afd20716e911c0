"""`python -m bench [ROW …]`: measure, print one table of ratios, and end with 1 when a bound is broken.

Every row compares ours with the plain way of doing the same, both by turns within one run; docs/benchmarks.md says
what is compared. Nothing outside the repository is read unless an option names it.
"""

from __future__ import annotations

import argparse
import importlib
import math
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.ratios import SIZES, Options, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.ratios import Ratio

BENCHMARKS = ("quiet", "fetch", "parse", "store", "group", "translate", "search", "pages", "digest")


def measure(names: Iterable[str], options: Options) -> list[Ratio]:
    """Return the rows of the named benchmarks; each gets a folder of its own below that of the options."""
    found: list[Ratio] = []
    for name in names:
        if sys.stderr.isatty():
            print(f"{name} …", file=sys.stderr, flush=True)
        folder = options.folder / name
        folder.mkdir()
        found += importlib.import_module(f"bench.{name}_speed").measure(replace(options, folder=folder))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 when a bound is broken, naming the rows on standard error."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="ROW", help=f"of: {', '.join(BENCHMARKS)}; all if none is named")
    parser.add_argument("--size", choices=SIZES, default="usual", help="tiny only shows that everything runs")
    parser.add_argument("--bound", action="append", default=[], metavar="ROW=RATIO", help="hold a row to another ratio")
    parser.add_argument("--package", type=Path, help="unpacked Argos package to take tokenizer and vocabulary from")
    parser.add_argument("--stock-python", help="interpreter that has argostranslate with all its dependencies")
    args = parser.parse_args(arguments)
    if unknown := [name for name in args.names if name not in BENCHMARKS]:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHMARKS)}")
    try:
        bounds = {name: float(ratio) for name, ratio in (word.rsplit("=", 1) for word in args.bound)}
    except ValueError:
        parser.error("--bound needs ROW=RATIO, for example --bound parse=2")
    with tempfile.TemporaryDirectory() as folder:
        options = Options(Path(folder), args.size, args.package, args.stock_python)
        ratios = measure(args.names or BENCHMARKS, options)
    if missing := bounds.keys() - {one.row for one in ratios}:
        parser.error(f"--bound: no row {', '.join(sorted(missing))} was measured")
    loose = args.size == "tiny"  # so few articles cost more than the plain way, and show nothing
    ratios = [replace(one, bound=bounds.get(one.row, math.inf if loose else one.bound)) for one in ratios]
    print(table(ratios))
    broken = [one for one in ratios if not one.is_held]
    for one in broken:
        print(f"bound broken: {one.row} is {one.ratio:.2f} times the plain way, at most {one.bound:g}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
