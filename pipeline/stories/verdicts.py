"""The verdicts of one grouping, each worked out once: of articles with equal wordings only one pair is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.stories.clusters import pair
from pipeline.stories.judge import by_identity, in_order, judge_wordings, wording_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from pipeline.stories.clusters import Pair
    from pipeline.stories.features import Features
    from pipeline.stories.judge import Verdict

MOST_KEPT = 20_000  # verdicts on wordings; then they are forgotten, so that the memory is bounded


class Verdicts:
    """Verdicts on articles by their ids; `features` are filled by the owner."""

    def __init__(self, features: Mapping[int, Features]) -> None:
        """Start empty."""
        self.features = features
        self.judged = 0  # pairs that the judge was asked about
        self._thorough: dict[Pair, Verdict] = {}
        self._of_wordings: dict[tuple[Hashable, Hashable, bool], Verdict] = {}

    def forget_pairs(self) -> None:
        """Forget the verdicts on single pairs; those on wordings stay."""
        self._thorough.clear()

    def thorough(self, first: int, second: int) -> Verdict:
        """Return the verdict on two articles with all its evidence."""
        two = pair(first, second)
        found = self._thorough.get(two)
        if found is None:
            found = self._thorough[two] = self._judge(two, thorough=True)
        return found

    def quick(self, first: int, second: int) -> Verdict:
        """Return the verdict on two articles, with evidence only for what is worth a row."""
        two = pair(first, second)
        return self._thorough.get(two) or self._judge(two, thorough=False)

    def _judge(self, two: Pair, *, thorough: bool) -> Verdict:
        a, b = in_order(self.features[two[0]], self.features[two[1]])
        if certain := by_identity(a, b):
            return certain
        ours, theirs = wording_of(a), wording_of(b)
        wordings = (ours, theirs, thorough)
        found = self._of_wordings.get(wordings)
        if found is None:
            self.judged += 1
            found = judge_wordings(a, b, thorough=thorough)
            if len(self._of_wordings) >= MOST_KEPT:
                self._of_wordings.clear()
            if ours is not None and theirs is not None:
                self._of_wordings[wordings] = found
        return found
