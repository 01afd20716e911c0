"""The replica of the eight sources on loopback: `/HOST/path` answers as HOST does. Standard library only."""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.corpus import posts
from demo.pages import decentralization, feeds, wordpress
from demo.pages.answer import HTML, Answer, Ask
from demo.scenario import CHALLENGE, DAYS, DOWN, SOURCE_OF_HOST, trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /users/\n"
CONTROL = "/_demo/day/"  # POST /_demo/day/2 moves the replica to the second day

_PAGES = {
    "decentralization": decentralization.answer,
    "hromady": wordpress.answer,
    "cities4cities": wordpress.answer,
}
_CHALLENGE_PAGE = """<!DOCTYPE html><html><head><title>Radware Bot Manager Captcha</title>
<meta name="robots" content="noindex"/></head><body><noscript>Please enable JavaScript to continue.</noscript>
<h1>We must check that you are not a robot</h1><p>Please solve this CAPTCHA to request unblock to the website</p>
<script src="/__uzdbm/challenge.js"></script></body></html>
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that the replica was asked."""

    host: str
    target: str  # path and query, as asked
    status: int  # 0: hung up without an answer
    conditional: bool


class Site(ThreadingHTTPServer):
    """The replica; `now` is the moment at which the sites are seen and may be set at any time."""

    daemon_threads = True
    request_queue_size = 64  # eight sources ask at once

    def __init__(self, port: int = 0, now: datetime = DAYS[0], *, well: bool = False) -> None:
        """Bind to 127.0.0.1; port 0 takes a free one. `well`: no site is ever in trouble."""
        super().__init__(("127.0.0.1", port), _Handler)
        posts("decentralization", now)  # the corpus is made once, before several threads ask for it
        self.now = now
        self.well = well
        self.hits: list[Hit] = []
        self.visits = count(1)

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that leaves in the middle is no fault of the replica; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def connections(self) -> Iterator[str]:
        """One `--connect-to` value for each host."""
        return (f"{host}={self.address}/{host}" for host in SOURCE_OF_HOST)

    def start(self) -> None:
        """Serve in a thread of its own until `shutdown`."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


def answer(ask: Ask, troubled: str | None = None) -> Answer | None:
    """What the site of `ask.host` answers; None: it hangs up."""
    if troubled == DOWN:
        return None
    if ask.path == "/robots.txt":
        return Answer(ROBOTS, "text/plain; charset=utf-8")
    if troubled == CHALLENGE:
        return Answer(_CHALLENGE_PAGE)
    return _PAGES.get(SOURCE_OF_HOST[ask.host], feeds.answer)(ask)


def not_modified(request: Message, etag: str, changed: datetime) -> bool:
    """Whether the request's validators still hold; If-None-Match decides alone where it is sent (RFC 9110)."""
    if (known := request.get("If-None-Match")) is not None:
        return etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
    try:
        since = parsedate_to_datetime(request.get("If-Modified-Since", ""))
    except ValueError:
        return False
    return changed.replace(microsecond=0) <= since


class _Handler(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host, _, path = self.path.lstrip("/").partition("/")
        if host not in SOURCE_OF_HOST:  # a server of one site alone is named by the Host header
            host, path = self.headers.get("Host", "").partition(":")[0], self.path.lstrip("/")
        if host not in SOURCE_OF_HOST:
            self._send(Answer(_index(), HTML))
            return
        url = urlsplit(f"//{host}/{path}")
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        ask = Ask(host, unquote(url.path), query, self.server.now, next(self.server.visits))
        found = answer(ask, None if self.server.well else trouble(SOURCE_OF_HOST[host], ask.now))
        status = self._send(found) if found else self._hang_up()
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        self.server.hits.append(Hit(host, f"/{path}", status, conditional))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        day = self.path.removeprefix(CONTROL)
        if self.path.startswith(CONTROL) and day in ("1", "2"):
            self.server.now = DAYS[int(day) - 1]
            self._send(Answer(f"day {day}\n", "text/plain"))
        else:
            self._send(Answer("POST /_demo/day/1 or /_demo/day/2\n", "text/plain", 404))

    def _hang_up(self) -> int:
        self.close_connection = True
        return 0

    def _send(self, found: Answer) -> int:
        body = found.body.encode()
        headers = {"Content-Type": found.content_type, **found.headers}
        status = found.status
        if found.changed is not None:
            etag = f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()[:20]}"'
            headers |= {"ETag": etag, "Last-Modified": format_datetime(found.changed.astimezone(UTC), usegmt=True)}
            if not_modified(self.headers, etag, found.changed):
                status, body = 304, b""
        if body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 5, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self._write(status, headers, body)
        return status

    def _write(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `hits` keeps what was asked."""


def _index() -> str:
    hosts = "".join(f'<li><a href="/{host}/">{host}</a></li>' for host in SOURCE_OF_HOST)
    return f"<!DOCTYPE html><html><body><h1>A replica of eight sources</h1><ul>{hosts}</ul></body></html>"
