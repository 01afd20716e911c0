"""A server on loopback that misbehaves, one way on each path; for tests only, standard library only."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import brotli

if TYPE_CHECKING:
    import ssl

GOOD = "<html><body><h1>Громада відкрила центр послуг</h1></body></html>".encode()
DRIP_SECONDS = 0.05  # between two bytes of what comes too slowly


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    at: float

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


Reply = bytes | Callable[["HostileServer", socket.socket, Asked], None]


@dataclass
class HostileServer:
    """Answers each path of `replies` with exactly those bytes, or by calling what stands there; else 404."""

    replies: Mapping[str, Reply] = field(default_factory=dict)
    delay: float = 0.0  # before every answer
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0
    connections: int = 0

    def __post_init__(self) -> None:
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._at_once = 0
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def paths(self) -> list[str]:
        """The paths asked for, in order, robots.txt left out."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError), self._spoken(connection) as spoken:
            while self._one(spoken):
                pass

    def _spoken(self, connection: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection

    def _one(self, connection: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            if not piece:
                return False
            head += piece
        asked = _read(head)
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return self._reply(connection, asked)
        finally:
            with self._lock:
                self._at_once -= 1

    def _reply(self, connection: socket.socket, asked: Asked) -> bool:
        if self.delay:
            time.sleep(self.delay)
        reply = self.replies.get(asked.path, self.replies.get(asked.path.partition("?")[0], answer(404, b"nothing")))
        if isinstance(reply, bytes):
            connection.sendall(reply)
            return b"Connection: close" not in reply
        reply(self, connection, asked)
        return False


def _read(head: bytes) -> Asked:
    first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Asked(first.split(" ")[1], headers, time.monotonic())


def answer(status: int = 200, body: bytes = GOOD, *headers: str, kind: str = "text/html; charset=utf-8") -> bytes:
    """A well-formed answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def head(*headers: str, status: int = 200) -> bytes:
    """Only the start of an answer, whose body ends with the connection."""
    return "\r\n".join([f"HTTP/1.1 {status} Whatever", *headers, "Connection: close", "", ""]).encode()


def redirect(location: str, status: int = 302) -> bytes:
    return answer(status, b"", f"Location: {location}")


def coded(coding: str, body: bytes) -> bytes:
    return answer(200, body, f"Content-Encoding: {coding}")


def gzip_bomb(megabytes: int) -> bytes:
    """So many megabytes of zeros, compressed without ever being in memory whole."""
    squeeze = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    pieces = [squeeze.compress(bytes(1 << 20)) for _ in range(megabytes)]
    return b"".join([*pieces, squeeze.flush()])


def brotli_bomb(megabytes: int) -> bytes:
    squeeze = brotli.Compressor(quality=5)
    pieces: list[bytes] = [squeeze.process(bytes(1 << 20)) for _ in range(megabytes)]
    return b"".join([*pieces, squeeze.finish()])


def stall(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
    server.closing.wait(30)


def together(number: int, reply: bytes = b"") -> Reply:
    """The answer, once so many requests wait for it at the same time."""
    barrier = threading.Barrier(number)

    def waiting(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        barrier.wait(60)
        connection.sendall(reply or head() + GOOD)

    return waiting


def sent_then(*pieces: bytes, then: str) -> Reply:
    """Send the pieces, then `close`, `reset`, `stall`, or `drip` single bytes for ever."""

    def reply(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        for piece in pieces:
            connection.sendall(piece)
        if then == "stall":
            server.closing.wait(30)
        if then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        while then == "drip" and not server.closing.wait(DRIP_SECONDS):
            connection.sendall(b"x")

    return reply


def endless(first: bytes, piece: bytes) -> Reply:
    def reply(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        connection.sendall(first)
        while not server.closing.is_set():
            connection.sendall(piece)

    return reply


def slowly(body: bytes) -> Reply:
    """The body, little by little."""

    def reply(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        connection.sendall(head("Content-Type: text/html"))
        for start in range(0, len(body), 16):
            connection.sendall(body[start : start + 16])
            time.sleep(0.002)

    return reply


def in_turn(*replies: bytes) -> Reply:
    """The first answer to the first request, and so on; the last one for all further ones."""
    left: Iterator[bytes] = iter(replies)

    def reply(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        connection.sendall(next(left, replies[-1]))

    return reply


def cached(etag: str, modified: str, body: bytes = GOOD) -> Reply:
    """200 with validators, and 304 to whoever sends them back."""

    def reply(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        if asked.headers.get("if-none-match") == etag or asked.headers.get("if-modified-since") == modified:
            connection.sendall(answer(304, b""))
        else:
            connection.sendall(answer(200, body, f"ETag: {etag}", f"Last-Modified: {modified}"))

    return reply


_SQUEEZED = gzip.compress(GOOD)

# Path → reply. What a fetch must make of it stands in test_fetch_hostile.py.
BROKEN: dict[str, Reply] = {
    "/reset-before-headers": sent_then(then="reset"),
    "/reset": sent_then(head("Content-Length: 1000") + b"<p>", then="reset"),
    "/close-no-response": sent_then(then="close"),
    "/close-mid-headers": sent_then(b"HTTP/1.1 200 OK\r\nContent-Ty", then="close"),
    "/close-mid-body": sent_then(head("Content-Length: 1000") + GOOD, then="close"),
    "/stall": stall,
    "/stall-headers": sent_then(b"HTTP/1.1 200 OK\r\nContent-", then="stall"),
    "/stall-body": sent_then(head("Content-Length: 1000") + GOOD, then="stall"),
    "/slowloris-headers": sent_then(b"HTTP/1.1 200 OK\r\nX-Slow: ", then="drip"),
    "/drip": sent_then(head("Content-Type: text/html"), then="drip"),
    "/huge-declared": sent_then(head("Content-Length: 150000"), then="drip"),
    "/two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 900\r\n\r\n<p>hi",
    "/negative-length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<p>hi",
    "/chunked-garbage": head("Transfer-Encoding: chunked") + b"zz\r\n<p>\r\n0\r\n\r\n",
    "/chunked-cut": sent_then(head("Transfer-Encoding: chunked") + b"ff\r\n<p>", then="close"),
    "/chunked-2-64": head("Transfer-Encoding: chunked") + b"10000000000000000\r\n<p>\r\n0\r\n\r\n",
    "/no-headers": sent_then(GOOD, then="close"),
    "/garbage": sent_then(bytes(range(256)) * 8, then="close"),
    "/bad-status-line": sent_then(b"HTTP/1.1 abc OK\r\n\r\n", then="close"),
    "/header-1mb": b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * 1_000_000 + b"\r\nContent-Length: 2\r\n\r\nhi",
    "/header-flood": b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 50_000 + b"Content-Length: 2\r\n\r\nhi",
    "/set-cookie-flood": answer(200, GOOD, *["Set-Cookie: a=b"] * 2000),
    "/1xx-flood": sent_then(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 200, then="stall"),
}
STALLING = (
    "/stall", "/stall-headers", "/stall-body", "/drip", "/slowloris-headers", "/huge-declared", "/1xx-flood",
)  # fmt: skip
CODINGS: dict[str, Reply] = {
    "/truncated-gzip": coded("gzip", _SQUEEZED[:-12]),
    "/truncated-deflate": coded("deflate", zlib.compress(GOOD)[:-6]),
    "/truncated-br": coded("br", brotli.compress(GOOD)[:-3]),
    "/bad-crc-gzip": coded("gzip", _SQUEEZED[:-8] + b"\0\0\0\0" + _SQUEEZED[-4:]),
    "/not-gzip": coded("gzip", GOOD),
    "/not-br": coded("br", b"\xff" * 64),
    "/gzip-layers": coded(", ".join(["gzip"] * 40), _SQUEEZED),
    "/unknown-coding": coded("zstd", b"(\xb5/\xfd"),
}
