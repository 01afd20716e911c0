"""Decides when an article's own page is read again: a publisher may still edit the headline. Pure, light to import."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from core.clock import is_awaited
from core.model import iso

if TYPE_CHECKING:
    from core.model import Known

# How long a publisher may still edit a headline: once a day in the first week, then after half its age.
FIRST_WEEK = timedelta(days=7)
DAILY = timedelta(hours=24)
LAST_REVISIT = timedelta(days=365)
LONGEST_PAUSE = LAST_REVISIT / 2  # between two readings of an article's page


def revisit_at(first_known: str, now: datetime) -> str | None:
    """Return when to read an article's page again, for edits; None: never. `first_known` is its ISO date or time."""
    age = _age(first_known, now)
    return None if age > LAST_REVISIT else iso(now + _pause(age))


def is_revisit_due(known: Known, now: datetime) -> bool:
    """Return True when the article's page is to be read again: its time has come, or lies further ahead than any."""
    if known.revisit_at is None:
        return False
    first_known = known.published.at if known.published else known.first_seen_at
    longest = _pause(_age(first_known, now)) + DAILY  # its date may have been made more precise since
    return not is_awaited(datetime.fromisoformat(known.revisit_at), now, longest)


def _age(first_known: str, now: datetime) -> timedelta:
    born = datetime.fromisoformat(first_known if "T" in first_known else f"{first_known}T00:00:00+00:00")
    return max(now - born, timedelta(0))


def _pause(age: timedelta) -> timedelta:
    return DAILY if age < FIRST_WEEK else age / 2
