"""Quality of the stories: `python -m bench.story_quality` judges the labelled pairs beside three plain methods.

The second table sets all labelled articles of a file into one archive and asks which pairs are one story there: what
grouping makes of what the judge decides. Everything happens in memory.
"""

from __future__ import annotations

import argparse
import sys
from itertools import product
from typing import TYPE_CHECKING

from bench.inputs.labelled_pairs import DECEIVING, FRESH, RETOLD, fresh, labelled, retold, score
from bench.inputs.story_database import StoryDatabase, score_in_one_archive
from bench.plain_methods import has_equal_title, is_alike_by_jaccard, is_alike_by_minhash
from pipeline.stories.judge import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.inputs.labelled_pairs import LabelledPair, Scores
    from core.model import StoryText

METHODS: dict[str, Callable[[StoryText, StoryText], bool]] = {
    "ours": lambda a, b: judge(a, b).verdict == "same",
    "exact title": lambda a, b: has_equal_title(a.title, b.title),
    "Jaccard 0.5": lambda a, b: is_alike_by_jaccard(a.title, b.title),
    "MinHash 64, 0.5": lambda a, b: is_alike_by_minhash(a.title, b.title),
}
HEAD = "precision  within  across  with machine English"


def main(most: int = sys.maxsize) -> int:
    """Print both tables; of each set at most so many pairs."""
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
    for name, pairs in {"labelled": labelled(), "fresh": labelled(FRESH), "retold": labelled(RETOLD)}.items():
        print(f"{name:8} {_in_one_archive(pairs[:most])}")
    return 0


def _in_one_archive(pairs: Sequence[LabelledPair]) -> str:
    database = StoryDatabase()
    reached = score_in_one_archive(pairs, database)
    articles = len(database.rows("SELECT id FROM articles"))
    return f"{articles:8} {len(database.stories()):8} {_figures(reached)}"


def _figures(reached: Scores) -> str:
    recall = (reached.recall.get(group) for group in ("within", "across", "machine"))
    return f"{reached.precision:9.3f}  " + "  ".join("     –" if one is None else f"{one:6.2f}" for one in recall)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.story_quality", description=__doc__)
    parser.add_argument("--most", type=int, default=sys.maxsize, help="pairs of each set; all if left out")
    sys.exit(main(parser.parse_args().most))
