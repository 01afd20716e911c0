"""What a fetch brings home when the server behaves: bodies, validators, redirects, records."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest

from core.errors import Refused, ServerTrouble, Unreachable
from core.model import HostState, Validators
from scrapers.http.client import USER_AGENT
from tests.support.fetching import NOW, SOURCE, Run, another
from tests.support.hostile import GOOD, Asked, HostileServer, answer, cached, coded, redirect

if TYPE_CHECKING:
    from pathlib import Path

    from core.model import Page
    from scrapers.http.fetcher import Fetcher


def test_a_page_comes_whole_with_its_facts() -> None:
    with HostileServer(
        {"/news": answer(200, GOOD, 'ETag: "a1"', "Last-Modified: Fri, 20 Feb 2026 10:00:00 GMT")}
    ) as server:
        run = Run({"news.test": server.url})
        page = run.fetch("https://news.test/news?page=2#top")
    assert (page.url, page.final_url) == ("https://news.test/news?page=2", "https://news.test/news?page=2")
    assert (page.status, page.body, page.content_type) == (200, GOOD, "text/html; charset=utf-8")
    assert page.validators == Validators('"a1"', "Fri, 20 Feb 2026 10:00:00 GMT")
    assert page.fetched_at == NOW
    assert page.redirects == ()
    assert [(one.source_id, one.url, one.status, one.error) for one in run.exchanges] == [
        ("news", "https://news.test/robots.txt", 404, None),
        ("news", "https://news.test/news?page=2", 200, None),
    ]
    assert run.pages()[0].bytes == len(GOOD)


def test_we_say_who_we_are() -> None:
    with HostileServer({"/": answer()}) as server:
        Run({"news.test": server.url}).fetch("/")
        robots, page = server.asked
    for asked in (robots, page):
        assert asked.host == "news.test"
        assert asked.headers["user-agent"] == USER_AGENT
        assert asked.headers["accept-encoding"] == "gzip, deflate, br"
        assert "cookie" not in asked.headers
    assert "visnyk" in USER_AGENT.lower()
    assert "+https://" in USER_AGENT
    assert "Mozilla" not in USER_AGENT


@pytest.mark.parametrize(
    ("coding", "body"), [("gzip", gzip.compress(GOOD)), ("deflate", zlib.compress(GOOD)), ("br", brotli.compress(GOOD))]
)
def test_compressed_pages_are_undone_and_counted_compressed(coding: str, body: bytes) -> None:
    with HostileServer({"/": coded(coding, body)}) as server:
        run = Run({"news.test": server.url})
        assert run.fetch("/").body == GOOD
    assert run.pages()[0].bytes == len(body)


def test_codings_in_two_headers_are_both_undone() -> None:
    twice = answer(200, brotli.compress(gzip.compress(GOOD)), "Content-Encoding: gzip", "Content-Encoding: br")
    with HostileServer({"/": twice}) as server:
        assert Run({"news.test": server.url}).fetch("/").body == GOOD


@pytest.mark.parametrize("sent", [Validators('"v1"', ""), Validators("", "Fri, 20 Feb 2026 10:00:00 GMT")])
@pytest.mark.fault("N16")
def test_an_unchanged_page_is_asked_for_conditionally(sent: Validators) -> None:
    with HostileServer({"/": cached('"v1"', "Fri, 20 Feb 2026 10:00:00 GMT")}) as server:
        page = Run({"news.test": server.url}).fetch("/", sent)
    assert (page.status, page.body) == (304, b"")
    assert page.validators == sent  # this 304 repeats none, so what was known stays good


def test_a_changed_page_brings_new_validators_only() -> None:
    with HostileServer({"/": answer(200, GOOD, 'ETag: "new"')}) as server:
        page = Run({"news.test": server.url}).fetch("/", Validators('"old"', "Fri, 20 Feb 2026 10:00:00 GMT"))
    assert page.validators == Validators('"new"', "")


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', '"юнікод"', "x" * 5000])
def test_validators_that_cannot_be_sent_are_not(etag: str) -> None:
    with HostileServer({"/": answer()}) as server:
        assert Run({"news.test": server.url}).fetch("/", Validators(etag, "")).status == 200
        assert "if-none-match" not in server.asked[-1].headers


@pytest.mark.fault("N14")
def test_redirects_are_followed_in_the_sites_own_address_space() -> None:
    replies = {
        "/a": redirect("/b", 301),
        "/b": redirect("https://news.test/c?x=1", 302),
        "/c": redirect("d", 308),
        "/d": answer(),
    }
    with HostileServer(replies) as server:
        page = Run({"news.test": server.url}).fetch("/a")
    assert (page.url, page.final_url) == ("https://news.test/a", "https://news.test/d")
    assert page.redirects == (
        "https://news.test/a → https://news.test/b",
        "https://news.test/c?x=1 → https://news.test/d",
    )


def test_five_redirects_are_followed() -> None:
    replies = {f"/{n}": redirect(f"/{n + 1}") for n in range(5)}
    with HostileServer({**replies, "/5": answer()}) as server:
        assert Run({"news.test": server.url}).fetch("/0").final_url == "https://news.test/5"


@pytest.mark.parametrize(
    "spelling",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "127。0。0。1",
    ],
)
@pytest.mark.fault("N11")
def test_a_redirect_to_this_machine_is_never_followed(spelling: str) -> None:
    with HostileServer({"/secret": answer()}) as canary:
        target = f"http://{spelling}:{canary.port}/secret"
        with HostileServer({"/": redirect(target.replace("http:", "https:")), "/plain": redirect(target)}) as server:
            run = Run({"news.test": server.url})
            for path in ("/", "/plain"):
                with pytest.raises((Unreachable, ServerTrouble)):
                    run.fetch(path)
        assert canary.asked == []


@pytest.mark.fault("N12")
def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with HostileServer({"/": answer()}) as canary:
        monkeypatch.setattr("socket.getaddrinfo", lambda host, port, **_: [(2, 1, 6, "", ("127.0.0.1", port))])
        run = Run()
        with pytest.raises(Unreachable, match=r"inner\.test is at 127\.0\.0\.1: not a public address"):
            run.fetch(f"http://inner.test:{canary.port}/", source=another("inner", "inner.test"))
        assert canary.asked == []


@pytest.mark.fault("N12")
def test_rebinding_is_of_no_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is public for a check and private for the connection: there is only one look-up, and it is checked."""
    found = [["8.8.8.8"], ["127.0.0.1"]]
    contacted: list[str] = []

    def connect(_: socket.socket, address: tuple[str, int]) -> None:
        contacted.append(address[0])
        raise ConnectionRefusedError("refused")

    def look_up(host: str, port: int, **_: object) -> list[object]:
        return [(2, 1, 6, "", (address, port)) for address in (found.pop(0) if found else ["127.0.0.1"])]

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    monkeypatch.setattr("socket.socket.connect", connect)
    with pytest.raises(Unreachable):
        Run().fetch("http://inner.test/", source=another("inner", "inner.test"))
    assert contacted == ["8.8.8.8"]


@pytest.mark.fault("N1")
def test_a_name_that_does_not_resolve_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", fail)
    run = Run()
    with pytest.raises(Unreachable, match=r"no address found for news\.test"):
        run.fetch("/")
    assert len(run.exchanges) == 1  # asking three times would not give it an address


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://a:secret@news.test/", "http://[::1", "news", "https://\ud800/"]
)
def test_an_address_that_cannot_be_asked_for_is_a_fetch_error(url: str) -> None:
    run = Run()
    with pytest.raises(ServerTrouble) as caught:
        run.fetch(url)
    assert "secret" not in str(caught.value)
    assert run.exchanges == []


@pytest.mark.fault("N32")
def test_the_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with HostileServer({"/": answer()}) as server:
        assert Run({"news.test": server.url}).fetch("/").body == GOOD


def test_one_connection_serves_many_pages() -> None:
    with HostileServer({f"/{n}": answer() for n in range(9)}) as server:

        async def all_of_them(fetcher: Fetcher) -> None:
            for n in range(9):
                await fetcher.fetch(SOURCE, f"https://news.test/{n}")

        Run({"news.test": server.url}).of(all_of_them)
        assert server.connections == 1


def test_a_connection_with_junk_behind_the_answer_is_not_used_again() -> None:
    with HostileServer({"/": answer() + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake", "/b": answer()}) as server:

        async def two(fetcher: Fetcher) -> list[bytes]:
            return [(await fetcher.fetch(SOURCE, f"https://news.test/{path}")).body for path in ("", "b")]

        assert Run({"news.test": server.url}).of(two) == [GOOD, GOOD]
        assert server.connections == 2


def test_a_server_that_hangs_up_between_two_pages_costs_no_retry() -> None:
    def once(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        connection.sendall(answer())
        hung_up.wait(10)  # until the next request is on its way: then the connection is gone
        connection.shutdown(socket.SHUT_RDWR)

    hung_up = threading.Event()
    with HostileServer({"/a": once, "/b": answer()}) as server:

        async def two(fetcher: Fetcher) -> bytes:
            await fetcher.fetch(SOURCE, "https://news.test/a")
            threading.Timer(0.05, hung_up.set).start()
            return (await fetcher.fetch(SOURCE, "https://news.test/b")).body

        run = Run({"news.test": server.url})
        assert run.of(two) == GOOD
    assert [one.error for one in run.pages()] == [None, None]


@pytest.mark.fault("N33")
def test_one_source_that_stalls_does_not_hold_up_another() -> None:
    from tests.support.hostile import stall

    slow, quick = another("slow", "slow.test"), another("quick", "quick.test")
    with HostileServer({"/slow": stall, "/quick": answer()}) as server:

        async def both(fetcher: Fetcher) -> Page:
            stalled = asyncio.create_task(fetcher.fetch(slow, "https://slow.test/slow"))
            while "/slow" not in server.paths():
                await asyncio.sleep(0.001)
            page = await fetcher.fetch(quick, "https://quick.test/quick")
            assert not stalled.done()
            stalled.cancel()
            return page

        routes = {"slow.test": server.url, "quick.test": server.url}
        assert Run(routes, sources=[slow, quick]).of(both).body == GOOD


def test_cancelling_a_fetch_leaves_the_fetcher_usable() -> None:
    from tests.support.hostile import stall

    with HostileServer({"/slow": stall, "/": answer()}) as server:

        async def work(fetcher: Fetcher) -> bytes:
            task = asyncio.create_task(fetcher.fetch(SOURCE, "https://news.test/slow"))
            while "/slow" not in server.paths():
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return (await fetcher.fetch(SOURCE, "https://news.test/")).body

        assert Run({"news.test": server.url}).of(work) == GOOD


def test_state_of_hosts_that_were_not_asked_is_kept() -> None:
    stored = {"other.test": HostState("other.test", NOW, "User-agent: *\nDisallow: /", NOW)}
    with HostileServer({"/": answer()}) as server:
        run = Run({"news.test": server.url}, hosts=stored)
        run.fetch("/")
    assert run.hosts["other.test"] == stored["other.test"]
    assert run.hosts["news.test"].robots_at == NOW


@pytest.mark.parametrize("path", ["/x", "/x/../y"])
def test_refused_pages_name_their_address(path: str, tmp_path: Path) -> None:
    with HostileServer() as server, pytest.raises(Refused, match=r"404 Not Found url=https://news\.test/x"):
        Run({"news.test": server.url}).fetch(path)
