"""Which articles form one story, given what was decided on their pairs. Pure.

The result depends on the articles and the decisions alone, never on the order in which they came.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from pipeline.story.verdict import SAME

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from pipeline.story.verdict import Verdict

    Judge = Callable[[int, int], Verdict]

MOST_MEMBERS = 24  # more articles than this have never reported one thing on our sites
LEAST_AGREEING = 0.5  # share of the pairs between two groups that must be one story by themselves

# Which bonds are tied first: a re-post belongs to its original before it belongs to anybody's translation.
_CERTAINTY = {"same_key": 0, "same_address": 1, "lead": 2, "cut_title": 3, "title": 4}

Pair = tuple[int, int]


def pair(first: int, second: int) -> Pair:
    """The two ids in ascending order."""
    return (first, second) if first < second else (second, first)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What stands before any judgement: editors' words and publishers' own keys. An editor's word goes first."""

    together: frozenset[Pair] = frozenset()  # by an editor, or editions of one publication
    apart: frozenset[Pair] = frozenset()  # by an editor


@dataclass(slots=True)
class _Groups:
    """The groups while they grow."""

    of: dict[int, set[int]]
    judge: Judge
    apart: frozenset[Pair]
    refused: dict[Pair, str] = field(default_factory=dict)

    def merge(self, first: int, second: int, *, asked: bool) -> None:
        one, other = self.of[first], self.of[second]
        if one is other:
            return
        if reason := self.against(one, other, asked):
            self.refused[pair(first, second)] = reason
            return
        one |= other
        for member in other:
            self.of[member] = one

    def against(self, one: set[int], other: set[int], asked: bool) -> str:
        """Why two groups stay apart; empty when nothing speaks against their union."""
        pairs = [pair(a, b) for a, b in product(one, other)]
        if not self.apart.isdisjoint(pairs):
            return "kept_apart"
        if asked:
            return ""
        if len(one) + len(other) > MOST_MEMBERS:
            return "group_too_large"
        verdicts = [self.judge(*two) for two in pairs]
        if any(verdict.vetoed for verdict in verdicts):
            return "group_vetoed"
        agreeing = sum(verdict.verdict == SAME for verdict in verdicts)
        return "" if agreeing >= LEAST_AGREEING * len(pairs) else "group_too_loose"


def partition(
    members: Sequence[int],
    judge: Judge,
    rank: Mapping[int, Hashable],
    decisions: Decisions,
) -> tuple[list[frozenset[int]], dict[Pair, str]]:
    """The groups of some articles, and why pairs that are one story by themselves were not put together.

    `judge` gives the verdict on two ids in ascending order; `rank` orders articles by what they are and not by
    when they came (source, key, language), so that ties fall alike on every machine.
    """
    groups = _Groups({member: {member} for member in members}, judge, decisions.apart)
    inside = set(members)

    def ranked(two: Pair) -> tuple[str, ...]:
        return tuple(sorted(str(rank[one]) for one in two))

    for two in sorted(decisions.together, key=lambda two: ranked(two) if inside.issuperset(two) else ()):
        if inside.issuperset(two) and two not in decisions.apart:
            groups.merge(*two, asked=True)
    ordered = sorted(members)
    same = [
        (_CERTAINTY.get(verdict.method, len(_CERTAINTY)), -verdict.score, (a, b))
        for at, a in enumerate(ordered)
        for b in ordered[at + 1 :]
        if (verdict := judge(a, b)).verdict == SAME
    ]
    for _, _, two in sorted(same, key=lambda item: (*item[:2], ranked(item[2]))):
        groups.merge(*two, asked=False)
    found = {id(group): frozenset(group) for group in groups.of.values()}
    still = {two: why for two, why in groups.refused.items() if groups.of[two[0]] is not groups.of[two[1]]}
    return sorted(found.values(), key=min), still
