"""Limits of collecting, each on both sides: one step less and one more would be noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.errors import ServerTrouble, TooMuch
from core.model import Item, Listing, Published
from pipeline.collect import article_pages
from pipeline.collect.decide import better_date
from tests.support.fakes import EN_LIST, TWO_EDITIONS, UK_LIST, Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.closed_sets import Precision


PAGE = "https://portal.example/news/{}"
BROKEN, GOOD = True, False


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    yield desk
    desk.store.close()


@pytest.mark.fault("C38")
def test_an_ordinary_run_reads_ten_pages_of_a_listing_and_no_more(desk: Desk) -> None:
    desk.site.publish_archive(30)
    desk.run()
    pages = [url for url in desk.site.urls() if url == UK_LIST or url.startswith(f"{UK_LIST}?page=")]
    assert pages == [UK_LIST, *(f"{UK_LIST}?page={number}" for number in range(2, 11))]


def test_pages_that_stayed_due_are_read_beyond_the_ten(desk: Desk) -> None:
    desk.site.publish_archive(30)
    broken = f"{UK_LIST}?page=14"
    kept, desk.site.pages[broken] = desk.site.pages[broken], ServerTrouble("500", broken, 500)
    desk.run(full=True)
    desk.site.pages[broken] = kept
    desk.site.asked.clear()
    desk.run()
    assert [url for url in desk.site.urls() if "?page=" in url][-1] == f"{UK_LIST}?page=15"


@pytest.mark.parametrize(("met_under", "kept"), [(48, 49), (49, 50), (60, 50)])
def test_fifty_addresses_are_kept_of_one_article(desk: Desk, met_under: int, kept: int) -> None:
    url = PAGE.format(7)
    others = [Item(PAGE.format(1_000 + number), f"Громада {number} навчається") for number in range(met_under)]
    desk.site.pages[UK_LIST] = [
        *(Item(f"{url}?from={number}", "Громади навчаються") for number in range(met_under)),
        *others,  # a list of one article alone would be held back
    ]
    desk.site.pages[url] = Item(url, "Громади навчаються", origin="page")
    desk.run()
    sql = "SELECT count(*) FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE a.key = '7'"
    assert desk.rows(sql) == [(kept,)]  # the canonical one is among them


def pages_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch, pages: list[bool], seconds: float = 0) -> int:
    """How many article pages, broken or good, are asked one after the other when a broken one costs so much time."""
    monkeypatch.setattr(article_pages, "AT_ONCE", 1)
    for key, broken in reversed([*enumerate(pages, 1)]):
        desk.site.publish(key, f"Громади отримали субвенцію {key}")
        if broken:
            desk.site.pages[PAGE.format(key)] = ServerTrouble("500")

    def pass_time(url: str) -> None:
        if isinstance(desk.site.pages.get(url), ServerTrouble):
            desk.allowances.of("portal").spend(seconds)

    desk.site.before_answer = pass_time
    desk.run()
    return len([url for url in desk.site.urls() if url.startswith(PAGE.format(""))])


@pytest.mark.parametrize(("seconds", "asked"), [(7.4, 5), (7.5, 3), (14.9, 3), (15, 1)])
def test_a_source_that_has_taken_its_time_is_left_for_the_next_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, seconds: float, asked: int
) -> None:
    assert pages_asked(desk, monkeypatch, [BROKEN, GOOD] * 5, seconds) == asked
    (message,) = (row[0] for row in desk.rows("SELECT message FROM problems WHERE message LIKE '%are left%'"))
    assert message == (
        f"{10 - asked} of 10 article pages are left for the next run: slow or failing pages, or a Crawl-delay, "
        "took the 15 s of this source; the rest is left for the next run"
    )
    desk.site.before_answer = lambda _: None
    for key in range(1, 11):
        desk.site.publish(key, f"Громади отримали субвенцію {key}")
    desk.run(days=2)
    assert len({url for url in desk.site.urls() if url.startswith(PAGE.format(""))}) == 10


@pytest.mark.parametrize(("published", "left"), [(200, 0), (201, 1)])
def test_two_hundred_article_pages_are_read_in_a_run(desk: Desk, published: int, left: int) -> None:
    for key in range(1, published + 1):
        desk.site.publish(key, f"Громади отримали субвенцію {key}")
    desk.run()
    assert len([url for url in desk.site.urls() if url.startswith(PAGE.format(""))]) == published - left
    assert len(desk.rows("SELECT 1 FROM problems WHERE message LIKE '%are left for the next run%'")) == left
    desk.run()
    assert len([url for url in desk.site.urls() if url.startswith(PAGE.format(""))]) == left


@pytest.mark.parametrize(
    ("pages", "asked"),
    [([BROKEN] * 6, 3), ([BROKEN, BROKEN, GOOD] * 3, 9), ([BROKEN, BROKEN, GOOD, BROKEN, BROKEN, BROKEN, GOOD], 6)],
)
def test_three_failures_in_a_row_end_the_reading_and_a_good_page_starts_the_count_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, pages: list[bool], asked: int
) -> None:
    assert pages_asked(desk, monkeypatch, pages) == asked


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [("/en", "", "2026-02-04"), ("", "/en", "2026-02-03")],
    ids=["the-other-edition-hides-the-date", "the-first-has-a-date"],
)
def test_the_date_comes_from_the_edition_that_shows_it(tmp_path: Path, first: str, second: str, kept: str) -> None:
    """An untranslated item stands in both lists; only the date in the Ukrainian one is that of the article."""
    listings = (Listing(EN_LIST if first else UK_LIST), Listing(EN_LIST if second else UK_LIST))
    desk = open_desk(tmp_path / "news.db", replace(TWO_EDITIONS, listings=listings, reads_articles=False))
    desk.site.publish(7, "Громади отримали субвенцію", edition=first, day="2026-02-03")
    desk.site.publish(7, "Громади отримали субвенцію", edition=second, day="2026-02-04")
    desk.run()
    assert desk.rows("SELECT published_on FROM articles") == [(kept,)]
    desk.store.close()


def test_a_date_met_first_is_not_replaced_by_that_of_a_second_mention(desk: Desk) -> None:
    desk.sources = (replace(TWO_EDITIONS, reads_articles=False),)
    url = PAGE.format(7)
    desk.site.pages[UK_LIST] = [
        Item(url, "Громади навчаються", published=Published(day, "day", "listing"))
        for day in ("2026-02-03", "2026-02-04")
    ]
    desk.run()
    assert desk.rows("SELECT published_on FROM articles") == [("2026-02-03",)]


def dated(at: str) -> Published:
    precision: Precision = "minute" if "T" in at else "day"
    return Published(at, precision, "page" if precision == "minute" else "listing")


@pytest.mark.parametrize(
    ("minute", "wins"),
    [
        ("2026-02-01T21:59:00Z", False),  # in Kyiv the 1st, three days before
        ("2026-02-02T12:00:00Z", False),
        ("2026-02-02T22:00:00Z", True),  # in Kyiv the 3rd
        ("2026-02-04T12:00:00Z", True),
        ("2026-02-05T21:59:00Z", True),  # in Kyiv still the 5th
        ("2026-02-05T22:00:00Z", False),
        ("2026-02-06T12:00:00Z", False),
    ],
)
def test_a_minute_beats_a_day_one_day_off_and_never_one_two_days_off(minute: str, wins: bool) -> None:
    day, exact = dated("2026-02-04"), dated(minute)
    assert better_date(day, exact) == (exact if wins else day)
    assert better_date(exact, day) == exact


def test_pages_for_which_a_slow_site_never_leaves_time_are_given_up_the_second_time(desk: Desk) -> None:
    desk.site.publish_archive(6)
    slow = f"{UK_LIST}?page=3"

    def pass_time(url: str) -> None:
        if url == slow:
            desk.allowances.of("portal").spend(99)
            raise TooMuch("slow", url)

    desk.site.before_answer = pass_time
    for state in ("unreachable", "ok", "not_modified"):
        desk.run()
        assert desk.rows("SELECT state FROM source_runs ORDER BY run_id DESC LIMIT 1") == [(state,)]
