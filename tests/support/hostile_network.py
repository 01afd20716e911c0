"""Paths of the hostile site whose answers are odd as HTTP, whatever they hold."""

from __future__ import annotations

import gzip

from tests.support.hostile import (
    BROKEN,
    CODINGS,
    STALLING,
    answer,
    brotli_bomb,
    cached,
    coded,
    endless,
    gzip_bomb,
    head,
    redirect,
    sent_then,
    slowly,
    stall,
)
from tests.support.hostile_site import CANARY, Expected, HostilePath, News, failed, robots, sent

_BROKEN_FAULTS = {
    "N3": "/reset-before-headers /reset",
    "N4": "/close-no-response /close-mid-headers",
    "N5": "/close-mid-body",
    "N7": "/stall /stall-headers /stall-body",
    "N8": "/slowloris-headers /drip /huge-declared",
    "N27": "/two-lengths /negative-length",
    "N28": "/chunked-garbage /chunked-cut /chunked-2-64",
    "N29": "/no-headers /garbage /bad-status-line",
    "N30": "/header-1mb /header-flood /set-cookie-flood /1xx-flood",
}
_PRIVATE = {
    "plain": CANARY,
    "short": "127.1:@PORT",
    "decimal": "2130706433:@PORT",
    "hex": "0x7f000001:@PORT",
    "octal": "0177.0.0.1:@PORT",
    "mixed": "0x7f.1:@PORT",
    "ipv6": "[::1]:@PORT",
    "mapped": "[::ffff:127.0.0.1]:@PORT",
    "expanded": "[0:0:0:0:0:0:0:1]:@PORT",
    "zone": "[::1%25lo]:@PORT",
    "name": "localhost:@PORT",
    "dot": "localhost.:@PORT",
    "wide": "127。0。0。1:@PORT",
    "circled": "①②⑦.⓪.⓪.①:@PORT",
    "any": "0.0.0.0:@PORT",
    "nat64": "[64:ff9b::7f00:1]:@PORT",
    "metadata": "169.254.169.254",
}
_LOCATIONS = {
    "file": "file:///etc/passwd",
    "data": "data:text/html,<p>hi",
    "javascript": "javascript:alert(1)",
    "bad-url": "http://[::1",
    "bad-port": "https://news.test:99999/",
    "userinfo": f"https://user:secret@{CANARY}/",
    "ftp": "ftp://news.test/x",
    "backslash": f"\\\\{CANARY}\\x",
    "protocol-relative": f"//{CANARY}/x",
    "fragment": "#x",
    "downgrade": "http://elsewhere.test/",
}


def _page(name: str) -> bytes:
    return News(name).html()


def _good(name: str, *headers: str) -> bytes:
    return answer(200, _page(name), *headers)


def chunked(body: bytes, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    """The body in chunks of 97 bytes."""
    pieces = (body[start : start + 97] for start in range(0, len(body), 97))
    return b"".join(b"%x%s\r\n%s\r\n" % (len(one), extension, one) for one in pieces) + b"0\r\n" + trailer + b"\r\n"


def bare(name: str, first_line: bytes, end: bytes = b"\r\n") -> bytes:
    """A good listing under another first line, or with other line ends."""
    lines = [first_line, b"Content-Type: text/html", b"Content-Length: %d" % len(_page(name)), b"Connection: close"]
    return end.join([*lines, b"", b""]) + _page(name)


def _cut(name: str) -> bytes:
    """The page up to the middle of the fourth headline."""
    page, title = _page(name), News(name).title(4).encode()
    return page[: page.index(title) + 21]


MAY_FAIL = Expected(or_failed=True)
_MODIFIED = "Fri, 20 Feb 2026 10:00:00 GMT"
_BROKEN_PAGE = b"<html><title>Error 500</title><body>Something went wrong</body></html>"
_FORM = b"<html><body><form><input name=p type='password'></form></body></html>"
_MOMENT = b"<html><title>Just a moment...</title><script>_cf_chl_opt</script></html>"

_REDIRECTS = (
    *(
        sent(f"redirect-private-{how}", "N11", redirect(f"http://{address}/secret"), failed())
        for how, address in _PRIVATE.items()
    ),
    *(
        sent(f"redirect-secure-{how}", "N11", redirect(f"https://{_PRIVATE[how]}/secret"), failed())
        for how in ("plain", "decimal", "mapped", "name", "wide")
    ),
    *(
        sent(f"redirect-{how}", "N14" if how == "downgrade" else "N13", redirect(to), failed(absent=("secret",)))
        for how, to in _LOCATIONS.items()
    ),
    sent("redirect-crlf", "N13", redirect("/x%0d%0aSet-Cookie:a=b"), failed("404", "blocked")),
    sent("redirect-no-location", "N13", answer(302, b""), failed()),
    sent("redirect-loop", "N10", redirect("/redirect-loop/list"), failed("redirect to itself")),
    sent("redirect-ring", "N10", redirect("/redirect-ring/b"), failed("more than 5"),
         others={"/b": redirect("/redirect-ring/list")}),
    sent("redirect-chain", "N10", redirect("/redirect-chain/1"), failed("more than 5"),
         others={f"/{n}": redirect(f"/redirect-chain/{n + 1}") for n in range(1, 61)}),
    sent("redirect-moved", "N14", redirect("/redirect-moved/new", 301), Expected(says="moved permanently"),
         others={"/new": _good("redirect-moved")}),
    sent("redirect-login", "N23", redirect("/redirect-login/in"), failed("password", "structure_missing"),
         others={"/in": answer(200, _FORM)}),
)  # fmt: skip

_REFUSALS = (
    *(sent(f"{status}", "N18", answer(status, b"<p>no"), failed(f"{status}", "blocked")) for status in (401, 403, 404)),
    sent("410", "N18", answer(410, b""), failed("gone", "blocked")),
    sent("451", "N18", answer(451, b""), failed("451", "blocked")),
    *(
        sent(f"{name}", "N19", answer(int(name[:3]), b"", f"Retry-After: {value}"),
             failed("asked us to wait until 2026-02-2", "blocked", asked_at_most=1))
        .then(_good(name), failed("asked us to wait", "blocked", asked_at_most=0))
        for name, value in {"429-retry-after": "86400", "503-retry-after": "86400",
                            "429-retry-after-date": "Sat, 21 Feb 2026 15:00:00 GMT"}.items()
    ),
    sent("429-retry-after-huge", "N20", answer(429, b"", "Retry-After: 99999999999"), failed("2026-02-21T", "blocked")),
    *(
        sent(f"429-retry-after-{how}", "N20", answer(429, b"", f"Retry-After: {value}"), failed("429", "blocked"))
        for how, value in (("negative", "-5"), ("garbage", "soon"), ("nothing", ""), ("exponent", "1e9"))
    ),
    *(sent(f"{status}", "N21", answer(status, b"oh"), failed(f"{status}")) for status in (500, 502, 520, 999)),
    sent("cloudflare", "N23", answer(403, _MOMENT), failed("challenge", "blocked")),
    sent("cloudflare-200", "N23", answer(200, _MOMENT), failed("challenge", "blocked")),
    sent("refused", "N2", b"", failed(), is_closed=True),
)  # fmt: skip

_BODIES = (
    sent("slow-but-good", "N9", slowly(_page("slow-but-good")), Expected()),
    sent("close-mid-body-no-length", "N6", sent_then(head("Content-Type: text/html"), _cut("close-mid-body-no-length"),
                                                     then="close"), Expected("123", says="4 items|cut|breaks off")),
    sent("length-too-short", "N6", head("Content-Type: text/html", f"Content-Length: {len(_cut('length-too-short'))}")
         + _page("length-too-short"), Expected("123", or_failed=True)),
    sent("etag", "N16", cached('"a"', _MODIFIED, _page("etag")), Expected())
    .then(cached('"a"', _MODIFIED, _page("etag")), Expected(states=("not_modified",))),
    sent("304", "N17", answer(304, b""), failed("304")),
    sent("empty-200", "N22", answer(200, b""), failed("empty")),
    sent("blank-200", "N22", answer(200, b" \n\t"), failed("empty")),
    sent("204", "N22", b"HTTP/1.1 204 No Content\r\n\r\n", failed("204")),
    sent("200-error-page", "N22", answer(200, _BROKEN_PAGE),
         failed("HTML page", "structure_missing")),
    sent("captive-portal", "N23", answer(200, _FORM), failed("password", "structure_missing")),
    sent("meta-refresh-private", "N23",
         answer(200, f"<html><meta http-equiv=refresh content='0; url=http://{CANARY}/'></html>".encode()),
         failed("forwards", "structure_missing")),
    sent("gzip-good", "N24", coded("gzip", gzip.compress(_page("gzip-good"))), Expected()),
    sent("gzip-junk-after", "N24", coded("gzip", gzip.compress(_page("gzip-junk-after")) + b"junk"), MAY_FAIL),
    sent("gzip-bomb", "N25", coded("gzip", gzip_bomb(16)), failed("larger")),
    sent("brotli-bomb", "N25", coded("br", brotli_bomb(16)), failed("larger")),
    sent("gzip-gzip-bomb", "N25", coded("gzip, gzip", gzip.compress(gzip_bomb(16))), failed("larger")),
    sent("huge", "N26", head("Content-Type: text/html", "Content-Length: 500000000"), failed("500000000")),
    sent("endless", "N26", endless(head("Content-Type: text/html"), b"<p>x</p>" * 1000), failed("larger")),
    sent("length-and-chunked", "N27", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
         + chunked(_page("length-and-chunked")), MAY_FAIL),
    sent("lf-only", "N29", bare("lf-only", b"HTTP/1.1 200 OK", b"\n"), MAY_FAIL),
    sent("header-latin1", "N30",
         _good("header-latin1").replace(b"Content-Type", b"X-Raw: \xe9\xff\r\nContent-Type", 1), MAY_FAIL),
)  # fmt: skip

_ROBOTS = (
    sent("robots-disallow", "N31", _good("robots-disallow"), failed("robots.txt", "blocked", asked_at_most=0),
         robots=robots("User-agent: *\nDisallow: /\n")),
    sent("robots-html", "N31", _good("robots-html"), Expected(), robots=answer(200, b"<html>Disallow: /")),
    sent("robots-404", "N31", _good("robots-404"), Expected()),
    sent("robots-500", "N31", _good("robots-500"), failed("robots.txt", asked_at_most=0), robots=answer(500, b"")),
    sent("robots-huge", "N31", _good("robots-huge"), Expected(), robots=robots("# filler\n" * 230_000)),
    sent("robots-stall", "N31", _good("robots-stall"), failed("robots.txt", asked_at_most=0), robots=stall,
         is_slow=True),
)  # fmt: skip

NETWORK: tuple[HostilePath, ...] = (
    *(
        sent(path[1:], fault, BROKEN[path], failed(), is_slow=path in STALLING)
        for fault, paths in _BROKEN_FAULTS.items()
        for path in paths.split()
    ),
    *(sent(path[1:], "N24", reply, failed()) for path, reply in CODINGS.items()),
    *(*_REDIRECTS, *_REFUSALS, *_BODIES, *_ROBOTS),
)
