"""The transport of httpx over an httpcore pool whose network backend checks addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpcore
import httpx

from scrapers.http.connections import CheckedBackend

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Collection

IDLE_SECONDS = 15.0  # an unused connection is not kept longer
IDLE_CONNECTIONS = 32  # kept at most: httpcore compares each with each at every request


class CheckedTransport(httpx.AsyncBaseTransport):
    """Sends requests over HTTP/1.1 to checked addresses only; no proxies, no redirects, no tries of its own.

    httpx's own transport takes no network backend, so the pool is made here. Raises the exceptions of httpcore.
    """

    def __init__(self, endpoints: Collection[tuple[str, int]], tls: ssl.SSLContext) -> None:
        """Allow the host and port pairs of `endpoints` although they may be private."""
        self._pool = httpcore.AsyncConnectionPool(
            tls,
            max_connections=None,
            max_keepalive_connections=IDLE_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=CheckedBackend(endpoints),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; return the response, its body still on the wire."""
        url = request.url
        response = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()
