"""Results of a call to an engine that are so unsure that they are asked for again, with patience. Pure.

Results that drop a word sometimes end the search before the whole one has ended; with patience it goes on, at three
times the price. Of 2,500 headlines of the demonstration model that made a difference in 23: these were the 23 least
sure ones, each far below the others.
"""

from __future__ import annotations

from math import ceil, inf
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 0.03  # share of a call that is asked for again at most: it bounds the price
FAR = 3.0  # standard deviations below the median
FEW = 10  # texts of a call that do not tell what is far: the least sure one is asked for again
NORMAL = (
    1.4826  # standard deviation of a normal distribution over its median deviation, which a few bad ones do not move
)


def least_confident(scores: Sequence[float | None]) -> list[int]:
    """Return the places of the scores far below the others, the least sure first; None is no result.

    A score is the mean log-probability of a token.
    """
    known = [-inf if score is None else score for score in scores]
    order = sorted(range(len(known)), key=known.__getitem__)[: ceil(MOST * len(known))]
    sure = [score for score in known if score > -inf]
    if len(known) < FEW or not sure:
        return order
    middle = median(sure)
    least = middle - FAR * NORMAL * median(abs(score - middle) for score in sure)
    return [at for at in order if known[at] < least]
