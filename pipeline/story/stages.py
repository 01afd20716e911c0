"""Which step of an affair a text reports: called, announced, decided, held, received. Pure.

An announcement and the report on the same event are two stories that belong together, not one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

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
def stages(folded: str) -> frozenset[str]:
    """The steps that a folded text speaks of."""
    low = folded.lower()
    return frozenset(stage for stage, cues in _cues() if cues.search(low))


@lru_cache(maxsize=1)
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Step → its cues; read once."""
    found: dict[str, list[str]] = {}
    stage = ""
    for line in DATA.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            stage = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(stage, []).append(line)
    return tuple((stage, re.compile("|".join(cues))) for stage, cues in found.items())


def apart(first: frozenset[str], second: frozenset[str]) -> tuple[str, str] | None:
    """The two steps that keep two texts apart, or None. A step that both name keeps nothing apart."""
    pairs = sorted(
        (one, other) for one in first - second for other in second - first if frozenset((one, other)) in _APART
    )
    return pairs[0] if pairs else None
