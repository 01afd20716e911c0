"""Spellings of Ukrainian places that come from Russian or are out of date, and ours for them.

Importing this module reads nothing; data/spellings.csv is read by the first call.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path(__file__).parent / "data" / "spellings.csv"


def russian(text: str) -> tuple[tuple[str, str], ...]:
    """Return each spelling in an English text that is not ours, with ours: (`Kiev`, `Kyiv`)."""
    pattern, ours = _table()
    return tuple((match.group(), ours[match.group()]) for match in pattern.finditer(text))


def repaired(text: str, named: Callable[[str], bool]) -> str:
    """Return `text` with our spelling of every place for which `named` (called with our spelling) is true.

    The caller says whether the source names the place: a Kiev in a title of a book stays.
    """
    pattern, ours = _table()
    return pattern.sub(lambda match: ours[match.group()] if named(ours[match.group()]) else match.group(), text)


@cache
def _table() -> tuple[re.Pattern[str], dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as table:
        ours = {row["wrong"]: row["right"] for row in csv.DictReader(table)}
    longest_first = sorted(ours, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w])"), ours
