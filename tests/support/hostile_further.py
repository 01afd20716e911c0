"""Paths of the hostile site that the catalogue does not name: odd feeds, pages and REST answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.hostile_content import dated, linked, titled
from tests.support.hostile_feeds import atom, feed, rest
from tests.support.hostile_feeds import titled as feed_titled
from tests.support.hostile_network import MAY_FAIL
from tests.support.hostile_site import CANARY, DAY, HEAD, XML, Expected, News, failed, listed

if TYPE_CHECKING:
    from tests.support.hostile_site import HostilePath


def _rdf(news: News) -> bytes:
    items = "".join(
        f"<item rdf:about='{news.site}/news/{n}'><title>{news.title(n)}</title><link>{news.site}/news/{n}</link>"
        f"<dc:date>{news.moment.isoformat()}</dc:date></item>"
        for n in range(1, 6)
    )
    spaces = (
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'"
    )
    return f"{XML}<rdf:RDF {spaces}><channel><title>Сайт</title></channel>{items}</rdf:RDF>".encode()


_XML = (
    feed("rdf", "", _rdf, Expected(first={"published_on": News("rdf").day})),
    feed("rss-091", "", lambda news: news.rss().replace(b"version='2.0'", b"version='0.91'"), Expected()),
    feed("rss-no-version", "", lambda news: news.rss().replace(b" version='2.0'", b""), MAY_FAIL),
    feed("atom", "", atom, Expected(first={"published_on": News("atom").day})),
    feed("atom-03", "", lambda news: atom(news, "feed version='0.3' xmlns='http://purl.org/atom/ns#'"), Expected()),
    feed(
        "atom-xml-base",
        "",
        lambda news: atom(news, "feed xml:base='https://evil.example/' xmlns='http://www.w3.org/2005/Atom'"),
        Expected(),
    ),
    feed("atom-no-namespace", "", lambda news: atom(news, "feed"), MAY_FAIL),
    feed(
        "sitemap",
        "",
        lambda news: f"{XML}<urlset><url><loc>{news.site}/news/1</loc></url></urlset>".encode(),
        failed("", "structure_missing"),
    ),
    feed(
        "opml",
        "",
        lambda news: f"{XML}<opml><body><outline xmlUrl='http://{CANARY}/'/></body></opml>".encode(),
        failed("", "structure_missing"),
    ),
    feed(
        "svg",
        "",
        lambda news: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        failed("", "structure_missing"),
    ),
    feed(
        "xml-11",
        "",
        lambda news: news.rss(news.entry(1, "Рада&#1; громади"), "<?xml version='1.1'?>"),
        Expected("2345", ("Рада громади",)),
    ),
    feed("xml-utf7", "", lambda news: news.rss(head="<?xml version='1.0' encoding='utf-7'?>"), Expected()),
    feed(
        "xml-utf16",
        "",
        lambda news: news.feed(head="<?xml version='1.0' encoding='utf-16'?>").encode("utf-16"),
        Expected(),
    ),
    feed("xml-standalone", "", lambda news: news.rss(head="<?xml version='1.0' standalone='yes'?>"), Expected()),
    feed(
        "cdata-huge",
        "",
        lambda news: news.rss(news.entry(1, more=f"<description><![CDATA[{'слово ' * 250_000}]]></description>")),
        Expected(),
    ),
    feed(
        "two-thousand-categories",
        "",
        lambda news: news.rss(news.entry(1, more="".join(f"<category>t{n}</category>" for n in range(2000)))),
        Expected(),
    ),
    feed(
        "entities-in-attributes",
        "",
        lambda news: news.rss(news.entry(1, more="<enclosure url='a&amp;b&#39;&nbsp;' type=\"&lt;x&gt;\"/>")),
        Expected(),
    ),
    feed(
        "media-flood",
        "",
        lambda news: news.rss(news.entry(1, more=f"<enclosure url='http://{CANARY}/x'/>" * 5000)),
        Expected(),
    ),
    feed(
        "two-titles",
        "",
        lambda news: news.rss(news.entry(1, more="<title>Друга назва громади</title>")),
        Expected("2345", first_may_be_anything=True),
    ),
    feed(
        "two-links",
        "",
        lambda news: news.rss(news.entry(1, more="<link>https://evil.example/news/1</link>")),
        Expected("2345", first_may_be_anything=True),
    ),
    feed("two-channels", "", lambda news: news.rss(after="<rss><channel></channel></rss>"), Expected()),
    feed(
        "item-in-item",
        "",
        lambda news: news.rss(news.entry(1, more=news.entry(2))),
        Expected("2345", first_may_be_anything=True),
    ),
    feed(
        "uppercase-tags",
        "",
        lambda news: news.rss().replace(b"<item>", b"<ITEM>").replace(b"</item>", b"</ITEM>"),
        MAY_FAIL,
    ),
    feed(
        "date-now-everywhere",
        "",
        lambda news: news.rss(news.entry(1, more=f"<updated>{'9' * 400}</updated>")),
        Expected(),
    ),
    feed("guid-bomb", "", lambda news: news.rss(news.entry(1, more=f"<guid>{'g' * 500_000}</guid>")), Expected()),
    feed_titled("title-base64", "", "<![CDATA[<img src='data:image/png;base64,AAAA'>Рада громади]]>", "Рада громади"),
)

_WORDS = (
    titled(
        "emoji-family",
        "",
        "Рада \U0001f468\u200d\U0001f469\u200d\U0001f467 громади",
        "Рада \U0001f468\U0001f469\U0001f467 громади",
    ),
    titled("only-emoji", "", "\U0001f600\U0001f600", "", says="title"),
    titled("line-separators", "", "Рада\u2028нової\u2029\u0085громади", "Рада нової громади"),
    titled("tags-block", "", "Рада громади\U000e0041\U000e007f", "Рада громади"),
    titled("soft-hyphens", "", "Ра\u00adда гро\u00adмади", "Рада громади"),
    titled("nested-entities", "", "Рада &amp;amp;amp;amp;lt; громади", "Рада &lt; громади"),
    titled("one-letter", "", "Я", "Я"),
    titled("mathematical", "", "Рада \U0001d5a0\U0001d5a1 громади", "Рада \U0001d5a0\U0001d5a1 громади"),
    linked("fragment-data", "", "/news/1#data:text/html,<script>", url="https://fragment-data.hostile.test/news/1"),
    linked("ip-decimal", "", "http://2130706433/news/1"),
    linked("ip-octal", "", "http://0177.0.0.1/news/1"),
    linked("backslashes", "", "\\\\evil.example\\news\\1"),
    linked("at-sign", "", "https://at-sign.hostile.test@evil.example/news/1"),
    listed(
        "null-in-link", "", lambda news: news.html(news.item(1, link="/news/1\0.html")), Expected(absent=("\\x00",))
    ),
    listed("percent-null", "", lambda news: news.html(news.item(1, link="/news/%00")), Expected("2345", says="key")),
    linked("encoded-slashes", "", "/news/..%2f..%2f..%2fetc%2fpasswd"),
    dated("date-arabic-digits", "", "٢٠.٠٢.٢٠٢٦", DAY),
    dated("date-roman", "", "20.II.2026", None),
    dated("date-script", "", "<script>20.02.2026</script>", None),
    listed("form-feed-tags", "", lambda news: news.html().replace(b"<a ", b"<a\x0c"), Expected()),
    listed(
        "json-ld-bomb",
        "",
        lambda news: news.html(head=HEAD + f"<script type='application/ld+json'>{'[' * 50_000}</script>"),
        Expected(),
    ),
    listed(
        "noscript-refresh",
        "",
        lambda news: news.html(
            head=HEAD + f"<noscript><meta http-equiv=refresh content='0;http://{CANARY}/'></noscript>"
        ),
        Expected(),
    ),
    listed(
        "iframe-canary",
        "",
        lambda news: news.html(after=f"<iframe src='http://{CANARY}/'></iframe><img src=//{CANARY}/x>"),
        Expected(),
    ),
    listed(
        "frameset",
        "",
        lambda news: f"<frameset><frame src='http://{CANARY}/'></frameset>".encode(),
        failed("", "structure_missing"),
    ),
    listed(
        "xhtml-doctype",
        "",
        lambda news: news.html().replace(
            b"<!doctype html>", f"<!DOCTYPE html SYSTEM 'http://{CANARY}/x.dtd' [<!ENTITY a 'b'>]>".encode()
        ),
        Expected(),
    ),
    listed("two-bodies", "", lambda news: news.html() + b"</html><html><body></body></html>", Expected()),
    listed("comment-unclosed-end", "", lambda news: news.html(after="<!-- "), Expected()),
    listed(
        "huge-attribute", "", lambda news: news.html(f"<p data-x='{'x' * 1_000_000}'></p>" + news.item(1)), Expected()
    ),
    listed("thousand-tables", "", lambda news: news.html("<table><tr><td>" * 3000 + news.item(1)), MAY_FAIL),
)

_JSON = (
    rest("json-deep", "", lambda news: b"[" * 100_000, failed("", "structure_missing")),
    rest(
        "json-deep-inside",
        "",
        lambda news: news.rest().replace(b'"id": 1,', b'"id": 1, "x": ' + b"[" * 900 + b"]" * 900 + b","),
        Expected("2345", first_may_be_anything=True, or_failed=True),
    ),
    rest(
        "json-nan", "", lambda news: news.rest(news.post(1, x=float("nan"), y=float("inf"))), Expected(or_failed=True)
    ),
    rest(
        "json-1e999",
        "",
        lambda news: news.rest().replace(b'"id": 1,', b'"id": 1e999,'),
        Expected("2345", says="without an id"),
    ),
    rest("json-huge-id", "", lambda news: news.rest(news.post(1, id=int("9" * 400))), Expected("2345", says="key")),
    rest(
        "json-digits-5000",
        "",
        lambda news: news.rest().replace(b'"id": 1,', b'"id": ' + b"9" * 5000 + b","),
        Expected("2345", or_failed=True),
    ),
    rest("json-duplicate-keys", "", lambda news: news.rest().replace(b'"id": 1,', b'"id": 77, "id": 1,'), Expected()),
    rest(
        "json-strings-for-numbers",
        "",
        lambda news: news.rest(news.post(1, id="1")),
        Expected("2345", first_may_be_anything=True),
    ),
    rest("json-object", "", lambda news: b'{"posts": []}', failed("", "structure_missing")),
    rest(
        "json-error",
        "",
        lambda news: b'{"code": "rest_disabled", "message": "<b>Off</b>"}',
        failed("rest_disabled", "structure_missing"),
    ),
    rest("json-null", "", lambda news: b"null", failed("", "structure_missing")),
    rest("json-string", "", lambda news: b'"x"', failed("", "structure_missing")),
    rest("json-empty-list", "", lambda news: b"[]", Expected("", states=("empty",), says="0 items")),
    rest(
        "json-mixed",
        "",
        lambda news: json.dumps([None, 7, "x", [], *map(news.post, range(1, 6))]).encode(),
        Expected(says="no object"),
    ),
    rest("json-html", "", News.html, failed("HTML", "structure_missing")),
    rest("json-cut", "", lambda news: news.rest()[:-40], Expected("1234", says="waits for the next answer")),
    rest("json-prefix", "", lambda news: b")]}',\n" + news.rest(), failed("", "structure_missing")),
    rest("json-comment", "", lambda news: b"/* x */" + news.rest(), failed("", "structure_missing")),
    rest("json-bool-id", "", lambda news: news.rest(news.post(1, id=True)), Expected("2345", says="without an id")),
    rest(
        "json-title-list",
        "",
        lambda news: news.rest(news.post(1, title=["a", {"b": "c"}])),
        Expected("2345", says="without a title"),
    ),
    rest("json-proto", "", lambda news: news.rest(news.post(1, __proto__={"x": 1}, constructor="x")), Expected()),
)

FURTHER: tuple[HostilePath, ...] = (*_XML, *_WORDS, *_JSON)
