"""The only module that speaks HTTP: polite, bounded, conditional, and never a browser imitation.

Bodies are read raw and decompressed by `scrapers.bodies`; redirects, retries and limits are ours; connections go to
public addresses only, unless `--connect-to` names the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import time
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Self

import httpcore
import httpx

from pipeline.errors import FetchError, TooMuch, Unreachable
from pipeline.model import Page, Validators
from scrapers import answers
from scrapers.addresses import without_userinfo
from scrapers.answers import Answer
from scrapers.bodies import Body
from scrapers.errand import BrokenOff, Courier
from scrapers.limits import Limits
from scrapers.network import GuardedBackend
from scrapers.politeness import Budget
from scrapers.routes import Routes, parse_routes
from scrapers.sites import Sites

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from pipeline.model import Exchange, HostState, Source
    from scrapers.errand import Tally

__all__ = ["USER_AGENT", "Fetcher", "Limits", "Line", "parse_routes"]

USER_AGENT = "Visnyk/0.1 (+https://github.com/visnyk-news/visnyk; visnyk@proton.me)"
_LIMITS = Limits()
_ASKED_FOR = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate, br"}


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's transport over connections that are checked; certificates are loaded when https is first spoken."""

    def __init__(self, backend: GuardedBackend) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._certificates_loaded = False
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=self._context, keepalive_expiry=15.0, network_backend=backend
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https" and not self._certificates_loaded:
            _load_certificates(self._context)
            self._certificates_loaded = True
        return await super().handle_async_request(request)


def _load_certificates(context: ssl.SSLContext) -> None:
    """The authorities that OpenSSL's own SSL_CERT_FILE or SSL_CERT_DIR name, else certifi's."""
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        context.set_default_verify_paths()
        return
    import certifi

    context.load_verify_locations(cafile=certifi.where())


class Line:
    """One client for everything: no proxies or netrc from the environment, no cookies, no redirects of its own."""

    def __init__(self, routes: Routes, limits: Limits) -> None:
        """Nothing is contacted and no certificate loaded yet."""
        self._routes, self._limits = routes, limits
        timeout = httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds)
        self._client = httpx.AsyncClient(
            transport=_Transport(GuardedBackend(routes.endpoints())),
            trust_env=False,
            timeout=timeout,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )

    @contextlib.asynccontextmanager
    async def open(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """The answer to a GET for a logical URL, its body still on the wire.

        Raises FetchError of every kind that a broken connection or answer can give.
        """
        with _as_fetch_errors(url):
            wire = self._routes.wire(url)
            sent = {"User-Agent": USER_AGENT, **_ASKED_FOR, **headers, "Host": wire.host}
            request = self._client.build_request("GET", wire.url, headers=sent)
            response = await self._client.send(request, stream=True, follow_redirects=False)
            try:
                yield response
            finally:
                await response.aclose()

    async def receive(self, url: str, headers: Mapping[str, str], tally: Tally) -> Answer:
        """The answer to a GET: whole when it is a 200, else as much as shows what kind of refusal it is.

        Raises FetchError: see `open`, `Body` and `check_headers`.
        """
        async with self.open(url, headers) as response:
            tally.status = response.status_code
            found = answers.check_headers(response.headers.raw, self._limits.wire_bytes, url)
            take = self._whole_body if tally.status == 200 else self._start_of_body
            body = await take(response, found.get("content-encoding", ""), url, tally)
            return Answer(url, response.status_code, found, body)

    async def _whole_body(self, response: httpx.Response, coding: str, url: str, tally: Tally) -> bytes:
        body = Body(coding, self._limits.body_bytes, url)
        async for chunk in response.aiter_raw():
            tally.bytes += len(chunk)
            if tally.bytes > self._limits.wire_bytes:
                raise TooMuch(f"body is larger than {self._limits.wire_bytes} bytes on the wire", url, 200)
            body.feed(chunk)
        return body.finish()

    async def _start_of_body(self, response: httpx.Response, coding: str, url: str, tally: Tally) -> bytes:
        """As much as shows what kind of refusal it is; damage in it does not matter."""
        body = Body("", self._limits.error_body_bytes, url)
        with contextlib.suppress(FetchError, httpx.HTTPError):
            body = Body(coding, self._limits.error_body_bytes, url)
            async for chunk in response.aiter_raw():
                tally.bytes += len(chunk)
                body.feed(chunk)
        return body.so_far()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()


_TIMED_OUT = {
    httpx.ConnectTimeout: "time-out: no connection in time",
    httpx.ReadTimeout: "time-out: the answer stopped coming",
}


def _reason(error: BaseException) -> str:
    """The first words in the chain of causes: httpx often gives none of its own."""
    told: BaseException | None = error
    while told is not None:
        if str(told):
            return str(told)
        told = told.__cause__ or told.__context__
    return type(error).__name__


@contextlib.contextmanager
def _as_fetch_errors(url: str) -> Iterator[None]:
    shown = without_userinfo(url)
    try:
        yield
    except FetchError as error:
        error.url = error.url or shown
        raise
    except httpx.TimeoutException as error:
        raise Unreachable(_TIMED_OUT.get(type(error), "time-out"), shown) from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        reason = _reason(error)
        kind = Unreachable if "certificate" in reason.lower() else BrokenOff
        raise kind(f"connection failed or broke off: {reason}", shown) from error
    except (httpx.InvalidURL, ValueError, OSError) as error:  # ValueError covers UnicodeError and IDNA's
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
        self._courier = Courier(
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
