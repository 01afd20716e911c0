"""The rows that tell how articles were divided into stories, and why some changed theirs. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from core.model import StoryLink
from pipeline.stories.clusters import pair
from pipeline.stories.judge import RELATED, SAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.closed_sets import DecidedBy
    from pipeline.stories.clusters import Judge, Pair
    from pipeline.stories.judge import Verdict

REFUSALS = frozenset({"group_too_large", "group_too_loose", "group_vetoed", "kept_apart"})
THROUGH_OTHERS = "through_others"
MOST_REFUSALS = 12  # rows on one article that say why it is not in the story of another; the first is always written
GROUP_METHODS = REFUSALS | {THROUGH_OTHERS}  # what is said of stories, and not of the two articles by themselves


@dataclass(frozen=True, slots=True)
class StandingRows:
    """The last row of each pair of some articles."""

    by_editor: Mapping[Pair, StoryLink]
    by_machine: Mapping[Pair, StoryLink]

    @classmethod
    def of(cls, links: Iterable[StoryLink]) -> StandingRows:
        """Take the last rows from all rows, oldest first."""
        found = list(links)
        return cls(latest(found, "editor"), latest(found, "machine"))


@dataclass(frozen=True, slots=True)
class Division:
    """Some articles in their stories before and after they were divided anew."""

    before: Mapping[int, int]  # article → story
    after: Mapping[int, int]
    refused: Mapping[Pair, str]  # pairs that are one story by themselves and stay apart: why

    @property
    def moves(self) -> dict[int, int]:
        """Return article → story, for articles that are in another story now."""
        return {article: story for article, story in self.after.items() if self.before[article] != story}

    def left(self, article: int) -> list[int]:
        """Return the articles that shared its story and no longer do."""
        once, now = self.before[article], self.after[article]
        return [a for a in sorted(self.after) if self.before[a] == once and self.after[a] != now]

    def met(self, article: int) -> list[int]:
        """Return the articles that share its story and did not before."""
        once, now = self.before[article], self.after[article]
        return [a for a in sorted(self.after) if self.before[a] != once and self.after[a] == now]


def latest(links: Iterable[StoryLink], decided_by: DecidedBy) -> dict[Pair, StoryLink]:
    """Return the last of the editors' or of the machine's rows on each pair."""
    return {pair(link.article_id, link.other_id): link for link in links if link.decided_by == decided_by}


def link_of(two: Pair, verdict: Verdict) -> StoryLink:
    """Return the row of a verdict."""
    return StoryLink(*two, verdict.verdict, verdict.method, verdict.score, verdict.evidence)


def statement_of(link: StoryLink | None) -> tuple[str, str] | None:
    """Return verdict and method: a row that says the same as the last one is not written."""
    return (link.verdict, link.method) if link else None


def rows_to_write(division: Division, standing: StandingRows, judge: Judge) -> list[StoryLink]:
    """Return rows so that the last row of every pair agrees with where the two are, and every move has one.

    Of an article that is alike to ever so many others, and stays apart from them, only some refusals are told.
    Where an editor has decided on a pair the machine adds nothing. A move gets one row for the articles that were left
    and one for those that were met, where the pairs themselves give none.
    """
    found: dict[Pair, StoryLink] = {}
    refusals: Counter[int] = Counter()
    for two in combinations(sorted(division.after), 2):
        if two in standing.by_editor:
            continue
        verdict, stands = judge(*two), standing.by_machine.get(two)
        together, same = division.after[two[0]] == division.after[two[1]], verdict.verdict == SAME
        if not same and (stands is None or (stands.verdict == SAME) == together):
            continue  # any row may stand
        if together:
            wanted = link_of(two, verdict) if same else _meeting(two, verdict)
        else:
            wanted = _parting(two, verdict, division)
            told = [refusals[one] for one in two]
            if stands is None and min(told) and max(told) >= MOST_REFUSALS:
                continue
            refusals.update(two)
        if statement_of(wanted) != statement_of(stands):
            found[two] = wanted
    covered = found.keys() | standing.by_editor.keys()
    for article in sorted(division.moves):
        for others, parted in ((division.left(article), True), (division.met(article), False)):
            pairs = [pair(article, other) for other in others]
            if pairs and covered.isdisjoint(pairs):
                verdict = judge(*pairs[0])
                found[pairs[0]] = _parting(pairs[0], verdict, division) if parted else _meeting(pairs[0], verdict)
    return list(found.values())


def _meeting(two: Pair, verdict: Verdict) -> StoryLink:
    return StoryLink(*two, SAME, THROUGH_OTHERS, verdict.score, verdict.evidence)


def _parting(two: Pair, verdict: Verdict, division: Division) -> StoryLink:
    if verdict.verdict != SAME:
        return link_of(two, verdict)
    return StoryLink(*two, RELATED, division.refused.get(two, "group_too_loose"), verdict.score, verdict.evidence)
