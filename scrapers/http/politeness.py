"""How often a site may be asked: spacing, two at once, Retry-After."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

LONGEST_WAIT = timedelta(days=1)  # servers have asked for 317,100 seconds; nobody means that


class Budget:
    """What one site grants us: at most `at_once` requests at a time, `spacing` seconds between two starts."""

    def __init__(
        self,
        spacing: float,
        at_once: int,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """The clock and the sleep are passed in so that tests need not wait."""
        self.spacing = spacing
        self._slots = asyncio.Semaphore(at_once)
        self._next_start = float("-inf")
        self._monotonic = monotonic
        self._sleep = sleep

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold one of the slots, entered no earlier than the spacing allows; first come, first served."""
        async with self._slots:
            now = self._monotonic()
            start = max(now, self._next_start)
            self._next_start = start + self.spacing
            if start > now:
                await self._sleep(start - now)
            yield

    def hold(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""
        self._next_start = max(self._next_start, self._monotonic() + seconds)


def retry_after(value: str, now: datetime) -> datetime | None:
    """The moment that a Retry-After header names, at most a day from `now` (aware).

    Seconds or an HTTP date (RFC 9110, 10.2.3). None for what is garbled, negative or already past.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        seconds = min(int(value[:12]), LONGEST_WAIT.total_seconds())
        return now + timedelta(seconds=seconds) if seconds else None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # an HTTP date is always GMT, also when it does not say so
        moment = moment.replace(tzinfo=UTC)
    return min(moment, now + LONGEST_WAIT).astimezone(UTC) if moment > now else None
