"""Time that one source may take of a run, on the network: what is charged to it, and what is not."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from core.errors import FetchError, ServerTrouble, TooMuch, Unreachable
from core.model import Page
from scrapers.allowance import FREE_FETCH_SECONDS, SOURCE_SECONDS, Allowance
from scrapers.http import fetcher
from scrapers.http.routes import Route
from tests.support.fetching import HOST, IMPATIENT, LIMITS, SOURCE, Clock, Run, another, with_rules
from tests.support.hostile import BROKEN, HostileServer, Reply, answer, redirect


def a_run(server: HostileServer, left: float = SOURCE_SECONDS, **options: object) -> Run:
    run = Run({HOST: server.url}, **{"hosts": with_rules(HOST), "limits": LIMITS} | options)  # type: ignore[arg-type]
    run.allowances.of("news").left = left
    return run


def left(run: Run) -> float:
    return run.allowances.of("news").left


def outcome(run: Run, path: str) -> type[FetchError] | None:
    """The kind of error that a fetch ended with."""
    try:
        run.fetch(path)
    except FetchError as error:
        return type(error)
    return None


def test_the_numbers_keep_a_source_under_twenty_seconds() -> None:
    assert SOURCE_SECONDS + FREE_FETCH_SECONDS < 20
    account = Allowance()
    account.spend(FREE_FETCH_SECONDS, FREE_FETCH_SECONDS)
    assert account.left == SOURCE_SECONDS
    account.spend(FREE_FETCH_SECONDS + 0.01, FREE_FETCH_SECONDS)
    assert account.left == pytest.approx(SOURCE_SECONDS - FREE_FETCH_SECONDS - 0.01)
    account = Allowance(free_seconds=1.5)
    account.spend(1.0, 1.0)
    account.spend(1.0, 1.0)  # of quick pages so many that they are slow together
    assert account.left == SOURCE_SECONDS - 0.5
    account = Allowance()
    account.spend(SOURCE_SECONDS - 0.01)
    assert not account.is_spent
    account.spend(0.01)
    assert account.is_spent


def test_thirty_good_pages_and_their_spacing_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a clock that passes while we wait for our turn and at no other time."""
    monkeypatch.setattr(fetcher, "FREE_FETCH_SECONDS", 0.0)
    monkeypatch.setattr(Route, "is_own_machine", False)
    with HostileServer({"/": answer()}) as server:
        run = a_run(server)
        monkeypatch.setattr(time, "perf_counter", run.clock.monotonic)

        async def all_of_them(fetching: fetcher.Fetcher) -> None:
            for number in range(30):
                await fetching.fetch(SOURCE, f"https://{HOST}/?{number}")

        run.of(all_of_them)
    assert len(run.exchanges) == 30
    assert run.clock.seconds == 29
    assert left(run) == SOURCE_SECONDS


@pytest.mark.parametrize(("delay", "pages"), [(7, 3), (8, 2), (14, 2), (15, 1), (86_400, 1)])
def test_a_crawl_delay_is_kept_in_full_for_as_many_pages_as_there_is_time_for(delay: int, pages: int) -> None:
    rules = {HOST: replace(with_rules(HOST)[HOST], robots=f"User-agent: *\nCrawl-delay: {delay}")}
    with HostileServer({"/": answer()}) as server:
        run = a_run(server, hosts=rules)

        async def five(fetching: fetcher.Fetcher) -> list[object]:
            asked = (fetching.fetch(SOURCE, f"https://{HOST}/?{number}") for number in range(5))
            return await asyncio.gather(*asked, return_exceptions=True)

        found = run.of(five)
    assert [type(one) for one in found] == [Page] * pages + [TooMuch] * (5 - pages)
    assert run.clock.seconds == (pages - 1) * delay


def test_what_comes_slowly_costs_what_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "FREE_FETCH_SECONDS", 0.0)
    with HostileServer({"/": answer(), "/moved": redirect("/")}, delay=0.01) as server:
        run = a_run(server)
        run.fetch("/")
        once = SOURCE_SECONDS - left(run)
        assert once == pytest.approx(run.exchanges[0].seconds)
        run.fetch("/moved")
        assert SOURCE_SECONDS - left(run) == pytest.approx(sum(each.seconds for each in run.exchanges))
        assert len(run.exchanges) == 3


@pytest.mark.parametrize("path", ["/stall", "/drip", "/slowloris-headers"])
def test_five_stalling_listings_together_take_the_time_of_one_source(path: str) -> None:
    """In small: 0.7 s a request, 1 s for the source, so that the second is cut and the third not asked for."""
    with HostileServer({path: BROKEN[path]}) as server:
        run = a_run(server, left=1.0, limits=replace(IMPATIENT, read_seconds=0.7))
        assert [outcome(run, f"{path}?{number}") for number in range(5)] == [Unreachable] * 2 + [TooMuch] * 3
        assert len(server.paths()) == 2
        run.allowances.of("news").left = -5.0
        with pytest.raises(TooMuch, match=r"took the 15 s of this source; .* url=https://news\.test/stall"):
            run.fetch("/stall")


def test_a_request_gets_no_more_than_the_source_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "FREE_FETCH_SECONDS", 0.0)
    with HostileServer({"/stall": BROKEN["/stall"]}) as server:
        run = a_run(server, left=0.05)
        with pytest.raises(Unreachable, match=r"no whole answer within 0\.05 s"):
            run.fetch("/stall")
        assert left(run) < 0


@pytest.mark.parametrize(("seconds", "asked"), [(0.4, 1), (2.4, 2), (3.0, 3), (15.0, 3)])
def test_pauses_before_retries_are_charged(seconds: float, asked: int) -> None:
    """They are half a second and two seconds, on a clock that nobody waits for."""
    busy: Reply = answer(500, b"")
    with HostileServer({"/": busy}) as server:
        run = a_run(server, left=seconds, clock=Clock())
        assert outcome(run, "/") is ServerTrouble
        assert len(server.paths()) == asked
        pauses = (0.0, 0.5, 2.5)[asked - 1]
        network = sum(each.seconds for each in run.exchanges)
        assert seconds - left(run) == pytest.approx(pauses + network)


def test_each_source_has_its_own() -> None:
    with HostileServer({"/": answer()}) as server:
        run = a_run(server, left=0.0)
        other = another("other", HOST)
        run.sources = (*run.sources, other)
        assert outcome(run, "/") is TooMuch
        run.fetch("/", source=other)
