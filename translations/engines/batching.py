"""Cuts texts into batches of one cost, so that every core has work to the end. Pure."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def batches(sizes: Sequence[int], limit: int, workers: int) -> list[list[int]]:
    """Return the places of `sizes`, longest first, cut into parts of about `limit` tokens at most.

    The parts are a multiple of `workers`. A batch takes as many steps as its longest text and each step costs what the
    number of its texts does, so texts of one length belong together. Cut by CTranslate2 itself, the last batch often
    leaves a core idle: 20 headlines are one batch.
    """
    order = sorted(range(len(sizes)), key=lambda place: (-sizes[place], place))
    parts = min(len(order), workers * ceil(sum(sizes) / (limit * workers)))
    fair = sum(sizes) / max(parts, 1)
    cut: list[list[int]] = [[] for _ in range(parts)]
    done = 0.0
    for place in order:
        cut[min(int((done + sizes[place] / 2) / fair), parts - 1)].append(place)
        done += sizes[place]
    return [part for part in cut if part]
