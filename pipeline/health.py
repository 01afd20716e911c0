"""Health of each source and of the collection as a whole. Pure: facts and the time come in, a judgement goes out.

The only rule: the command `health`, the front page and the sources page ask it. The view `source_health` repeats it
in SQL for those who ask the file itself; docs/decisions/health.md says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from core.clock import AHEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.runs import SourceFacts

READ = ("ok", "not_modified", "empty")  # the states of a run that could read the source
UNREAD_DAYS = 2  # without a good reading for longer than this, nothing is well: the schedule may have stopped


@dataclass(frozen=True, slots=True)
class Judgement:
    """Condition of a source and the words for it."""

    condition: Literal["idle", "well", "ill"]  # idle: never read; ill: a person should look
    message: str
    silent_hours: float | None  # since it last had something new, or was first read

    @property
    def is_actionable(self) -> bool:
        """Return True when a person should look."""
        return self.condition == "ill"


def judge(facts: SourceFacts, now: datetime) -> Judgement:
    """Return how a source does at the time `now` (aware)."""
    silent = _hours(facts.last_new_at or facts.first_run_at, now)
    silent = None if silent is None else max(round(silent, 1), 0.0)
    if facts.state is None:
        return Judgement("idle", "never read", silent)
    if facts.last_run_at and datetime.fromisoformat(facts.last_run_at) > now + AHEAD:
        return Judgement("ill", f"last read at {facts.last_run_at}, in the future: was the clock ahead?", silent)
    unread = (_hours(facts.last_success_at or facts.first_run_at, now) or 0.0) / 24
    reason = facts.open_problem
    if reason is None and facts.state not in READ:
        reason = f"last run: {facts.state}"
    if unread > UNREAD_DAYS:
        message = f"not read for {int(unread)} days{'' if reason is None else f': {reason}'}"
        return Judgement("ill", message, silent)
    if reason is not None:
        return Judgement("ill", reason, silent)
    if silent is not None and silent > facts.expected_every_hours:
        expected = facts.expected_every_hours
        return Judgement("ill", f"nothing new for {int(silent)} hours; expected every {expected}", silent)
    return Judgement("well", "well", silent)


def unread_days(sources: Sequence[SourceFacts], now: datetime) -> int:
    """Return for how many whole days no source at all was read; 0 while that is not worth a word, or before a run."""
    read = [
        facts.last_success_at
        for facts in sources
        if facts.last_success_at and datetime.fromisoformat(facts.last_success_at) <= now + AHEAD
    ]
    begun = [facts.first_run_at for facts in sources if facts.first_run_at]
    since = max(read) if read else min(begun, default=None)
    days = (_hours(since, now) or 0.0) / 24
    return int(days) if days > UNREAD_DAYS else 0


def _hours(since: str | None, now: datetime) -> float | None:
    return None if since is None else (now - datetime.fromisoformat(since)).total_seconds() / 3600
