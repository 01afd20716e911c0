"""Fit `ODDS` of `pipeline/stories/weights.py` from the tuned halves of the labelled pairs.

    python -m scripts.story_odds

A logistic regression on what `findings` tells of each pair that no hard conflict decides, for one language and for two.
Labelled look-alikes are too few to show how often strangers meet, so more are mined: articles of different pairs, set
on neighbouring days, as far as their titles have anything in common. The held-out halves have no part in it.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from bench.inputs.labelled_pairs import fresh, labelled, retold
from pipeline.stories.conflicts import find_conflicts
from pipeline.stories.evidence import titles_found, weigh
from pipeline.stories.features import read_features
from pipeline.stories.judge import in_order
from pipeline.stories.methods import findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.inputs.labelled_pairs import LabelledPair
    from core.model import StoryText
    from pipeline.stories.features import Features

DAYS = 6  # mined articles are set into so many days
FALSE_MERGE = 2.0  # a labelled look-alike counts so many times: a false merge is worse than a miss
SHRINK = 1.0  # strength of the prior that a finding tells nothing

FAR = 0.65  # mined titles share at least this with the whole of the other article, both ways summed up

Row = tuple[bool, dict[str, float], bool, float]  # two languages, findings, one story, weight


def main() -> int:
    """Print the odds of every finding."""
    easy, hard = ([two for two in pairs if two.half == "tuned"] for pairs in (labelled(), retold() + fresh()))
    rows = [*_labelled((*easy, *hard)), *_mined(hard)]
    for cross, name in ((False, "one language"), (True, "two languages")):
        chosen = [row for row in rows if row[0] == cross]
        told = ", ".join(f"{finding} {odds:.1f}" for finding, odds in _odds(chosen).items())
        print(f"{name} ({len(chosen):,} pairs): {told}")
    return 0


def _labelled(pairs: Iterable[LabelledPair]) -> Iterator[Row]:
    for two in pairs:
        same = two.label == "same"
        yield from _row(read_features(two.a), read_features(two.b), same, 1.0 if same else FALSE_MERGE)


def _mined(pairs: Iterable[LabelledPair]) -> Iterator[Row]:
    """Pair articles of different pairs of one author, who did not report one story twice."""
    rng = random.Random(1)
    authors: dict[str, dict[StoryText, tuple[str, Features]]] = {}
    for two in pairs:
        for text in (two.a, two.b):
            day = f"2026-02-{1 + rng.randrange(DAYS):02d}"
            known = authors.setdefault(two.id[0], {})
            known.setdefault(text, (two.id, read_features(replace(text, published_on=day, url=""))))
    for known in authors.values():
        for (first, one), (second, other) in combinations(known.values(), 2):
            if first != second and titles_found(one, other) >= FAR:
                yield from _row(one, other, False, 1.0)


def _row(one: Features, other: Features, same: bool, weight: float) -> Iterator[Row]:
    first, second = in_order(one, other)
    evidence = weigh(first, second)
    if not any(one.hard for one in find_conflicts(first, second, evidence)):
        yield evidence.cross, findings(evidence), same, weight


def _odds(rows: list[Row]) -> dict[str, float]:
    """Return the odds that explain the labels best, by Newton's method."""
    import numpy

    found: Any = numpy.array([[float(value) for value in row[1].values()] for row in rows])
    label, weight = numpy.array([float(row[2]) for row in rows]), numpy.array([row[3] for row in rows])
    odds, prior = numpy.zeros(found.shape[1]), numpy.eye(found.shape[1]) * SHRINK
    prior[0, 0] = 0.0
    for _ in range(30):
        likely = 1 / (1 + numpy.exp(-found @ odds))
        gradient = found.T @ (weight * (likely - label)) + prior @ odds
        odds -= numpy.linalg.solve((found.T * (weight * likely * (1 - likely))) @ found + prior, gradient)
    return dict(zip(rows[0][1], map(float, odds), strict=True))


if __name__ == "__main__":
    sys.exit(main())
