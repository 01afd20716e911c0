"""Paths of the hostile site that the catalogue does not name: answers that are odd as HTTP, odd robots.txt."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import brotli

from tests.support.hostile import answer, coded, endless, head, redirect, sent_then
from tests.support.hostile_network import MAY_FAIL, bare, chunked
from tests.support.hostile_site import CANARY, Expected, News, failed, listed, robots, sent

if TYPE_CHECKING:
    from tests.support.hostile_site import HostilePath


def _page(name: str) -> bytes:
    return News(name).html()


def _deflated(name: str) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(_page(name)) + squeeze.flush()


def _with(name: str, *headers: str, expected: Expected | None = None) -> HostilePath:
    """A good listing under odd headers."""
    return listed(name, "", News.html, expected or Expected(), *headers)


def _chunky(name: str, **more: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(
        _page(name), **more
    )


_MANY_COOKIES = [f"Set-Cookie: a{n}={'x' * 200}; Domain=.test" for n in range(150)]
_HTTP = (
    sent("http-10", "", sent_then(bare("http-10", b"HTTP/1.0 200 OK"), then="close"), Expected()),
    sent(
        "http-10-no-length",
        "",
        sent_then(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + _page("http-10-no-length"), then="close"),
        Expected(),
    ),
    sent("http-2-preface", "", sent_then(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64", then="close"), failed()),
    sent("http-2-name", "", sent_then(bare("http-2-name", b"HTTP/2 200"), then="close"), failed()),
    sent("no-reason", "", sent_then(bare("no-reason", b"HTTP/1.1 200"), then="close"), MAY_FAIL),
    sent(
        "hints-then-page",
        "",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(200, _page("hints-then-page")),
        Expected(),
    ),
    sent(
        "continue-then-page",
        "",
        b"HTTP/1.1 100 Continue\r\n\r\n" + answer(200, _page("continue-then-page")),
        Expected(),
    ),
    sent("switching", "", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", failed()),
    sent("trailers", "", _chunky("trailers", trailer=b"X-Checksum: 1\r\nContent-Type: image/png\r\n"), MAY_FAIL),
    sent("chunk-extensions", "", _chunky("chunk-extensions", extension=b';a=b;c="d"'), Expected()),
    sent("chunk-extension-huge", "", _chunky("chunk-extension-huge", extension=b";" + b"a" * 20_000), MAY_FAIL),
    sent("206", "", answer(206, _page("206"), "Content-Range: bytes 0-99/100"), failed("206")),
    sent("203", "", answer(203, _page("203")), failed("203", "unreachable")),
    sent("300", "", answer(300, b"<a href=/x>", "Location: /300/x"), failed("300")),
    sent("305-proxy", "", answer(305, b"", f"Location: http://{CANARY}/"), failed("305")),
    sent("418", "", answer(418, b""), failed("418", "blocked")),
    sent(
        "redirect-303",
        "",
        redirect("/redirect-303/b", 303),
        Expected(),
        others={"/b": answer(200, _page("redirect-303"))},
    ),
    sent(
        "redirect-body", "", answer(302, _page("redirect-body"), "Location: /redirect-body/b"), failed("404", "blocked")
    ),
    sent(
        "redirect-two-locations",
        "",
        answer(302, b"", f"Location: http://{CANARY}/a", f"Location: http://{CANARY}/b"),
        failed(),
    ),
    sent("redirect-long", "", redirect("/" + "a" * 60_000), failed()),
    sent(
        "redirect-endless-body", "", endless(head(f"Location: http://{CANARY}/", status=302), b"x" * 10_000), failed()
    ),
    sent("br-unasked", "", coded("br", brotli.compress(_page("br-unasked"))), Expected()),
    sent("deflate-raw", "", coded("deflate", _deflated("deflate-raw")), Expected()),
    sent("deflate-zlib", "", coded("deflate", zlib.compress(_page("deflate-zlib"))), Expected()),
    sent("x-gzip", "", coded("x-gzip", gzip.compress(_page("x-gzip"))), Expected()),
    sent("identity", "", coded("identity", _page("identity")), Expected()),
    sent("coding-empty", "", coded("", _page("coding-empty")), Expected()),
    sent("gzip-empty", "", coded("gzip", gzip.compress(b"")), failed("empty")),
    sent(
        "gzip-members",
        "",
        coded("gzip", gzip.compress(_page("gzip-members")[:99]) + gzip.compress(_page("gzip-members")[99:])),
        Expected(),
    ),
    sent(
        "gzip-named",
        "",
        answer(200, gzip.compress(_page("gzip-named")), kind="application/gzip"),
        failed("gzip", "structure_missing"),
    ),
    _with("content-location", f"Content-Location: http://{CANARY}/news", "Link: <http://evil.example/>; rel=canonical"),
    _with("two-content-types", "Content-Type: image/png", expected=MAY_FAIL),
    _with("etag-64k", f'ETag: "{"x" * 60_000}"', expected=MAY_FAIL),
    _with("etag-odd", 'ETag: W/"a\x7f\u00e9"'),
    _with("cookie-bomb", *_MANY_COOKIES),
    _with("refresh-header", f"Refresh: 0; url=http://{CANARY}/"),
    _with("hsts-altsvc", "Strict-Transport-Security: max-age=99999999999", f'Alt-Svc: h3=":{443}", h2="{CANARY}"'),
    _with("csp-report", f"Content-Security-Policy: report-uri http://{CANARY}/", f'NEL: {{"report_to": "{CANARY}"}}'),
    _with("clear-site-data", 'Clear-Site-Data: "*"', "Content-Disposition: attachment; filename=../../news.db"),
    _with("last-modified-future", "Last-Modified: Fri, 20 Feb 2099 10:00:00 GMT", "Age: 99999999999", "Date: x"),
    listed("charset-quoted", "", News.html, Expected(), type='text/html; charset="utf8 "'),
    listed("charset-utf7", "", News.html, Expected(), type="text/html; charset=utf-7"),
    listed("charset-long", "", News.html, Expected(), type="text/html; charset=" + "x" * 5000),
    listed("multipart", "", News.html, Expected(), type="multipart/mixed; boundary=x"),
    listed("utf32", "", lambda news: news.page().encode("utf-32"), Expected()),
    listed("utf32-no-bom", "", lambda news: news.page().encode("utf-32-le"), MAY_FAIL),
    listed("utf7-body", "", lambda news: news.page().encode("utf-7"), Expected(), type="text/html; charset=utf-7"),
)

_RULES = "User-agent: *\nDisallow: /list\n"
_ROBOTS = (
    sent(
        "robots-bom-crlf",
        "",
        answer(),
        failed("robots.txt", "blocked", asked_at_most=0),
        robots=robots("\ufeff" + _RULES.replace("\n", "\r\n")),
    ),
    sent(
        "robots-cr",
        "",
        answer(),
        failed("robots.txt", "blocked", asked_at_most=0),
        robots=robots(_RULES.replace("\n", "\r")),
    ),
    sent(
        "robots-private",
        "",
        answer(),
        failed("robots.txt", "unreachable", asked_at_most=0),
        robots=redirect(f"http://{CANARY}/robots.txt"),
    ),
    sent(
        "robots-wildcards",
        "",
        answer(200, _page("robots-wildcards")),
        Expected(),
        robots=robots("User-agent: *\nDisallow: /" + "*a" * 5000 + "$\n"),
    ),
    sent(
        "robots-delay",
        "",
        answer(200, _page("robots-delay")),
        Expected(),
        robots=robots("User-agent: *\nCrawl-delay: 1e99\n"),
    ),
    sent(
        "robots-gzip-bomb",
        "",
        answer(200, _page("robots-gzip-bomb")),
        MAY_FAIL,
        robots=answer(200, gzip.compress(bytes(6 << 20)), "Content-Encoding: gzip", kind="text/plain"),
    ),
    sent(
        "robots-binary", "", answer(200, _page("robots-binary")), Expected(), robots=answer(200, bytes(range(256)) * 99)
    ),
)

SERVERS: tuple[HostilePath, ...] = (*_HTTP, *_ROBOTS)
