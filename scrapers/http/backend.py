"""HTTP/1.1 connections to public addresses only: checked on the address that is really connected to.

A check of the URL, or of a name looked up beforehand, can be got round by a name that resolves differently the
second time. Here the name is resolved once and the connection goes to the address that was checked.

h11 on asyncio's own streams, not httpcore: importing that and anyio costs more CPU than a run that finds nothing new.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import h11

from core.errors import Unreachable
from scrapers.http.addresses import is_ip_literal, is_public
from scrapers.http.exchange import BrokenOff

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

MAX_ADDRESSES = 4  # of one name, tried one after the other
MAX_HEAD_BYTES = 100 * 1024  # status line and headers
IDLE_SECONDS = 15.0  # an unused connection is not kept longer
_READ_BYTES = 64 * 1024


class Origin(NamedTuple):
    """Where a connection leads."""

    tls: bool
    host: str
    port: int


class Connection:
    """One connection, one exchange at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, read_seconds: float) -> None:
        """`read_seconds` bounds every wait for further bytes."""
        self._reader, self._writer, self._read_seconds = reader, writer, read_seconds
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._idle_since = 0.0
        self.is_silent = True  # since the last request

    async def ask(self, target: bytes, headers: list[tuple[bytes, bytes]]) -> h11.Response:
        """Send a GET and wait for the head of the answer. Raises Unreachable."""
        try:
            request = h11.Request(method=b"GET", target=target, headers=headers)
        except h11.LocalProtocolError as error:
            raise Unreachable(f"cannot be asked for: {error}") from error
        self.is_silent = True
        self._writer.write((self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b""))
        event = await self._next_event()
        while not isinstance(event, h11.Response):  # early hints and the like
            if not isinstance(event, h11.InformationalResponse):
                raise BrokenOff("the connection was closed without an answer")
            event = await self._next_event()
        return event

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises Unreachable when it breaks off or stops coming."""
        event = await self._next_event()
        while isinstance(event, h11.Data):
            yield bytes(event.data)
            event = await self._next_event()

    async def _next_event(self) -> Any:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                async with asyncio.timeout(self._read_seconds):
                    data = await self._reader.read(_READ_BYTES)
                self.is_silent = self.is_silent and not data
                self._http.receive_data(data)
        except TimeoutError as error:
            raise Unreachable(f"time-out: nothing came for {self._read_seconds:g} s") from error
        except (h11.RemoteProtocolError, OSError) as error:
            raise BrokenOff(f"the answer broke off or is not HTTP: {error}") from error
        return event

    def rest(self) -> bool:
        """Make ready for another exchange; False when the connection is no good for one."""
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if not done or self._http.trailing_data[0]:
            return False
        self._http.start_next_cycle()
        self._idle_since = time.monotonic()
        return True

    def is_fresh(self) -> bool:
        """Whether a resting connection still stands."""
        recent = time.monotonic() - self._idle_since < IDLE_SECONDS
        return recent and not self._reader.at_eof() and not self._writer.is_closing()

    def close(self) -> None:
        """Drop it at once, whatever is still on the way."""
        self._writer.transport.abort()


class Pool:
    """Opens connections, keeps the resting ones; certificates are loaded when TLS is first spoken."""

    def __init__(self, endpoints: Collection[tuple[str, int]], connect_seconds: float, read_seconds: float) -> None:
        """`endpoints`: host and port pairs that may be contacted although private."""
        self._endpoints = endpoints
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._resting: dict[Origin, list[Connection]] = {}
        self._tls: ssl.SSLContext | None = None

    async def ask(
        self, origin: Origin, target: bytes, headers: list[tuple[bytes, bytes]]
    ) -> tuple[Connection, h11.Response]:
        """Send a GET over a resting connection, or a new one to the first address that answers.

        Raises:
            Unreachable: the name has no address, or none that is public; none answers in time; the certificate is bad.
            BrokenOff: the connection was refused or broke.
        """
        rested = self._rested(origin)
        if rested:
            try:
                return rested, await _asked(rested, target, headers)
            except BrokenOff:
                if not rested.is_silent:
                    raise
                # The server closed it just as we took it up again: nobody's fault, and no answer is lost.
        connection = await self._open(origin)
        return connection, await _asked(connection, target, headers)

    def _rested(self, origin: Origin) -> Connection | None:
        resting = self._resting.get(origin, [])
        while resting:
            found = resting.pop()
            if found.is_fresh():
                return found
            found.close()
        return None

    def give_back(self, origin: Origin, connection: Connection) -> None:
        """Keep a connection whose exchange is over, close one that broke off."""
        if connection.rest():
            self._resting.setdefault(origin, []).append(connection)
        else:
            connection.close()

    async def aclose(self) -> None:
        """Close what rests."""
        for connection in (one for resting in self._resting.values() for one in resting):
            connection.close()
        self._resting.clear()
        await asyncio.sleep(0)  # lets the loop forget the sockets

    async def _open(self, origin: Origin) -> Connection:
        try:
            async with asyncio.timeout(self._connect_seconds):
                addresses = await self._permitted(origin)
                reader, writer = await self._first_answering(addresses, origin)
        except TimeoutError as error:
            raise Unreachable(f"time-out: no connection to {origin.host} in {self._connect_seconds:g} s") from error
        except ssl.CertificateError as error:
            raise Unreachable(f"the certificate of {origin.host} is not accepted: {error.verify_message}") from error
        except OSError as error:
            raise BrokenOff(f"no connection to {origin.host}: {error.strerror or error}") from error
        return Connection(reader, writer, self._read_seconds)

    async def _permitted(self, origin: Origin) -> list[str]:
        host, port = origin.host, origin.port
        found = [host] if is_ip_literal(host) else await resolve(host, port)
        permitted = found if (host, port) in self._endpoints else [one for one in found if is_public(one)]
        if not permitted:
            raise Unreachable(f"{host} is at {', '.join(found[:3])}: not a public address, so it is not contacted")
        return permitted[:MAX_ADDRESSES]

    async def _first_answering(
        self, addresses: list[str], origin: Origin
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        each = self._connect_seconds / len(addresses)
        for address in addresses[:-1]:
            with contextlib.suppress(OSError):
                async with asyncio.timeout(each):
                    return await self._connect(address, origin)
        return await self._connect(addresses[-1], origin)

    async def _connect(self, address: str, origin: Origin) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if not origin.tls:
            return await asyncio.open_connection(address, origin.port)
        if self._tls is None:
            self._tls = _tls_context()
        return await asyncio.open_connection(address, origin.port, ssl=self._tls, server_hostname=origin.host)


async def _asked(connection: Connection, target: bytes, headers: list[tuple[bytes, bytes]]) -> h11.Response:
    try:
        return await connection.ask(target, headers)
    except BaseException:
        connection.close()
        raise


def _tls_context() -> ssl.SSLContext:
    """Trusts the authorities that OpenSSL's own SSL_CERT_FILE or SSL_CERT_DIR name, else certifi's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        context.set_default_verify_paths()
        return context
    import certifi

    context.load_verify_locations(cafile=certifi.where())
    return context


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, without repetition. Raises Unreachable when it has none.

    In a thread of its own that never holds up the end of the process: asyncio's own resolver threads are waited for
    at exit, so a name server that does not answer would hang a run that has long given up.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(addresses: list[str], error: OSError | UnicodeError | None) -> None:
        if not answer.done():
            answer.set_result(addresses) if error is None else answer.set_exception(error)

    def look_up() -> None:
        addresses, trouble = _look_up(host, port)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, addresses, trouble)

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    try:
        return await answer
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"no address found for {host}: {error}") from error


def _look_up(host: str, port: int) -> tuple[list[str], OSError | UnicodeError | None]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return [], error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found)), None
