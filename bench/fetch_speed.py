"""Rows `fetch` and `fetch, CPU`: pages of six hosts that take 100 ms to answer, two at once for each host."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.ratios import paired
from core.model import IdentityRule, Listing, Source
from scrapers.http.fetcher import Fetcher

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bench.ratios import Options, Ratio

HOSTS, LATENCY, AT_ONCE = 6, 0.1, 2
BODY = b"<html><body>" + b"<p>news of a community</p>" * 3800 + b"</body></html>"
BOUND, CPU_BOUND = 1.3, 2.5


def measure(options: Options) -> list[Ratio]:
    """Return wall time and CPU time of the reading thread, against a bare httpx client."""
    pages, rounds = options.pick(2, 30, 50), options.pick(1, 5, 7)
    ports = _start_servers()
    sources = [_source(f"host{number}.example") for number in range(HOSTS)]
    routes = {source.id: f"http://127.0.0.1:{port}" for source, port in zip(sources, ports, strict=True)}
    walls, cpus = [], []
    for number in range(rounds + 1):
        ours, plain = _timed(_read(sources, routes, pages)), _timed(_read_plainly(ports, pages))
        if number:  # the first round loads modules
            walls.append((ours[0], plain[0]))
            cpus.append((ours[1], plain[1]))
    against = "a bare httpx client, two requests at once for each host"
    return [
        paired(walls).row("fetch", f"ms for {HOSTS * pages} pages", per=1000, bound=BOUND, against=against),
        paired(cpus).row("fetch, CPU", "ms a page", per=1000 / (HOSTS * pages), bound=CPU_BOUND, against=against),
    ]


def _timed(work: Coroutine[None, None, None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    asyncio.run(work)
    return time.perf_counter() - wall, time.thread_time() - cpu


async def _read(sources: list[Source], routes: dict[str, str], pages: int) -> None:
    fetcher = Fetcher(sources, clock=lambda: datetime.now(UTC), on_exchange=lambda _: None, routes=routes)
    async with fetcher:
        urls = [(source, f"https://{source.id}/page/{number}") for source in sources for number in range(pages)]
        await asyncio.gather(*(fetcher.fetch(source, url) for source, url in urls))


async def _read_plainly(ports: list[int], pages: int) -> None:
    import httpx

    async def read(host: asyncio.Semaphore, url: str) -> None:
        async with host:
            assert (await client.get(url)).status_code == 200

    async with httpx.AsyncClient() as client:
        hosts = {port: asyncio.Semaphore(AT_ONCE) for port in ports}
        urls = [(hosts[port], f"http://127.0.0.1:{port}/page/{number}") for port in ports for number in range(pages)]
        await asyncio.gather(*(read(host, url) for host, url in urls))


def _source(host: str) -> Source:
    listing = Listing(f"https://{host}/")
    return Source(host, host, f"https://{host}/", host, "uk", "html", (listing,), IdentityRule(), (host,), 24)


def _start_servers() -> list[int]:
    """Start one server for each host in a thread of their own; robots.txt is answered at once."""
    ready, ports = threading.Event(), list[int]()

    async def serve() -> None:
        servers = [await asyncio.start_server(_answer, "127.0.0.1", 0) for _ in range(HOSTS)]
        ports.extend(server.sockets[0].getsockname()[1] for server in servers)
        ready.set()
        await asyncio.Event().wait()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
    ready.wait()
    return ports


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            robots = b"/robots.txt" in request.split(b"\r\n", 1)[0]
            await asyncio.sleep(0 if robots else LATENCY)
            status, body = (b"404 Not Found", b"none") if robots else (b"200 OK", BODY)
            head = b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
            writer.write(head + body)
            await writer.drain()
    writer.close()
