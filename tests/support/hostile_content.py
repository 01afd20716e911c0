"""Paths of the hostile site that answer well and hold odd HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support.hostile_site import CANARY, DAY, HEAD, Expected, News, failed, listed

if TYPE_CHECKING:
    from tests.support.hostile_site import HostilePath

EVIL = "<script>alert(1)</script>"


def first(titles: str = "", **more: object) -> Expected:
    """The other four, and the first under this title."""
    return Expected("2345", titles=(titles,) if titles else (), **more)  # type: ignore[arg-type]


def titled(name: str, faults: str, title: str, kept: str, **more: object) -> HostilePath:
    """A listing whose first headline is odd, and what is stored of it."""
    return listed(name, faults, lambda news: news.html(news.item(1, title)), first(kept, **more))


def dated(name: str, faults: str, date: str, day: str | None) -> HostilePath:
    expected = Expected(first={"published_on": day})
    return listed(name, faults, lambda news: news.html(news.item(1, date=date)), expected)


def linked(name: str, faults: str, link: str, **stored: object) -> HostilePath:
    """A listing whose first link is odd; without `stored` the item is left out."""
    expected = Expected(first=stored) if stored else Expected("2345", says="link|address|site")
    return listed(name, faults, lambda news: news.html(news.item(1, link=link)), expected)


def _encoded(name: str, faults: str, encoding: str, header: str, meta: str, expected: Expected) -> HostilePath:
    """A listing in another encoding than, or as, header and meta element say."""
    head = HEAD.replace("utf-8", meta) if meta else HEAD.replace("<meta charset='utf-8'>", "")
    kind = f"text/html; charset={header}" if header else "text/html"
    return listed(
        name,
        faults,
        lambda news: news.page(head=head).replace("’", "'").encode(encoding, "replace"),
        expected,
        type=kind,
    )


_FLAT = ("Хліб <i>і</i> сіль громади", "Хліб і сіль громади")

CONTENT: tuple[HostilePath, ...] = (
    _encoded("cp1251-listing", "C1", "cp1251", "utf-8", "windows-1251", Expected()),
    _encoded("cp1251-meta", "C2", "cp1251", "", "windows-1251", Expected()),
    _encoded("cp1251-header", "C2", "cp1251", "windows-1251", "", Expected()),
    _encoded("cp1251-no-hint", "C2", "cp1251", "", "", Expected(or_failed=True)),
    _encoded("utf8-says-cp1251", "C3", "utf-8", "windows-1251", "windows-1251", Expected()),
    _encoded("unknown-charset", "C3", "utf-8", "x-nothing", "x-nothing", Expected()),
    _encoded("koi8u", "C4", "koi8_u", "koi8-u", "koi8-u", Expected()),
    _encoded("utf16-bom", "C4", "utf-16", "", "", Expected()),
    _encoded("utf16-le", "C4", "utf-16-le", "utf-16", "", Expected()),
    _encoded("bom-listing", "C4", "utf-8-sig", "", "", Expected()),
    listed(
        "invalid-utf8",
        "C5",
        lambda news: news.html().replace("громада".encode(), b"gr\xff\xfe\xfdmada", 1),
        Expected("2345", says="letters that cannot be read"),
    ),
    listed(
        "mojibake",
        "C6",
        lambda news: news.html(news.item(1, news.title(1).encode().decode("cp1251", "replace"))),
        Expected("2345", says="decoded wrongly"),
    ),
    titled("nul-listing", "C7", "Рада\0 громади", "Рада громади"),
    titled("control-chars", "C7", "Рада\x01\x08\x0b\x1b\x7f\ufffe громади", "Рада громади"),
    titled("c1-controls", "C7", "Рада\x80\x9f громади", "Рада громади"),
    listed(
        "surrogate",
        "C8",
        lambda news: news.html(news.item(1, "Рада \ud800 громади")),
        Expected("2345", says="letters that cannot be read"),
    ),
    titled("bad-references", "C8", "Рада &#xD800;&#x110000;&#99999999999; громади", "Рада громади"),
    titled("rtl-override", "C9", "Рада \u202eидаморг\u202c громади", "Рада идаморг громади"),
    titled("isolates", "C9", "Рада \u2066a\u2069\u200f громади", "Рада a громади"),
    titled("zero-width", "C10", "Ра\u200bда гро\u200dма\ufeffди\u2060", "Рада громади"),
    titled("nfd", "C10", "Район\u0438\u0306 і\u0308жа", "Районй їжа"),
    listed(
        "long-title",
        "C11",
        lambda news: news.html(news.item(1, "слово " * 17_000)),
        Expected("2345", titles=(("слово " * 83)[:-1] + "…",), says="was cut to"),
    ),
    listed(
        "long-word",
        "C11",
        lambda news: news.html(news.item(1, "ї" * 50_000)),
        Expected("2345", titles=("ї" * 499 + "…",), says="was cut to"),
    ),
    titled("zalgo", "C11", "Рада" + "\u0301" * 5000 + " громади", "Рада\u0301\u0301\u0301 громади"),
    titled("blank-title", "C12", " \u00a0\u200b ", "", says="title"),
    listed(
        "empty-titles",
        "C12",
        lambda news: re.sub(rb'(href="[^"]*">)[^<]*', rb"\1", news.html()),
        failed("empty title", "fields_missing"),
    ),
    titled("title-html", "C13", "Рада <b class='x'>нової</b> <a href=/x>громади</a>", "Рада нової громади"),
    titled("title-comment", "C13", "Рада <!-- <b> --> громади", "Рада громади"),
    titled("title-script", "C14", f"Рада {EVIL} громади", "Рада громади", absent=("alert(1)",)),
    titled("title-escaped-script", "C14", "Рада &lt;script&gt;alert(1)&lt;/script&gt; громади", "Рада громади"),
    titled(
        "title-twice-escaped",
        "C14",
        "Рада &amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt; громади",
        "Рада громади",
    ),
    titled("title-img", "C14", "Рада <img src=x onerror=alert(1)> громади", "Рада громади", absent=("onerror",)),
    titled("title-svg", "C14", "Рада <svg onload=alert(1)> громади</svg>", "Рада громади", absent=("onload",)),
    titled("title-template", "C15", "Рада {{ 7*7 }} {% x %} ${7*7} #{7}", "Рада {{ 7*7 }} {% x %} ${7*7} #{7}"),
    titled("title-format", "C15", "Рада %s %(x)s {0} {self.x} громади", "Рада %s %(x)s {0} {self.x} громади"),
    titled("title-sql", "C15", "Рада'); DROP TABLE articles;-- громади", "Рада'); DROP TABLE articles;-- громади"),
    titled("title-formula", "C15", "=HYPERLINK(1) громади ради", "=HYPERLINK(1) громади ради"),
    *(
        listed(
            f"links-{how}",
            "C16",
            lambda news, link=link: news.html(news.item(1, link=link)),  # type: ignore[misc]
            Expected("2345", says="link"),
        )
        for how, link in {
            "javascript": "javascript:alert(1)",
            "javascript-tab": "java&#9;script:alert(1)",
            "javascript-case": " JaVaScRiPt:alert(1)",
            "javascript-entity": "&#106;avascript:alert(1)",
            "data": "data:text/html;base64,PHNjcmlwdD4=",
            "vbscript": "vbscript:x",
            "file": "file:///etc/passwd",
            "blob": "blob:https://x/1",
            "mailto": "mailto:a@b.c",
            "view-source": "view-source:https://x.test/",
        }.items()
    ),
    linked("links-relative", "C17", "../news/1", url="https://links-relative.hostile.test/news/1"),
    linked(
        "links-protocol-relative",
        "C17",
        "//links-protocol-relative.hostile.test/news/1",
        url="https://links-protocol-relative.hostile.test/news/1",
    ),
    linked("links-foreign", "C17", "//evil.example/news/1"),
    linked("links-dots", "C17", "../" * 10_000 + "news/1", url="https://links-dots.hostile.test/news/1"),
    listed(
        "base-href", "C17", lambda news: news.html(news.item(1, link="1"), HEAD + "<base href='/news/'>"), Expected()
    ),
    listed(
        "base-javascript",
        "C17",
        lambda news: news.html(head=HEAD + "<base href='javascript:alert(1)//'>"),
        failed("link", "fields_missing"),
    ),
    listed(
        "base-foreign",
        "C17",
        lambda news: news.html(head=HEAD + "<base href='https://evil.example/'>"),
        failed("not of this site", "fields_missing"),
    ),
    linked("links-space", "C18", " /news/1\n", url="https://links-space.hostile.test/news/1"),
    linked("links-newline", "C18", "/ne\nws/\t1", url="https://links-newline.hostile.test/news/1"),
    listed(
        "links-quote",
        "C18",
        lambda news: news.html(news.item(1, link="/news/1?a=&quot;onx=&quot;b%zz<>")),
        Expected(absent=('a"onx', "<>")),
    ),
    linked("links-idn", "C19", "https://громада.укр/news/1"),
    linked("links-homograph", "C19", "https://linкs-homograph.hostile.test/news/1"),
    listed(
        "links-userinfo",
        "C20",
        lambda news: news.html(news.item(1, link="https://user:secret@links-userinfo.hostile.test/news/1")),
        Expected(absent=("secret",)),
    ),
    linked("links-invalid", "C21", "http://[::1"),
    linked("links-port", "C21", "https://links-port.hostile.test:99999/news/1"),
    linked("links-empty", "C21", " "),
    linked("links-huge", "C21", "/news/" + "a" * 100_000),
    linked("links-zone", "C21", "http://[fe80::1%25eth0]/news/1"),
    listed(
        "links-canary",
        "C22",
        lambda news: news.html(news.item(1, link=f"http://{CANARY}/news/1")),
        Expected("2345", says="not of this site"),
    ),
    listed(
        "links-tracking",
        "C23",
        lambda news: news.html(
            news.item(1, link="/news/1?utm_source=x&amp;fbclid=y#top") + news.item(1) + news.item(1, link="/news/1#c")
        ),
        Expected(absent=("fbclid",)),
    ),
    listed("duplicate-ids", "C23", lambda news: news.html(news.item(1) * 3), Expected()),
    listed(
        "id-clash", "C24", lambda news: news.html(news.item(1) + news.item(1, "Зовсім інша новина громади")), Expected()
    ),
    listed("edited", "C25", News.html, Expected()).later(
        lambda news: news.html(news.item(1, "Нова назва першої новини громади")),
        Expected("2345", titles=("Нова назва першої новини громади",)),
    ),
    listed("deleted", "C26", News.html, Expected()).later(lambda news: news.html(""), Expected()),
    listed(
        "dates-missing",
        "C28",
        lambda news: news.html(news.item(1, date="")),
        Expected(first={"published_on": None}, says="no date"),
    ),
    dated("dates-garbled", "C28", "32 лютого 2026", None),
    dated("dates-no-year", "C28", "20 лютого", None),
    dated("dates-thousand-digits", "C28", "2" * 1000, None),
    *(
        dated(f"dates-{how}", "C29", date, None)
        for how, date in {
            "future": "20.02.2099",
            "far": "31.12.9999",
            "epoch": "01.01.1970",
            "zero": "00.00.0000",
        }.items()
    ),
    *(
        dated(f"dates-form-{number}", "C30", form, DAY)
        for number, form in enumerate(
            (
                "20 ЛЮТОГО 2026 РОКУ",
                "20 лют. 2026",
                "20\u202fлютого\u00a02026",
                "20 февраля 2026",
                "П’ятниця, 20 лютого 2026 р.",
            )
        )
    ),
    dated("dates-today", "C31", "сьогодні о 10:05", DAY),
    dated("dates-yesterday", "C31", "вчора о 18:05", "2026-02-19"),
    dated("dates-hours-ago", "C31", "2 години тому", DAY),
    dated("dates-dst-skipped", "C32", "30.03.2025 - 03:30", "2025-03-30"),
    dated("dates-dst-twice", "C32", "26.10.2025 - 03:30", "2025-10-26"),
    listed(
        "redesign",
        "C34",
        lambda news: news.html().replace(b"one-article", b"card"),
        failed("one-article", "structure_missing"),
    ),
    listed("redesign-later", "C34", News.html, Expected()).later(
        lambda news: news.html().replace(b"one-article", b"card"), Expected(states=("structure_missing",))
    ),
    listed("zero-items", "C34", lambda news: news.html("", count=1), Expected("", states=("empty",), says="0 items")),
    listed("one-item", "C35", lambda news: news.html(count=1), Expected("1", says="1 items where at least 5")),
    listed(
        "items-in-script",
        "C36",
        lambda news: news.html(
            f"<!-- {news.item(9, 'Хибна новина')} --><script>x = `{news.item(8, 'Хибна новина')}`</script>"
            f"<template>{news.item(7, 'Хибна новина')}</template>" + news.item(1)
        ),
        Expected(),
    ),
    listed(
        "no-link-items",
        "C36",
        lambda news: news.html('<div class="one-article">Без посилання</div>'),
        Expected("2345", says="one-article__title"),
    ),
    listed(
        "unclosed", "C37", lambda news: news.html().replace(b"</div>", b""), Expected("5", states=("fields_missing",))
    ),
    listed("deep-nesting", "C37", lambda news: news.html("<div>" * 20_000 + news.item(1)), Expected(or_failed=True)),
    listed(
        "many-tags",
        "C37",
        lambda news: news.html("<b>" * 200_000),
        Expected("2345", or_failed=True),
        is_slow=True,
    ),
    listed(
        "attr-flood",
        "C37",
        lambda news: news.html("<p " + " ".join(f"a{n}=b" for n in range(50_000)) + ">" + news.item(1)),
        Expected(or_failed=True),
    ),
)
