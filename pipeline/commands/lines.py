"""Texts on standard input, one a line, UTF-8 whatever the locale says."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


def standard_input() -> Iterator[tuple[int, str]]:
    """Yield (number from 1, line without its end) as they come. Raise UsageError naming a line that is not UTF-8."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UsageError(f"standard input, line {number}: not UTF-8") from error
