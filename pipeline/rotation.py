"""Turns of visitors: how many are answered at once, and that no address has more than others who wait."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Rotation:
    """At most so many at once. Whoever waits is let in by address in rotation, and of one address in order."""

    def __init__(self, most: int) -> None:
        """Let `most` in at once."""
        self._free = most
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def taken(self, address: str) -> AsyncIterator[None]:
        """Hold a turn, once there is one; a request that is cancelled while it waits or works gives it back."""
        if self._free:
            self._free -= 1
        else:
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(address, deque()).append(place)
            try:
                await place
            except asyncio.CancelledError:
                if not place.cancelled():
                    self._pass_on()
                raise
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            address = next(iter(self._waiting))
            places = self._waiting.pop(address)
            place = places.popleft()
            if places:
                self._waiting[address] = places  # behind all others
            if not place.done():
                place.set_result(None)
                return
        self._free += 1
