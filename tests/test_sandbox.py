"""Parsing in the child process: the same results, and an end to every page."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import FieldsMissing, ParseError, StructureMissing
from pipeline.recordings import RECORDED, recordings
from scrapers.sandbox import framing, parse
from scrapers.sandbox.parent import ParserPool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from core.model import Item, Parsed

BY_FILE = {recording.file: recording for recording in recordings()}
LIST, ARTICLE = BY_FILE["decentralization.listing-0.html"], BY_FILE["decentralization.article-20538.html"]
NESTED = b"<b>" * 500_000  # 1.5 MB that keep a parser busy for longer than any limit


def with_pool(work: Callable[[ParserPool], Awaitable[Any]], **limits: Any) -> Any:
    async def run() -> Any:
        pool = ParserPool(**{"limit_seconds": 300.0} | limits)  # a busy machine is not what is tested
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


async def listing(pool: ParserPool, recording: Any = LIST, body: bytes | None = None) -> Parsed:
    return await pool.listing(recording.source, recording.listing, recording.page(body))


def child_of(pool: ParserPool) -> int:
    assert pool._child is not None
    return pool._child.pid


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_child_answers_what_the_parsers_answer_here() -> None:
    async def work(pool: ParserPool) -> None:
        for recording in recordings():
            page, where = recording.page(), recording.listing
            if where is not None:
                here: Any = parse.listing(recording.source_id, where, page)
                assert await pool.listing(recording.source, where, page) == here
            else:
                here = parse.article(recording.source_id, page)
                assert await pool.article(recording.source, page) == here

    with_pool(work)


def test_one_child_serves_all_pages_and_ends_with_the_pool() -> None:
    async def work(pool: ParserPool) -> set[int]:
        assert pool._child is None  # nothing is started before the first page
        results = await asyncio.gather(*(listing(pool) for _ in range(4)))
        assert len(set(results)) == 1
        first = child_of(pool)
        await pool.article(ARTICLE.source, ARTICLE.page())
        return {first, child_of(pool)}

    (pid,) = with_pool(work)
    assert not is_running(pid)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", StructureMissing),
        (b"<div class='one-article'>", FieldsMissing),
    ],
)
def test_errors_keep_their_kind_message_and_address(body: bytes, kind: type[ParseError]) -> None:
    def caught(error: ParseError) -> tuple[type, str, str]:
        return type(error), str(error), error.url

    with pytest.raises(ParseError) as here:
        parse.listing("decentralization", LIST.source.listings[0], LIST.page(body))
    with pytest.raises(ParseError) as there:
        with_pool(lambda pool: listing(pool, body=body))
    assert caught(there.value) == caught(here.value)
    assert type(there.value) is kind


@pytest.mark.fault("C37")
def test_a_page_that_takes_too_long_is_ended_and_the_next_one_is_read() -> None:
    async def work(pool: ParserPool) -> Parsed:
        await listing(pool)
        first = child_of(pool)
        pool._limit_seconds = 0.2  # only now: how long a child takes to start is not in question
        with pytest.raises(ParseError, match=r"took more than 0\.2 s url=https://decentralization\.ua/news"):
            await listing(pool, body=NESTED)
        assert not is_running(first)
        pool._limit_seconds = 300.0
        return await listing(pool)

    assert len(with_pool(work).items) == 9


@pytest.mark.fault("C37", "P10")
def test_a_page_that_takes_too_much_memory_is_an_error_and_the_next_one_is_read() -> None:
    flood = b"<p>a</p>" * 100_000

    async def work(pool: ParserPool) -> Parsed:
        with pytest.raises(ParseError, match=r"took more than 64 MiB of memory url=https://decentralization\.ua/news"):
            await listing(pool, body=flood)
        return await listing(pool)

    assert len(with_pool(work, memory_bytes=64 * 1024 * 1024).items) == 9


def test_a_child_that_is_killed_between_pages_is_replaced() -> None:
    async def work(pool: ParserPool) -> Parsed:
        await listing(pool)
        os.kill(child_of(pool), signal.SIGKILL)
        assert pool._child is not None
        await pool._child.wait()
        return await listing(pool)

    assert len(with_pool(work).items) == 9


def test_a_system_without_processes_is_an_error_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(RECORDED / "no-such-python"))
    with pytest.raises(
        ParseError, match=r"no parser process could be started .* url=https://decentralization\.ua/news"
    ):
        with_pool(listing)


def test_a_cancelled_page_does_not_answer_for_the_next() -> None:
    async def work(pool: ParserPool) -> Item:
        await listing(pool)
        task = asyncio.create_task(listing(pool, body=NESTED))
        while not pool._turn.locked():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await pool.article(ARTICLE.source, ARTICLE.page())

    assert with_pool(work).tags == ("ЦНАП", "старости")


def test_what_a_library_prints_does_not_mix_with_the_answers() -> None:
    script = "import runpy, sys; from scrapers.sources import kmu; "
    script += "kmu.parse_listing = lambda page, listing: print('bla' * 9999) or iter(()); "
    script += "sys.argv = ['x', '5', '1000000000']; runpy.run_module('scrapers.sandbox.child', run_name='__main__')"
    recording = BY_FILE["kmu.listing-0.xml"]
    request = framing.pack_request("kmu", recording.page(), recording.listing)
    command, root = [sys.executable, "-c", script], RECORDED.parents[1]
    done = subprocess.run(command, input=request, capture_output=True, check=True, cwd=root)
    text_size, _ = framing.HEAD.unpack(done.stdout[: framing.HEAD.size])
    assert len(done.stdout) == framing.HEAD.size + text_size
    assert b"bla" in done.stderr


def test_the_child_ends_when_its_parent_is_killed_in_the_middle_of_a_page() -> None:
    """The parent prints its child's pid once the child is at work on a page that would take minutes."""
    script = (
        "import asyncio\n"
        "from tests.test_sandbox import LIST, NESTED, ParserPool, listing\n"
        "async def main():\n"
        "    pool = ParserPool(limit_seconds=600)\n"
        "    await listing(pool)\n"
        "    print(pool._child.pid, flush=True)\n"
        "    await listing(pool, body=NESTED)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=RECORDED.parents[1]) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 120
    while is_running(pid) and time.monotonic() < deadline:
        os.sched_yield()
    assert not is_running(pid)
