"""Signals end a run in order: within the event loop by cancelling it, elsewhere by an exception."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, TypeVar

from core.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_T = TypeVar("_T")


def raise_on_stop() -> None:
    """Make the stopping signals raise Interrupted wherever the program is."""
    for number in STOPPING:
        signal.signal(number, _interrupt)


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run to the end as `asyncio.run` does, or until a stopping signal cancels. Raise Interrupted."""
    try:
        return asyncio.run(_until_stopped(coroutine))
    finally:
        raise_on_stop()


async def _until_stopped(coroutine: Coroutine[Any, Any, _T]) -> _T:
    loop, received = asyncio.get_running_loop(), list[int]()
    task = asyncio.ensure_future(coroutine)

    def stop(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in STOPPING:
        loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not received:
            raise
        raise Interrupted(received[0]) from None


def _interrupt(number: int, _: object) -> None:
    raise Interrupted(number)
