"""Large files: whole or not at all, and a broken download goes on where it stopped."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.errors import FetchError, Refused, ServerTrouble, TooMuch, Unreachable
from scrapers.http.download import download
from tests.support.fetching import LIMITS, Clock
from tests.support.hostile import Asked, HostileServer, Reply, answer, head, redirect, sent_then

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from scrapers.http.limits import Limits

FILE = random.Random(7).randbytes(300_000)
URL = "https://files.test/model.bin"
PATIENT = replace(LIMITS, wire_bytes=1_000_000)


class FileServer:
    """Serves FILE; breaks the connection after so many bytes, once for each number in `breaks`."""

    def __init__(self, *breaks: int, etag: str = '"v1"', ranges: bool = True) -> None:
        self.breaks = list(breaks)
        self.etag = etag
        self.ranges = ranges

    def __call__(self, server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        start = 0
        match = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
        if match and self.ranges and asked.headers.get("if-range") == self.etag:
            start = int(match[1])
        lines = [f"Content-Length: {len(FILE) - start}", f"ETag: {self.etag}", "Content-Type: application/octet-stream"]
        lines += [f"Content-Range: bytes {start}-{len(FILE) - 1}/{len(FILE)}"] if start else []
        body = FILE[start : start + self.breaks.pop(0)] if self.breaks else FILE[start:]
        connection.sendall(head(*lines, status=206 if start else 200) + body)


def fetched(
    server: HostileServer, path: Path, limits: Limits = PATIENT, url: str = URL
) -> list[tuple[int, int | None]]:
    heard: list[tuple[int, int | None]] = []
    clock = Clock()
    asyncio.run(
        download(
            url,
            path,
            progress=lambda done, total: heard.append((done, total)),
            routes={"files.test": server.url},
            limits=limits,
            sleep=clock.sleep,
        )
    )
    return heard


def left_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_file_comes_whole_and_progress_is_told(tmp_path: Path) -> None:
    with HostileServer({"/model.bin": FileServer()}) as server:
        heard = fetched(server, tmp_path / "model.bin")
    assert (tmp_path / "model.bin").read_bytes() == FILE
    assert left_in(tmp_path) == ["model.bin"]
    assert heard[-1] == (len(FILE), len(FILE))
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


def test_a_broken_download_goes_on_by_itself(tmp_path: Path) -> None:
    with HostileServer({"/model.bin": FileServer(100_000, 50_000, 60_000, 10_000, 20_000)}) as server:
        fetched(server, tmp_path / "model.bin")
        ranges = [asked.headers.get("range") for asked in server.asked]
    assert hashlib.sha256((tmp_path / "model.bin").read_bytes()).digest() == hashlib.sha256(FILE).digest()
    assert ranges == [None, *(f"bytes={at}-" for at in (100_000, 150_000, 210_000, 220_000, 240_000))]


def test_a_later_call_goes_on_where_an_earlier_one_stopped(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    with HostileServer({"/model.bin": FileServer(100_000, 0, 0, 0, 0)}) as server:
        with pytest.raises(Unreachable):
            fetched(server, path)
        assert left_in(tmp_path) == ["model.bin.part", "model.bin.part.json"]
        asked_before = len(server.asked)
        fetched(server, path)
        assert server.asked[asked_before].headers["range"] == "bytes=100000-"
    assert path.read_bytes() == FILE
    assert left_in(tmp_path) == ["model.bin"]


@pytest.mark.parametrize("second", [FileServer(etag='"v2"'), FileServer(ranges=False)])
def test_another_version_of_the_file_is_never_mixed_in(tmp_path: Path, second: FileServer) -> None:
    path = tmp_path / "model.bin"
    with HostileServer({"/model.bin": FileServer(100_000, 0, 0, 0, 0)}) as server, pytest.raises(Unreachable):
        fetched(server, path)
    (tmp_path / "model.bin.part").write_bytes(b"x" * 100_000)  # would show in the result
    with HostileServer({"/model.bin": second}) as server:
        fetched(server, path)
    assert path.read_bytes() == FILE


@pytest.mark.parametrize("note", ["", "{", "[]", '{"url": "https://elsewhere.test/", "validator": "x"}'])
def test_a_beginning_of_unknown_origin_is_not_used(tmp_path: Path, note: str) -> None:
    (tmp_path / "model.bin.part").write_bytes(b"x" * 1000)
    (tmp_path / "model.bin.part.json").write_text(note, encoding="utf-8")
    with HostileServer({"/model.bin": FileServer()}) as server:
        fetched(server, tmp_path / "model.bin")
    assert (tmp_path / "model.bin").read_bytes() == FILE


def test_a_range_that_cannot_be_had_begins_again(tmp_path: Path) -> None:
    (tmp_path / "model.bin.part").write_bytes(FILE + b"x" * 10)
    (tmp_path / "model.bin.part.json").write_text(f'{{"url": "{URL}", "validator": "\\"v1\\""}}', encoding="utf-8")

    def reply(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        connection.sendall(answer(416, b"") if "range" in asked.headers else answer(200, FILE, kind="application/zip"))

    with HostileServer({"/model.bin": reply}) as server:
        fetched(server, tmp_path / "model.bin")
    assert (tmp_path / "model.bin").read_bytes() == FILE


FAULTS: dict[str, tuple[Reply, type[FetchError]]] = {
    "missing": (answer(404, b""), Refused),
    "server error": (answer(500, b""), ServerTrouble),
    "a page instead": (answer(200, b"<html>sign in</html>"), ServerTrouble),
    "too large": (head("Content-Length: 2000000"), TooMuch),
    "stalls": (sent_then(head("Content-Length: 1000"), then="stall"), Unreachable),
    "redirect loop": (redirect("/model.bin"), TooMuch),
    "redirect to a file": (redirect("file:///etc/passwd"), ServerTrouble),
    "redirect inside": (redirect("https://127.0.0.1:1/model.bin"), Unreachable),
}


@pytest.mark.parametrize("name", list(FAULTS))
def test_what_goes_wrong_leaves_the_file_that_was_there(tmp_path: Path, name: str) -> None:
    reply, kind = FAULTS[name]
    (tmp_path / "model.bin").write_bytes(b"the older model")
    limits = replace(PATIENT, read_seconds=0.3) if name == "stalls" else PATIENT
    with HostileServer({"/model.bin": reply}) as server, pytest.raises(kind):
        fetched(server, tmp_path / "model.bin", limits)
    assert (tmp_path / "model.bin").read_bytes() == b"the older model"


def test_redirects_are_followed(tmp_path: Path) -> None:
    with HostileServer({"/latest": redirect("/model.bin"), "/model.bin": FileServer()}) as server:
        fetched(server, tmp_path / "model.bin", url="https://files.test/latest")
    assert (tmp_path / "model.bin").read_bytes() == FILE


def test_plain_http_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="https only"):
        asyncio.run(download("http://files.test/x", tmp_path / "x", progress=lambda *_: None))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with (
        HostileServer({"/model.bin": FileServer()}) as server,
        pytest.raises(FetchError, match=r"cannot write .*model\.bin\.part"),
    ):
        fetched(server, tmp_path / "missing" / "model.bin")
