"""The clock of a run, real or set by `--now`, and the calendar day in Kyiv."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 9000  # of a run: around both ends of the calendar no sum of days can be trusted


def clock_from(now: str | None) -> Callable[[], datetime]:
    """Return the clock of a run: it starts now, or at `now` (ISO 8601; UTC if it names no zone), and goes on steadily.

    Who sets the machine's clock meanwhile does not set this one. Raise UsageError when `now` is no such time.
    """
    begun = _steady()
    start = _start(now) if now is not None else datetime.now(UTC)
    return lambda: start + timedelta(seconds=_steady() - begun)


def _start(now: str) -> datetime:
    try:
        start = datetime.fromisoformat(now)
        start = (start if start.tzinfo else start.replace(tzinfo=UTC)).astimezone(UTC)
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise ValueError("no year of ours")
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--now {now}: not an ISO 8601 time such as 2026-02-05T06:00:00Z") from error
    return start


def _steady() -> float:
    """Return seconds that go on while the machine sleeps too, where it can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


# A run's later moments, and the clocks of two machines, differ by less.
AHEAD = timedelta(hours=1)


def is_awaited(moment: datetime | None, now: datetime, cap: timedelta) -> bool:
    """Return True while a stored moment is still to come, and no further ahead than it was ever put, which is `cap`.

    One beyond that was written by a clock that was ahead; it is void, and what waits for it waits no longer.
    """
    return moment is not None and now < moment <= now + cap


def is_fresh(moment: datetime | None, now: datetime, lasts: timedelta) -> bool:
    """Return True when what was stored at `moment` is younger than `lasts`, and is not from the future."""
    return moment is not None and now - lasts < moment <= now + AHEAD


@cache
def kyiv() -> ZoneInfo:
    """Return the time zone of the sources' readers and of most of their servers."""
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/Kyiv")


def kyiv_day(moment: str) -> str:
    """Return the calendar day in Kyiv, `2026-02-20`, of a stored UTC time."""
    return datetime.fromisoformat(moment).astimezone(kyiv()).date().isoformat()
