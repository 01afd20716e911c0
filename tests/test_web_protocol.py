"""The server on a real port: clients that send slowly, too much or nothing, and many of them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import socket
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from pipeline import served, web_protocol
from pipeline.editors import PASSWORD, open_desk
from pipeline.protection import HEADERS
from pipeline.serve import build, http_config
from tests.support.another_user import as_reader_of, open_to_others
from tests.support.newsroom import Newsroom

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORT = 0.3  # seconds, for deadlines that are waited for


@contextlib.contextmanager
def listening(path: Path, *, editor: bool = False) -> Iterator[tuple[str, int]]:
    """Serve in a thread, on a port that is free; gives its address."""
    site = build(path, desk=open_desk(path) if editor else None)
    with socket.create_server(("127.0.0.1", 0), backlog=200) as place:
        server = uvicorn.Server(http_config(site, "127.0.0.1", 0))
        server.capture_signals = contextlib.nullcontext  # type: ignore[assignment]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        yield place.getsockname()
        server.should_exit = True
        thread.join()
    site.executor.shutdown()
    for database in site.databases.values():
        database.close()


def filled(path: Path) -> None:
    room = Newsroom(path)
    room.source("portal")
    room.story("Новина", "News")
    room.db.commit()
    room.db.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_to_others() as made:
        filled(made / "news.db")
        yield made


@pytest.fixture(scope="module")
def desk_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    path = tmp_path_factory.mktemp("desk_at") / "news.db"
    filled(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSWORD, hash_password("correct", iterations=1000))
        patch.setattr(web_protocol, "HEADER_SECONDS", SHORT)
        with listening(path, editor=True) as address:
            yield address


def say(address: tuple[str, int], *parts: bytes) -> bytes:
    """All that is answered until the other side closes."""
    with socket.create_connection(address, timeout=20) as line:
        for part in parts:
            line.sendall(part)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while got := line.recv(65536):
                answer += got
        return answer


def get(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /-/login HTT", b"GET /-/login HTTP/1.1\r\nHost: localhost\r\nX-Slow: 1"],
)
def test_a_request_that_does_not_come_is_not_waited_for(desk_at: tuple[str, int], sent: bytes) -> None:
    assert say(desk_at, sent) == b""
    assert say(desk_at, get("/-/login")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", get("/-/login", "X: " + "x" * 17_000)]
)
def test_what_is_no_request_is_answered_as_all_else(desk_at: tuple[str, int], sent: bytes) -> None:
    answer = say(desk_at, sent)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))
    assert all(b"%s: %s\r\n" % header in answer for header in HEADERS.items())


def test_lines_of_a_head_are_counted_also_in_pieces_and_behind_others(desk_at: tuple[str, int]) -> None:
    few, many = (get("/-/login", *(f"X-{n}: 1" for n in range(number))) for number in (98, 99))
    assert say(desk_at, few).startswith(b"HTTP/1.1 200")
    middle = len(many) // 2
    assert say(desk_at, many[:middle], many[middle:]).startswith(b"HTTP/1.1 400")
    assert b"HTTP/1.1 200" not in say(desk_at, get("/-/login").replace(b"Connection: close\r\n", b"") + many)


@pytest.mark.parametrize("length", [b"Content-Length: 200000000", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize("method", [b"POST", b"GET", b"PUT"])
def test_a_body_that_nobody_wants_is_not_kept(desk_at: tuple[str, int], method: bytes, length: bytes) -> None:
    kind = b"Content-Type: application/x-www-form-urlencoded"
    head = b"\r\n".join((method + b" /-/login HTTP/1.1", b"Host: localhost", kind, length, b"", b""))
    chunk = b"x" * 20_000
    status = {b"POST": b"413", b"GET": b"200", b"PUT": b"405"}[method]
    assert say(desk_at, head, b"%x\r\n%s\r\n" % (len(chunk), chunk)).startswith(b"HTTP/1.1 " + status)


def test_many_who_say_nothing_do_not_keep_others_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_protocol, "MOST_CONNECTIONS", 20)
    with listening(folder / "news.db") as address, contextlib.ExitStack() as idle:
        lines = [idle.enter_context(socket.create_connection(address)) for _ in range(60)]
        assert "Новина" in say(address, get("/news/news")).decode()
        lines[0].settimeout(20)
        with contextlib.suppress(ConnectionResetError):
            assert lines[0].recv(1) == b""  # the first to come was the first to go
        assert "Новина" in say(address, get("/news/news")).decode()


@pytest.mark.parametrize(("sizes", "cut"), [([8, 8, 8], []), ([8, 8, 8, 1], [0]), ([8, 8, 20], [0, 1]), ([30], [])])
def test_of_answers_that_nobody_reads_the_oldest_are_given_up(sizes: list[int], cut: list[int]) -> None:
    connections: set[Any] = set()
    aborted: list[int] = []

    def stall(number: int, size: int) -> None:
        one: Any = web_protocol.BoundedProtocol.__new__(web_protocol.BoundedProtocol)
        one.flow, one.connections = SimpleNamespace(pause_writing=lambda: None), connections
        one.loop = SimpleNamespace(call_later=lambda *_: SimpleNamespace(when=lambda: number))
        one.transport = SimpleNamespace(
            get_write_buffer_size=lambda: size * 500_000, abort=lambda: aborted.append(number)
        )
        connections.add(one)
        one.pause_writing()

    for number, size in enumerate(sizes):
        stall(number, size)
    assert aborted == cut


def test_work_ends_when_its_reader_has_gone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    async def long(*_: object) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with listening(folder / "news.db") as address:
        monkeypatch.setattr(served.ServedFile, "execute_fn", long)
        with socket.create_connection(address) as line:
            line.sendall(get("/"))
            assert begun.wait(20)
        assert ended.wait(20)


@pytest.mark.fault("D6", "D10")
def test_nothing_is_written_by_a_visit_to_all_pages(folder: Path) -> None:
    pages = ["/", "/news", "/news/news.json?_search=%D0%BD*", "/news/news.csv?_stream=on", "/news/stories/1",
             "/news/source_health", "/-/databases.json", "/news/coverage"]  # fmt: skip

    def state() -> Any:
        files = {file.name: (file.stat(), hashlib.sha256(file.read_bytes()).digest()) for file in folder.iterdir()}
        return folder.stat().st_mtime_ns, {name: (about.st_mtime_ns, digest) for name, (about, digest) in files.items()}

    def visit() -> None:
        with listening(folder / "news.db") as address:
            for page in pages:
                assert say(address, get(page)).startswith(b"HTTP/1.1 200"), page

    before = state()
    visit()
    assert state() == before
    with as_reader_of(folder):
        before = state()
        visit()
        assert state() == before


@pytest.mark.fault("D8")
def test_a_database_that_goes_away_is_told_of_and_comes_back(folder: Path) -> None:
    with listening(folder / "news.db") as address:
        assert say(address, get("/")).startswith(b"HTTP/1.1 200")
        (folder / "news.db").rename(folder / "aside")
        gone = say(address, get("/"))
        assert gone.startswith(b"HTTP/1.1 503") and str(folder).encode() not in gone
        (folder / "news.db").write_bytes(b"something else" * 100)
        assert say(address, get("/")).startswith(b"HTTP/1.1 503")
        (folder / "aside").replace(folder / "news.db")
        assert say(address, get("/")).startswith(b"HTTP/1.1 200")
