"""robots.txt, spacing, two at once, Retry-After: what every site may expect of us."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import FetchError, Refused, Unreachable
from core.model import HostState
from scrapers.http.limits import Limits
from scrapers.http.politeness import Budget
from scrapers.http.retries import retry_after
from tests.support.fetching import IMPATIENT, LIMITS, NOW, SOURCE, Clock, Run, another
from tests.support.hostile import GOOD, HostileServer, Reply, answer, endless, head, in_turn, redirect, stall

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrapers.http.fetcher import Fetcher


def robots(text: str) -> bytes:
    return answer(200, text.encode(), kind="text/plain")


@pytest.mark.fault("N31")
def test_a_disallowed_page_is_not_asked_for() -> None:
    with HostileServer({"/robots.txt": robots("User-agent: *\nDisallow: /"), "/": answer()}) as server:
        with pytest.raises(Refused, match=r"robots\.txt does not allow"):
            Run({"news.test": server.url}).fetch("/")
        assert server.paths() == []


def test_robots_txt_counts_behind_a_redirect_too() -> None:
    replies = {
        "/robots.txt": robots("User-agent: *\nDisallow: /hidden"),
        "/a": redirect("/hidden"),
        "/hidden": answer(),
    }
    with HostileServer(replies) as server:
        with pytest.raises(Refused, match=r"robots\.txt does not allow"):
            Run({"news.test": server.url}).fetch("/a")
        assert server.paths() == ["/a"]


@pytest.mark.parametrize(
    "reply",
    [
        answer(404, b""),
        answer(403, b"no"),
        answer(410, b""),
        answer(200, b"<html>not found"),
        answer(200, b""),
        redirect("/gone"),
    ],
)
@pytest.mark.fault("N31")
def test_without_robots_txt_everything_is_allowed(reply: bytes) -> None:
    with HostileServer({"/robots.txt": reply, "/": answer()}) as server:
        run = Run({"news.test": server.url})
        assert run.fetch("/").body == GOOD
    assert run.hosts["news.test"] == HostState("news.test", None, run.hosts["news.test"].robots, NOW)
    assert not run.hosts["news.test"].robots


@pytest.mark.parametrize(
    "reply",
    [
        answer(500, b""),
        answer(503, b""),
        stall,
        redirect("/robots.txt"),
        endless(head(), b"# \n" * 1000),
        redirect("file:///x"),
    ],
)
@pytest.mark.fault("N31")
def test_while_robots_txt_cannot_be_had_the_site_is_closed(reply: Reply) -> None:
    with HostileServer({"/robots.txt": reply, "/": answer(), "/two": answer()}) as server:
        run = Run({"news.test": server.url}, limits=IMPATIENT if reply is stall else LIMITS)

        async def twice(fetcher: Fetcher) -> list[Any]:
            tasks = [fetcher.fetch(SOURCE, f"https://news.test/{path}") for path in ("", "two")]
            return await asyncio.gather(*tasks, return_exceptions=True)

        found = run.of(twice)
        assert [type(one) for one in found] == [Unreachable, Unreachable]
        assert all("robots.txt could not be read" in str(one) for one in found)
        assert server.paths() == []
        assert len([one for one in run.exchanges if one.error is None]) <= 6  # asked for once in the run, not per page


def test_an_older_copy_serves_while_a_new_one_cannot_be_had() -> None:
    stored = {"news.test": HostState("news.test", None, "User-agent: *\nDisallow: /x", NOW - timedelta(days=3))}
    with HostileServer({"/robots.txt": answer(500, b""), "/": answer()}) as server:
        run = Run({"news.test": server.url}, hosts=stored)
        assert run.fetch("/").body == GOOD
        with pytest.raises(Refused, match="does not allow"):
            run.fetch("/x")


def test_robots_txt_is_read_once_a_day() -> None:
    with HostileServer({"/robots.txt": robots("User-agent: *\nDisallow: /x"), "/": answer()}) as server:
        run = Run({"news.test": server.url})
        for hours, asked in ((0, 1), (23, 1), (25, 2)):
            run.clock = Clock(hours * 3600.0)
            run.fetch("/")
            assert len([one for one in server.asked if one.path == "/robots.txt"]) == asked
            with pytest.raises(Refused):
                run.fetch("/x")


@pytest.mark.fault("N31")
def test_only_the_first_part_of_a_huge_robots_txt_is_read() -> None:
    text = "User-agent: *\nDisallow: /x\n" + "# filler\n" * 60_000 + "Disallow: /y\n"
    with HostileServer({"/robots.txt": robots(text), "/y": answer()}) as server:
        run = Run({"news.test": server.url}, limits=Limits())
        assert run.fetch("/y").body == GOOD
        with pytest.raises(Refused):
            run.fetch("/x")


def starts(run: Run, urls: list[str], source: Any = SOURCE) -> list[float]:
    """When, on the run's own clock, each page was asked for."""

    async def all_of_them(fetcher: Fetcher) -> None:
        await asyncio.gather(*[fetcher.fetch(source, url) for url in urls])

    run.of(all_of_them)
    return [(one.at - NOW).total_seconds() for one in run.exchanges]


def test_the_users_own_machine_needs_no_pauses() -> None:
    with HostileServer({f"/{n}": answer() for n in range(5)}) as server:
        run = Run({"news.test": server.url})
        assert starts(run, [f"https://news.test/{n}" for n in range(5)]) == [0.0] * 6


def test_a_crawl_delay_is_kept_there_too() -> None:
    with HostileServer(
        {"/robots.txt": robots("User-agent: *\nCrawl-delay: 4"), "/a": answer(), "/b": answer()}
    ) as server:
        assert starts(Run({"news.test": server.url}), ["https://news.test/a", "https://old.test/b"])[-1] >= 4.0


def test_two_at_once_and_no_more() -> None:
    with HostileServer({f"/{n}": answer() for n in range(8)}, delay=0.02) as server:
        starts(
            Run({"news.test": server.url}),
            [f"https://{host}/{n}" for n in range(8) for host in ("news.test", "old.test")],
        )
        assert server.most_at_once == 2


def test_all_names_of_a_site_share_one_budget() -> None:
    clock = Clock()
    budget = Budget(1.5, 2, clock.monotonic, clock.sleep)
    begun: list[float] = []

    async def one() -> None:
        async with budget.turn():
            begun.append(clock.seconds)

    async def four() -> None:
        await asyncio.gather(*[one() for _ in range(4)])

    asyncio.run(four())
    assert begun == sorted(begun)
    assert len(begun) == 4
    assert all(later - earlier >= 1.5 for earlier, later in pairwise(begun))


def test_sources_that_share_a_host_share_its_budget() -> None:
    first, second = another("first", "a.test", "b.test"), another("second", "www.b.test", "c.test")
    with HostileServer({str(f"/{n}"): answer() for n in range(6)}, delay=0.02) as server:
        run = Run({"a.test": server.url, "b.test": server.url, "c.test": server.url}, sources=[first, second])

        async def both(fetcher: Fetcher) -> None:
            work: list[Coroutine[Any, Any, Any]] = [fetcher.fetch(first, f"https://a.test/{n}") for n in range(3)]
            work += [fetcher.fetch(second, f"https://c.test/{n}") for n in range(3)]
            await asyncio.gather(*work)

        run.of(both)
        assert server.most_at_once == 2


DATES = {
    "Fri, 20 Feb 2026 13:00:00 GMT": 3600.0,
    "Fri, 20 Feb 2026 13:00:00": 3600.0,
    "Fri, 20 Feb 2026 13:00:00 -0000": 3600.0,
    "Fri, 20 Feb 2026 15:00:00 +0200": 3600.0,
    "Friday, 20-Feb-26 13:00:00 GMT": 3600.0,
    "Fri, 20 Feb 2099 13:00:00 GMT": 86400.0,
    "120": 120.0,
    " 7 ": 7.0,
    "86400": 86400.0,
    "317100": 86400.0,
    "9" * 5000: 86400.0,
}


@pytest.mark.parametrize("value", list(DATES))
@pytest.mark.fault("N19", "N20")
def test_retry_after_is_understood_and_capped(value: str) -> None:
    moment = retry_after(value, NOW)
    assert moment is not None
    assert (moment - NOW).total_seconds() == DATES[value]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0",
        "-1",
        "-86400",
        "soon",
        "xyz",
        "1.5",
        "1e3",
        "٣",
        "Thu, 19 Feb 2026 13:00:00 GMT",
        "Fri, 99 Feb 2026",
        "+5",
        "\x00",
    ],
)
@pytest.mark.fault("N20")
def test_a_senseless_retry_after_is_ignored(value: str) -> None:
    assert retry_after(value, NOW) is None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"), [("600", 600), ("Fri, 20 Feb 2026 12:10:00 GMT", 600), ("999999999", 86400)]
)
@pytest.mark.fault("N19", "N20")
def test_a_long_wait_is_kept_for_this_run_and_the_next(status: int, value: str, seconds: int) -> None:
    with HostileServer({"/": answer(status, b"", f"Retry-After: {value}"), "/other": answer()}) as server:
        run = Run({"news.test": server.url})
        with pytest.raises(Refused, match="asked us to wait until 2026-02-2"):
            run.fetch("/")
        assert run.clock.slept == []
        assert run.hosts["news.test"].not_before == NOW + timedelta(seconds=seconds)
        for url in ("https://news.test/other", "https://old.test/other", "https://www.news.test/"):
            with pytest.raises(Refused, match="asked us to wait") as caught:
                run.fetch(url)
            assert caught.value.state == "blocked"
        assert server.paths() == ["/"]
        run.clock = Clock(seconds + 1.0)
        assert run.fetch("/other").body == GOOD


def test_a_short_wait_is_slept_through() -> None:
    with HostileServer({"/": in_turn(answer(429, b"", "Retry-After: 2"), answer())}) as server:
        run = Run({"news.test": server.url})
        assert run.fetch("/").body == GOOD
    assert run.clock.slept == [2.0]
    assert run.hosts["news.test"].not_before is None


@pytest.mark.parametrize("value", ["-5", "garbage", ""])
@pytest.mark.fault("N20")
def test_a_senseless_wait_is_an_ordinary_failure(value: str) -> None:
    with HostileServer({"/": answer(429, b"", f"Retry-After: {value}")}) as server:
        run = Run({"news.test": server.url})
        with pytest.raises(FetchError, match="429"):
            run.fetch("/")
        assert len(server.paths()) == 3
    assert run.hosts["news.test"].not_before is None


def test_requests_in_the_queue_are_dropped_when_the_host_asks_to_wait() -> None:
    paths = [f"/{n}" for n in range(6)]
    with HostileServer(dict.fromkeys(paths, answer(429, b"", "Retry-After: 900")), delay=0.02) as server:

        async def all_of_them(fetcher: Fetcher) -> list[Any]:
            tasks = [fetcher.fetch(SOURCE, f"https://news.test{path}") for path in paths]
            return await asyncio.gather(*tasks, return_exceptions=True)

        found = Run({"news.test": server.url}).of(all_of_them)
        assert all(isinstance(one, Refused) for one in found)
        assert len(server.paths()) == 2  # those that were on their way already


@pytest.mark.fault("N34")
def test_a_wait_of_one_site_does_not_stop_another() -> None:
    other = another("other", "other.test")
    with HostileServer({"/": answer(429, b"", "Retry-After: 900"), "/ok": answer()}) as server:
        run = Run({"news.test": server.url, "other.test": server.url}, sources=[SOURCE, other])
        with pytest.raises(Refused):
            run.fetch("/")
        assert run.fetch("https://other.test/ok", source=other).body == GOOD
