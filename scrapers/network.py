"""Connections to public addresses only: checked on the address that is really connected to.

A check of the URL, or of a name looked up beforehand, can be got round by a name that resolves differently the
second time. Here the name is resolved once and the connection goes to the address that was checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

import httpcore

from pipeline.errors import Unreachable
from scrapers.addresses import is_ip_literal, is_public

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MAX_ADDRESSES = 4  # of one name, tried one after the other


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections for httpcore, to public addresses and to the endpoints given by the user."""

    def __init__(self, endpoints: Collection[tuple[str, int]] = ()) -> None:
        """`endpoints`: host and port pairs that may be contacted although private."""
        self._endpoints = endpoints
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A stream to the first address that answers.

        Raises:
            Unreachable: the name has no address, or none that is public.
            httpcore.ConnectError, httpcore.ConnectTimeout: none of them answers in `timeout` seconds in all.
        """
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._permitted(host, port)
                return await self._first_answering(addresses, port, timeout, local_address, socket_options)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"no connection to {host} in {timeout:g} s") from error

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks for it."""
        await asyncio.sleep(seconds)

    async def _permitted(self, host: str, port: int) -> list[str]:
        found = [host] if is_ip_literal(host) else await resolve(host, port)
        permitted = found if (host, port) in self._endpoints else [one for one in found if is_public(one)]
        if not permitted:
            raise Unreachable(f"{host} is at {', '.join(found[:3])}: not a public address, so it is not contacted")
        return permitted[:MAX_ADDRESSES]

    async def _first_answering(
        self, addresses: list[str], port: int, timeout: float | None, local: str | None, options: Any
    ) -> httpcore.AsyncNetworkStream:
        each = timeout / len(addresses) if timeout else None
        for address in addresses[:-1]:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._inner.connect_tcp(address, port, each, local, options)
        return await self._inner.connect_tcp(addresses[-1], port, each, local, options)


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
