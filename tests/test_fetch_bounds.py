"""What a run may cost: memory against bombs and floods, time against the limit that politeness sets."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scrapers.http.limits import Limits
from tests.support.fetching import LIMITS, Run, another
from tests.support.hostile import GOOD, HostileServer, brotli_bomb, coded, endless, gzip_bomb, head, together

if TYPE_CHECKING:
    from core.model import Page
    from scrapers.http.fetcher import Fetcher

_PROGRAM = """
import asyncio, pathlib, resource, sys
from datetime import UTC, datetime
from core.errors import TooMuch
from scrapers.http.fetcher import Fetcher
from tests.support.fetching import SOURCE

def peak_megabytes():
    status = pathlib.Path("/proc/self/status")
    if status.exists():  # what getrusage says would include the peak of the process that started this one
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024)

async def main(url):
    clock = lambda: datetime.now(UTC)
    async with Fetcher([SOURCE], routes={"news.test": url}, clock=clock, on_exchange=lambda _: None) as fetcher:
        for path in sys.argv[2:]:
            try:
                await fetcher.fetch(SOURCE, "https://news.test" + path)
            except TooMuch:
                continue
            raise AssertionError(path)

asyncio.run(main(sys.argv[1]))
print(peak_megabytes())
"""


@pytest.mark.fault("N25", "N26")
def test_bombs_and_floods_stay_under_a_hundred_megabytes() -> None:
    replies = {
        "/hundred-megabytes": endless(head("Content-Type: text/html"), b"<p>news</p>" * 10_000),
        "/gzip": coded("gzip", gzip_bomb(256)),
        "/br": coded("br", brotli_bomb(256)),
        "/declared": head("Content-Length: 500000000"),
    }
    with HostileServer(replies) as server:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, server.url, *replies],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 100


def test_every_site_is_busy_at_the_same_time_and_none_with_more_than_two() -> None:
    pages, hosts = 10, 6
    sources = [another(f"s{n}", f"h{n}.test") for n in range(hosts)]
    with HostileServer({"/page": together(2 * hosts)}) as server:
        run = Run(
            {f"h{n}.test": server.url for n in range(hosts)},
            sources=sources,
            limits=replace(LIMITS, per_host=Limits().per_host),
        )

        async def everything(fetcher: Fetcher) -> None:
            urls = [(source, f"https://{source.hosts[0]}/page?{n}") for source in sources for n in range(pages)]
            await asyncio.gather(*[fetcher.fetch(source, url) for source, url in urls])

        run.of(everything)
        assert len(run.pages()) == pages * hosts
        assert server.most_at_once == 2 * hosts


@pytest.mark.fault("N1")
def test_a_name_server_that_never_answers_does_not_hold_up_the_end() -> None:
    program = """
import asyncio, socket, time
from datetime import UTC, datetime
from core.errors import Unreachable
from scrapers.http.fetcher import Fetcher
from scrapers.http.limits import Limits
from tests.support.fetching import SOURCE

socket.getaddrinfo = lambda *_, **__: time.sleep(3600)

async def main():
    clock = lambda: datetime.now(UTC)
    limits = Limits(connect_seconds=0.1)
    async with Fetcher([SOURCE], clock=clock, on_exchange=lambda _: None, limits=limits) as fetcher:
        try:
            await fetcher.fetch(SOURCE, "https://news.test/")
        except Unreachable as error:
            print(error)

asyncio.run(main())
"""
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert "time-out: no connection to news.test in 0.1 s" in done.stdout


@pytest.mark.fault("N33")
def test_twelve_slow_sites_cost_no_more_than_one() -> None:
    """Each of them answers when all twelve were asked."""
    sources = [another(f"s{n}", f"h{n}.test") for n in range(12)]
    with HostileServer({"/page": together(12)}) as server:
        run = Run({f"h{n}.test": server.url for n in range(12)}, sources=sources)

        async def everything(fetcher: Fetcher) -> list[Page]:
            return await asyncio.gather(
                *[fetcher.fetch(source, f"https://{source.hosts[0]}/page") for source in sources]
            )

        assert [page.body for page in run.of(everything)] == [GOOD] * 12
        assert server.most_at_once == 12
        assert len(run.pages()) == 12
