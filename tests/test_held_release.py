"""What becomes of an answer that is held back: confirmed by a second one, accepted by a person, or withdrawn."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from core.answers import JudgedAnswer
from core.model import Item, Listing, iso
from db import held_answers
from pipeline.__main__ import main
from pipeline.collect.held import held_message
from pipeline.collect.listings import Plan
from pipeline.collect.run import ExchangeLog, Ingest, Tools
from pipeline.report import LINE_LIMIT
from scrapers.registry import all_sources
from tests.support.fakes import TWO_EDITIONS, UK_LIST, Desk, open_desk
from tests.support.listing_changes import DRIFT, FEED, OF_FEED, OTHER_PAGE, Room, number_of, russian
from tests.support.samples import PORTAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOM = Room()
HALF, ONE_TITLE = DRIFT["half of the usual items"], DRIFT["every title one text"]
AT = "2026-02-20T12:00:00Z"
OPEN = "SELECT count(*) FROM held_answers WHERE ended_at IS NULL"
ENDS = "SELECT ended_by, times, items FROM held_answers ORDER BY id"


@pytest.fixture(autouse=True)
def no_grouping(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not the subject, and slow."""
    monkeypatch.setattr("tests.support.fakes.group_due", lambda *_: None)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db", OF_FEED)
    run(desk, ROOM.items(newest=ROOM.newest - 2))
    yield desk
    desk.store.close()


def run(desk: Desk, items: list[Item], days: float = 0) -> str:
    """Read the feed when it shows `items`; return the state."""
    desk.site.pages[FEED] = [*items]
    return desk.run(days=days).statistics["portal"].state


@pytest.mark.parametrize(("hours", "state"), [(19, "suspicious"), (21, "ok")])
def test_a_second_answer_of_its_kind_a_day_later_is_taken(desk: Desk, hours: float, state: str) -> None:
    assert run(desk, HALF(ROOM), days=1) == "suspicious"
    shorter = HALF(ROOM)[1:]
    assert run(desk, shorter, days=hours / 24) == state
    assert desk.rows("SELECT count(*) FROM problems WHERE resolved_at IS NULL") == [(int(state != "ok"),)]
    if state == "ok":
        assert desk.rows(ENDS) == [("confirmed", 1, "[]")]
        assert run(desk, HALF(replace(ROOM, newest=ROOM.newest + 1)), days=1) == "ok", "it is the new normal"
        assert run(desk, ROOM.items(newest=ROOM.newest + 3), days=1) == "ok", "back to the old one"
    else:
        assert desk.rows("SELECT times FROM held_answers") == [(2,)]
        assert len(json.loads(str(desk.rows("SELECT items FROM held_answers")[0][0]))) == len(shorter)


def test_the_day_is_counted_anew_when_something_else_is_odd(desk: Desk) -> None:
    assert run(desk, HALF(ROOM), days=1) == "suspicious"
    prefixed = [replace(item, title=f"НОВИНИ | {item.title}") for item in ROOM.items()]
    assert run(desk, prefixed, days=1) == "suspicious"
    assert desk.rows("SELECT first_at = last_at, times FROM held_answers") == [(1, 1)]
    assert len(desk.rows("SELECT id FROM problems WHERE resolved_at IS NULL")) == 1
    assert run(desk, prefixed, days=1) == "ok"
    assert desk.rows("SELECT count(*) FROM articles WHERE title LIKE 'НОВИНИ | %'") == [(30,)]


@pytest.mark.parametrize("drift", ["every title one text", "titles are dates", "one link for all", "a flip to Russian",
                                   "titles moved down by one", "letters in a wrong encoding"])  # fmt: skip
def test_what_is_evidently_wrong_waits_for_a_person_however_often_it_comes(desk: Desk, drift: str) -> None:
    before = desk.state()
    for _ in range(3):
        assert run(desk, DRIFT[drift](ROOM), days=2) == "suspicious"
    assert desk.state() == before
    assert desk.rows("SELECT times FROM held_answers") == [(3,)]
    assert desk.rows("SELECT times, resolved_at FROM problems") == [(3, None)], "one row, which counts up"


@pytest.mark.parametrize("drift", ["half of the usual items", "every title one text"])
def test_an_ordinary_answer_ends_the_matter_by_itself(desk: Desk, drift: str) -> None:
    run(desk, DRIFT[drift](ROOM), days=1)
    assert run(desk, ROOM.items(), days=0.1) == "ok"
    assert desk.rows("SELECT ended_by FROM held_answers") == [("withdrawn",)]
    assert desk.rows("SELECT count(*) FROM problems WHERE resolved_at IS NULL") == [(0,)]
    assert run(desk, DRIFT[drift](ROOM), days=1) == "suspicious", "a day after the first, but not the second in a row"


def test_the_answer_from_before_comes_again_unchanged(desk: Desk) -> None:
    yesterday = ROOM.items(newest=ROOM.newest - 2)
    run(desk, HALF(ROOM), days=1)
    desk.site.asked.clear()
    assert run(desk, yesterday, days=0.1) == "ok"
    assert desk.site.asked == [(FEED, None)], "asked in full"
    assert desk.rows(OPEN) == [(0,)]
    assert run(desk, yesterday) == "not_modified"


def test_a_first_answer_is_judged_by_itself(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "first.db", OF_FEED)
    assert run(desk, ONE_TITLE(ROOM)) == "suspicious"
    assert run(desk, [replace(item, title=russian(place)) for place, item in enumerate(ROOM.items())]) == "suspicious"
    assert desk.rows("SELECT count(*) FROM articles") == [(0,)]
    assert run(desk, ROOM.items(size=4)) == "ok"
    desk.store.close()


def test_other_listings_of_the_source_are_applied_and_a_fallback_is_not_read(tmp_path: Path) -> None:
    others = (Listing(OTHER_PAGE), Listing("https://portal.example/fallback", fallback=True))
    source = replace(OF_FEED, listings=(*OF_FEED.listings, *others))
    desk = open_desk(tmp_path / "news.db", source)
    desk.site.pages[OTHER_PAGE] = [*ROOM.items(newest=60, size=8)]
    run(desk, ROOM.items(newest=ROOM.newest - 2))
    desk.site.pages[OTHER_PAGE] = [*ROOM.items(newest=61, size=8)]
    desk.site.urls()
    assert run(desk, ONE_TITLE(ROOM), days=1) == "suspicious"
    assert desk.site.urls() == [FEED, OTHER_PAGE]
    assert desk.rows("SELECT max(CAST(key AS INTEGER)) FROM articles WHERE CAST(key AS INTEGER) < 90") == [(61,)]
    assert desk.rows("SELECT new, edited FROM source_runs ORDER BY run_id DESC LIMIT 1") == [(1, 0)]
    assert desk.rows("SELECT url FROM held_answers") == [(FEED,)]
    desk.store.close()


def test_a_later_page_is_held_back_by_itself(tmp_path: Path) -> None:
    second = "https://portal.example/rss?page=2"
    source = replace(OF_FEED, listings=(Listing(FEED, "https://portal.example/rss?page={n}", kind="feed"),))
    desk = open_desk(tmp_path / "news.db", source)
    desk.site.pages[second] = [replace(item, title="Портал громад") for item in ROOM.items(newest=90)]
    assert run(desk, ROOM.items()) == "suspicious"
    assert desk.rows("SELECT url FROM held_answers") == [(second,)]
    assert desk.rows("SELECT count(*) FROM articles") == [(30,)]
    desk.site.pages[second] = [*ROOM.items(newest=90)]
    assert run(desk, ROOM.items()) == "ok"
    assert desk.rows("SELECT count(*) FROM articles") == [(60,)]
    assert desk.rows(OPEN) == [(0,)]
    desk.store.close()


def test_as_many_shapes_of_a_listing_are_kept_as_are_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_answers, "SHAPES_KEPT", 3)
    for number in range(5):
        run(desk, ROOM.items(newest=ROOM.newest - 1 + number % 2), days=0.01)
    assert desk.rows("SELECT id FROM listing_shapes") == [(4,), (5,), (6,)]
    assert len(held_answers.load_shapes(desk.store.connection, FEED)) == 3


def test_few_ended_answers_are_kept_and_without_their_items(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_answers, "ENDED_KEPT", 2)
    for number in range(4):
        run(desk, HALF(ROOM), days=0.01)
        run(desk, ROOM.items(newest=ROOM.newest - 1 + number % 2), days=0.01)
    assert desk.rows("SELECT count(*), max(length(items)) FROM held_answers") == [(2, 2)]


def test_the_day_of_a_held_answer_is_not_collected(desk: Desk) -> None:
    run(desk, HALF(ROOM), days=1)
    sql = "SELECT verdict FROM coverage WHERE day = ?"
    assert desk.rows(sql, desk.now.date().isoformat()) == [("not_collected",)]
    run(desk, ROOM.items(), days=0.1)
    assert desk.rows(sql, desk.now.date().isoformat()) == [("collected",)]


def test_a_clock_that_was_ahead_does_not_keep_an_answer_for_ever(desk: Desk) -> None:
    run(desk, HALF(ROOM), days=900)
    assert run(desk, HALF(ROOM), days=-899) == "suspicious"
    assert run(desk, HALF(ROOM), days=1) == "ok"


def test_a_message_has_room_for_what_to_do_about_it() -> None:
    item = Item("https://portal.example/news/7", "Дуже довгий заголовок " * 20)
    reasons = {str(number): "1500 of 1500 known items have the title or lead of another item" for number in range(9)}
    for source in all_sources():
        message = held_message(JudgedAnswer(FEED, "held", first_at=AT, reasons=reasons, items=(item,)), source.id)
        assert len(message) <= LINE_LIMIT
        assert message.endswith(f"`visnyk sources accept {source.id}`")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("count", "applied from 2026-02-21T08:00Z on if it stays so"), ("labels", "waits for a right answer")],
)
def test_a_message_says_what_comes_when_nobody_does_anything(kind: str, expected: str) -> None:
    judged = JudgedAnswer(FEED, "held", first_at=AT, reasons={kind: "words"}, items=tuple(ROOM.items()[:1]))
    assert f"; {expected}; if right: " in held_message(judged, "portal")


# ── A person's word ──

KOMSAMOVR = next(source for source in all_sources() if source.id == "komsamovr")
(RSS,) = KOMSAMOVR.listings


def on_komsamovr(items: list[Item]) -> list[Item]:
    return [replace(item, url=f"https://komsamovr.rada.gov.ua/news/main_news/{number_of(item)}.html") for item in items]


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A database in which an answer of a source that exists is held back."""
    path = tmp_path / "held.db"
    desk = open_desk(path, KOMSAMOVR)
    items = on_komsamovr(ROOM.items())
    desk.site.pages[RSS.url] = [*items[2:]]
    desk.run()
    desk.site.pages[RSS.url] = [replace(item, title="Відкриті дані комітету") for item in items]
    assert desk.run(days=1).statistics["komsamovr"].state == "suspicious"
    desk.store.close()
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_person_accepts_what_is_held_and_its_kind_is_normal_from_then_on(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--db", str(held), "--now", "2026-02-06T16:00:00Z")
    code, out, _ = asked(capsys, "sources", "accept", "komsamovr", *at)
    assert (code, out) == (0, "komsamovr: accepted: new 2, edited 28, unchanged 0, duplicate 0, rejected 0\n")
    desk = open_desk(held, KOMSAMOVR)
    assert desk.rows("SELECT DISTINCT title FROM articles") == [("Відкриті дані комітету",)]
    assert desk.rows("SELECT ended_by, ended_at FROM held_answers") == [("accepted", "2026-02-06T16:00:00Z")]
    assert desk.rows("SELECT count(*) FROM problems WHERE resolved_at IS NULL") == [(0,)]
    assert desk.rows("SELECT command, exit_code FROM runs ORDER BY id DESC LIMIT 1") == [("sources accept", 0)]
    assert desk.rows("SELECT state, new, edited, requests FROM source_runs ORDER BY run_id DESC LIMIT 1") == [
        ("ok", 2, 28, 0)
    ]
    items = [replace(item, title="Відкриті дані комітету") for item in on_komsamovr(ROOM.items(newest=ROOM.newest + 1))]
    desk.site.pages[RSS.url] = [*items]
    assert desk.run(days=2).statistics["komsamovr"].state == "ok"
    desk.store.close()
    code, out, _ = asked(capsys, "health", "--db", str(held), "--now", iso(desk.now))
    assert "held back" not in out


def test_what_is_held_is_shown_with_its_reasons_and_titles(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, "sources", "held", "--db", str(held))
    assert code == 0
    for words in ("known items have a completely different title", "30 of 30 items have the same title", RSS.url,
                  "    Відкриті дані комітету", "and 25 more", "sources accept komsamovr"):  # fmt: skip
        assert words in out
    data: dict[str, Any] = json.loads(asked(capsys, "sources", "held", "--db", str(held), "--json")[1])
    assert [(answer["source_id"], len(answer["titles"])) for answer in data["held"]] == [("komsamovr", 30)]


def test_health_calls_a_person_with_the_words_of_the_view(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, "health", "--db", str(held), "--json", "--now", "2026-02-06T16:00:00Z")
    told = next(row for row in json.loads(out)["sources"] if row["source_id"] == "komsamovr")
    assert (code, told["state"], told["actionable"]) == (3, "suspicious", 1)
    assert told["message"].startswith("held back: 30 of 30 items have the same title")
    assert told["message"].endswith("if right: `visnyk sources accept komsamovr`")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("accept", "nothing"), "unknown source: nothing"),
        (("accept", "auc"), "auc: nothing is held back"),
        (("accept",), "needs the ID of a source"),
        (("held", "auc"), "`sources held` takes no ID"),
    ],
)
def test_wrong_usage_is_one_line(
    held: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    code, out, err = asked(capsys, "sources", *words, "--db", str(held))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_nothing_is_held_in_a_healthy_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_desk(tmp_path / "news.db").store.close()
    assert asked(capsys, "sources", "held", "--db", str(tmp_path / "news.db"))[:2] == (0, "nothing is held back\n")
    code, _, err = asked(capsys, "sources", "accept", "auc", "--db", str(tmp_path / "none.db"))
    assert (code, "no database yet" in err, (tmp_path / "none.db").exists()) == (1, True, False)


def test_pages_of_accepted_articles_are_due_in_the_next_run(tmp_path: Path) -> None:
    from db import held_answers

    desk = open_desk(tmp_path / "news.db")
    desk.site.pages[UK_LIST] = [Item(PORTAL.listings[0].url + f"/{key}", "Одне й те саме") for key in range(1, 9)]
    assert desk.run().statistics["portal"].state == "suspicious"
    assert not [url for url in desk.site.urls() if url.rsplit("/", 1)[1].isdigit()], "no article's page is read"
    answers = held_answers.load_open(desk.store.connection)
    ingest = Ingest(desk.store, 1, Plan(desk.now), Tools(desk.site, desk.site, ExchangeLog(), dict))
    assert asyncio.run(ingest.accept(TWO_EDITIONS, answers)).new == 8
    assert desk.site.urls() == []
    assert desk.rows("SELECT DISTINCT look_again_at FROM articles") == [(iso(desk.now),)]
    desk.store.close()
