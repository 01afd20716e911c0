"""Signals end a command: first in order, then without asking.

In order: by an exception that no handler of errors catches; within the event loop by cancelling. But Python runs its
handlers between its own steps only, so a guard, a thread that the signal itself wakes, ends the process when order
takes too long (one long call of SQLite or of the translation engine, a write that nobody reads) or a second signal
comes. Every write is a transaction, so nothing that was done is lost by that.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from typing import TYPE_CHECKING, TypeVar

from core.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from io import FileIO
    from types import FrameType
    from typing import Any

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 3.0  # seconds from the first signal to the end, whatever is under way
_AGAIN_AFTER = 1.0  # the exception is raised once more, should it have been swallowed or the event loop be stuck
_SECOND_AFTER = 0.3  # systemd and terminals send two signals at once; a person who is impatient does not
_TICK = 0.05
_SWALLOWERS = ("apply_bpe.py",)  # code of others that goes on after whatever is raised in it
_T = TypeVar("_T")


class Stop:
    """A stopping signal on its way through one command: what came, and how far its ending is."""

    def __init__(self) -> None:
        self.number = 0  # of the first signal
        self.is_ending = False  # the ending has begun: nothing is raised any more
        self.action: Callable[[], None] | None = None  # instead of an exception
        self._again = False  # it came where the exception would have been lost
        self._sent = 0  # signals that the guard sent itself and did not see come yet
        self._main = threading.get_ident()
        self._wake, self.woken = os.pipe()
        os.set_blocking(self.woken, False)

    def received(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal between two steps of Python. Raise Interrupted, but where there is an action instead."""
        self.number = self.number or number
        if self.is_ending:
            return
        if self.action is not None:
            action, self.action = self.action, None
            action()
            return
        self._again = _is_swallowed(frame)
        if not self._again:
            raise Interrupted(self.number)

    def guard(self) -> None:
        """Wait for a signal; then see to it that the process ends. In a thread of its own."""
        with open(self._wake, "rb", buffering=0) as wake:  # noqa: PTH123  a number, no path
            if not (number := _next_signal(wake, None)):
                return
            self.number = number
            began, passed, repeated, second = time.monotonic(), 0.0, False, False
            while passed < PATIENCE and not (second and passed >= _SECOND_AFTER):
                late = passed >= _AGAIN_AFTER and not repeated
                if not self.is_ending and (self._again or late):
                    repeated, self._sent = repeated or late, self._sent + 1
                    signal.pthread_kill(self._main, number)
                came = _next_signal(wake, _TICK)
                if came is None:
                    return
                own = bool(came and self._sent)
                self._sent -= own
                second = second or bool(came and not own)
                passed = time.monotonic() - began
        end_at_once(number)

    def close(self) -> None:
        """Let the guard go home."""
        os.close(self.woken)


_stop: Stop | None = None  # of the command that runs: signals belong to the whole process


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Let stopping signals end what is done inside: raise Interrupted there; the handlers before it come back."""
    global _stop  # noqa: PLW0603
    outer, _stop = _stop, Stop()
    before = {number: signal.getsignal(number) for number in STOPPING}
    wakeup = signal.set_wakeup_fd(_stop.woken, warn_on_full_buffer=False)
    try:
        with contextlib.suppress(RuntimeError):  # no thread to be had: it ends in order only
            threading.Thread(target=_stop.guard, name="guard", daemon=True).start()
        for number, handler in before.items():
            if number != signal.SIGHUP or handler is not signal.SIG_IGN:  # `nohup` is obeyed
                signal.signal(number, _stop.received)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        _stop.close()
        _stop = outer


def received_number() -> int:
    """Return the number of the stopping signal that came, or 0."""
    return _stop.number if _stop else 0


def ignore_further() -> None:
    """Let no signal raise from now on: the ending has begun, and must not be disturbed."""
    if _stop is not None:
        _stop.is_ending = True


@contextlib.contextmanager
def on_stop(action: Callable[[], None]) -> Iterator[None]:
    """Do `action` at a stopping signal, instead of an exception, while inside."""
    if _stop is None:
        yield
        return
    _stop.action = action
    try:
        yield
    finally:
        _stop.action = None


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run to the end as `asyncio.run` does, or until a stopping signal cancels. Raise Interrupted."""
    import asyncio

    try:
        return asyncio.run(_until_stopped(coroutine))
    except asyncio.CancelledError:
        if number := received_number():
            raise Interrupted(number) from None
        raise


async def _until_stopped(coroutine: Coroutine[Any, Any, _T]) -> _T:
    import asyncio

    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(coroutine)

    def cancel() -> None:
        ignore_further()  # not before: a loop that is stuck never comes here, and gets the exception instead
        task.cancel()

    def tell() -> None:
        loop.call_soon_threadsafe(cancel)

    with on_stop(tell):
        result = await task
    if received_number():
        raise asyncio.CancelledError  # it came too late to cancel anything
    return result


def end_at_once(number: int) -> None:
    """Say why, if that is possible without waiting, and end the process: no clean-up, no buffers, no other threads."""
    with contextlib.suppress(OSError, ValueError):
        if select.select([], [2], [], 0)[1]:
            os.write(2, f"{Interrupted(number)}\n".encode())
    os._exit(128 + number)


def _is_swallowed(frame: FrameType | None) -> bool:
    """Return whether an exception raised here would be lost: in `__del__`, or where others catch everything."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or code.co_filename.endswith(_SWALLOWERS):
            return True
        frame = frame.f_back
    return False


def _next_signal(wake: FileIO, seconds: float | None) -> int | None:
    """Return the next stopping signal; 0 if none came within the time, None when the command is over."""
    while select.select([wake], [], [], seconds)[0]:
        byte = wake.read(1)
        if not byte:
            return None
        if byte[0] in STOPPING:
            return byte[0]
    return 0
