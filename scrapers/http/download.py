"""One large file to disk: streamed, resumed where it broke off, checked, and put in place whole."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import FetchError, Refused, ServerTrouble, TooMuch, Unreachable
from scrapers.http import answers
from scrapers.http.addresses import redirect_target, refuse_downgrade
from scrapers.http.answers import Answer
from scrapers.http.client import Line
from scrapers.http.exchange import BrokenOff
from scrapers.http.limits import Limits
from scrapers.http.routes import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
    from pathlib import Path

MAX_BYTES = 4 * 1024**3
_PATIENT = Limits(connect_seconds=10.0, read_seconds=30.0, wire_bytes=MAX_BYTES)  # stall time; no total time
_PAUSES = (1.0, 4.0, 15.0)  # seconds before going on after a break


@dataclass(frozen=True, slots=True)
class _Partial:
    """What lies in `path.part` from an earlier try; the validator is needed to go on with the same file."""

    part: Path
    note: Path

    def headers(self, url: str) -> dict[str, str]:
        """What asks for the rest; nothing when there is no beginning of the same file."""
        try:
            known = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        size = self.size()
        if not size or not isinstance(known, dict) or known.get("url") != url or not known.get("validator"):
            return {}
        return {"Range": f"bytes={size}-", "If-Range": str(known["validator"])}

    def size(self) -> int:
        """How many bytes are there."""
        return self.part.stat().st_size if self.part.exists() else 0

    def remember(self, url: str, headers: Mapping[str, str]) -> None:
        """Note which file begins here."""
        etag = headers.get("etag", "")
        validator = etag if etag and not etag.startswith("W/") else headers.get("last-modified", "")
        self.note.write_text(json.dumps({"url": url, "validator": validator}), encoding="utf-8")

    def forget(self) -> None:
        """Begin again next time."""
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


async def download(
    url: str,
    path: Path,
    *,
    progress: Callable[[int, int | None], None],
    routes: Mapping[str, str] | None = None,
    limits: Limits = _PATIENT,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Bring the file at an https `url` to `path`, whole or not at all; a later call goes on where this one broke off.

    `progress` hears the bytes that are there and the announced size (None when the server does not say). Until it is
    whole the file is `path` with `.part`. Bounded by the time without a byte (`limits.read_seconds`), not in all.

    Raises:
        Refused: not https, or the server says no.
        Unreachable, ServerTrouble, TooMuch: as for a page; what came so far is kept.
        FetchError: the disk does not take it.
    """
    table = Routes(routes or {}, ())
    logical = table.logical(url)
    if not logical.startswith("https:"):
        raise Refused("files are downloaded over https only", logical)
    partial = _Partial(path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.part.json"))
    line = Line(table, limits)
    try:
        await _persist(_Download(line, table, logical, partial, progress, limits), sleep)
    finally:
        await line.aclose()
    partial.part.replace(path)
    partial.forget()


@dataclass(frozen=True, slots=True)
class _Download:
    """One file on its way."""

    line: Line
    routes: Routes
    url: str
    partial: _Partial
    progress: Callable[[int, int | None], None]
    limits: Limits

    async def attempt(self) -> None:
        """One try, over its redirects. Raises FetchError; what came is kept."""
        headers = {**self.partial.headers(self.url), "Accept-Encoding": "identity"}
        url = self.url
        for _ in range(self.limits.redirects + 1):
            async with self.line.open(url, headers) as response:
                found = answers.check_headers(response.headers.raw, self.limits.wire_bytes, url)
                if response.status_code not in answers.REDIRECTS:
                    start, total = self._begin(Answer(url, response.status_code, found))
                    await self._write(response.aiter_raw(), start, total)
                    return
            target = self.routes.logical(redirect_target(url, found.get("location", "")), urlsplit(url).netloc)
            refuse_downgrade(url, target)
            url = target
        raise TooMuch(f"more than {self.limits.redirects} redirects", url)

    def _begin(self, answer: Answer) -> tuple[int, int | None]:
        """From which byte the answer goes on, and how many there are in all."""
        length = answer.headers.get("content-length", "")
        if answer.status == 206:
            match = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)", answer.headers.get("content-range", ""))
            if match and int(match[1]) == self.partial.size():
                return int(match[1]), int(match[2]) if match[2] != "*" else None
        if answer.status in {206, 416}:  # not the rest of what is here: begin again
            self.partial.forget()
            raise BrokenOff(f"the server could not go on with the file ({answer.status})", answer.url, answer.status)
        trouble = answers.trouble_with_page(answer, conditional=False) if answer.status != 200 else None
        if trouble:
            raise trouble
        if answer.headers.get("content-encoding", "identity") != "identity" or "html" in answer.content_type:
            raise ServerTrouble(f"not a file but {answer.content_type or 'something encoded'}", answer.url, 200)
        with _disk(self.partial.part):
            self.partial.forget()  # first, so that a crash here cannot pair the old bytes with the new validator
            self.partial.remember(self.url, answer.headers)
        return 0, int(length) if length.isdigit() else None

    async def _write(self, pieces: AsyncIterator[bytes], start: int, total: int | None) -> None:
        done = start
        with _disk(self.partial.part), self.partial.part.open("ab" if start else "wb") as file:
            async for piece in pieces:
                file.write(piece)
                done += len(piece)
                if done > self.limits.wire_bytes:
                    raise TooMuch(f"file is larger than {self.limits.wire_bytes} bytes", self.url)
                self.progress(done, total)
            file.flush()
            os.fsync(file.fileno())
        if total is not None and done != total:
            raise BrokenOff(f"{done} bytes came of {total} announced", self.url)


@contextlib.contextmanager
def _disk(part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FetchError(f"cannot write {part}: {error.strerror or error}") from error


async def _persist(task: _Download, sleep: Callable[[float], Awaitable[None]]) -> None:
    """Try again after a break; every try that brought something gives the full number of further ones.

    Where nothing ever came there may be no network at all: then one short pause is enough.
    """
    pauses = list(_PAUSES if task.partial.size() else _PAUSES[:1])
    while True:
        before = task.partial.size()
        try:
            return await task.attempt()
        except (Unreachable, ServerTrouble) as error:
            if task.partial.size() > before:
                pauses = list(_PAUSES)
            lasting = isinstance(error, ServerTrouble) and (error.status or 0) < 500
            if lasting or not pauses:
                raise
        await sleep(pauses.pop(0))
