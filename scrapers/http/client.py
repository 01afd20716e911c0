"""The one HTTP client: httpx over connections whose address is checked, every response bounded and read raw.

Nothing comes from the environment: no proxy, no netrc, no cookies. Redirects, retries and politeness lie above, in
`fetcher` and `download`; this sends one request and gives its response, or a FetchError.
"""

from __future__ import annotations

import contextlib
import os
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpcore
import httpx

from core.errors import FetchError, TooMuch
from core.version import VERSION
from scrapers.http import failures
from scrapers.http.addresses import without_userinfo
from scrapers.http.bodies import Body
from scrapers.http.connections import CheckedStream, has_connected, trust_authorities
from scrapers.http.responses import Response, check_headers
from scrapers.http.transport import CheckedTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from scrapers.http.limits import Limits
    from scrapers.http.routes import Routes

PROJECT = "https://github.com/visnyk/visnyk"
# Who can be reached about these requests: whoever runs this copy, else the project.
CONTACT = "".join(filter(str.isprintable, os.environ.get("VISNYK_CONTACT", ""))).encode("ascii", "ignore").decode()
USER_AGENT = f"Visnyk/{VERSION} (+{PROJECT}; contact: {CONTACT or PROJECT + '/issues'})"
_SENT_ALWAYS = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate, br"}


@dataclass(slots=True)
class Transfer:
    """Status and size of one response as far as it came."""

    status: int | None = None
    bytes: int = 0  # of the body, on the wire
    may_resend: bool = True  # once, when a connection kept from earlier turns out to be closed
    resent: bool = False


@dataclass(frozen=True, slots=True)
class OpenResponse:
    """A response whose body is still on the wire."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    pieces: AsyncIterator[bytes]  # the raw body as it comes; raises FetchError when it breaks off or stops coming


class HttpClient:
    """Sends requests over HTTP/1.1; keeps connections open for the next one. Close it at the end."""

    def __init__(self, routes: Routes, limits: Limits) -> None:
        """Prepare only: nothing is contacted and no certificate loaded yet."""
        self._routes, self._limits = routes, limits
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._transport = CheckedTransport(routes.endpoints(), self._tls)

    @contextlib.asynccontextmanager
    async def open(
        self, url: str, headers: Mapping[str, str], transfer: Transfer | None = None, content: bytes | None = None
    ) -> AsyncIterator[OpenResponse]:
        """Send a GET for a logical URL, or a POST of `content`, and give the response, noted in `transfer`.

        Raises FetchError of every kind that a broken connection or response can give, ServerTrouble and TooMuch as
        `check_headers`.
        """
        transfer = transfer or Transfer()
        wire = self._routes.wire(url)
        host = urlsplit(wire.url).hostname or ""
        with self._fetch_errors(url, host, answered=False):
            if wire.url.startswith("https:"):
                trust_authorities(self._tls)
            sent = {**_SENT_ALWAYS, **headers, "Host": wire.host}
            response = await self._responded(wire.url, sent, content, transfer)
        try:
            transfer.status = response.status_code
            found = check_headers(response.headers.raw, self._limits.wire_bytes, url)
            yield OpenResponse(response.status_code, found, self._pieces(response, url, host, transfer))
        finally:
            await response.aclose()

    async def receive(
        self, url: str, headers: Mapping[str, str], transfer: Transfer, content: bytes | None = None
    ) -> Response:
        """Return the response: whole when it is a 200, else as much as shows what kind of refusal it is.

        Raises FetchError as `open` and `Body` do, TooMuch over a limit.
        """
        async with self.open(url, headers, transfer, content) as response:
            coding, limits = response.headers.get("content-encoding", ""), self._limits
            if response.status == 200:
                body = Body(coding, limits.body_bytes, url)
                async for piece in response.pieces:
                    if transfer.bytes > limits.wire_bytes:
                        raise TooMuch(f"body is larger than {limits.wire_bytes} bytes on the wire", url, 200)
                    body.feed(piece)
                return Response(url, 200, response.headers, body.finish())
            body = Body("", limits.error_body_bytes, url)
            with contextlib.suppress(FetchError):  # damage in the page of a refusal does not matter
                body = Body(coding, limits.error_body_bytes, url)
                async for piece in response.pieces:
                    body.feed(piece)
            return Response(url, response.status, response.headers, body.so_far())

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _responded(
        self, url: str, headers: Mapping[str, str], content: bytes | None, transfer: Transfer
    ) -> httpx.Response:
        """Return the response, its body not read.

        Past httpx.AsyncClient, which would read Location, keep cookies and take proxies from the environment.
        A connection kept from earlier may be closed by the server just as it is taken up again, or hold bytes that
        came behind the former answer: nobody's fault, and no answer is lost. Then the request is sent over another. A
        server that does so to every request looks the same, so a broken connection is made up for once in a transfer.
        """
        limits, method = self._limits, "GET" if content is None else "POST"
        times = {"connect": limits.connect_seconds, "read": limits.read_seconds, "write": limits.read_seconds}
        while True:
            request = httpx.Request(method, url, headers=headers, content=content, extensions={"timeout": times})
            has_connected.set(False)
            try:
                response = await self._transport.handle_async_request(request)
            except (httpcore.NetworkError, httpcore.RemoteProtocolError):
                if has_connected.get() or not transfer.may_resend or transfer.resent:
                    raise
                transfer.resent = True
                continue
            stream = response.extensions["network_stream"]
            if has_connected.get() or not (isinstance(stream, CheckedStream) and stream.is_silent):
                return response
            await response.aclose()

    async def _pieces(self, response: httpx.Response, url: str, host: str, transfer: Transfer) -> AsyncIterator[bytes]:
        with self._fetch_errors(url, host, answered=True):
            async for piece in response.aiter_raw():
                transfer.bytes += len(piece)
                yield piece

    @contextlib.contextmanager
    def _fetch_errors(self, url: str, host: str, *, answered: bool) -> Iterator[None]:
        """Give every exception of the libraries our own words and the URL."""
        shown = without_userinfo(url)
        try:
            yield
        except FetchError as error:  # of our own backend; httpcore has taken the cause away
            raise type(error)(str(error.args[0]), shown, error.status) from error
        except failures.RAISED as error:
            found = failures.failure(error, host, self._limits, answered=answered)
            found.url = shown
            raise found from error
