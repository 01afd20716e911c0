"""A server that breaks every rule: each path ends in one clear error, in time, and harms nobody else."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.errors import FetchError, Refused, ServerTrouble, TooMuch, Unreachable
from tests.support.fetching import HOST, LIMITS, Run, impatient, with_rules
from tests.support.hostile import (
    BROKEN,
    CODINGS,
    GOOD,
    STALLING,
    HostileServer,
    Reply,
    answer,
    brotli_bomb,
    coded,
    endless,
    gzip_bomb,
    head,
    in_turn,
    redirect,
    sent_then,
    slowly,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOUDFLARE = b"<html><head><title>Just a moment...</title></head><script>window._cf_chl_opt={}</script></html>"
RADWARE = b"<html><head><title>Radware Captcha Page</title></head><body></body></html>"
REDIRECTS: dict[str, Reply] = {
    "/redirect-loop": redirect("/redirect-loop"),
    "/redirect-ping": redirect("/redirect-pong"),
    "/redirect-pong": redirect("/redirect-ping"),
    **{f"/redirect-chain/{n}": redirect(f"/redirect-chain/{n + 1}") for n in range(60)},
    "/redirect-file": redirect("file:///etc/passwd"),
    "/redirect-data": redirect("data:text/html,<p>hi"),
    "/redirect-javascript": redirect("javascript:alert(1)"),
    "/redirect-no-location": answer(302, b""),
    "/redirect-bad-url": redirect("http://[::1"),
    "/redirect-bad-port": redirect("https://news.test:99999/"),
    "/redirect-idna": redirect("https://" + "x" * 64 + ".укр/"),
    "/redirect-userinfo": redirect("https://user:secret@news.test/"),
}
NOT_A_PAGE: dict[str, Reply] = {
    "/empty-200": answer(200, b""),
    "/blank-200": answer(200, b" \n\t\n"),
    "/204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/206": answer(206, GOOD),
    "/304": answer(304, b""),
    "/500": answer(500, b"oh"),
    "/520": answer(520, b"oh"),
    "/999": answer(999, b"oh"),
    **{f"/{status}": answer(status, b"<p>no") for status in (400, 401, 403, 404, 405, 410, 451)},
    "/cloudflare-403": answer(403, CLOUDFLARE),
    "/cloudflare-503": answer(503, CLOUDFLARE),
    "/cloudflare-200": answer(200, CLOUDFLARE),
    "/cloudflare-gzip": answer(403, gzip.compress(CLOUDFLARE), "Content-Encoding: gzip"),
    "/radware-200": answer(200, RADWARE),
}
LARGE: dict[str, Reply] = {
    "/announced": head("Content-Length: 500000000"),
    "/announced-absurdly": head("Content-Length: " + "9" * 18),
    "/endless": endless(head("Content-Type: text/html"), b"<p>x</p>" * 1000),
    "/gzip-bomb": coded("gzip", gzip_bomb(16)),
    "/brotli-bomb": coded("br", brotli_bomb(16)),
    "/gzip-gzip-bomb": coded("gzip, gzip", gzip.compress(gzip_bomb(16))),
}
EXPECTED: dict[str, type[FetchError]] = {
    **dict.fromkeys(BROKEN, Unreachable),
    "/set-cookie-flood": ServerTrouble,
    **dict.fromkeys(CODINGS, ServerTrouble),
    **dict.fromkeys(LARGE, TooMuch),
    **dict.fromkeys(
        [path for path in REDIRECTS if "loop" in path or "p" + "ing" in path or "chain/0" in path], TooMuch
    ),
    **dict.fromkeys([path for path in REDIRECTS if path.count("-") and "chain" not in path], ServerTrouble),
    **dict.fromkeys(["/redirect-loop", "/redirect-ping", "/redirect-pong"], TooMuch),
    **dict.fromkeys(NOT_A_PAGE, ServerTrouble),
    **dict.fromkeys([path for path in NOT_A_PAGE if path[1] == "4"], Refused),
    **dict.fromkeys([path for path in NOT_A_PAGE if "flare" in path or "radware" in path], Refused),
}


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    replies = {
        **BROKEN,
        **CODINGS,
        **REDIRECTS,
        **NOT_A_PAGE,
        **LARGE,
        "/good": answer(),
        "/slow-but-good": slowly(GOOD),
    }
    with HostileServer(replies) as running:
        yield running


@pytest.mark.parametrize("path", sorted(EXPECTED))
@pytest.mark.fault(
    "N3",
    "N4",
    "N5",
    "N7",
    "N8",
    "N10",
    "N13",
    "N18",
    "N21",
    "N22",
    "N23",
    "N24",
    "N25",
    "N26",
    "N27",
    "N28",
    "N29",
    "N30",
)
def test_each_fault_is_one_clear_error_in_time(server: HostileServer, path: str) -> None:
    run = impatient(HOST, server.url) if path in STALLING else Run({HOST: server.url})
    with pytest.raises(EXPECTED[path]) as caught:
        run.fetch(path)
    assert "\n" not in str(caught.value)
    assert "https://news.test/" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert 1 <= len(run.pages()) <= 6
    assert run.pages()[-1].url.startswith("https://news.test/")
    run.limits = LIMITS
    assert run.fetch("/good").body == GOOD


@pytest.mark.fault("N9")
def test_a_slow_but_whole_answer_is_good(server: HostileServer) -> None:
    assert Run({"news.test": server.url}).fetch("/slow-but-good").body == GOOD


@pytest.mark.parametrize("path", [path for path in STALLING if path != "/1xx-flood"])
@pytest.mark.fault("N7", "N8")
def test_what_stalls_is_asked_once(server: HostileServer, path: str) -> None:
    run = impatient(HOST, server.url)
    with pytest.raises(Unreachable, match=r"time-out|no whole answer within 0\.7 s"):
        run.fetch(path)
    assert len(run.pages()) == 1


@pytest.mark.parametrize("path", ["/reset", "/close-mid-body", "/500", "/999"])
@pytest.mark.fault("N3", "N4", "N5", "N21")
def test_what_may_pass_is_asked_three_times_with_growing_pauses(server: HostileServer, path: str) -> None:
    run = Run({"news.test": server.url})
    with pytest.raises(FetchError):
        run.fetch(path)
    assert len(run.pages()) == 3
    assert run.clock.slept == [0.5, 2.0]
    assert all(one.error for one in run.pages())


@pytest.mark.parametrize("path", ["/reset-before-headers", "/close-no-response", "/garbage", "/two-lengths"])
def test_a_connection_closed_before_the_answer_is_one_of_three_tries(server: HostileServer, path: str) -> None:
    """It may be one kept from robots.txt that the server closed just then, or a server that always does so."""
    run, before = Run({"news.test": server.url}), len(server.asked)
    with pytest.raises(FetchError):
        run.fetch(path)
    assert [asked.path for asked in server.asked[before:]] == ["/robots.txt", *[path] * 3]
    assert run.clock.slept == [0.5]


@pytest.mark.parametrize("first", [answer(503, b"busy"), b"", answer(429, b"slow down")])
def test_a_passing_fault_does_no_harm(first: bytes) -> None:
    reply = in_turn(first, answer()) if first else in_turn(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", answer())
    with HostileServer({"/flaky": reply}) as server:
        run = Run({"news.test": server.url})
        assert run.fetch("/flaky").body == GOOD
    assert [one.error is None for one in run.pages()] == [False, True]


@pytest.mark.parametrize("path", ["/403", "/404", "/410", "/cloudflare-503", "/bad-crc-gzip", "/empty-200"])
def test_a_clear_no_is_not_asked_again(server: HostileServer, path: str) -> None:
    run = Run({"news.test": server.url})
    with pytest.raises(FetchError):
        run.fetch(path)
    assert len(run.pages()) == 1


@pytest.mark.fault("N18", "N23")
def test_states_and_names() -> None:
    with HostileServer(NOT_A_PAGE) as server:
        run = Run({"news.test": server.url})
        for path, word in {
            "/410": "gone",
            "/cloudflare-200": "challenge page",
            "/radware-200": "challenge page",
        }.items():
            with pytest.raises(Refused, match=word) as caught:
                run.fetch(path)
            assert caught.value.state == "blocked"
        with pytest.raises(Refused) as caught:
            run.fetch("/451")
        assert caught.value.status == 451


@pytest.mark.parametrize(
    "words",
    ["Just a moment: громада відкрила ЦНАП", "Як працює captcha", "Cloudflare та безпека громад, radware"],
)
def test_a_page_that_speaks_of_challenges_is_none(words: str) -> None:
    body = (
        f"<html><title>Новини</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><h1>{words}"
    )
    with HostileServer({"/": answer(200, body.encode())}) as server:
        assert Run({"news.test": server.url}).fetch("/").body == body.encode()


@pytest.mark.fault("N2")
def test_a_refused_connection_is_unreachable() -> None:
    with HostileServer() as server:
        url = server.url
    run = Run({"news.test": url})
    with pytest.raises(Unreachable, match=r"robots\.txt could not be read"):
        run.fetch("/x")


def test_bytes_are_counted_on_the_wire_also_when_it_breaks(server: HostileServer) -> None:
    run = Run({"news.test": server.url})
    with pytest.raises(Unreachable):
        run.fetch("/close-mid-body")
    assert [(one.status, one.bytes) for one in run.pages()] == [(200, len(GOOD))] * 3


def test_four_megabytes_are_the_limit_by_default() -> None:
    from scrapers.http.limits import Limits

    assert Limits().body_bytes == Limits().wire_bytes == 4 * 1024 * 1024
    assert Limits().total_seconds == 20


def test_error_bodies_are_not_read_to_their_end() -> None:
    with HostileServer(
        {"/404": endless(head(status=404), b"x" * 1000), "/stall": sent_then(head(status=404), then="stall")}
    ) as server:
        run = Run({"news.test": server.url}, hosts=with_rules(HOST))
        for path, limits in {"/404": LIMITS, "/stall": replace(LIMITS, read_seconds=2)}.items():
            run.limits = limits
            with pytest.raises(Refused, match="404"):
                run.fetch(path)
    assert run.pages()[0].bytes < 400_000
