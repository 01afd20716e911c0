"""Parsing in the child process: the same results, and an end to every page."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import FieldsMissing, Overloaded, ParseError, StructureMissing, TooMuch
from core.model import Item, Parsed
from pipeline.recordings import RECORDED, recordings
from scrapers.allowance import Allowances
from scrapers.sandbox import framing, parent, parse
from scrapers.sandbox.parent import KILLED_COSTS, ParserPool
from scrapers.sandbox.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

BY_FILE = {recording.file: recording for recording in recordings()}
LIST, ARTICLE = BY_FILE["decentralization.listing-0.html"], BY_FILE["decentralization.article-20538.html"]
NESTED = b"<b>" * 500_000  # 1.5 MB that keep a parser busy for longer than any limit


def with_pool(work: Callable[[ParserPool], Awaitable[Any]], **limits: Any) -> Any:
    async def run() -> Any:
        pool = ParserPool(**{"cpu_seconds": 300.0, "wall_seconds": 300.0} | limits)
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
        pool._cpu_seconds = 0.2
        with pytest.raises(
            ParseError, match=r"took more than 0\.2 s of processor time url=https://decentralization\.ua/news"
        ):
            await listing(pool, body=NESTED)
        assert not is_running(first)
        pool._cpu_seconds = 300.0
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


@pytest.mark.fault("P10")
def test_a_page_that_made_the_child_grow_leaves_the_next_one_all_the_memory() -> None:
    async def work(pool: ParserPool) -> bool:
        await listing(pool)
        first = child_of(pool)
        await listing(pool)
        assert child_of(pool) == first
        large = await listing(pool, body=LIST.page().body + b"<p>" + b"x" * 15_000_000)
        assert len(large.items) == 9
        await listing(pool)
        return child_of(pool) != first

    assert with_pool(work)


def test_a_child_that_is_killed_between_pages_is_replaced() -> None:
    async def work(pool: ParserPool) -> Parsed:
        await listing(pool)
        os.kill(child_of(pool), signal.SIGKILL)
        assert pool._child is not None
        await pool._child.wait()
        return await listing(pool)

    assert len(with_pool(work).items) == 9


@pytest.mark.parametrize(
    ("python", "why"), [(str(RECORDED / "no-such-python"), "No such file or directory"), ("/bin/false", "exit 1")]
)
def test_a_machine_without_a_process_to_spare_is_no_fault_of_the_page(
    monkeypatch: pytest.MonkeyPatch, python: str, why: str
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    with pytest.raises(
        Overloaded, match=rf"no parser process could be started \({why}\) url=https://decentralization\.ua/news"
    ):
        with_pool(listing)


@pytest.mark.fault("P11")
def test_a_machine_without_descriptors_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    async def none_left(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", none_left)
    with pytest.raises(Overloaded, match=r"no parser process could be started \(Too many open files\)"):
        with_pool(listing)


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Let a process get no time at all, as on a machine with too much to do."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def test_a_page_that_gets_no_processor_time_is_no_redesign() -> None:
    async def work(pool: ParserPool) -> Parsed:
        await listing(pool)
        pool._wall_seconds = 0.05
        with stopped(child_of(pool)), pytest.raises(Overloaded, match="this machine is too slow") as caught:
            await listing(pool)
        assert (caught.value.state, caught.value.url) == ("overloaded", LIST.page().url)
        pool._wall_seconds = 300.0
        return await listing(pool)

    assert len(with_pool(work, allowances=ample()).items) == 9


def test_a_page_that_gets_its_time_late_is_read() -> None:
    async def work(pool: ParserPool) -> Parsed:
        await listing(pool)
        with stopped(child_of(pool)):
            task = asyncio.create_task(listing(pool))
            for _ in range(20):
                await asyncio.sleep(0)
            assert not task.done()
        return await task

    assert len(with_pool(work).items) == 9


def test_starting_the_child_is_charged_to_no_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The child takes more processor time to start than the page may take."""
    lazy = tmp_path / "python"
    burn = "import os, sys, time\nwhile time.process_time() < 0.6: pass\nos.execv(sys.argv[1], sys.argv[1:])"
    lazy.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{burn}' {sys.executable} \"$@\"\n")
    lazy.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(lazy))
    with pytest.raises(StructureMissing):
        with_pool(lambda pool: listing(pool, body=b""), cpu_seconds=0.5)


def test_a_child_that_never_gets_ready_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nread never\n")
    silent.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(silent))
    monkeypatch.setattr(parent, "START_SECONDS", 0.05)
    with pytest.raises(Overloaded, match=r"no parser within 0\.05 s"):
        with_pool(listing)


def ample(seconds: float = 1000.0) -> Allowances:
    allowances = Allowances()
    allowances.of("decentralization").left = seconds
    return allowances


def test_a_source_is_parsed_no_longer_than_its_time_allows() -> None:
    allowances = ample(0.0)
    account = allowances.of("decentralization")

    async def work(pool: ParserPool) -> None:
        with pytest.raises(TooMuch, match=r"took the 15 s of this source; the rest is left for the next run"):
            await listing(pool)
        assert pool._child is None  # it is not even begun
        account.left = 1e-9
        await listing(pool)
        assert account.left == 1e-9  # half a second is free
        with pytest.raises(TooMuch, match="the rest is left for the next run"):
            await listing(pool, body=NESTED)
        assert account.left == pytest.approx(-0.5 * KILLED_COSTS)
        with pytest.raises(StructureMissing):
            await pool.listing(BY_FILE["kmu.listing-0.xml"].source, LIST.source.listings[0], LIST.page(b""))

    with_pool(work, allowances=allowances)


def test_sources_take_turns_at_the_parser() -> None:
    """One source with three pages does not keep another waiting behind all of them."""
    order: list[str] = []

    async def one(pool: ParserPool, source_id: str) -> None:
        with suppress(ParseError):
            await pool.listing(replace(LIST.source, id=source_id), LIST.source.listings[0], LIST.page(b""))
        order.append(source_id)

    async def work(pool: ParserPool) -> None:
        await asyncio.gather(*(one(pool, name) for name in ("auc", "auc", "auc", "kmu", "kmu")))

    with_pool(work)
    assert order == ["auc", "kmu", "auc", "kmu", "auc"]


@pytest.mark.parametrize("letters", [framing.ANSWER_AT_MOST - 400, framing.ANSWER_AT_MOST])
def test_an_answer_is_bounded(letters: int) -> None:
    frame = framing.pack_result(Parsed((Item("https://site.test/1", "а" * (letters // 2)),)), "https://site.test/", 0.5)
    assert len(frame) <= framing.ANSWER_AT_MOST
    result = framing.unpack_result(json.loads(frame[framing.HEAD.size :]))
    if letters == framing.ANSWER_AT_MOST:
        assert isinstance(result, ParseError)
        assert str(result) == "what was read from the page takes more than 16 MiB url=https://site.test/"
    else:
        assert isinstance(result, Parsed)
        assert len(result.items[0].title) == letters // 2


def test_half_a_letter_travels() -> None:
    item = Item("https://site.test/1", "Громада \ud83d")
    frame = framing.pack_result(item, "", 0)
    assert framing.unpack_result(json.loads(frame[framing.HEAD.size :])) == item


def test_a_child_that_babbles_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(pool: ParserPool) -> Parsed:
        await listing(pool)
        monkeypatch.setattr(framing, "ANSWER_AT_MOST", 100)
        with pytest.raises(ParseError, match=r"no answer, but an answer of \d+ bytes"):
            await listing(pool)
        monkeypatch.undo()
        return await listing(pool)

    assert len(with_pool(work).items) == 9


def test_a_cancelled_page_does_not_answer_for_the_next() -> None:
    async def work(pool: ParserPool) -> Item:
        await listing(pool)
        task = asyncio.create_task(listing(pool, body=NESTED))
        while not pool._turn.is_taken:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await pool.article(ARTICLE.source, ARTICLE.page())

    assert with_pool(work).tags == ("ЦНАП", "старости")


def test_what_a_library_prints_does_not_mix_with_the_answers() -> None:
    script = "import runpy, sys; from scrapers.sources import kmu; "
    script += "kmu.parse_listing = lambda page, listing: print('bla' * 9999) or iter(()); "
    script += "sys.argv = ['x', '60', '1000000000']; runpy.run_module('scrapers.sandbox.child', run_name='__main__')"
    recording = BY_FILE["kmu.listing-0.xml"]
    request = framing.pack_request("kmu", recording.page(), recording.listing, 60.0)
    command, root = [sys.executable, "-c", script], RECORDED.parents[1]
    done = subprocess.run(command, input=request, capture_output=True, check=True, cwd=root)
    answer = done.stdout[framing.HEAD.size + 2 :]  # behind the empty frame that says that the child is ready
    text_size, _ = framing.HEAD.unpack(answer[: framing.HEAD.size])
    assert len(answer) == framing.HEAD.size + text_size
    assert b"bla" in done.stderr


def test_the_child_ends_when_its_parent_is_killed_in_the_middle_of_a_page() -> None:
    """The parent prints its child's pid once the child is at work on a page that would take minutes."""
    script = (
        "import asyncio\n"
        "from tests.test_sandbox import LIST, NESTED, ParserPool, listing\n"
        "async def main():\n"
        "    pool = ParserPool(600, 600)\n"
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


def test_the_source_that_took_least_is_parsed_next() -> None:
    async def work() -> list[str]:
        turns, order, all_wait = Turns(), list[str](), asyncio.Event()

        async def take(name: str, rank: float) -> None:
            async with turns.taken(rank):
                order.append(name)
                await all_wait.wait()

        first = asyncio.create_task(take("first", 0.0))
        await asyncio.sleep(0)
        ranks = {"spent": 9.0, "early": 1.0, "cancelled": 0.0, "late": 1.0}
        waiting = {name: asyncio.create_task(take(name, rank)) for name, rank in ranks.items()}
        await asyncio.sleep(0)
        waiting.pop("cancelled").cancel()
        all_wait.set()
        await asyncio.gather(first, *waiting.values())
        assert not turns.is_taken
        return order

    assert asyncio.run(work()) == ["first", "early", "late", "spent"]
