"""One large file to disk: streamed, resumed where it broke off, checked, and put in place whole."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import FetchError, Refused, ServerTrouble, TooMuch
from scrapers.http import responses
from scrapers.http.client import HttpClient
from scrapers.http.failures import ConnectionBroken, system_words
from scrapers.http.limits import Limits
from scrapers.http.responses import Response
from scrapers.http.retries import Retries, asked_wait
from scrapers.http.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from pathlib import Path

    from scrapers.http.client import OpenResponse

MAX_BYTES = 4 * 1024**3
_LIMITS = Limits(connect_seconds=10.0, read_seconds=30.0, wire_bytes=MAX_BYTES)  # stall time; no total time


@dataclass(frozen=True, slots=True)
class _Partial:
    """The beginning of the file, from an earlier try; the validator is needed to go on with the same file."""

    part: Path
    note: Path

    def headers(self, url: str) -> dict[str, str]:
        """Return the headers that ask for the rest; none when there is no beginning of the same file."""
        try:
            known = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        size = self.size()
        if not size or not isinstance(known, dict) or known.get("url") != url or not known.get("validator"):
            return {}
        return {"Range": f"bytes={size}-", "If-Range": str(known["validator"])}

    def size(self) -> int:
        """Return how many bytes are there."""
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
    limits: Limits = _LIMITS,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
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
    client = HttpClient(table, limits)
    task = _Download(client, table, logical, partial, progress, limits, clock)
    retries = Retries()
    try:
        while True:
            before = partial.size()
            try:
                await task.attempt()
                break
            except FetchError as error:
                await sleep(retries.wait_after(error, clock(), progressed=partial.size() > before))
    finally:
        await client.aclose()
    partial.part.replace(path)
    partial.forget()


@dataclass(frozen=True, slots=True)
class _Download:
    """One file on its way."""

    client: HttpClient
    routes: Routes
    url: str
    partial: _Partial
    progress: Callable[[int, int | None], None]
    limits: Limits
    clock: Callable[[], datetime]

    async def attempt(self) -> None:
        """Make one try, over its redirects. Raises FetchError; what came is kept."""
        headers = {**self.partial.headers(self.url), "Accept-Encoding": "identity"}
        url = self.url
        for _ in range(self.limits.redirects + 1):
            async with self.client.open(url, headers) as response:
                if response.status in responses.REDIRECTS:
                    url = self.routes.redirected(url, response.headers.get("location", ""))
                    continue
                done, total = self._begin(response, url)
                with _disk(self.partial.part), self.partial.part.open("ab" if done else "wb") as file:
                    async for piece in response.pieces:
                        file.write(piece)
                        done += len(piece)
                        if done > self.limits.wire_bytes:
                            raise TooMuch(f"file is larger than {self.limits.wire_bytes} bytes", self.url)
                        self.progress(done, total)
                    file.flush()
                    os.fsync(file.fileno())
                if total is not None and done != total:
                    raise ConnectionBroken(f"{done} bytes came of {total} announced", self.url)
                return
        raise TooMuch(f"more than {self.limits.redirects} redirects", url)

    def _begin(self, response: OpenResponse, url: str) -> tuple[int, int | None]:
        """Return from which byte the response goes on, and how many there are in all. Raises FetchError for no file."""
        status, headers = response.status, response.headers
        if status == 206:
            match = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)", headers.get("content-range", ""))
            if match and int(match[1]) == self.partial.size():
                return int(match[1]), int(match[2]) if match[2] != "*" else None
        if status in {206, 416}:  # not the rest of what is here: begin again
            self.partial.forget()
            raise ConnectionBroken(f"the server could not go on with the file ({status})", url, status)
        answer = Response(url, status, headers)
        problem = responses.page_problem(answer, conditional=False) if status != 200 else None
        if problem:
            problem.wait_until = asked_wait(status, headers, self.clock())
            raise problem
        if headers.get("content-encoding", "identity") != "identity" or "html" in answer.content_type:
            raise ServerTrouble(f"not a file but {answer.content_type or 'something encoded'}", url, 200)
        with _disk(self.partial.part):
            self.partial.forget()  # first, so that a crash here cannot pair the old bytes with the new validator
            self.partial.remember(self.url, headers)
        length = headers.get("content-length", "")
        return 0, int(length) if length.isdigit() else None


@contextlib.contextmanager
def _disk(part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FetchError(f"cannot write {part}: {system_words(error) or error}") from error
