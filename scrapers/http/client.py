"""The only module that speaks HTTP: polite, bounded, conditional, and never a browser imitation.

Bodies are read raw and decompressed by `scrapers.http.bodies`; redirects, retries and limits are ours; connections go
to public addresses only, unless `--connect-to` names the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from typing import TYPE_CHECKING, Self

import httpx

from core.errors import FetchError, TooMuch, Unreachable
from core.model import Page, Validators
from core.version import VERSION
from scrapers.http import answers
from scrapers.http.addresses import without_userinfo
from scrapers.http.answers import Answer
from scrapers.http.backend import Connection, Origin, Pool
from scrapers.http.bodies import Body
from scrapers.http.exchange import Retrieval
from scrapers.http.limits import Limits
from scrapers.http.politeness import Budget
from scrapers.http.routes import Routes, parse_routes
from scrapers.http.sites import Sites

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from core.model import Exchange, HostState, Source
    from scrapers.http.exchange import Transfer

__all__ = ["USER_AGENT", "Fetcher", "Limits", "Line", "parse_routes"]

PROJECT = "https://github.com/visnyk/visnyk"
# Who can be reached about these requests: whoever runs this copy, else the project.
CONTACT = "".join(filter(str.isprintable, os.environ.get("VISNYK_CONTACT", ""))).encode("ascii", "ignore").decode()
USER_AGENT = f"Visnyk/{VERSION} (+{PROJECT}; contact: {CONTACT or PROJECT + '/issues'})"
_LIMITS = Limits()
_ASKED_FOR = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate, br"}


class _Body(httpx.AsyncByteStream):
    """The body of an answer on its connection."""

    def __init__(self, pool: Pool, origin: Origin, connection: Connection) -> None:
        self._pool, self._origin, self._connection = pool, origin, connection

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._connection.pieces()

    async def aclose(self) -> None:
        self._pool.give_back(self._origin, self._connection)


class _Transport(httpx.AsyncBaseTransport):
    """httpx over connections whose address is checked."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        tls = url.scheme == "https"
        origin = Origin(tls, url.raw_host.decode("ascii").strip("[]"), url.port or (443 if tls else 80))
        connection, head = await self._pool.ask(origin, url.raw_path, request.headers.raw)
        body = _Body(self._pool, origin, connection)
        return httpx.Response(head.status_code, headers=list(head.headers), stream=body, request=request)

    async def aclose(self) -> None:
        await self._pool.aclose()


class Line:
    """One transport for everything: no proxies or netrc from the environment, no cookies, no redirects of its own."""

    def __init__(self, routes: Routes, limits: Limits) -> None:
        """Nothing is contacted and no certificate loaded yet."""
        self._routes, self._limits = routes, limits
        self._transport = _Transport(Pool(routes.endpoints(), limits.connect_seconds, limits.read_seconds))

    @contextlib.asynccontextmanager
    async def open(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """The answer to a GET for a logical URL, its body still on the wire.

        Raises FetchError of every kind that a broken connection or answer can give.
        """
        with _as_fetch_errors(url):
            wire = self._routes.wire(url)
            sent = {"User-Agent": USER_AGENT, **_ASKED_FOR, **headers, "Host": wire.host}
            # Past httpx.AsyncClient: it would read Location, keep cookies, and take proxies from the environment.
            response = await self._transport.handle_async_request(httpx.Request("GET", wire.url, headers=sent))
            try:
                yield response
            finally:
                await response.aclose()

    async def receive(self, url: str, headers: Mapping[str, str], tally: Transfer) -> Answer:
        """The answer to a GET: whole when it is a 200, else as much as shows what kind of refusal it is.

        Raises FetchError: see `open`, `Body` and `check_headers`.
        """
        async with self.open(url, headers) as response:
            tally.status = response.status_code
            found = answers.check_headers(response.headers.raw, self._limits.wire_bytes, url)
            take = self._whole_body if tally.status == 200 else self._start_of_body
            body = await take(response, found.get("content-encoding", ""), url, tally)
            return Answer(url, response.status_code, found, body)

    async def _whole_body(self, response: httpx.Response, coding: str, url: str, tally: Transfer) -> bytes:
        body = Body(coding, self._limits.body_bytes, url)
        async for chunk in response.aiter_raw():
            tally.bytes += len(chunk)
            if tally.bytes > self._limits.wire_bytes:
                raise TooMuch(f"body is larger than {self._limits.wire_bytes} bytes on the wire", url, 200)
            body.feed(chunk)
        return body.finish()

    async def _start_of_body(self, response: httpx.Response, coding: str, url: str, tally: Transfer) -> bytes:
        """As much as shows what kind of refusal it is; damage in it does not matter."""
        body = Body("", self._limits.error_body_bytes, url)
        with contextlib.suppress(FetchError):
            body = Body(coding, self._limits.error_body_bytes, url)
            async for chunk in response.aiter_raw():
                tally.bytes += len(chunk)
                body.feed(chunk)
        return body.so_far()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()


@contextlib.contextmanager
def _as_fetch_errors(url: str) -> Iterator[None]:
    shown = without_userinfo(url)
    try:
        yield
    except FetchError as error:
        error.url = error.url or shown
        raise
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ValueError) as error:  # IDNA's are ValueErrors
        raise Unreachable(f"cannot be asked for: {error}", shown) from error


class Fetcher:
    """Fetches pages for the sources of one run. An async context manager; safe for many fetches at once."""

    def __init__(
        self,
        sources: Iterable[Source],
        *,
        clock: Callable[[], datetime],
        on_exchange: Callable[[Exchange], None],
        routes: Mapping[str, str] | None = None,
        hosts: Mapping[str, HostState] | None = None,
        limits: Limits = _LIMITS,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`clock` gives aware UTC; `on_exchange` hears of every HTTP exchange; `hosts` is what earlier runs learnt.

        `routes` as `parse_routes` gives them. Raises UsageError for a route with an unusable URL.
        """
        sources = tuple(sources)
        self._limits, self._clock = limits, clock
        self._routes = Routes(routes or {}, sources)
        self._line = Line(self._routes, limits)
        self._sites = Sites(
            sources, self._routes, hosts or {}, lambda spacing: Budget(spacing, limits.per_host, monotonic, sleep)
        )
        self._courier = Retrieval(
            self._line, self._sites, self._routes, limits, clock=clock, on_exchange=on_exchange, sleep=sleep
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._line.aclose()

    @property
    def host_states(self) -> Mapping[str, HostState]:
        """What every host asked of us, to be stored for the next run."""
        return self._sites.states()

    async def fetch(self, source: Source, url: str, validators: Validators | None = None) -> Page:
        """The page at `url`, or a 304 page when `validators` were given and nothing changed.

        Raises:
            Refused: 4xx, challenge page, robots.txt, a wait that the host asked for.
            ServerTrouble: 5xx, or an answer that is no whole page.
            TooMuch: over a limit of `Limits`.
            Unreachable: no connection, a time-out, a broken answer, a robots.txt that could not be had.
        """
        sent = answers.cleaned(validators or Validators())
        conditional = bool(sent.etag or sent.last_modified)
        asked = self._routes.logical(url)
        answer, moved = await self._courier.fetch(
            source.id,
            asked,
            lambda answer: answers.trouble_with_page(answer, conditional=conditional),
            _conditions(sent),
        )
        return Page(
            url=asked,
            final_url=answer.url,
            status=answer.status,
            content_type=answer.content_type,
            body=answer.body,
            validators=answers.validators_of(answer.headers, sent if answer.status == 304 else Validators()),
            fetched_at=self._clock(),
            redirects=moved,
        )


def _conditions(validators: Validators) -> dict[str, str]:
    named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in named.items() if value}
