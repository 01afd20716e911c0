"""300 pages over 6 hosts at 100 ms an answer, against the bound that politeness sets: two at once for each host."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.model import IdentityRule, Listing, Source
from scrapers.http.client import Fetcher

if TYPE_CHECKING:
    from core.model import Exchange

HOSTS, PAGES, LATENCY, AT_ONCE = 6, 50, 0.1, 2
BODY = b"<html><body>" + b"<p>news of a community</p>" * 3800 + b"</body></html>"
ROUNDS = 5


def main() -> int:
    """Prints wall time against the bound, and CPU a page."""
    bound = PAGES * LATENCY / AT_ONCE
    ports = _start_servers()
    sources = [_source(f"host{number}.example") for number in range(HOSTS)]
    routes = {source.id: f"http://127.0.0.1:{port}" for source, port in zip(sources, ports, strict=True)}
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.thread_time()
        asyncio.run(_read(sources, routes))
        walls.append((time.perf_counter() - wall) / bound)
        cpus.append((time.thread_time() - cpu) * 1000 / (HOSTS * PAGES))
    best, middle = min(walls), sorted(walls)[ROUNDS // 2]
    print(f"{HOSTS * PAGES} pages: {middle:.2f} x the bound of {bound:.1f} s (best {best:.2f}); held to: at most 1.2 x")
    print(f"CPU a page: {sorted(cpus)[ROUNDS // 2]:.1f} ms")
    return 0


async def _read(sources: list[Source], routes: dict[str, str]) -> None:
    def ignore(_: Exchange) -> None:
        return None

    async with Fetcher(sources, clock=lambda: datetime.now(UTC), on_exchange=ignore, routes=routes) as fetcher:
        urls = [(source, f"https://{source.id}/page/{number}") for source in sources for number in range(PAGES)]
        await asyncio.gather(*(fetcher.fetch(source, url) for source, url in urls))


def _source(host: str) -> Source:
    listing = Listing(f"https://{host}/")
    return Source(host, host, f"https://{host}/", host, "uk", "html", (listing,), IdentityRule(), (host,), 24)


def _start_servers() -> list[int]:
    """One server for each host in a thread of their own; robots.txt is answered at once."""
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
            await _answer_one(await reader.readuntil(b"\r\n\r\n"), writer)
    writer.close()


async def _answer_one(request: bytes, writer: asyncio.StreamWriter) -> None:
    robots = b"/robots.txt" in request.split(b"\r\n", 1)[0]
    if not robots:
        await asyncio.sleep(LATENCY)
    status, body = (b"404 Not Found", b"none") if robots else (b"200 OK", BODY)
    head = b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
    writer.write(head + body)
    await writer.drain()


if __name__ == "__main__":
    sys.exit(main())
