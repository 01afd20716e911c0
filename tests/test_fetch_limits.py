"""Every limit of a request, on both of its sides."""

from __future__ import annotations

import asyncio
import gzip
import os
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import brotli
import pytest

from core.clock import AHEAD
from core.errors import FetchError, Refused, ServerTrouble, TooMuch, Unreachable
from core.model import HostState
from scrapers.http import connections, transport
from scrapers.http.addresses import MAX_URL_LENGTH, checked_url
from scrapers.http.limits import Limits
from scrapers.http.responses import MAX_HEADER_BYTES, MAX_HEADERS, check_headers
from scrapers.http.retries import retry_after
from scrapers.http.robots import parse
from tests.support.fetching import LIMITS, NOW, SOURCE, Run, another
from tests.support.hostile import (
    GOOD,
    HostileServer,
    Reply,
    answer,
    coded,
    head,
    in_turn,
    redirect,
    sent_then,
    together,
)

if TYPE_CHECKING:
    import socket

    from scrapers.http.fetcher import Fetcher
    from tests.support.hostile import Asked

ROUTE = "news.test"


def fetched(reply: Reply, limits: Limits = LIMITS) -> bytes:
    """Return the body that a fetch of the reply brings. Raises FetchError."""
    with HostileServer({"/": reply}) as server:
        return Run({ROUTE: server.url}, limits=limits).fetch("/").body


def test_the_limits_are_these() -> None:
    assert Limits() == Limits(
        connect_seconds=5,
        read_seconds=10,
        total_seconds=20,
        wire_bytes=4_194_304,
        body_bytes=4_194_304,
        error_body_bytes=65_536,
        redirects=5,
        per_host=2,
    )
    assert (transport.IDLE_SECONDS, connections.MAX_ADDRESSES) == (15, 4)
    assert (MAX_HEADERS, MAX_HEADER_BYTES, MAX_URL_LENGTH) == (200, 65_536, 4096)


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.fault("N26")
def test_bytes_on_the_wire(announced: bool) -> None:
    limits = replace(LIMITS, wire_bytes=1000)

    def of(size: int) -> Reply:
        return answer(200, b"x" * size) if announced else sent_then(head() + b"x" * size, then="close")

    assert len(fetched(of(1000), limits)) == 1000
    with pytest.raises(TooMuch, match=r"1000"):
        fetched(of(1001), limits)


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress, brotli.compress])
@pytest.mark.fault("N25")
def test_bytes_after_decompression(squeeze: type[bytes]) -> None:
    limits = replace(LIMITS, body_bytes=5000)
    coding = {gzip.compress: "gzip", brotli.compress: "br"}.get(squeeze, "identity")
    assert len(fetched(coded(coding, squeeze(b"x" * 5000)), limits)) == 5000
    with pytest.raises(TooMuch, match=r"larger than 5000 bytes after decompression"):
        fetched(coded(coding, squeeze(b"x" * 5001)), limits)


def test_two_codings_are_undone_and_three_are_not() -> None:
    twice = gzip.compress(gzip.compress(GOOD))
    assert fetched(coded("gzip, gzip", twice)) == GOOD
    with pytest.raises(ServerTrouble, match="3 content codings"):
        fetched(coded("gzip, gzip, gzip", gzip.compress(twice)))


def test_the_start_of_an_error_page_is_read_and_no_more() -> None:
    mark = b"<html>" + b" " * 94 + b"px-captcha"
    for size, words in ((len(mark), "challenge page"), (len(mark) - 1, "403 Forbidden")):
        with pytest.raises(Refused, match=words):
            fetched(answer(403, mark), replace(LIMITS, error_body_bytes=size))


@pytest.mark.parametrize("number", [0, 2])
def test_redirects(number: int) -> None:
    replies: dict[str, Reply] = {f"/{n}": redirect(f"/{n + 1}") for n in range(number + 1)}
    with HostileServer({**replies, f"/{number + 1}": answer()}) as server:
        run = Run({ROUTE: server.url}, limits=replace(LIMITS, redirects=number))
        assert run.fetch("/1").body == GOOD
        with pytest.raises(TooMuch, match=f"more than {number} redirects"):
            run.fetch("/0")


@pytest.mark.fault("N10")
def test_six_redirects_are_too_many() -> None:
    replies: dict[str, Reply] = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
    with HostileServer({**replies, "/6": answer()}) as server:
        run = Run({ROUTE: server.url}, limits=Limits())
        assert run.fetch("/1").body == GOOD
        with pytest.raises(TooMuch, match="more than 5 redirects"):
            run.fetch("/0")


def late(seconds: float) -> Reply:
    """Send the head, wait so long, send the body."""

    def reply(server: HostileServer, connection: socket.socket, asked: Asked) -> None:
        connection.sendall(head(f"Content-Length: {len(GOOD)}"))
        server.closing.wait(seconds)
        connection.sendall(GOOD)

    return reply


@pytest.mark.fault("N7")
def test_time_between_two_pieces() -> None:
    assert fetched(late(0.05), replace(LIMITS, read_seconds=60, total_seconds=120)) == GOOD
    with pytest.raises(Unreachable, match=r"time-out: nothing came for 0\.05 s"):
        fetched(late(5), replace(LIMITS, read_seconds=0.05, total_seconds=120))


@pytest.mark.fault("N8")
def test_time_in_all() -> None:
    assert fetched(late(0.05), replace(LIMITS, read_seconds=120, total_seconds=60)) == GOOD
    with pytest.raises(Unreachable, match=r"no whole answer within 0\.05 s"):
        fetched(late(5), replace(LIMITS, read_seconds=120, total_seconds=0.05))


def test_time_to_connect_includes_the_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, answered = threading.Event(), threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        ended.wait(60)
        answered.set()
        return []

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    with pytest.raises(Unreachable, match=r"time-out: no connection to news\.test in 0\.05 s"):
        Run(limits=replace(LIMITS, connect_seconds=0.05)).fetch("/")
    assert not answered.is_set()
    ended.set()


@pytest.mark.parametrize("at_once", [1, 3])
def test_requests_at_once_to_one_site(at_once: int) -> None:
    with HostileServer(dict.fromkeys((f"/{n}" for n in range(9)), together(at_once))) as server:

        async def all_of_them(fetcher: Fetcher) -> None:
            await asyncio.gather(*[fetcher.fetch(SOURCE, f"https://news.test/{n}") for n in range(9)])

        Run({ROUTE: server.url}, limits=replace(LIMITS, per_host=at_once)).of(all_of_them)
        assert server.most_at_once == at_once


@pytest.mark.parametrize("idle", [15, 0])
def test_a_connection_is_kept_only_so_long(idle: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "IDLE_SECONDS", idle)
    with HostileServer({"/": answer()}) as server:
        Run({ROUTE: server.url}).fetch("/")  # after its robots.txt
        assert server.connections == (1 if idle else 2)


def test_four_addresses_of_a_name_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    contacted: list[str] = []

    def connect(_: socket.socket, address: tuple[str, int]) -> None:
        contacted.append(address[0])
        raise PermissionError(13, "no")

    addresses = [f"8.8.8.{n}" for n in range(6)]
    monkeypatch.setattr("socket.getaddrinfo", lambda _, port, **__: [(2, 1, 6, "", (one, port)) for one in addresses])
    monkeypatch.setattr("socket.socket.connect", connect)
    run = Run(sources=[another("many", "many.test")])
    with pytest.raises(Unreachable, match=r"no connection to many\.test: " + os.strerror(13).lower()):
        run.fetch("https://many.test/")
    assert contacted == addresses[:4] * 3


@pytest.mark.fault("N30")
def test_headers() -> None:
    many = [(b"x", b"")] * 200
    assert check_headers(many, 9, "u") == {"x": ""}
    long = [(b"x", b"a" * 65_535)]
    assert check_headers(long, 9, "u")["x"]
    for headers in ([*many, (b"x", b"")], [*long, (b"y", b"")]):
        with pytest.raises(ServerTrouble, match="absurd headers"):
            check_headers(headers, 9, "u")


@pytest.mark.fault("N30")
def test_the_head_of_an_answer() -> None:
    def padded(size: int) -> Reply:
        return sent_then(b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * size + b"\r\n\r\n" + GOOD, then="close")

    assert fetched(padded(60_000)) == GOOD
    with pytest.raises(FetchError):
        fetched(padded(70_000))


def test_the_length_of_an_address() -> None:
    address = "https://news.test/"
    assert checked_url(address + "a" * (4096 - len(address)))
    with pytest.raises(ServerTrouble, match="longer than 4096"):
        checked_url(address + "a" * (4097 - len(address)))


@pytest.mark.fault("N20")
def test_the_longest_wait_is_a_day() -> None:
    for asked, kept in ((86_399, 86_399), (86_401, 86_400)):
        assert retry_after(str(asked), NOW) == NOW + timedelta(seconds=kept)


def test_the_longest_crawl_delay_is_a_day() -> None:
    for asked, kept in ((86_399, 86_399), (86_401, 86_400)):
        assert parse(f"User-agent: *\nCrawl-delay: {asked}").crawl_delay == kept


@pytest.mark.parametrize(("age", "asked"), [(timedelta(hours=23, minutes=59), 0), (timedelta(hours=24), 1)])
def test_robots_txt_is_valid_for_a_day(age: timedelta, asked: int) -> None:
    stored = {ROUTE: HostState(ROUTE, None, "User-agent: *\nDisallow: /x", NOW - age)}
    with HostileServer({"/": answer()}) as server:
        Run({ROUTE: server.url}, hosts=stored).fetch("/")
        assert [one.path for one in server.asked].count("/robots.txt") == asked


@pytest.mark.parametrize(("age", "usable"), [(timedelta(days=30, seconds=-1), True), (timedelta(days=30), False)])
def test_an_old_robots_txt_serves_for_a_month_while_no_new_one_can_be_had(age: timedelta, usable: bool) -> None:
    stored = {ROUTE: HostState(ROUTE, None, "User-agent: *\nDisallow: /x", NOW - age)}
    with HostileServer({"/robots.txt": redirect("/robots.txt"), "/": answer()}) as server:
        run = Run({ROUTE: server.url}, hosts=stored)
        if usable:
            assert run.fetch("/").body == GOOD
        else:
            with pytest.raises(Unreachable, match=r"robots\.txt could not be read"):
                run.fetch("/")


def test_a_robots_txt_from_the_future_is_read_again() -> None:
    for ahead, allowed in ((AHEAD, False), (AHEAD + timedelta(seconds=1), True)):
        stored = {ROUTE: HostState(ROUTE, None, "User-agent: *\nDisallow: /", NOW + ahead)}
        with HostileServer({"/": answer()}) as server:
            run = Run({ROUTE: server.url}, hosts=stored)
            if allowed:
                assert run.fetch("/").body == GOOD
            else:
                with pytest.raises(Refused):
                    run.fetch("/")


@pytest.mark.fault("N31")
def test_the_first_500_kib_of_a_robots_txt_count() -> None:
    start = "User-agent: *\n"
    rule = "Disallow: /x\n"
    for filler, allowed in ((512_000 - len(start + rule), False), (512_000 - len(start), True)):
        text = (start + "#" * (filler - 1) + "\n" + rule).encode()
        with HostileServer({"/robots.txt": answer(200, text, kind="text/plain"), "/x": answer()}) as server:
            run = Run({ROUTE: server.url}, limits=Limits())
            if allowed:
                assert run.fetch("/x").body == GOOD
            else:
                with pytest.raises(Refused):
                    run.fetch("/x")


def test_a_host_that_only_a_redirect_led_to_is_asked_once_a_second() -> None:
    with HostileServer({"/a": redirect("https://foreign.test/b"), "/b": redirect("/c"), "/c": answer()}) as server:
        run = Run({ROUTE: server.url, "foreign.test": server.url})
        run.fetch("/a")
    foreign = [(one.at - NOW).total_seconds() for one in run.exchanges if "foreign" in one.url]
    assert foreign == [0.0, 1.0, 2.0]  # its robots.txt and two pages


@pytest.mark.parametrize(("seconds", "kept"), [(5, None), (6, NOW + timedelta(seconds=6))])
def test_a_wait_longer_than_five_seconds_is_kept_for_the_next_run(seconds: int, kept: object) -> None:
    with HostileServer({"/": answer(429, b"", f"Retry-After: {seconds}")}) as server:
        run = Run({ROUTE: server.url})
        with pytest.raises(Refused, match="429"):
            run.fetch("/")
    assert run.hosts[ROUTE].not_before == kept


def test_a_short_wait_holds_the_other_requests_of_the_site_too() -> None:
    busy = in_turn(answer(429, b"", "Retry-After: 4"), answer())
    with HostileServer({"/busy": busy, "/other": answer()}) as server:
        run = Run({ROUTE: server.url}, limits=replace(LIMITS, per_host=1))

        async def both(fetcher: Fetcher) -> None:
            await asyncio.gather(*[fetcher.fetch(SOURCE, f"https://news.test/{path}") for path in ("busy", "other")])

        run.of(both)
    assert [(one.at - NOW).total_seconds() for one in run.pages() if one.url.endswith("other")] == [4.0]
