"""Quality of the stories: `python -m bench.story_quality` judges the labelled pairs beside three plain methods.

The second table sets all labelled articles of a file into one archive and asks which pairs are one story there: what
grouping makes of what the judge decides. Everything happens in memory.
"""

from __future__ import annotations

import argparse
import sys
from itertools import product
from typing import TYPE_CHECKING

from bench.inputs.labelled_pairs import DECEIVING, FRESH, PAIRS, RETOLD, fresh, labelled, retold, score
from bench.inputs.story_database import StoryDatabase, score_in_one_archive
from bench.plain_methods import has_equal_title, is_alike_by_jaccard, is_alike_by_minhash
from pipeline.stories.judge import judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.inputs.labelled_pairs import Scores
    from core.model import StoryText

METHODS: dict[str, Callable[[StoryText, StoryText], bool]] = {
    "ours": lambda a, b: judge(a, b).verdict == "same",
    "exact title": lambda a, b: has_equal_title(a.title, b.title),
    "Jaccard 0.5": lambda a, b: is_alike_by_jaccard(a.title, b.title),
    "MinHash 64, 0.5": lambda a, b: is_alike_by_minhash(a.title, b.title),
}
# Figures of the groups that were reached, less one pair or two. Raise them when grouping gets better; never lower them.
GROUP_FLOORS = {
    PAIRS: {"precision": 0.995, "within": 0.97, "across": 0.955, "machine": 0.95},
    FRESH: {"precision": 0.995, "within": 0.915, "across": 0.90, "machine": 0.90},
    RETOLD: {"precision": 0.99, "within": 0.70, "across": 0.63, "machine": 0.84},
}
HEAD = "precision  within  across  with machine English"


def main(most: int | None = None) -> int:
    """Print both tables, of each set at most so many pairs; return 1 when a whole set is below one of its floors."""
    sets = {"labelled": labelled(), "fresh": fresh(), "retold": retold()}
    print(f"{'set':8} {'half':9} {'method':16} {HEAD}")
    for which, half in product(sets, ("tuned", "held_out")):
        chosen = [two for two in sets[which] if two.half == half][:most]
        for name, same in METHODS.items():
            print(f"{which:8} {half:9} {name:16} {_figures(score(chosen, same))}")
    deceiving = labelled(DECEIVING)[:most]
    for name, same in METHODS.items():
        taken = sum(same(two.a, two.b) for two in deceiving)
        print(f"look-alikes made to deceive: {name} takes {taken} of {len(deceiving)} for one story")
    print(f"\n{'set':8} {'articles':>8} {'stories':>8} {HEAD}")
    low = []
    for name, file in {"labelled": PAIRS, "fresh": FRESH, "retold": RETOLD}.items():
        database = StoryDatabase()
        reached = score_in_one_archive(labelled(file)[:most], database)
        articles = len(database.rows("SELECT id FROM articles"))
        print(f"{name:8} {articles:8} {len(database.stories()):8} {_figures(reached)}")
        if most is None:
            low += [f"{name}: {what}" for what in sorted(below_floors(file, reached))]
    for line in low:
        print(f"below its floor: {line}", file=sys.stderr)
    return 1 if low else 0


def below_floors(file: Path, reached: Scores) -> set[str]:
    """Return the figures of the groups that are below the floors of a set."""
    figures = {"precision": reached.precision, **reached.recall}
    return {what for what, floor in GROUP_FLOORS[file].items() if figures[what] < floor}


def _figures(reached: Scores) -> str:
    recall = (reached.recall.get(group) for group in ("within", "across", "machine"))
    return f"{reached.precision:9.3f}  " + "  ".join("     –" if one is None else f"{one:6.2f}" for one in recall)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.story_quality", description=__doc__)
    parser.add_argument("--most", type=int, help="pairs of each set; all if left out")
    sys.exit(main(parser.parse_args().most))
