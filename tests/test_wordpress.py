"""Answers of the WordPress REST interface."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import StructureMissing
from core.model import Fault, Item, Note, Page, Validators
from scrapers.parsing import excerpts, wordpress

SEEN_AT = datetime(2026, 2, 21, 10, 30, tzinfo=UTC)


def page(body: Any) -> Page:
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    address = "https://site.test/wp-json/wp/v2/posts"
    return Page(address, address, 200, "application/json", content, Validators(), SEEN_AT)


def post(**changes: Any) -> dict[str, Any]:
    base = {
        "id": 7,
        "date": "2026-02-20T16:18:00",
        "link": "https://site.test/novyna/",
        "title": {"rendered": "Громади &#038; міста &#8211; <em>разом</em>"},
        "excerpt": {"rendered": "<p>Лід. [&hellip;]</p>\n"},
    }
    return base | changes


def only(**changes: Any) -> Item:
    (item,) = wordpress.items(page([post(**changes)]))
    assert isinstance(item, Item)
    return item


def test_a_post() -> None:
    item = only()
    assert (item.key, item.url, item.origin) == ("7", "https://site.test/novyna/", "feed")
    assert (item.title, item.lead) == ("Громади & міста – разом", "Лід.…")


@pytest.mark.parametrize(
    ("dates", "at"),
    [
        ({}, "2026-02-20T14:18:00Z"),  # no zone: the site's own time, Kyiv's
        ({"date_gmt": "2026-02-20T15:18:00"}, "2026-02-20T15:18:00Z"),
        ({"date_gmt": "0000-00-00T00:00:00"}, "2026-02-20T14:18:00Z"),
        ({"date_gmt": None, "date": None}, None),
        ({"date": "2099-01-01T00:00:00"}, None),
        ({"date": 5}, None),
    ],
)
def test_dates(dates: dict[str, Any], at: str | None) -> None:
    published = only(**dates).published
    assert (published.at if published else None) == at


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": {"rendered": " "}}, "without a title"),
        ({"title": None}, "without a title"),
        ({"link": ""}, "without an address"),
        ({"id": None}, "without an id"),
        ({"id": True}, "without an id"),
        ({"id": -1}, "without an id"),
    ],
)
def test_a_broken_post_is_a_fault_and_the_others_go_on(changes: dict[str, Any], said: str) -> None:
    first, second, third = wordpress.items(page([post(id=1), post(**changes), post(id=3)]))
    assert isinstance(second, Fault)
    assert said in second.message
    assert [thing.key for thing in (first, third) if isinstance(thing, Item)] == ["1", "3"]


def test_posts_that_are_no_objects_are_faults() -> None:
    assert [type(thing) for thing in wordpress.items(page([None, 5, "x", post()]))] == [Fault, Fault, Fault, Item]


def test_bare_strings_and_a_byte_order_mark_are_read() -> None:
    body = b"\xef\xbb\xbf" + json.dumps([post(title="Просто назва", excerpt="лід")]).encode()
    (item,) = wordpress.items(page(body))
    assert isinstance(item, Item)
    assert (item.title, item.lead) == ("Просто назва", "лід")


def test_an_empty_list_and_a_page_past_the_end_have_no_posts() -> None:
    assert list(wordpress.items(page([]))) == []
    assert list(wordpress.items(page({"code": wordpress.PAST_THE_END, "message": "x", "data": {"status": 400}}))) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!DOCTYPE html><html>Just a moment...</html>", "challenge"),
        (b"<html><p>hello", "an HTML page"),
        (b"", "nothing"),
        (b'[{"id": 1', "JSON"),
        ({"code": "rest_no_route", "message": "No <b>route</b>"}, "rest_no_route: No route"),
        ({"posts": []}, "no list of posts"),
        (b'"text"', "no list of posts"),
    ],
)
def test_what_is_no_list_of_posts_is_named(body: Any, said: str) -> None:
    with pytest.raises(StructureMissing, match=said):
        list(wordpress.items(page(body)))


def read(body: bytes) -> tuple[list[str], list[str], list[str]]:
    """The keys of the items, the faults and the notes."""
    found = list(wordpress.items(page(body)))
    return (
        [thing.key for thing in found if isinstance(thing, Item)],
        [thing.message for thing in found if isinstance(thing, Fault)],
        [thing.message for thing in found if isinstance(thing, Note)],
    )


def three(bad: bytes) -> bytes:
    """Three posts, of which the second is replaced."""
    first, third = (json.dumps(post(id=number)).encode() for number in (1, 3))
    return b"[" + first + b"," + bad + b"," + third + b"]"


@pytest.mark.parametrize(
    "bad",
    [
        json.dumps(post(id=2)).encode().replace(b'"id"', b"id"),
        json.dumps(post(id=2)).encode().replace(b'"rendered": "<p', b'"rendered": "\\x<p'),
        json.dumps(post(id=2)).encode().replace(b"}}", b"}"),
        json.dumps(post(id=2)).encode()[:-60],
        b'{"id": 2, "title": {"rendered": "' + b"x" * 10,
        b'{"id": ' + b"[" * 5000 + b"}",
    ],
)
def test_a_post_that_is_no_json_costs_itself(bad: bytes) -> None:
    keys, faults, notes = read(three(bad))
    assert keys == ["1", "3"]
    assert len(faults) == 1
    assert faults[0].startswith("a post that cannot be read: it waits for the next answer (")
    assert notes == ["the REST answer is no valid JSON"]


@pytest.mark.parametrize("bad", [b"7", b'"x"', b"[]", b"null", b'{"id": 2}', b'{"id": 2, "title": []}'])
def test_a_post_of_another_shape_costs_itself(bad: bytes) -> None:
    keys, faults, notes = read(three(bad))
    assert (keys, len(faults), notes) == (["1", "3"], 1, [])


def test_a_control_character_in_a_text_costs_nothing() -> None:
    keys, faults, _ = read(three(json.dumps(post(id=2)).encode().replace("Лід".encode(), b"a\x01b\nc")))
    assert (keys, faults) == (["1", "2", "3"], [])


def test_the_post_in_which_an_answer_breaks_off_is_left_out() -> None:
    whole = three(json.dumps(post(id=2)).encode())
    for cut in range(3, 150, 7):
        keys, faults, _ = read(whole[:-cut])
        assert (keys, len(faults)) == (["1", "2"], 1)


def test_an_item_whose_reader_raises_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    real = excerpts.excerpt

    def failing(text: str) -> str:
        raise RecursionError("too deep")

    monkeypatch.setattr(excerpts, "excerpt", lambda text: failing(text) if "лихо" in text else real(text))
    bad = json.dumps(post(id=2, excerpt="лихо"), ensure_ascii=False).encode()
    keys, faults, _ = read(three(bad))
    assert (keys, faults) == (["1", "3"], ["an item that makes its reader fail (RecursionError: too deep)"])


def test_a_flood_of_what_is_no_post_is_given_up() -> None:
    good = json.dumps(post(id=1)).encode()
    keys, faults, _ = read(b"[" + good + b',{"id": x' * 1_000 + b"," + json.dumps(post(id=3)).encode() + b"]")
    assert (keys, len(faults)) == (["1", "3"], 1)
    keys, faults, _ = read(b"[" + good + b',{"id": x' * 1_001 + b"," + json.dumps(post(id=3)).encode() + b"]")
    assert (keys, len(faults)) == (["1"], 1)
