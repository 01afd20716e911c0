"""Parsing that can be stopped: one child process that outlives pages, killed when a page takes too much.

asyncio cannot interrupt a parser, and 1.5 MB of nested tags keep one busy for 20 seconds. What a page may take is
processor time, which a busy machine does not lengthen; beside it stands a wide bound of time on the clock, and a page
that comes to that one says something of this machine and nothing of the site.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Overloaded, ParseError, TooMuch
from core.model import Item, Parsed
from scrapers.allowance import FREE_PARSE_SECONDS, Allowances
from scrapers.sandbox import framing
from scrapers.sandbox.turns import Turns

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from core.errors import SourceError
    from core.model import Listing, Page, Source
    from scrapers.allowance import Allowance

CPU_SECONDS = 4.0  # of processor time, for one page, reading its bytes included; 2,000 items take 1.6 s
KILLED_COSTS = 3.5  # times what it took, for a source whose page had to be ended: meanwhile all others waited
WALL_SECONDS = 60.0  # in which a page that takes less must be done, however busy the machine is
START_SECONDS = 60.0  # in which the child must be there; no page is charged with it
MEMORY_BYTES = 180 * 1024 * 1024  # address space of the child: with the run itself it stays under 300 MB
_CLOSING_SECONDS = 2.0
_ROOT = Path(__file__).resolve().parents[2]


class ParserPool:
    """Parses one page at a time in a child process that is started at the first page.

    Sources take turns: each waits with one page at most, waiting is charged to nobody, and the source that took least
    time so far goes first. Close it at the end; a child whose parent dies ends by itself.
    """

    def __init__(
        self,
        cpu_seconds: float = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        allowances: Allowances | None = None,
    ) -> None:
        """Start no process yet. `allowances` are those of the run, which the network spends too."""
        self._cpu_seconds, self._wall_seconds, self._memory_bytes = cpu_seconds, wall_seconds, memory_bytes
        self._allowances = allowances or Allowances()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # of the pages of one source
        self._turn = Turns()  # of the child
        self._child: Process | None = None

    async def listing(self, source: Source, listing: Listing, page: Page) -> Parsed:
        """Return what a listing page gave.

        Raises:
            ParseError: what the source's parser raises, or the page takes too much processor time or memory.
            Overloaded: this machine gave the parser too little to tell.
            TooMuch: the source has taken its time in this run.
        """
        result = await self._ask(source, page, listing)
        if not isinstance(result, Parsed):
            raise ParseError("the parser answered something else than a listing", page.url)
        return result

    async def article(self, source: Source, page: Page) -> Item:
        """Return what an article page gave. Raises as `listing` does."""
        result = await self._ask(source, page, None)
        if not isinstance(result, Item):
            raise ParseError("the parser answered something else than an article", page.url)
        return result

    async def close(self) -> None:
        """End the child; nothing happens when there is none."""
        async with self._turn.taken(0.0):
            await self._end(gently=True)

    async def _ask(self, source: Source, page: Page, listing: Listing | None) -> Parsed | Item:
        allowance = self._allowances.of(source.id)
        async with self._turns[source.id], self._turn.taken(-allowance.left):
            if allowance.is_spent:
                raise TooMuch(allowance.words, page.url)
            cpu_seconds = min(self._cpu_seconds, allowance.left + FREE_PARSE_SECONDS)
            child = await self._running(page)
            try:
                began = time.monotonic()
                async with asyncio.timeout(self._wall_seconds):
                    request = framing.pack_request(source.id, page, listing, cpu_seconds)
                    message = await _exchange(child, request)
                result = framing.unpack_result(message)
            except TimeoutError as error:
                await self._end()
                allowance.spend(self._wall_seconds)
                said = f"this machine is too slow: no {cpu_seconds:g} s for the parser within {self._wall_seconds:g} s"
                raise Overloaded(said, page.url) from error
            except ValueError as error:
                await self._end()
                allowance.spend(time.monotonic() - began)
                raise ParseError(f"the parser process gave no answer, but {error}", page.url) from error
            except (OSError, EOFError) as error:
                # It is let go by itself: a signal to a process that just ended would take its exit code away.
                code = await self._end(gently=True)
                allowance.spend(cpu_seconds * KILLED_COSTS if code == -signal.SIGPROF else time.monotonic() - began)
                raise self._ended(code, page, cpu_seconds, allowance) from error
            except BaseException:
                await self._end()  # cancelled in the middle: the next answer would belong to this page
                raise
            if message["is_worn"]:  # it would have less memory for the next page, which may be another site's
                await self._end(gently=True)
        allowance.spend(message["cpu_seconds"], FREE_PARSE_SECONDS)
        if isinstance(result, ParseError):
            raise result
        return result

    def _ended(self, code: int | None, page: Page, cpu_seconds: float, allowance: Allowance) -> SourceError:
        """Return what it means that the child ended on the page with this exit code."""
        if code == -signal.SIGPROF:
            if cpu_seconds < self._cpu_seconds:
                return TooMuch(allowance.words, page.url)
            return ParseError(f"parsing took more than {cpu_seconds:g} s of processor time", page.url)
        if code == framing.OUT_OF_MEMORY:
            return ParseError(f"parsing took more than {self._memory_bytes >> 20} MiB of memory", page.url)
        if code == -signal.SIGKILL:
            return Overloaded("this machine ended the parser process on this page", page.url)
        return ParseError(f"the parser process ended on this page (exit {code})", page.url)

    async def _running(self, page: Page) -> Process:
        """Return the child, started and ready. Raises Overloaded when the system gives us none."""
        if self._child is not None and self._child.returncode is None:
            return self._child
        await self._end()
        try:
            self._child = child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "scrapers.sandbox.child"),
                *(str(self._wall_seconds), str(self._memory_bytes)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": os.pathsep.join((str(_ROOT), os.environ.get("PYTHONPATH", "")))},
            )
            async with asyncio.timeout(START_SECONDS):
                await _receive(child)
        except TimeoutError as error:
            await self._end()
            raise Overloaded(f"this machine is too slow: no parser within {START_SECONDS:g} s", page.url) from error
        except (OSError, EOFError, ValueError) as error:
            code = await self._end(gently=True)
            why = f"exit {code}" if code is not None else getattr(error, "strerror", None) or str(error)
            raise Overloaded(f"no parser process could be started ({why})", page.url) from error
        except BaseException:
            await self._end()
            raise
        return child

    async def _end(self, *, gently: bool = False) -> int | None:
        """Stop the child, wait for it and return its exit code."""
        child, self._child = self._child, None
        if child is None:
            return None
        if child.stdin is not None:
            child.stdin.close()
        if gently:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSING_SECONDS):
                    await child.wait()
        with contextlib.suppress(ProcessLookupError):
            if child.returncode is None:
                child.kill()
        return await child.wait()


async def _exchange(child: Process, request: bytes) -> dict[str, Any]:
    """Send one frame and return the message that comes back. Raises as `_receive`."""
    if child.stdin is None:
        raise OSError("the parser process has no pipes")
    child.stdin.write(request)
    await child.stdin.drain()
    return await _receive(child)


async def _receive(child: Process) -> dict[str, Any]:
    """Return the next message. Raises OSError or EOFError when the child dies, ValueError when it babbles."""
    if child.stdout is None:
        raise OSError("the parser process has no pipes")
    text_size, body_size = framing.HEAD.unpack(await child.stdout.readexactly(framing.HEAD.size))
    if text_size > framing.ANSWER_AT_MOST or body_size:
        raise ValueError(f"an answer of {text_size} bytes")
    message: dict[str, Any] = json.loads(await child.stdout.readexactly(text_size))
    return message
