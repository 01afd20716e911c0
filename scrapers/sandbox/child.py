"""The process in which pages are parsed: `python -m scrapers.sandbox.child WALL_SECONDS MEMORY_BYTES`.

Writes an empty frame on standard output when it is ready, then reads request frames on standard input and writes answer
frames until the input ends. The kernel ends it with SIGPROF when a page takes more processor time than its request
allows: no parser, in C or in Python, can put that off.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ParseError
from scrapers.sandbox import framing, parse

if TYPE_CHECKING:
    from core.model import Item, Parsed

_WATCH_SECONDS = 0.25  # how often a parser at work looks whether its parent is still there
_WORN_SHARE = 1 / 3  # of the memory limit, by which a page made this process grow; Python gives little of it back
_GRACE_SECONDS = 2.0  # after the limit, within which the parent should have killed this process


def main(wall_seconds: float, memory_bytes: int) -> int:
    """Serve until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # for the parent, which then ends this process
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process; the parent may have been told to ignore it
    limit_memory(memory_bytes)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes to standard error, not between the frames
    watch = _Watch(wall_seconds + _GRACE_SECONDS)
    fresh_bytes = peak_bytes()
    reply = framing.pack({})
    while True:
        answers.write(reply)
        answers.flush()
        if not (head := requests.read(framing.HEAD.size)):
            return 0
        text_size, body_size = framing.HEAD.unpack(head)
        message, body = json.loads(requests.read(text_size)), requests.read(body_size)
        with watch:
            signal.setitimer(signal.ITIMER_PROF, message["cpu_seconds"])
            reply = _answer(message, body, fresh_bytes + _WORN_SHARE * memory_bytes)
            signal.setitimer(signal.ITIMER_PROF, 0)


def _answer(message: dict[str, Any], body: bytes, worn_bytes: float) -> bytes:
    """Return the frame that answers a request. A page too large for this process ends it."""
    started = time.process_time()
    outcome: Parsed | Item | ParseError
    try:
        source_id, page, listing = framing.unpack_request(message, body)
        try:
            outcome = parse.listing(source_id, listing, page) if listing else parse.article(source_id, page)
        except ParseError as error:
            outcome = error
        used = time.process_time() - started
        return framing.pack_result(outcome, page.url, used, is_worn=peak_bytes() > worn_bytes)
    except MemoryError:
        os._exit(framing.OUT_OF_MEMORY)


def peak_bytes() -> int:
    """Return the most memory that this process ever held; 0 where the system does not tell."""
    with contextlib.suppress(OSError, ValueError):  # `getrusage` of Linux begins with what the parent held
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    with contextlib.suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return 0


def limit_memory(memory_bytes: int) -> None:
    """Bound the address space where the system can do that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, resource.getrlimit(resource.RLIMIT_AS)[1]))


class _Watch:
    """A watch that ends this process in the middle of a page when its parent is gone, or did not end it in time."""

    def __init__(self, limit_seconds: float) -> None:
        self.parent = os.getppid()
        self.ticks_at_most = int(limit_seconds / _WATCH_SECONDS) + 1
        self.ticks = 0

    def __enter__(self) -> None:
        self.ticks = 0
        signal.signal(signal.SIGALRM, self._tick)
        signal.setitimer(signal.ITIMER_REAL, _WATCH_SECONDS, _WATCH_SECONDS)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _tick(self, *_: object) -> None:
        self.ticks += 1
        if self.ticks > self.ticks_at_most or os.getppid() != self.parent:
            os._exit(1)


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]), int(sys.argv[2])))
