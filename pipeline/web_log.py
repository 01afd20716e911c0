"""Bound on what visitors can make the server log."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

LINES, MINUTE = 60, 60.0  # at most so many lines in such a time


class AtMost:
    """A filter that lets so many lines pass in a minute; the first of the next one says how many did not."""

    def __init__(self, lines: int, clock: Callable[[], float]) -> None:
        """Count from now on, by `clock`."""
        self._lines, self._clock = lines, clock
        self._since, self._count = -math.inf, 0

    def __call__(self, record: logging.LogRecord) -> bool:
        """Return True for a line that may be written."""
        if self._clock() - self._since > MINUTE:
            if self._count > self._lines:
                record.msg, record.args = f"{self._count - self._lines} lines more before; {record.getMessage()}", ()
            self._since, self._count = self._clock(), 0
        self._count += 1
        return self._count <= self._lines
