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

from demo.pages import portal, rest, rss
from demo.pages.messages import HTML, SiteRequest, SiteResponse
from demo.publications import posts
from demo.scenario import CHALLENGE, DAYS, DOWN, SITES, SOURCE_OF_HOST, failure_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /users/\n"
CONTROL = "/_demo/day/"  # POST /_demo/day/2 moves the replica to the second day

_PAGES = {"decentralization": portal.answer, "hromady": rest.answer, "cities4cities": rest.answer}
_CHALLENGE_PAGE = """<!DOCTYPE html><html><head><title>Radware Bot Manager Captcha</title>
<meta name="robots" content="noindex"/></head><body><noscript>Please enable JavaScript to continue.</noscript>
<h1>We must check that you are not a robot</h1><p>Please solve this CAPTCHA to request unblock to the website</p>
<script src="/__uzdbm/challenge.js"></script></body></html>
"""
_HOSTS = "".join(f'<li><a href="/{host}/">{host}</a></li>' for host in SOURCE_OF_HOST)
_INDEX = f"<!DOCTYPE html><html><body><h1>A replica of eight sources</h1><ul>{_HOSTS}</ul></body></html>"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that the replica was asked."""

    host: str
    target: str  # path and query, as asked
    status: int  # 0: hung up without an answer
    conditional: bool


class Replica(ThreadingHTTPServer):
    """The web server; `now` is the moment at which the sites are seen and may be set at any time."""

    daemon_threads = True
    request_queue_size = 64  # eight sources ask at once

    def __init__(self, port: int = 0, now: datetime = DAYS[0], *, well: bool = False) -> None:
        """Bind to 127.0.0.1; port 0 takes a free one. `well`: no site ever fails."""
        super().__init__(("127.0.0.1", port), _Handler)
        posts("decentralization", now)  # the publications are made once, before several threads ask for them
        self.now = now
        self.well = well
        self.hits: list[Hit] = []
        self.visits = count(1)

    def handle_error(self, request: object, client_address: object) -> None:
        """Report an error of the replica; a reader that leaves in the middle is none."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def connections(self) -> Iterator[str]:
        """Yield one `--connect-to` value for each host."""
        return (f"{host}={self.address}/{host}" for host in SOURCE_OF_HOST)

    def options(self) -> list[str]:
        """Return the options with which `ingest` reads the replica, and no source that it does not answer for."""
        known = [word for source in SITES for word in ("--only", source)]
        return known + [word for value in self.connections() for word in ("--connect-to", value)]

    def start(self) -> None:
        """Serve in a thread of its own until `shutdown`."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


def answer(request: SiteRequest, failure: str | None = None) -> SiteResponse | None:
    """Answer as the site of `request.host` does; None: it hangs up. `failure`: CHALLENGE, DOWN or None."""
    if failure == DOWN:
        return None
    if request.path == "/robots.txt":
        return SiteResponse(ROBOTS, "text/plain; charset=utf-8")
    if failure == CHALLENGE:
        return SiteResponse(_CHALLENGE_PAGE)
    return _PAGES.get(SOURCE_OF_HOST[request.host], rss.answer)(request)


def is_not_modified(headers: Message, etag: str, changed: datetime) -> bool:
    """Return whether the request's validators still hold; If-None-Match decides alone if it is sent (RFC 9110)."""
    if (known := headers.get("If-None-Match")) is not None:
        return etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
    try:
        since = parsedate_to_datetime(headers.get("If-Modified-Since", ""))
    except ValueError:
        return False
    return changed.replace(microsecond=0) <= since


class _Handler(BaseHTTPRequestHandler):
    server: Replica
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host, _, path = self.path.lstrip("/").partition("/")
        if host not in SOURCE_OF_HOST:  # a server of one site alone is named by the Host header
            host, path = self.headers.get("Host", "").partition(":")[0], self.path.lstrip("/")
        if host not in SOURCE_OF_HOST:
            self._send(SiteResponse(_INDEX, HTML))
            return
        url = urlsplit(f"//{host}/{path}")
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        request = SiteRequest(host, unquote(url.path), query, self.server.now, next(self.server.visits))
        found = answer(request, None if self.server.well else failure_of(SOURCE_OF_HOST[host], request.now))
        if found is None:
            self.close_connection = True
        status = self._send(found) if found else 0
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        self.server.hits.append(Hit(host, f"/{path}", status, conditional))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        day = self.path.removeprefix(CONTROL)
        if self.path.startswith(CONTROL) and day in ("1", "2"):
            self.server.now = DAYS[int(day) - 1]
            self._send(SiteResponse(f"day {day}\n", "text/plain"))
        else:
            self._send(SiteResponse("POST /_demo/day/1 or /_demo/day/2\n", "text/plain", 404))

    def _send(self, found: SiteResponse) -> int:
        """Send a response with validators and compression as asked for; return its status."""
        body = found.body.encode()
        headers = {"Content-Type": found.content_type, **found.headers}
        status = found.status
        if found.changed is not None:
            etag = f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()[:20]}"'
            headers |= {"ETag": etag, "Last-Modified": format_datetime(found.changed.astimezone(UTC), usegmt=True)}
            if is_not_modified(self.headers, etag, found.changed):
                status, body = 304, b""
        if body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 5, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return status

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `hits` keeps what was asked."""
