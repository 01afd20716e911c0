"""From the bytes on the wire to a whole body. Pure: no network.

Decompressed without a bound, a small body fills the memory; and a cut stream must not be taken for a whole one.
"""

from __future__ import annotations

import zlib
from typing import Protocol

from core.errors import ServerTrouble, TooMuch

MAX_CODINGS = 2
_STEP = 256 * 1024  # bytes decompressed at a time


class Inflater(Protocol):
    """A decoder of one content coding, fed piece by piece."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return what `data` becomes. Raises FetchError when it is damaged or grows over the limit."""
        ...

    def finish(self) -> None:
        """Raise ServerTrouble when the stream has not come to its end."""
        ...


class Body:
    """A body that is being received: undoes the codings and keeps at most `limit` bytes."""

    def __init__(self, content_encoding: str, limit: int, url: str) -> None:
        """Raises ServerTrouble for an unknown coding and for more than two of them."""
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name not in {"", "identity"}]
        if len(names) > MAX_CODINGS:
            raise ServerTrouble(f"{len(names)} content codings on top of each other", url)
        self._stages: list[Inflater] = []
        for name in reversed(names):
            if name not in {"gzip", "x-gzip", "deflate", "br"}:
                raise ServerTrouble(f"unknown content coding {name[:40]!r}", url)
            self._stages.append(_Brotli(limit, url) if name == "br" else _Zlib(name.removeprefix("x-"), limit, url))
        self._limit = limit
        self._url = url
        self._content = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next raw bytes. Raises TooMuch over the limit, ServerTrouble when they are damaged."""
        pieces = [data]
        for stage in self._stages:
            pieces = [out for piece in pieces for out in stage.feed(piece)]
        for piece in pieces:
            room = self._limit - len(self._content)
            self._content += piece[:room]
            if len(piece) > room:
                raise _over(self._limit, self._url)

    def so_far(self) -> bytes:
        """Return what has come, for a body that need not be whole."""
        return bytes(self._content)

    def finish(self) -> bytes:
        """Return the whole body. Raises ServerTrouble when a compressed stream was cut."""
        for stage in self._stages:
            stage.finish()
        return bytes(self._content)


def _over(limit: int, url: str) -> TooMuch:
    return TooMuch(f"body is larger than {limit} bytes after decompression", url)


class _Zlib:
    """gzip with any number of members, and deflate with or without its zlib header."""

    def __init__(self, name: str, limit: int, url: str) -> None:
        self._name, self._limit, self._url = name, limit, url
        self._size = 0
        self._started = False
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._head = b""  # held back until a member can be told from padding, or a deflate header is whole
        self._complete = False

    def feed(self, data: bytes) -> list[bytes]:
        pieces: list[bytes] = []
        rest = self._head + data
        self._head = b""
        while rest:
            if not self._started and not self._start(rest):
                break
            piece = self._inflate(rest)
            while piece:
                pieces.append(piece)
                piece = b"" if self._stream.eof else self._inflate(self._stream.unconsumed_tail)
            self._complete = self._stream.eof
            self._started = not self._complete
            rest = self._stream.unused_data if self._complete else b""
        return pieces

    def _start(self, rest: bytes) -> bool:
        """Return whether a stream begins here; zeros and junk behind the last member of a gzip are padding."""
        if self._complete and (self._name != "gzip" or not rest.startswith(b"\x1f\x8b")):
            self._head = rest if self._name == "gzip" and rest == b"\x1f" else b""
            return False
        if len(rest) < 2:
            self._head = rest
            return False
        wbits = zlib.MAX_WBITS | 16
        if self._name == "deflate":  # RFC 9110 means zlib, some servers send it bare
            has_header = rest[0] & 0x0F == 8 and int.from_bytes(rest[:2], "big") % 31 == 0
            wbits = zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
        self._stream = zlib.decompressobj(wbits)
        self._started, self._complete = True, False
        return True

    def _inflate(self, data: bytes) -> bytes:
        try:
            piece = self._stream.decompress(data, _STEP)
        except zlib.error as error:
            raise ServerTrouble(f"damaged {self._name} body", self._url) from error
        self._size += len(piece)
        if self._size > self._limit:
            raise _over(self._limit, self._url)
        return piece

    def finish(self) -> None:
        if not self._complete:
            raise ServerTrouble(f"{self._name} body was cut short", self._url)


class _Brotli:
    def __init__(self, limit: int, url: str) -> None:
        import brotli

        self._limit, self._url = limit, url
        self._size = 0
        self._error = brotli.error
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> list[bytes]:
        pieces: list[bytes] = []
        if self._stream.is_finished():
            return pieces  # junk behind the end
        try:
            piece = self._stream.process(data, output_buffer_limit=_STEP)
            while piece:
                self._size += len(piece)
                if self._size > self._limit:
                    raise _over(self._limit, self._url)
                pieces.append(piece)
                piece = b"" if self._stream.is_finished() else self._stream.process(b"", output_buffer_limit=_STEP)
        except self._error as error:
            raise ServerTrouble("damaged brotli body", self._url) from error
        return pieces

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise ServerTrouble("brotli body was cut short", self._url)
