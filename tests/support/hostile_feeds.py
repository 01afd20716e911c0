"""Paths of the hostile site that answer well and hold odd RSS, Atom or REST answers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.hostile_site import CANARY, DAY, XML, Expected, News, failed, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.hostile_site import HostilePath

SECRET = Path(__file__).with_name("faults.csv")  # a file whose words must not come in


def feed(name: str, faults: str, content: Callable[[News], bytes], expected: Expected, **more: Any) -> HostilePath:
    return listed(name, faults, content, expected, kind="feed", **more)


def rest(name: str, faults: str, content: Callable[[News], bytes], expected: Expected, **more: Any) -> HostilePath:
    return listed(name, faults, content, expected, kind="rest", **more)


def titled(name: str, faults: str, title: str, kept: str, **more: Any) -> HostilePath:
    """A feed whose first title is odd, and what is stored of it."""
    expected = Expected("2345", titles=(kept,) if kept else (), **more)
    return feed(name, faults, lambda news: news.rss(news.entry(1, title)), expected)


def dated(name: str, date: str, day: str | None, faults: str = "C33") -> HostilePath:
    return feed(name, faults, lambda news: news.rss(news.entry(1, date=date)), Expected(first={"published_on": day}))


def atom(news: News, root: str = "feed xmlns='http://www.w3.org/2005/Atom'", first: str | None = None) -> bytes:
    """The five items as Atom."""
    entries = [
        f"<entry><title>{news.title(number)}</title><link href='{news.site}/news/{number}'/><id>tag:{number}</id>"
        f"<updated>{news.moment.isoformat()}</updated></entry>"
        for number in range(1, 6)
    ]
    entries[0] = first or entries[0]
    return f"{XML}<{root}><title>Сайт</title>{''.join(entries)}</{root.split(maxsplit=1)[0]}>".encode()


def _entities(depth: int, wide: int) -> str:
    levels = "".join(f"<!ENTITY b{n} '{f'&b{n - 1};' * wide}'>" for n in range(1, depth))
    return f"<!DOCTYPE rss [<!ENTITY b0 '{'ха' * wide}'>{levels}]>"


def _guids(*guids: str) -> Callable[[News], bytes]:
    """The five items, each with such a guid."""
    return lambda news: news.rss(
        "".join(news.entry(number, more=f"<guid>{guid}</guid>") for number, guid in enumerate(guids, 1)), count=1
    )


FEEDS: tuple[HostilePath, ...] = (
    feed("feed-good", "", News.rss, Expected(first={"published_on": News("feed-good").day})),
    feed(
        "feed-nul",
        "C7",
        lambda news: news.rss(news.entry(1, "Рада\0\x1f громади")),
        Expected("2345", ("Рада громади",)),
    ),
    feed(
        "feed-illegal-chars",
        "C8",
        lambda news: news.rss(news.entry(1, "Рада \ud800 громади")),
        Expected("2345", says="letters that cannot be read"),
    ),
    titled("feed-bad-charref", "C8", "Рада &#xD800;&#x110000;&#99999999999;&#0; громади", "Рада громади"),
    titled("feed-long-title", "C11", "слово " * 100_000, ("слово " * 83)[:-1] + "…", says="was cut to"),
    titled("feed-empty-title", "C12", "  ", "", says="without a title"),
    titled("feed-cdata-script", "C14", "<![CDATA[Рада <script>alert(1)</script> громади]]>", "Рада громади"),
    titled("feed-nested-cdata", "C14", "<![CDATA[Рада ]]]]><![CDATA[> громади]]>", "Рада ]]> громади"),
    titled("feed-escaped-markup", "C13", "Рада &lt;b onclick='x'&gt;нової&lt;/b&gt; громади", "Рада нової громади"),
    titled("feed-type-html", "C13", "Рада &amp;lt;i&amp;gt; громади", "Рада громади"),
    *(
        feed(
            f"feed-{how}-link",
            "C16",
            lambda news, link=link: news.rss(news.entry(1, link=link)),  # type: ignore[misc]
            Expected("2345", says="link"),
        )
        for how, link in {"js": "javascript:alert(1)", "data": "data:text/html,x", "file": "file:///etc/passwd"}.items()
    ),
    feed("feed-relative-link", "C17", lambda news: news.rss(news.entry(1, link="/news/1")), Expected()),
    feed(
        "feed-userinfo",
        "C20",
        lambda news: news.rss(news.entry(1, link="https://u:secret@feed-userinfo.hostile.test/news/1")),
        Expected(absent=("secret",)),
    ),
    feed(
        "feed-no-link",
        "C21 C24",
        lambda news: news.rss(news.entry(1, link="")),
        Expected("2345", says="without a link"),
    ),
    feed(
        "feed-canary-link",
        "C22",
        lambda news: news.rss(
            news.entry(
                1,
                link=f"http://{CANARY}/news/1",
                more=f"<enclosure url='http://{CANARY}/a.mp3'/><comments>http://{CANARY}/c</comments>",
            )
        ),
        Expected("2345"),
    ),
    feed("feed-three-times", "C23", lambda news: news.rss(news.entry(1) * 3), Expected()),
    feed("feed-dup-guid", "C24", _guids(*["same"] * 5), Expected()),
    feed("feed-guid-changes", "C24", _guids(*"abcde"), Expected()).later(_guids(*"fghij"), Expected()),
    feed("new-ids", "C27", News.rss, Expected()).later(
        lambda news: news.rss(news.entry(6, news.title(1)), count=5), Expected("112345")
    ),
    dated("feed-date-no-zone", "Fri, 20 Feb 2026 16:18:00", DAY),
    dated("feed-date-eet", "Fri, 20 Feb 2026 00:30:00 EET", DAY),
    dated("feed-date-9999", "Fri, 20 Feb 2026 16:18:00 +9999", None),
    dated("feed-date-32", "Fri, 32 Feb 2026 16:18:00 +0200", None),
    dated("feed-date-far", "99999-01-01", None),
    dated("feed-date-future", "Fri, 20 Feb 2099 10:00:00 GMT", None, "C29"),
    dated("feed-date-digits", "9" * 1000, None),
    dated("feed-date-none", "", None, "C28"),
    dated("feed-date-words", "20 лютого 2026, 16:18", DAY, "C30"),
    feed(
        "feed-many",
        "C35",
        lambda news: news.rss("".join(news.entry(n, link=f"{news.site}/about/{n}") for n in range(6, 4000))),
        Expected("", states=("fields_missing",), or_failed=True),
    ),
    feed(
        "feed-deep",
        "C37",
        lambda news: news.rss("<a>" * 20_000 + "</a>" * 20_000 + news.entry(1)),
        Expected(or_failed=True),
    ),
    feed(
        "feed-attr-flood",
        "C37",
        lambda news: news.rss("<x " + " ".join(f"a{n}='b'" for n in range(4_000)) + "/>" + news.entry(1)),
        Expected(or_failed=True),
    ),
    feed(
        "feed-xxe-file",
        "C40",
        lambda news: news.rss(
            news.entry(1, "Рада &x; громади"), f"{XML}<!DOCTYPE rss [<!ENTITY x SYSTEM '{SECRET.as_uri()}'>]>"
        ),
        Expected("2345", ("Рада &x громади",), absent=("untested",)),
    ),
    feed(
        "feed-xxe-http",
        "C40",
        lambda news: news.rss(
            news.entry(1, "Рада &x; громади"), f"{XML}<!DOCTYPE rss [<!ENTITY x SYSTEM 'http://{CANARY}/x'>]>"
        ),
        Expected("2345", ("Рада &x громади",)),
    ),
    feed(
        "feed-xxe-dtd",
        "C40",
        lambda news: news.rss(head=f"{XML}<!DOCTYPE rss SYSTEM 'http://{CANARY}/x.dtd'>"),
        Expected(),
    ),
    feed(
        "feed-xxe-parameter",
        "C40",
        lambda news: news.rss(head=f"{XML}<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://{CANARY}/p'> %p;]>"),
        Expected(),
    ),
    feed(
        "feed-stylesheet",
        "C40",
        lambda news: news.rss(head=f"{XML}<?xml-stylesheet href='http://{CANARY}/x.xsl' type='text/xsl'?>"),
        Expected(),
    ),
    feed(
        "feed-xinclude",
        "C40",
        lambda news: news.rss(
            f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{SECRET.as_uri()}'/>" + news.entry(1)
        ),
        Expected(),
    ),
    feed(
        "billion-laughs",
        "C41",
        lambda news: news.rss(news.entry(1, "&b9;"), XML + _entities(10, 10)),
        Expected("2345", first_may_be_anything=True),
    ),
    feed(
        "quadratic-blowup",
        "C41",
        lambda news: news.rss(news.entry(1, "&b0;" * 5000), XML + _entities(1, 50_000)),
        Expected("2345", first_may_be_anything=True),
    ),
    feed(
        "bozo-feed",
        "C42",
        lambda news: news.rss(news.entry(1, "Тепло & світло громаді")),
        Expected("2345", ("Тепло & світло громаді",), says="well-formed"),
    ),
    feed(
        "feed-undeclared-ns",
        "C42",
        lambda news: news.rss(news.entry(1, more="<dc:x>y</dc:x>")),
        Expected(says="well-formed"),
    ),
    feed("feed-leading-space", "C42", lambda news: b"\n\n  " + news.rss(), Expected()),
    feed(
        "feed-nbsp",
        "C42",
        lambda news: news.rss(news.entry(1, "Рада&nbsp;громади")),
        Expected("2345", ("Рада громади",)),
    ),
    feed("feed-unclosed-comment", "C42", lambda news: news.rss("<!-- " + news.entry(1)), Expected(says="never closes")),
    feed(
        "feed-truncated",
        "C43",
        lambda news: news.rss()[: news.rss().index(news.title(4).encode()) + 21],
        Expected("123", says="breaks off"),
    ),
    feed(
        "feed-is-html", "C44", lambda news: b"<!doctype html><html><body>ok", failed("HTML page", "structure_missing")
    ),
    feed(
        "feed-json",
        "C44",
        lambda news: b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        failed("JSON", "structure_missing"),
    ),
    feed("feed-gz-file", "C44", lambda news: gzip.compress(news.rss()), failed("gzip", "structure_missing")),
    feed("feed-empty", "C44", lambda news: b"", failed("empty")),
    feed(
        "feed-is-url", "C45", lambda news: f"http://{CANARY}/feed".encode(), failed("plain text", "structure_missing")
    ),
    feed(
        "feed-is-file-url",
        "C45",
        lambda news: SECRET.as_uri().encode(),
        failed("plain text", "structure_missing", absent=("untested",)),
    ),
    feed("feed-is-path", "C45", lambda news: str(SECRET).encode(), failed("plain text", "structure_missing")),
    feed(
        "feed-cp1251",
        "C46",
        lambda news: news.feed(head="<?xml version='1.0' encoding='windows-1251'?>").encode("cp1251"),
        Expected(),
    ),
    feed("feed-cp1251-lie", "C46", lambda news: news.feed().encode("cp1251"), Expected(or_failed=True)),
    feed(
        "feed-utf8-lie", "C46", lambda news: news.rss(head="<?xml version='1.0' encoding='windows-1251'?>"), Expected()
    ),
    listed(
        "binary",
        "C39",
        lambda news: b"\x89PNG\r\n\x1a\n" + bytes(5000),
        failed("PNG", "structure_missing"),
        type="image/png",
    ),
    listed(
        "pdf",
        "C39",
        lambda news: b"%PDF-1.7\n" + bytes(5000),
        failed("PDF", "structure_missing"),
        type="application/pdf",
    ),
    listed("plain-type", "C39", News.html, Expected(), type="text/plain"),
    feed("feed-plain-type", "C39", News.rss, Expected(), type="text/plain"),
    listed("text-listing", "C39", lambda news: "Новини громад".encode(), failed("plain text", "structure_missing")),
    rest("rest-good", "", News.rest, Expected(first={"published_on": News("rest-good").day})),
    rest("rest-bom", "C4", lambda news: b"\xef\xbb\xbf" + news.rest(), Expected()),
    rest(
        "rest-script",
        "C14",
        lambda news: news.rest(news.post(1, title={"rendered": "Рада <script>x</script>&amp;#8217; громади"})),
        Expected("2345", ("Рада ’ громади",)),
    ),
    rest(
        "rest-js-link",
        "C16",
        lambda news: news.rest(news.post(1, link="javascript:alert(1)")),
        Expected("2345", says="link"),
    ),
    rest(
        "rest-null", "C12", lambda news: news.rest(news.post(1, title=None)), Expected("2345", says="without a title")
    ),
    rest(
        "rest-surrogate",
        "C8",
        lambda news: json.dumps([news.post(1, title="Рада \ud800 громади"), *map(news.post, range(2, 6))]).encode(),
        Expected("2345", says="letters that cannot be read"),
    ),
)
