"""Connections to public addresses only: checked on the address that is really connected to.

A check of the URL, or of a name looked up beforehand, can be got round by a name that resolves differently the
second time. Here the name is resolved once and the connection goes to the address that was checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import socket
import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import httpcore

from core.errors import Unreachable
from scrapers.http.addresses import is_ip_literal, is_public
from scrapers.http.failures import OwnLimit, system_words

if TYPE_CHECKING:
    import ssl
    from collections.abc import Collection, Iterable

MAX_ADDRESSES = 4  # of one name, tried one after the other
has_connected = ContextVar("has_connected", default=False)  # set where the request at hand opened a connection


class CheckedStream(httpcore.AsyncNetworkStream):
    """A connection that knows whether anything has come since something was last sent over it."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, deadline: float) -> None:
        """Wrap an open connection; by `deadline` (of `time.monotonic`) TLS must stand too."""
        self._stream, self._deadline = stream, deadline
        self.is_silent = True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the next bytes, none at the end of the connection."""
        data = await self._stream.read(max_bytes, timeout)
        self.is_silent = self.is_silent and not data
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`."""
        self.is_silent = True
        await self._stream.write(buffer, timeout)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> CheckedStream:
        """Return the same connection with TLS on it, in what is left of the time to connect."""
        left = min(math.inf if timeout is None else timeout, max(0.0, self._deadline - time.monotonic()))
        try:
            return CheckedStream(await self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)
        except BaseException:
            await self._stream.aclose()  # httpcore leaves it open when the handshake is cancelled
            raise

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection below says."""
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the public addresses of a name, and to the few private endpoints that were named."""

    def __init__(self, endpoints: Collection[tuple[str, int]]) -> None:
        """Allow the host and port pairs of `endpoints` although they may be private."""
        self._endpoints = endpoints
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> CheckedStream:
        """Connect to the first address of `host` that answers; `timeout` includes looking its name up.

        Raises Unreachable when it has no address or none that is public, else what httpcore raises.
        """
        has_connected.set(True)
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        try:
            async with asyncio.timeout(timeout):
                found = [host] if is_ip_literal(host) else await resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(error) from error
        addresses = found if (host, port) in self._endpoints else [one for one in found if is_public(one)]
        if not addresses:
            raise Unreachable(f"{host} is at {', '.join(found[:3])}: not a public address, so it is not contacted")
        addresses = addresses[:MAX_ADDRESSES]
        for address in addresses[:-1]:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                each = None if timeout is None else timeout / len(addresses)
                stream = await self._backend.connect_tcp(address, port, each, local_address, socket_options)
                return CheckedStream(stream, deadline)
        left = None if timeout is None else max(0.0, deadline - time.monotonic())
        stream = await self._backend.connect_tcp(addresses[-1], port, left, local_address, socket_options)
        return CheckedStream(stream, deadline)

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks for between tries of its own; it is told to make none."""
        await self._backend.sleep(seconds)


def trust_authorities(context: ssl.SSLContext) -> None:
    """Load the authorities that OpenSSL's own SSL_CERT_FILE or SSL_CERT_DIR name, else certifi's; once."""
    if context.cert_store_stats()["x509_ca"]:
        return
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        context.set_default_verify_paths()
        return
    import certifi

    context.load_verify_locations(cafile=certifi.where())


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, without repetition. Raises Unreachable when it has none.

    In a thread of its own that never holds up the end of the process: asyncio's own resolver threads are waited for
    at exit, so a name server that does not answer would hang a run that has long given up.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(addresses: list[str], error: OSError | UnicodeError | None) -> None:
        if not answer.done():
            answer.set_result(addresses) if error is None else answer.set_exception(error)

    def look_up() -> None:
        addresses, problem = list[str](), None
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
        except (OSError, UnicodeError) as error:
            problem = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, addresses, problem)

    try:
        threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    except RuntimeError as error:
        raise OwnLimit(f"{host} was not asked: this machine has no memory or no number left for a thread") from error
    try:
        return await answer
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"no address found for {host}: {system_words(error)}".removesuffix(": ")) from error
