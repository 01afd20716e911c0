"""`python -m bench [NAME …]`: runs the benchmarks, all or those named; each prints ratios and what they are held to."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main() -> int:
    """0 when every benchmark could run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(NAMES)}")
    names = parser.parse_args().names or NAMES
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(NAMES)}")
    worst = 0
    for name in names:
        print(f"── {name}", flush=True)
        worst = max(worst, int(importlib.import_module(f"bench.{name}").main()))
    return worst


if __name__ == "__main__":
    sys.exit(main())
