"""The scores of the judge on the labelled pairs; each pair is judged once for all tests here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import pytest

from bench.inputs.labelled_pairs import DECEIVING, LabelledPair, fresh, labelled, retold, score
from pipeline.stories.blocking import LEAST_SHARED, blocking_keys
from pipeline.stories.features import read_features
from pipeline.stories.judge import judge, judge_features

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.model import StoryText

# What the project promises; a floor below it is a mistake.
PROMISED = {"precision": 0.99, "within": 0.90, "across": 0.75, "machine": 0.85}
# What was reached, less one pair or two. Raise them when the judge gets better; never lower them to pass.
FLOORS = {
    "all": {"precision": 0.995, "within": 0.985, "across": 0.965, "machine": 0.985},
    "held_out": {"precision": 0.995, "within": 0.99, "across": 0.975, "machine": 0.99},
}
# The same for pairs by authors who knew the real duplicates and not the program; held-out ones changed nothing in it.
FRESH_FLOORS = {
    "all": {"precision": 0.995, "within": 0.915, "across": 0.9, "machine": 0.92},
    "held_out": {"precision": 0.995, "within": 0.91, "across": 0.87, "machine": 0.89},
}
# And for pairs that were made hard, most of them in another newsroom's own words: recall within one language is lower.
RETOLD_FLOORS = {
    "all": {"precision": 0.992, "within": 0.72, "across": 0.82, "machine": 0.865},
    "held_out": {"precision": 0.985, "within": 0.665, "across": 0.765, "machine": 0.825},
}
SETS: dict[str, tuple[Callable[[], tuple[LabelledPair, ...]], dict[str, dict[str, float]]]] = {
    "labelled": (labelled, FLOORS),
    "fresh": (fresh, FRESH_FLOORS),
    "retold": (retold, RETOLD_FLOORS),
}


@dataclass(frozen=True)
class Judged:
    verdict: str
    quick: str  # the verdict at a first look
    do_meet: bool  # share enough keys for the later one to find the other through the index


read = lru_cache(maxsize=256)(read_features)  # the articles of one set come again in the pairs nearby


@cache
def judged(first: StoryText, second: StoryText) -> Judged:
    a, b = read(first), read(second)
    one, other = ({word.key: word.share for word in blocking_keys(features).words} for features in (a, b))
    shared = sum(one[key] + other[key] for key in one.keys() & other.keys())
    quick = judge_features(a, b, thorough=False)
    return Judged(judge_features(a, b).verdict, quick.verdict, shared >= LEAST_SHARED)


def ours(a: StoryText, b: StoryText) -> bool:
    return judged(a, b).verdict == "same"


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("half", ["all", "held_out"])
def test_the_judge_keeps_its_floors(name: str, half: str) -> None:
    pairs, floors = SETS[name]
    reached = score((two for two in pairs() if half in ("all", two.half)), ours)
    figures = {"precision": reached.precision, **reached.recall}
    assert {kind for kind, floor in floors[half].items() if figures[kind] < floor} == set(), figures


def test_no_floor_is_below_what_is_promised() -> None:
    below = {
        (name, half, kind)
        for name in ("labelled", "fresh")
        for half, floors in SETS[name][1].items()
        for kind, floor in floors.items()
        if floor < PROMISED[kind]
    }
    assert not below


def test_the_labelled_set_has_every_kind_and_size_that_is_promised() -> None:
    kinds = Counter(two.kind.split("_")[0].rstrip("0123456789") for two in labelled())
    assert set(kinds) == {"reposted", "edited", "reworded", "translated", "machine", "lookalike", "related"}
    assert len(labelled()) >= 600
    assert min(Counter(two.half for two in labelled()).values()) >= 300
    assert len({two.id for two in labelled()}) == len(labelled())


def test_what_is_judged_one_story_is_found_through_the_index() -> None:
    found = [judged(two.a, two.b).do_meet for two in labelled() if ours(two.a, two.b)]
    assert sum(found) >= 0.985 * len(found)


def test_a_quick_look_at_a_pair_never_gives_another_verdict() -> None:
    pairs = (*labelled(), *labelled(DECEIVING), *fresh(), *retold())
    assert [two.id for two in pairs if judged(two.a, two.b).quick != judged(two.a, two.b).verdict] == []


def test_two_texts_are_judged_as_what_is_read_of_them() -> None:
    for two in labelled()[::50]:
        assert judge(two.a, two.b).verdict == judged(two.a, two.b).verdict


KEPT_APART = 0.807  # what was reached, less one or two. Raise it when the judge gets better; never lower it to pass.


def test_look_alikes_that_were_made_to_deceive_are_mostly_kept_apart() -> None:
    pairs = labelled(DECEIVING)
    apart = [two for two in pairs if not ours(two.a, two.b)]
    assert len(pairs) == 270
    assert len(apart) >= KEPT_APART * len(pairs)
