"""The step of an affair that a text reports: called, announced, decided, held, received. Pure.

An announcement and the report on the same event are two stories that belong together, not one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.stories.features import Features

_LETTERS = re.compile(r"(?:\\b)?([^\W\d_]+)(?=[^\W\d_])")
_OUTSIDE = re.compile(r"\([^()]*\)")  # what stands in brackets
DATA = Path(__file__).parent / "data" / "headline_steps.txt"
# Steps of one affair that are told apart: neither may be merged with the other.
_APART = frozenset(
    frozenset(pair)
    for pair in (
        ("call", "result"),
        ("call", "report"),
        ("announce", "report"),
        ("announce", "result"),
        ("decision", "reaction"),
        ("plan", "decision"),
        ("plan", "start"),
        ("plan", "report"),
        ("start", "finish"),
        ("announce", "reaction"),
        ("report", "reaction"),
        ("plan", "finish"),
        ("call", "finish"),
        ("call", "applied"),
        ("applied", "result"),
        ("outage", "restored"),
        ("visit", "decision"),
        ("dismissal", "appointment"),
        ("committee", "parliament"),
        ("protest", "explained"),
        ("protest", "decision"),
        ("lawsuit", "ruling"),
        ("ruling", "reaction"),
        ("suspicion", "verdict"),
        ("suspicion", "dismissal"),
        ("tender", "contract"),
        ("tender", "cancelled"),
        ("announce", "cancelled"),
        ("plan", "withdrawn"),
        ("plan", "award"),
        ("parliament", "president"),
        ("petition", "answered"),
        ("damage", "aid"),
        ("veto", "override"),
        ("decision", "oath"),
        ("result", "oath"),
    )
)


@lru_cache(maxsize=16_000)
def steps_of(folded: str) -> frozenset[str]:
    """Return the steps that a folded text speaks of."""
    low = folded.lower()
    return frozenset(
        step for opening, cues in _cues().items() if opening in low for step, cue in cues if cue.search(low)
    )


def reported_steps(one: Features) -> frozenset[str]:
    """Return the steps that a title or its lead speaks of."""
    return steps_of(one.headline.folded) | steps_of(one.lead)


@lru_cache(maxsize=1)
def _cues() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Read the cues: the letters that some cues open with → those cues with their steps.

    Most texts have the letters of few cues, and to look for letters is far cheaper than for expressions. The last
    letter may be optional, so it is no part of an opening; a cue of several branches has none.
    """
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    step = ""
    for line in DATA.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            step = line.strip("[]")
        elif line and not line.startswith("#"):
            match = _LETTERS.match(line)
            opening = match[1] if match and "|" not in _OUTSIDE.sub("", line) else ""
            found.setdefault(opening, []).append((step, re.compile(line)))
    return found


def conflicting_steps(first: frozenset[str], second: frozenset[str]) -> tuple[str, str] | None:
    """Return the two steps that keep two texts apart, or None. A step that both name keeps nothing apart."""
    pairs = sorted(
        (one, other) for one in first - second for other in second - first if frozenset((one, other)) in _APART
    )
    return pairs[0] if pairs else None
