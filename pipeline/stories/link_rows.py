"""Which rows tell how articles were divided into stories, and why some changed theirs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from core.model import StoryLink
from pipeline.stories.clusters import pair
from pipeline.stories.judge import RELATED, SAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.model import DecidedBy
    from pipeline.stories.clusters import Judge, Pair
    from pipeline.stories.judge import Verdict

REFUSALS = frozenset({"group_too_large", "group_too_loose", "group_vetoed", "kept_apart"})
THROUGH_OTHERS = "through_others"
GROUP_METHODS = REFUSALS | {THROUGH_OTHERS}  # what is said of stories, and not of the two articles by themselves


@dataclass(frozen=True, slots=True)
class Said:
    """The last row of each pair of some articles."""

    by_editor: Mapping[Pair, StoryLink]
    by_machine: Mapping[Pair, StoryLink]

    @classmethod
    def of(cls, links: Iterable[StoryLink]) -> Said:
        """From all rows, oldest first."""
        found = list(links)
        return cls(latest(found, "editor"), latest(found, "machine"))


@dataclass(frozen=True, slots=True)
class Settled:
    """How some articles were divided."""

    before: Mapping[int, int]  # article → story
    after: Mapping[int, int]
    refused: Mapping[Pair, str]  # pairs that are one story by themselves and stay apart: why

    @property
    def moves(self) -> dict[int, int]:
        """The articles that are in another story now."""
        return {article: story for article, story in self.after.items() if self.before[article] != story}

    def left(self, article: int) -> list[int]:
        """Those that shared its story and no longer do."""
        once, now = self.before[article], self.after[article]
        return [a for a in sorted(self.after) if self.before[a] == once and self.after[a] != now]

    def met(self, article: int) -> list[int]:
        """Those that share its story and did not before."""
        once, now = self.before[article], self.after[article]
        return [a for a in sorted(self.after) if self.before[a] != once and self.after[a] == now]


def latest(links: Iterable[StoryLink], decided_by: DecidedBy) -> dict[Pair, StoryLink]:
    """The last of the editors' or of the machine's rows on each pair."""
    return {pair(link.article_id, link.other_id): link for link in links if link.decided_by == decided_by}


def link_of(two: Pair, verdict: Verdict) -> StoryLink:
    """The row of a verdict."""
    return StoryLink(*two, verdict.verdict, verdict.method, verdict.score, verdict.evidence)


def says(link: StoryLink | None) -> tuple[str, str] | None:
    """What tells one row from another."""
    return (link.verdict, link.method) if link else None


def rows(settled: Settled, said: Said, judge: Judge) -> list[StoryLink]:
    """What must be written so that the last row of every pair agrees with where the two are, and every move has one.

    Where an editor has spoken of a pair the machine adds nothing.
    """
    found = {
        two: wanted
        for two in combinations(sorted(settled.after), 2)
        if two not in said.by_editor
        and (wanted := _wanted(two, settled, said, judge(*two)))
        and says(wanted) != says(said.by_machine.get(two))
    }
    told = found.keys() | said.by_editor.keys()
    for article in sorted(settled.moves):
        for link in _moved(article, settled, told, judge):
            found[pair(link.article_id, link.other_id)] = link
    return list(found.values())


def _wanted(two: Pair, settled: Settled, said: Said, verdict: Verdict) -> StoryLink | None:
    """The row that must stand for a pair; None when any may."""
    together, stands = settled.after[two[0]] == settled.after[two[1]], said.by_machine.get(two)
    if verdict.verdict == SAME:
        return link_of(two, verdict) if together else _refusal(two, verdict, settled)
    if stands is None or (stands.verdict == SAME) == together:
        return None
    return _meeting(two, verdict) if together else link_of(two, verdict)


def _moved(article: int, settled: Settled, told: Iterable[Pair], judge: Judge) -> Iterator[StoryLink]:
    """One row for whom it left and one for whom it met, where the pairs themselves gave none."""
    for others, parted in ((settled.left(article), True), (settled.met(article), False)):
        pairs = [pair(article, other) for other in others]
        if pairs and set(pairs).isdisjoint(told):
            two = pairs[0]
            yield _parting(two, judge(*two), settled) if parted else _meeting(two, judge(*two))


def _parting(two: Pair, verdict: Verdict, settled: Settled) -> StoryLink:
    return _refusal(two, verdict, settled) if verdict.verdict == SAME else link_of(two, verdict)


def _meeting(two: Pair, verdict: Verdict) -> StoryLink:
    return StoryLink(*two, SAME, THROUGH_OTHERS, verdict.score, verdict.evidence)


def _refusal(two: Pair, verdict: Verdict, settled: Settled) -> StoryLink:
    return StoryLink(*two, RELATED, settled.refused.get(two, "group_too_loose"), verdict.score, verdict.evidence)
