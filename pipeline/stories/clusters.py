"""Clusters: the groups of articles that form one story, given what was decided on their pairs. Pure.

The result depends on the articles and the decisions alone, never on the order in which they came.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TYPE_CHECKING

from pipeline.stories.judge import SAME

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from pipeline.stories.judge import Verdict

    Judge = Callable[[int, int], Verdict]

MOST_MEMBERS = 24  # more articles than this have never reported one thing on our sites
LEAST_TOGETHER = 0.58  # how probably the pairs between two groups are one story, on average
_SURE = 0.8  # what a pair that is one story by itself is worth at least, when two groups are weighed

# Order in which pairs are merged: a re-post belongs to its original before it belongs to anybody's translation.
_CERTAINTY = {"same_key": 0, "same_address": 1, "lead": 2, "cut_title": 3, "title": 4}

Pair = tuple[int, int]


def pair(first: int, second: int) -> Pair:
    """Return two ids in ascending order."""
    return (first, second) if first < second else (second, first)


@dataclass(frozen=True, slots=True)
class Decisions:
    """The pairs that are decided before any judgement. An editor's decision goes first."""

    joined: frozenset[Pair] = frozenset()  # by an editor
    apart: frozenset[Pair] = frozenset()  # by an editor
    editions: frozenset[Pair] = frozenset()  # of one publication


@dataclass(slots=True)
class _Groups:
    """The groups while they grow.

    What the judge puts together is weighed pair by pair. What an editor joined is not: it only says which of those
    groups are one story, so that a report which fits one of them need not fit the others.
    """

    of: dict[int, set[int]]  # by judgement
    whole: dict[int, set[int]]  # by judgement and an editor's decision
    judge: Judge
    apart: frozenset[Pair]
    refused: dict[Pair, str] = field(default_factory=dict)

    def join(self, first: int, second: int) -> None:
        """Put two articles together, as an editor decided."""
        if not self.is_kept_apart(first, second):
            _unite(self.whole, first, second)

    def merge(self, first: int, second: int, *, judged: bool = True) -> None:
        """Put two groups together, unless an editor, or for `judged` pairs the judge, keeps them apart."""
        one, other = self.of[first], self.of[second]
        if one is other:
            return
        reason = "kept_apart" if self.is_kept_apart(first, second) else ""
        if reason or (judged and (reason := self.objection(one, other))):
            self.refused[pair(first, second)] = reason
            return
        _unite(self.of, first, second)
        _unite(self.whole, first, second)

    def is_kept_apart(self, first: int, second: int) -> bool:
        """Return whether an editor keeps any two of two stories apart."""
        one, other = self.whole[first], self.whole[second]
        return (
            bool(self.apart)
            and one is not other
            and not self.apart.isdisjoint(pair(a, b) for a, b in product(one, other))
        )

    def objection(self, one: set[int], other: set[int]) -> str:
        """Return why the judge keeps two groups apart; empty when nothing speaks against their union."""
        if len(one) + len(other) > MOST_MEMBERS:
            return "group_too_large"
        together = 0.0
        for a, b in product(one, other):
            verdict = self.judge(*pair(a, b))
            if verdict.conflicting:
                return "group_vetoed"
            if verdict.verdict == SAME:
                together += max(verdict.score, _SURE)
            elif "against" not in verdict.evidence:
                together += verdict.score
        return "" if together >= LEAST_TOGETHER * len(one) * len(other) else "group_too_loose"


def partition(
    members: Sequence[int],
    judge: Judge,
    rank: Mapping[int, Hashable],
    decisions: Decisions,
) -> tuple[list[frozenset[int]], dict[Pair, str]]:
    """Return the groups of some articles, and why pairs that are one story by themselves were not put together.

    `judge` gives the verdict on two ids in ascending order; `rank` orders articles by what they are and not by
    when they came (source, key, language), so that ties fall alike on every machine.
    """
    groups = _Groups({one: {one} for one in members}, {one: {one} for one in members}, judge, decisions.apart)
    inside = set(members)

    def ranked(two: Pair) -> tuple[str, ...]:
        return tuple(sorted(str(rank[one]) for one in two))

    def known(pairs: Iterable[Pair]) -> list[Pair]:
        return sorted((two for two in pairs if inside.issuperset(two)), key=ranked)

    for two in known(decisions.joined):
        groups.join(*two)
    for two in known(decisions.editions):
        groups.merge(*two, judged=False)
    surest_first = sorted(
        (_CERTAINTY.get(verdict.method, len(_CERTAINTY)), -verdict.score, ranked(two), two)
        for two in combinations(sorted(members), 2)
        if (verdict := judge(*two)).verdict == SAME
    )
    for *_, two in surest_first:
        groups.merge(*two)
    found = {id(group): frozenset(group) for group in groups.whole.values()}
    still = {two: why for two, why in groups.refused.items() if groups.whole[two[0]] is not groups.whole[two[1]]}
    return sorted(found.values(), key=min), still


def _unite(sets: dict[int, set[int]], first: int, second: int) -> None:
    one, other = sets[first], sets[second]
    if one is not other:
        one |= other
        sets.update(dict.fromkeys(other, one))


class Connections:
    """The connected articles: a union of pairs."""

    def __init__(self) -> None:
        """Start without any."""
        self.root: dict[int, int] = {}

    def unite(self, first: int, second: int) -> None:
        """Connect two articles and all that are connected with them."""
        one, other = self.find(first), self.find(second)
        if one != other:
            self.root[max(one, other)] = min(one, other)

    def find(self, article: int) -> int:
        """Return the least article that is connected with one."""
        path = []
        while (up := self.root.setdefault(article, article)) != article:
            path.append(article)
            article = up
        for passed in path:
            self.root[passed] = article
        return article

    def groups(self) -> list[set[int]]:
        """Return the sets of connected articles, the oldest first."""
        found: dict[int, set[int]] = defaultdict(set)
        for article in self.root:
            found[self.find(article)].add(article)
        return [articles for _, articles in sorted(found.items())]
