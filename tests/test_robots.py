from __future__ import annotations

import pytest

from scrapers.http.robots import MAX_CRAWL_DELAY, parse


def is_allowed(rules: str, path: str) -> bool:
    return parse(f"User-agent: *\n{rules}").is_allowed(f"https://news.test{path}")


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /", "/news", False),
        ("Disallow:", "/news", True),
        ("Disallow: /admin", "/news", True),
        ("Disallow: /admin", "/administration", False),
        ("Disallow: /admin/", "/admin", True),
        ("Disallow: /\nAllow: /news", "/news/1", True),  # the longer rule wins, whatever the order
        ("Allow: /news\nDisallow: /", "/news/1", True),
        ("Allow: /\nDisallow: /news", "/news/1", False),
        ("Allow: /news\nDisallow: /news", "/news/1", True),  # equal: the allowing one
        ("Disallow: /*?page=", "/news?page=2", False),
        ("Disallow: /*?page=", "/news", True),
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x=1", True),
        ("Disallow: /*.pdf$", "/a.pdf/b.pdf", False),
        ("Disallow: /a*a$", "/a", True),
        ("Disallow: /fish$", "/fish", False),
        ("Disallow: /fish$", "/fishing", True),
        ("Disallow: *print", "/news/print", False),
        ("Disallow: /новини", "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/1", False),
        ("Disallow: /%7Ejoe", "/~joe/x", False),
        ("Disallow: /robots.txt", "/robots.txt", True),
        ("DISALLOW : /x # not this", "/x", False),
        ("Disallow: news", "/news", True),  # not a path
        ("Disallow: /" + "*a" * 400 + "b", "/" + "a" * 4000, True),  # answers at once
    ],
)
def test_rules_for_everybody(rules: str, path: str, allowed: bool) -> None:
    assert is_allowed(rules, path) is allowed


def test_the_group_that_names_us_counts_alone() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Visnyk/2\nUser-agent: other\nDisallow: /private\n"
    assert parse(text).is_allowed("https://news.test/news")
    assert not parse(text).is_allowed("https://news.test/private/1")


def test_several_groups_for_us_are_one() -> None:
    text = "User-agent: visnyk\nDisallow: /a\nUser-agent: *\nDisallow: /\nUser-agent: VISNYK\nDisallow: /b\n"
    rules = parse(text)
    assert [rules.is_allowed(f"https://news.test/{path}") for path in "abc"] == [False, False, True]


def test_an_empty_group_for_us_allows_everything() -> None:
    assert parse("User-agent: *\nDisallow: /\nUser-agent: visnyk\nDisallow:\n").is_allowed("https://news.test/x")


@pytest.mark.parametrize("text", ["", "<html><body>Not here</body></html>", "Disallow: /", "\ufeff", "a:b\n" * 9])
def test_what_is_no_robots_txt_allows_everything(text: str) -> None:
    assert parse(text).is_allowed("https://news.test/")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        ("0.5", 0.5),
        ("3600", 3600.0),
        ("999999", MAX_CRAWL_DELAY),
        ("-1", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("nan", 0.0),
        ("1e9", 0.0),
    ],
)
def test_crawl_delay_is_bounded(value: str, seconds: float) -> None:
    assert parse(f"User-agent: *\nCrawl-delay: {value}").crawl_delay == seconds


def test_byte_order_mark_and_line_ends_do_not_matter() -> None:
    assert not parse("\ufeffUser-agent: *\r\nDisallow: /x\r\n").is_allowed("https://news.test/x")
