"""HTTP connections that nobody can keep for nothing: deadlines for headers and for reading, and a number of them.

uvicorn bounds what a request may hold, but waits for ever for its first line and for a reader that does not read.
"""

from __future__ import annotations

import asyncio
import resource
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from pipeline.protection import HEADERS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HEADER_SECONDS = 10.0  # for a request to be there whole, from the end of the one before
READING_SECONDS = 30.0  # for a reader to take what was sent
MOST_CONNECTIONS = 400
MOST_UNREAD = 12_000_000  # bytes of answers that wait for their readers, of all together
MOST_LINES = 100  # of the head of a request; browsers send some twenty
UNREADABLE = b"This is no request that can be read."


class BoundedProtocol(H11Protocol):
    """One connection. Beyond the most, the one that has waited longest without a request is closed for a new one."""

    _waiting: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _task: asyncio.Task[Any] | None = None  # the answer that is being made
    _lines = 0  # of a head that is not yet whole

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or close it when all others are busy."""
        super().connection_made(transport)
        self.app = self._ending_with_its_reader(self.app)
        self._await_request()
        if len(self.connections) > most_connections():
            idle = (c for c in self.connections if isinstance(c, BoundedProtocol) and c._waiting and c is not self)
            oldest: BoundedProtocol = min(idle, key=lambda c: c._waiting.when() if c._waiting else 0.0, default=self)
            oldest.transport.abort()
            self.connections.discard(oldest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks, and the work on an answer that nobody will get."""
        _stop(self._waiting)
        _stop(self._stalled)
        super().connection_lost(exc)
        _stop(self._task)

    def data_received(self, data: bytes) -> None:
        """Take what came; the clock stops when a request is whole."""
        if self.cycle is None or not self.cycle.more_body:
            lines = [head.count(b"\n") for head in data.split(b"\r\n\r\n")]
            lines[0] += self._lines
            self._lines = lines[-1]
            if max(lines) > MOST_LINES:  # each costs h11 more than all the rest of a request
                self.send_400_response("")
                return
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            _stop(self._waiting)
            self._waiting = None

    def on_response_complete(self) -> None:
        """Await the next request, or the rest of a body that nobody wanted."""
        super().on_response_complete()
        if self.cycle is None or self.cycle.response_complete:
            self._await_request()

    def pause_writing(self) -> None:
        """Begin to wait for the reader. When too much waits so, those who have kept it longest get no more."""
        super().pause_writing()
        self._stalled = self.loop.call_later(READING_SECONDS, self.transport.abort)
        slow = [c for c in self.connections if isinstance(c, BoundedProtocol) and c._stalled and c is not self]
        slow.sort(key=lambda c: c._stalled.when() if c._stalled else 0.0, reverse=True)
        unread = sum(c.transport.get_write_buffer_size() for c in (self, *slow))
        while slow and unread > MOST_UNREAD:
            oldest = slow.pop()
            unread -= oldest.transport.get_write_buffer_size()
            oldest.transport.abort()

    def resume_writing(self) -> None:
        """Stop waiting: it reads."""
        _stop(self._stalled)
        self._stalled = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Say so with the headers that all answers have; in the middle of an answer there is nothing to say."""
        if self.cycle is None or self.cycle.response_complete:
            headers = [*HEADERS.items(), (b"content-type", b"text/plain; charset=utf-8"),
                       (b"content-length", b"%d" % len(UNREADABLE)), (b"connection", b"close")]  # fmt: skip
            lines = [b"HTTP/1.1 400 Bad Request", *(b"%s: %s" % header for header in headers), b"", UNREADABLE]
            self.transport.write(b"\r\n".join(lines))
        self.transport.close()

    def _ending_with_its_reader(self, app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            self._task = own = asyncio.current_task()
            cycle = self.cycle
            try:
                await self.flow.drain()  # nothing more is made before the answer before it was taken
                await app(scope, receive, send)
            except asyncio.CancelledError:  # the reader has gone, or the server ends: no fault to be logged
                cycle.disconnected = True
                self.transport.abort()
            finally:
                if self._task is own:
                    self._task = None

        return answer

    def _await_request(self) -> None:
        if not self.transport.is_closing():
            _stop(self._waiting)
            self._waiting = self.loop.call_later(HEADER_SECONDS, self._too_late)

    def _too_late(self) -> None:
        self.transport.close()
        self._stalled = self.loop.call_later(READING_SECONDS, self.transport.abort)


def most_connections() -> int:
    """Return how many connections there may be: half of the descriptors stay for files."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(MOST_CONNECTIONS, allowed // 2) if allowed > 0 else MOST_CONNECTIONS


def _stop(timer: Any) -> None:
    if timer is not None:
        timer.cancel()
