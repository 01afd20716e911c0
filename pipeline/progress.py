"""A progress bar on a terminal; nothing in cron."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def bar(label: str, total: int | None, unit: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that moves the bar by n; the bar is drawn on standard error if that is a terminal."""
    with bar_to(label, unit, total) as drawn:
        yield lambda step: drawn(step, total)


@contextlib.contextmanager
def bar_to(label: str, unit: str, total: int | None = None) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function that moves the bar by n towards a total that is learnt on the way."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=label, unit=unit, unit_scale=unit == "B", leave=False, file=sys.stderr) as drawn:

        def move(step: int, total: int | None) -> None:
            drawn.update(step)
            if drawn.total != total:
                drawn.total = total
                drawn.refresh()

        yield move
