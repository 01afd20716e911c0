"""Parsing that can be stopped: one child process that outlives pages, killed when a page takes too long.

asyncio cannot interrupt a parser, and 1.5 MB of nested tags keep one busy for 20 seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ParseError
from core.model import Item, Parsed
from scrapers.sandbox import framing

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from core.model import Listing, Page, Source

LIMIT_SECONDS = 10.0  # for one page, reading its bytes included
MEMORY_BYTES = 180 * 1024 * 1024  # address space of the child: with the run itself it stays under 300 MB
_ANSWER_AT_MOST = 64 * 1024 * 1024
_CLOSING_SECONDS = 2.0
_ROOT = Path(__file__).resolve().parents[2]


class ParserPool:
    """Parses one page at a time in a child process that is started at the first page.

    Close it at the end; a child whose parent dies ends by itself.
    """

    def __init__(self, limit_seconds: float = LIMIT_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._limit_seconds, self._memory_bytes = limit_seconds, memory_bytes
        self._turn = asyncio.Lock()
        self._child: Process | None = None

    async def listing(self, source: Source, listing: Listing, page: Page) -> Parsed:
        """Return what a listing page gave. Raises ParseError, also for one that takes too long or too much memory."""
        result = await self._ask(framing.pack_request(source.id, page, listing), page)
        if not isinstance(result, Parsed):
            raise ParseError("the parser answered something else than a listing", page.url)
        return result

    async def article(self, source: Source, page: Page) -> Item:
        """Return what an article page gave. Raises ParseError as `listing` does."""
        result = await self._ask(framing.pack_request(source.id, page, None), page)
        if not isinstance(result, Item):
            raise ParseError("the parser answered something else than an article", page.url)
        return result

    async def close(self) -> None:
        """End the child; nothing happens when there is none."""
        async with self._turn:
            await self._end(gently=True)

    async def _ask(self, request: bytes, page: Page) -> Parsed | Item:
        async with self._turn:
            child = await self._running(page)
            try:
                async with asyncio.timeout(self._limit_seconds):
                    result = await _exchange(child, request)
            except TimeoutError as error:
                await self._end()
                raise ParseError(f"parsing took more than {self._limit_seconds:g} s", page.url) from error
            except (OSError, EOFError, ValueError) as error:  # it died, or answered no frame
                # It is let go by itself: a signal to a process that just ended would take its exit code away.
                code = await self._end(gently=True)
                said = f"the parser process ended on this page (exit {code})"
                if code == framing.OUT_OF_MEMORY:
                    said = f"parsing took more than {self._memory_bytes >> 20} MiB of memory"
                raise ParseError(said, page.url) from error
            except BaseException:
                await self._end()  # cancelled in the middle: the next answer would belong to this page
                raise
        if isinstance(result, ParseError):
            raise result
        return result

    async def _running(self, page: Page) -> Process:
        """Return the child, started when there is none. Raises ParseError when the system gives us no process."""
        if self._child is None or self._child.returncode is not None:
            await self._end()
            try:
                self._child = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "scrapers.sandbox.child"),
                    *(str(self._limit_seconds), str(self._memory_bytes)),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    cwd=_ROOT,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join((str(_ROOT), os.environ.get("PYTHONPATH", "")))},
                )
            except OSError as error:
                raise ParseError(f"no parser process could be started ({error})", page.url) from error
        return self._child

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


async def _exchange(child: Process, request: bytes) -> Parsed | Item | ParseError:
    """Send one frame and read one. Raises OSError or EOFError when the child dies, ValueError when it babbles."""
    if child.stdin is None or child.stdout is None:
        raise OSError("the parser process has no pipes")
    child.stdin.write(request)
    await child.stdin.drain()
    text_size, body_size = framing.HEAD.unpack(await child.stdout.readexactly(framing.HEAD.size))
    if text_size > _ANSWER_AT_MOST or body_size:
        raise ValueError(f"an answer of {text_size} bytes")
    return framing.unpack_result(json.loads(await child.stdout.readexactly(text_size)))
