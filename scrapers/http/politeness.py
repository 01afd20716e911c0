"""Rate of requests to one site: spacing, two requests at once, and the waits that it asks for."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


class Budget:
    """The grant of one site: at most `at_once` requests at a time, `spacing` seconds between two starts."""

    def __init__(
        self,
        spacing: float,
        at_once: int,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """Take clock and sleep from outside, so that tests need not wait."""
        self.spacing, self.crawl_delay = spacing, 0.0  # ours, and what robots.txt asks
        self._slots = asyncio.Semaphore(at_once)
        self._next_start = float("-inf")
        self._monotonic = monotonic
        self._sleep = sleep

    @asynccontextmanager
    async def turn(self, charge: Callable[[float], None] = lambda _: None) -> AsyncIterator[None]:
        """Hold one of the slots, entered no earlier than the spacing allows; first come, first served.

        `charge` hears of the wait that the site asks for beyond our own spacing, before it begins, and may raise.
        """
        async with self._slots:
            now = self._monotonic()
            start = max(now, self._next_start)
            interval = max(self.spacing, self.crawl_delay)
            charge(max(0.0, min(start - now, interval) - self.spacing))
            self._next_start = start + interval
            if start > now:
                await self._sleep(start - now)
            yield

    def hold(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""
        self._next_start = max(self._next_start, self._monotonic() + seconds)
