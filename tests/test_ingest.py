"""What a run stores, run after run, seen from the database."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from core.errors import Overloaded, ParseError, Refused, ServerTrouble, StructureMissing, Unreachable
from core.model import Fault, Item, Listing, Published
from db import runs
from pipeline.health import judge
from tests.support.fakes import EN_LIST, TWO_EDITIONS, UK_LIST, Desk, open_desk
from tests.support.samples import PORTAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHER = replace(
    PORTAL,
    id="other",
    hosts=("other.example",),
    listings=(Listing("https://other.example/feed", kind="feed"),),
    identity=replace(PORTAL.identity, canonical={}),
)


class Killed(Exception):
    """Stands for the end of the process: nothing in the pipeline catches it."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    yield desk
    desk.store.close()


def test_one_article_for_each_language_and_one_story_for_both(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію", lead="Кошти вже надійшли")
    desk.site.publish(7, "Communities received a subvention", edition="/en", day="2026-02-05")
    reading = desk.run()
    assert (reading.total("new"), reading.readable) == (2, 1)
    assert desk.rows("SELECT language, url, published_at, published_on, lead FROM articles ORDER BY language") == [
        ("en", "https://portal.example/en/news/7", "2026-02-05T10:00:00Z", "2026-02-05", ""),
        ("uk", "https://portal.example/news/7", "2026-02-04T10:00:00Z", "2026-02-04", "Кошти вже надійшли"),
    ]
    assert desk.rows("SELECT title_uk, title_en, title_en_by, articles, published_on FROM news") == [
        ("Громади отримали субвенцію", "Communities received a subvention", "publisher", 2, "2026-02-04")
    ]
    assert desk.rows("SELECT verdict, method FROM story_links") == [("same", "same_key")]


@pytest.mark.fault("N16")
def test_a_second_run_asks_conditionally_and_writes_nothing_new(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.site.publish(7, "Громади отримали субвенцію", edition="/en")
    desk.run()
    before = desk.state()
    desk.site.asked.clear()
    reading = desk.run()
    assert [(url, validators is not None) for url, validators in desk.site.asked] == [(UK_LIST, True), (EN_LIST, True)]
    assert (reading.total("new"), reading.total("edited")) == (0, 0)
    assert reading.statistics["portal"].state == "not_modified"
    assert desk.state() == before


def test_a_site_without_validators_is_recognised_by_its_bytes(desk: Desk) -> None:
    desk.site.validates = False
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.site.pages[EN_LIST] = []
    desk.run()
    assert desk.run().statistics["portal"].state == "not_modified"


@pytest.mark.fault("N17")
def test_an_answer_that_never_changes_is_asked_for_in_full_once_a_day(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.run()
    desk.site.asked.clear()
    desk.run(days=1)
    assert (UK_LIST, None) in desk.site.asked


def test_an_untranslated_item_under_en_is_the_ukrainian_article(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію", day="2026-02-01")
    desk.site.publish(7, "Громади отримали субвенцію", edition="/en", day="2026-02-05")
    reading = desk.run()
    statistics = reading.statistics["portal"]
    assert (statistics.listed, statistics.new, statistics.duplicate) == (2, 1, 1)
    assert desk.rows("SELECT language, published_on FROM articles") == [("uk", "2026-02-01")]
    assert ("https://portal.example/en/news/7",) in desk.rows("SELECT url FROM article_urls")


def test_known_only_from_the_english_list_it_takes_the_ukrainian_page(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію", day="2026-02-01")
    desk.site.pages[UK_LIST] = []
    desk.site.publish(7, "Громади отримали субвенцію", edition="/en", day="2026-02-05")
    desk.run()
    assert desk.rows("SELECT url, published_at FROM articles") == [
        ("https://portal.example/news/7", "2026-02-01T10:00:00Z")
    ]


def test_a_title_that_becomes_english_later_joins_its_story(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.site.publish(7, "Громади отримали субвенцію", edition="/en")
    desk.run()
    desk.site.publish(7, "Communities received a subvention", edition="/en", day="2026-02-06")
    reading = desk.run(days=1)
    assert reading.total("new") == 1
    assert desk.rows("SELECT title_uk, title_en_by FROM news") == [("Громади отримали субвенцію", "publisher")]


@pytest.mark.fault("C25")
def test_an_edited_headline_is_one_new_version_and_the_old_wording_stays(desk: Desk) -> None:
    first, second = "Громади отримали субвенцію", "Громади отримали субвенцію на школи"
    desk.site.publish(7, first)
    desk.run()
    for title, edits in ((second, 1), (second, 0), (first, 1), (first, 0)):
        desk.site.publish(7, title)
        assert desk.run().total("edited") == edits
    assert desk.rows("SELECT title FROM article_versions ORDER BY id") == [(first,), (second,), (first,)]
    assert desk.rows("SELECT title, first_seen_at FROM articles") == [(first, "2026-02-05T15:30:00Z")]


@pytest.mark.parametrize(
    "title",
    ["Громади  отримали «субвенцію»", 'Громади отримали "субвенцію"', "Громади отримали “субвенцію” | Views: 12"],
)
def test_spaces_quotes_and_counters_make_no_version(desk: Desk, title: str) -> None:
    desk.site.publish(7, "Громади отримали «субвенцію»")
    desk.run()
    desk.site.publish(7, title)
    assert desk.run().total("edited") == 0
    assert desk.rows("SELECT count(*) FROM article_versions") == [(1,)]


def test_a_page_that_words_its_title_otherwise_for_ever_is_no_edit(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    url = "https://portal.example/news/7"
    page = desk.site.pages[url]
    assert isinstance(page, Item)
    desk.site.pages[url] = replace(page, title="Портал: громади отримали субвенцію")
    desk.run()
    for _ in range(3):
        assert desk.run(days=2).total("edited") == 0
    assert desk.rows("SELECT title FROM article_versions") == [("Громади отримали субвенцію",)]
    desk.site.pages[url] = replace(page, title="Портал: громади чекають на субвенцію")
    assert desk.run(days=10).total("edited") == 1


def test_a_cut_title_gives_way_to_the_whole_one(desk: Desk) -> None:
    listed = desk.site.publish(7, "Громади отримали субвенцію на відновлення шкіл")
    desk.site.pages[UK_LIST] = [replace(listed, title="Громади отримали субвенцію на...")]
    desk.run()
    assert desk.rows("SELECT title FROM articles") == [("Громади отримали субвенцію на відновлення шкіл",)]


def test_a_failed_article_page_is_tried_again_and_its_lead_is_no_edit(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію", lead="Кошти надійшли")
    url = "https://portal.example/news/7"
    page = desk.site.pages[url]
    desk.site.pages[url] = ServerTrouble("500", url, 500)
    reading = desk.run()
    assert reading.total("new") == 1
    assert desk.rows("SELECT published_at, published_precision FROM articles") == [("2026-02-04", "day")]
    assert desk.rows("SELECT stage, url FROM problems WHERE resolved_at IS NULL") == [("article", url)]
    desk.site.pages[url] = page
    assert desk.run().total("edited") == 0
    assert desk.rows("SELECT published_at, lead FROM articles") == [("2026-02-04T10:00:00Z", "Кошти надійшли")]
    assert desk.rows("SELECT lead FROM article_versions") == [("Кошти надійшли",)]
    assert desk.rows("SELECT count(*) FROM problems WHERE resolved_at IS NULL") == [(0,)]


def test_pages_that_keep_failing_are_left_for_the_next_run(desk: Desk) -> None:
    for key in range(20):
        desk.site.publish(key, f"Громади отримали субвенцію {key}")
        desk.site.pages[f"https://portal.example/news/{key}"] = ServerTrouble("500")
    desk.run()
    assert len([url for url in desk.site.urls() if url[-1].isdigit()]) <= 7
    assert desk.rows("SELECT count(*) FROM articles") == [(20,)]


def test_articles_are_looked_at_daily_in_the_first_week_and_ever_more_rarely(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.run()
    looks = []
    for day in range(1, 120):
        desk.site.asked.clear()
        desk.run(days=1)
        if "https://portal.example/news/7" in desk.site.urls():
            looks.append(day)
    assert looks[:5] == [1, 2, 3, 4, 5]
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    assert gaps == sorted(gaps)
    assert 10 < len(looks) < 25


@pytest.mark.fault("C26")
def test_an_article_that_is_gone_stays_and_is_marked(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.run()
    desk.site.pages = {UK_LIST: [], EN_LIST: []}
    desk.run(days=1)
    assert desk.rows("SELECT title, gone_at FROM articles") == [("Громади отримали субвенцію", "2026-02-06T15:30:00Z")]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Unreachable("no connection"), "unreachable"),
        (Refused("challenge page", status=200), "blocked"),
        (ServerTrouble("500", status=500), "unreachable"),
    ],
)
@pytest.mark.fault("P14")
def test_a_source_in_trouble_touches_no_other(tmp_path: Path, error: Exception, state: str) -> None:
    desk = open_desk(tmp_path / "news.db", TWO_EDITIONS, OTHER)
    desk.site.pages["https://other.example/feed"] = [Item("https://other.example/news/1", "Громади навчаються")]
    desk.site.pages[UK_LIST] = desk.site.pages[EN_LIST] = error  # type: ignore[assignment]
    reading = desk.run()
    assert (reading.statistics["portal"].state, reading.statistics["other"].new) == (state, 1)
    assert reading.readable == 1
    assert desk.rows("SELECT source_id, stage, times FROM problems") == [("portal", "fetch", 1)] * 2
    desk.run()
    assert desk.rows("SELECT times FROM problems") == [(2,), (2,)]
    desk.site.pages[UK_LIST] = desk.site.pages[EN_LIST] = []
    desk.run()
    assert desk.rows("SELECT count(*) FROM problems WHERE stage = 'fetch' AND resolved_at IS NULL") == [(0,)]
    desk.store.close()


def test_one_edition_that_fails_is_not_hidden_by_the_other(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.site.pages[EN_LIST] = Unreachable("no connection", EN_LIST)
    reading = desk.run()
    assert (reading.statistics["portal"].state, reading.total("new"), reading.readable) == ("unreachable", 1, 1)


@pytest.mark.fault("C34")
def test_a_redesign_is_loud_and_keeps_what_was_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.run()

    async def redesigned(*_: object) -> None:
        raise StructureMissing("no div.one-article", UK_LIST)

    monkeypatch.setattr(desk.site, "listing", redesigned)
    desk.site.publish(8, "Нова новина громад")
    assert desk.run().statistics["portal"].state == "structure_missing"
    assert desk.rows("SELECT count(*) FROM articles") == [(1,)]


@pytest.mark.fault("C35")
def test_too_few_items_are_reported_as_drift(tmp_path: Path) -> None:
    desk = open_desk(
        tmp_path / "news.db", replace(OTHER, listings=(Listing("https://other.example/feed", min_items=5),))
    )
    desk.site.pages["https://other.example/feed"] = [Item("https://other.example/news/1", "Громади навчаються")]
    desk.run()
    assert desk.rows("SELECT stage, message FROM problems") == [("drift", "1 items where at least 5 are usual")]
    desk.store.close()


def test_every_source_run_balances_whatever_is_listed(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    good = desk.site.publish(8, "Громади навчаються")
    for key in (11, 12, 13):
        desk.site.publish(key, f"Громади будують школу {key}")
    listing = desk.site.pages[UK_LIST]
    assert isinstance(listing, list)
    desk.site.pages[UK_LIST] = [
        *listing,
        good,
        Fault("no link in an item"),
        Item("javascript:alert(1)", "Зла"),
        Item("https://portal.example/news/9", "Как изменились бюджеты общин"),
        Item("https://portal.example/news/10", "  "),
    ]
    statistics = desk.run().statistics["portal"]
    assert (statistics.listed, statistics.new, statistics.duplicate, statistics.rejected) == (10, 5, 1, 4)
    assert statistics.state == "ok"
    assert desk.rows("SELECT stage, count(*) FROM problems WHERE stage = 'normalise'") == [("normalise", 3)]


def test_off_topic_items_are_counted_and_are_no_problem(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "news.db", replace(OTHER, topic_filter=True))
    desk.site.pages["https://other.example/feed"] = [
        Item("https://other.example/news/1", "Громади навчаються"),
        Item("https://other.example/news/2", "Погода на завтра"),
    ]
    statistics = desk.run().statistics["other"]
    assert (statistics.new, statistics.rejected) == (1, 1)
    assert desk.rows("SELECT count(*) FROM problems") == [(0,)]
    desk.store.close()


def _listing_pages(desk: Desk) -> list[str]:
    return [url for url in desk.site.urls() if url.startswith(UK_LIST) and "/news/" not in url]


@pytest.mark.fault("C38")
def test_a_listing_that_answers_page_one_again_has_ended(desk: Desk) -> None:
    desk.site.publish_archive(3)
    statistics = desk.run().statistics["portal"]
    assert (statistics.new, statistics.listed, statistics.duplicate) == (9, 9, 0)
    assert _listing_pages(desk)[-1] == f"{UK_LIST}?page=4"


def test_an_incremental_run_stops_at_the_first_page_with_nothing_new(desk: Desk) -> None:
    desk.site.publish_archive(4)
    desk.run()
    desk.site.publish(999, "Громади, свіжа новина")
    desk.site.asked.clear()
    assert desk.run().total("new") == 1
    assert _listing_pages(desk) == [UK_LIST, f"{UK_LIST}?page=2"]


def test_a_page_that_failed_in_the_middle_is_made_up_for(desk: Desk) -> None:
    desk.site.publish_archive(4)
    third = f"{UK_LIST}?page=3"
    kept = desk.site.pages[third]
    desk.site.pages[third] = ServerTrouble("500", third, 500)
    assert desk.run().total("new") == 6
    desk.site.pages[third] = kept
    assert desk.run().total("new") == 6
    assert desk.rows("SELECT count(*) FROM articles") == [(12,)]
    desk.site.asked.clear()
    desk.run()
    assert _listing_pages(desk) == [UK_LIST]


def test_the_archive_can_be_walked_interrupted_and_resumed(desk: Desk) -> None:
    desk.site.publish_archive(30)

    def kill(url: str) -> None:
        if url.endswith("page=20"):
            raise Killed

    desk.site.before_answer = kill
    with pytest.raises(Killed):
        desk.run(full=True)
    assert desk.rows("SELECT count(*) FROM articles") == [(57,)]
    desk.site.before_answer = lambda _: None
    desk.site.asked.clear()
    desk.run(full=True)
    assert desk.rows("SELECT count(*) FROM articles") == [(90,)]
    assert _listing_pages(desk)[:3] == [UK_LIST, f"{UK_LIST}?page=19", f"{UK_LIST}?page=20"]
    assert desk.rows("SELECT next_page FROM listing_progress WHERE url = ?", UK_LIST) == [(None,)]


def test_max_pages_goes_back_as_far_as_it_says(desk: Desk) -> None:
    desk.site.publish_archive(30)
    desk.run(max_pages=5)
    assert desk.rows("SELECT count(*) FROM articles") == [(15,)]
    desk.run(max_pages=12)
    assert desk.rows("SELECT count(*) FROM articles") == [(36,)]


def test_a_walk_through_the_archive_balances_too(desk: Desk) -> None:
    desk.site.publish_archive(12)
    statistics = desk.run(full=True).statistics["portal"]
    assert (statistics.state, statistics.listed, statistics.new) == ("ok", 36, 36)
    assert desk.rows("SELECT listed, new FROM source_runs") == [(36, 36)]


def test_a_fallback_listing_is_read_only_when_the_first_fails(tmp_path: Path) -> None:
    main, spare = Listing("https://other.example/feed"), Listing("https://other.example/rss", fallback=True)
    desk = open_desk(tmp_path / "news.db", replace(OTHER, listings=(main, spare)))
    desk.site.pages[main.url] = [Item("https://other.example/news/1", "Громади навчаються")]
    desk.site.pages[spare.url] = [Item("https://other.example/news/2", "Громади будують")]
    desk.run()
    assert spare.url not in desk.site.urls()
    desk.site.pages[main.url] = Unreachable("no connection", main.url)
    reading = desk.run()
    assert (reading.statistics["other"].state, reading.total("new")) == ("ok", 1)
    assert desk.rows("SELECT stage FROM problems WHERE resolved_at IS NULL") == [("fetch",)]
    desk.store.close()


def test_a_bug_of_ours_stops_the_run_loudly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("bug")

    monkeypatch.setattr(desk.site, "listing", broken)
    with pytest.raises(ZeroDivisionError):
        desk.run()
    assert desk.rows("SELECT count(*) FROM articles") == [(0,)]


def test_a_parser_that_breaks_is_an_answer_of_the_source(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")

    async def broken(*_: object) -> None:
        raise ParseError("the parser failed", UK_LIST)

    monkeypatch.setattr(desk.site, "listing", broken)
    assert desk.run().statistics["portal"].state == "structure_missing"


def test_a_page_of_something_else_gives_nothing_to_the_article(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію на школи")
    url = "https://portal.example/news/7"
    desk.site.pages[url] = Item(url, "Сторінку не знайдено", lead="404", origin="page")
    desk.run()
    assert desk.rows("SELECT title, lead, published_at FROM articles") == [
        ("Громади отримали субвенцію на школи", "", "2026-02-04")
    ]
    assert desk.rows("SELECT stage, url FROM problems") == [("article", url)]
    assert "Сторінку не знайдено" in str(desk.rows("SELECT message FROM problems"))


def test_an_error_page_in_the_place_of_an_old_article_is_no_edit(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію на школи")
    desk.run()
    url = "https://portal.example/news/7"
    desk.site.pages = {UK_LIST: [], EN_LIST: [], url: Item(url, "Технічні роботи", origin="page")}
    assert desk.run(days=1).total("edited") == 0
    assert desk.rows("SELECT title FROM articles") == [("Громади отримали субвенцію на школи",)]


def test_a_headline_rewritten_on_its_own_page_is_an_edit(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субвенцію на школи")
    desk.run()
    url = "https://portal.example/news/7"
    page = desk.site.pages[url]
    assert isinstance(page, Item)
    desk.site.pages = {UK_LIST: [], EN_LIST: [], url: replace(page, title="Кошти для ліцеїв уже розподілено")}
    assert desk.run(days=1).total("edited") == 1


WHOLE = "Громади отримали субвенцію"
OTHER_NEWS = "https://portal.example/news/6"
HALVES = ("Грома\ufffdи отримали субвенцію", "Громади отримали \ud83d", "Громади отримали субвен")


def listed(desk: Desk, title: str) -> None:
    """Show the title in the listing alone."""
    desk.site.pages[UK_LIST] = [Item("https://portal.example/news/7", title), Item(OTHER_NEWS, "Інша новина громад")]


@pytest.mark.fault("C5", "C8")
@pytest.mark.parametrize("half", HALVES)
def test_half_a_title_never_replaces_a_whole_one(desk: Desk, half: str) -> None:
    desk.site.publish(6, "Інша новина громад")
    desk.site.publish(7, WHOLE)
    desk.run()
    for _ in range(2):  # it is told as long as it comes so
        listed(desk, half)
        assert desk.run().total("edited") == 0
        (message,) = (str(row[0]) for row in desk.rows("SELECT message FROM problems WHERE resolved_at IS NULL"))
        assert message.startswith(("title has letters that cannot be read", "title breaks off inside a word"))
    listed(desk, WHOLE)
    assert desk.run().total("edited") == 0
    assert desk.rows("SELECT 1 FROM problems WHERE resolved_at IS NULL") == []
    assert desk.rows("SELECT title FROM article_versions WHERE article_id = 2") == [(WHOLE,)]


@pytest.mark.parametrize("half", HALVES[:2])
def test_a_new_title_with_broken_letters_waits_and_is_stored_when_it_comes_whole(desk: Desk, half: str) -> None:
    desk.site.publish(6, "Інша новина громад")
    desk.site.publish(7, half)
    reading = desk.run()
    assert (reading.total("new"), reading.total("rejected"), reading.statistics["portal"].state) == (1, 1, "ok")
    assert "waits for the next answer" in str(desk.rows("SELECT message FROM problems"))
    desk.site.publish(7, WHOLE)
    assert desk.run().total("new") == 1
    assert desk.rows("SELECT title FROM articles WHERE key = '7'") == [(WHOLE,)]


def test_a_site_that_always_cuts_in_its_listing_is_no_problem(desk: Desk) -> None:
    desk.site.publish(6, "Інша новина громад")
    desk.site.publish(7, WHOLE)
    listed(desk, HALVES[2])
    for _ in range(2):
        desk.run()
        assert desk.rows("SELECT title FROM articles WHERE key = '7'") == [(WHOLE,)]
    assert desk.rows("SELECT message FROM problems") == []


def test_a_title_cut_by_the_site_is_stored(desk: Desk) -> None:
    desk.site.publish(7, "Громади отримали субве…")
    assert desk.run().total("new") == 1


def test_a_page_whose_date_contradicts_the_listing_does_not_win(desk: Desk) -> None:
    listed = desk.site.publish(7, "Громади отримали субвенцію")
    url = "https://portal.example/news/7"
    page = desk.site.pages[url]
    assert isinstance(page, Item)
    desk.site.pages[url] = replace(page, published=Published("2020-01-01T10:00:00Z", "minute", "page"))
    desk.run()
    assert listed.published
    assert desk.rows("SELECT published_at FROM articles") == [(listed.published.at,)]


def test_a_source_that_gave_nothing_was_not_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def redesigned(*_: object) -> None:
        raise StructureMissing("no div.one-article", UK_LIST)

    monkeypatch.setattr(desk.site, "listing", redesigned)
    desk.site.publish(8, "Нова новина громад")
    assert desk.run().readable == 0


def test_a_machine_too_slow_to_read_an_answer_says_so_and_reads_it_next_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.site.publish(7, "Громади отримали субвенцію")
    desk.run()
    before = desk.state()
    desk.site.publish(8, "Нова новина громад")

    async def too_slow(*_: object) -> None:
        raise Overloaded("this machine is too slow: no 10 s for the parser within 60 s", UK_LIST)

    with monkeypatch.context() as patch:
        patch.setattr(desk.site, "listing", too_slow)
        reading = desk.run()
    assert reading.statistics["portal"].state == "overloaded"
    assert desk.state() == before
    (facts,) = runs.source_facts(desk.store.connection)
    judged = judge(facts, desk.now)
    assert judged.is_actionable
    assert judged.message == f"this machine is too slow: no 10 s for the parser within 60 s url={UK_LIST}"
    assert desk.rows("SELECT stage FROM problems WHERE resolved_at IS NULL") == [("parse",)]
    assert desk.run().total("new") == 1
    assert desk.rows("SELECT 1 FROM problems WHERE resolved_at IS NULL") == []


def test_a_fallback_that_fails_too_does_not_hide_why_the_first_failed(tmp_path: Path) -> None:
    main, spare = Listing("https://other.example/feed"), Listing("https://other.example/rss", fallback=True)
    desk = open_desk(tmp_path / "news.db", replace(OTHER, listings=(main, spare)))
    desk.site.pages[main.url] = ServerTrouble("500", main.url, 500)
    desk.site.pages[spare.url] = Refused("404", spare.url, 404)
    assert desk.run().statistics["other"].state == "unreachable"
    desk.store.close()


def test_a_site_whose_addresses_no_longer_fit_was_not_read(desk: Desk) -> None:
    moved = [Item(f"https://portal.example/novyny/{key}", f"Громади навчаються {key}") for key in range(6)]
    desk.site.pages[UK_LIST] = [*moved]
    reading = desk.run()
    statistics = reading.statistics["portal"]
    assert (statistics.state, statistics.rejected, reading.readable) == ("fields_missing", 6, 0)
    assert "6 of 6 items could not be kept" in str(desk.rows("SELECT message FROM problems WHERE stage = 'parse'"))
    assert desk.rows("SELECT verdict FROM coverage WHERE attempts > 0") == [("not_collected",)]
    assert desk.run().statistics["portal"].state == "fields_missing"
