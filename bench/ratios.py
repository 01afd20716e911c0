"""Ratios between ours and the plain way, taken in turns within one run, and the table that shows them."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Size = Literal["tiny", "usual", "full"]
SIZES: tuple[Size, ...] = ("tiny", "usual", "full")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a benchmark."""

    folder: Path  # empty, for its files
    size: Size = "usual"
    package: Path | None = None  # an unpacked Argos package whose tokenizer and vocabulary are used
    stock_python: str | None = None  # an interpreter that has argostranslate with all its dependencies

    def pick(self, tiny: _T, usual: _T, full: _T) -> _T:
        """Return the value for the chosen size."""
        return {"tiny": tiny, "usual": usual, "full": full}[self.size]


@dataclass(frozen=True, slots=True)
class Ratio:
    """One row of the table: what ours costs, what the plain way costs, and how far apart they may be."""

    row: str
    ours: float
    plain: float
    unit: str  # of both, for example `ms a page`
    ratio: float  # ours to plain; the median of the rounds, so not always the quotient of the two medians
    bound: float  # the ratio may be at most this
    against: str  # the plain way, in a few words

    @property
    def is_held(self) -> bool:
        """Return whether the ratio keeps its bound."""
        return self.ratio <= self.bound


@dataclass(frozen=True, slots=True)
class Paired:
    """Seconds of ours and of the plain way: medians over some rounds in which both ran, and of their ratio."""

    ours: float
    plain: float
    ratio: float

    def row(self, row: str, unit: str, *, per: float, bound: float, against: str) -> Ratio:
        """Return the row of the table; seconds are multiplied by `per` to get `unit`."""
        return Ratio(row, self.ours * per, self.plain * per, unit, self.ratio, bound, against)


def paired(pairs: Sequence[tuple[float, float]]) -> Paired:
    """Return the medians of (ours, plain) measurements and of their ratios."""
    ours, plain = ([pair[side] for pair in pairs] for side in (0, 1))
    return Paired(
        statistics.median(ours), statistics.median(plain), statistics.median(one / other for one, other in pairs)
    )


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of this process, all threads, for one call: other programs on the machine change little."""
    began = time.process_time()
    work()
    return time.process_time() - began


def by_turns(ours: Callable[[], object], plain: Callable[[], object], rounds: int) -> list[tuple[float, float]]:
    """Return the CPU seconds of both in each round; one call of each before them is not counted."""
    ours(), plain()
    return [(cpu_seconds(ours), cpu_seconds(plain)) for _ in range(rounds)]


def table(ratios: Sequence[Ratio]) -> str:
    """Return the rows under a head, in columns."""
    head = ("", "ours", "plain", "", "ratio", "at most", "", "the plain way")
    rows = [
        (one.row, _figure(one.ours), _figure(one.plain), one.unit, f"{one.ratio:.2f}", f"{one.bound:g}",
         "" if one.is_held else "BROKEN", one.against)
        for one in ratios
    ]  # fmt: skip
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    numbers = (1, 2, 4, 5)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place in numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
