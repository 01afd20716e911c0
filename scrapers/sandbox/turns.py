"""Turns at one thing that many want: a lock that the least served gets first."""

from __future__ import annotations

import asyncio
import heapq
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Turns:
    """One turn at a time. Of those who wait, whoever has the lowest `rank` is next; equals as they came."""

    def __init__(self) -> None:
        """Start free."""
        self.is_taken = False
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    @asynccontextmanager
    async def taken(self, rank: float) -> AsyncIterator[None]:
        """Wait for a turn and hold it."""
        if self.is_taken:
            granted = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (rank, next(self._arrivals), granted))
            try:
                await granted
            except asyncio.CancelledError:
                if granted.done() and not granted.cancelled():
                    self._pass_on()
                raise
        self.is_taken = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            granted = heapq.heappop(self._waiting)[2]
            if not granted.done():  # else cancelled while it waited
                granted.set_result(None)
                return
        self.is_taken = False
