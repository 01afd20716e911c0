"""Stand-ins of listmonk, Keila and Buttondown on loopback, written from their public documentation.

They take exactly what the documentation has (paths, methods, log-in, fields, expressions in texts), keep it, and fail
on demand: an answer that is refused, cut, late or lost, before or after the campaign was stored.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

SECRET = "s3cret-0f-the-service"
Answer = tuple[int, Any]
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}|\{%|\{#", re.DOTALL)


@dataclass
class StandIn:
    """One service. `campaigns` is what it has stored; `violations` what no hand-over may ask for."""

    rules: Callable[[StandIn, str, str, Mapping[str, str], Any], Answer]
    campaigns: list[dict[str, Any]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # "GET /path?query"
    headers: list[dict[str, str]] = field(default_factory=list)
    # What happens to the next POSTs, in order: "refuse" 422, "busy" 429, "fail" 500, "move" 302, each before anything
    # is stored; "lose" (no answer), "cut" (half of it), "late" (500 after it), "garbage", "hang" once it is stored;
    # "drop" (no answer) before it is.
    faults: list[str] = field(default_factory=list)
    hook: Callable[[str], None] = lambda moment: None  # told "get", "post", "stored", "answered"
    is_unique: bool = True  # it refuses a second campaign of the same slug, where the documentation says so

    def __post_init__(self) -> None:
        stand_in, self.released = self, threading.Event()

        class ServiceHandler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in.answer(self, "GET")

            def do_POST(self) -> None:
                stand_in.answer(self, "POST")

            def do_PUT(self) -> None:
                stand_in.answer(self, "PUT")

            do_PATCH = do_DELETE = do_PUT

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), ServiceHandler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that has left
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Answers until the process ends."""
        self._server.serve_forever()

    def answer(self, request: BaseHTTPRequestHandler, method: str) -> None:
        self.asked.append(f"{method} {request.path}")
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.headers.append(headers)
        content = request.rfile.read(int(headers.get("content-length", 0)))
        if method not in ("GET", "POST"):
            self.violations.append(f"{method} {request.path}")
        self.hook("get" if method == "GET" else "post")
        fault = self.faults.pop(0) if method == "POST" and self.faults else ""
        early = {"refuse": (422, {"message": "unprocessable"}), "busy": (429, {"message": "slow down"}),
                 "fail": (500, {"message": f"broken for {SECRET}"}), "move": (302, {})}  # fmt: skip
        if fault == "drop":
            return
        status, body = early[fault] if fault in early else self._by_rules(method, request.path, headers, content)
        self.hook("stored")
        if fault == "hang":
            self.released.wait(20)
        data = json.dumps(body).encode()
        if fault == "late":
            status, data = 500, b"{}"
        if fault == "garbage":
            data = b"<html>not JSON</html>"
        if fault != "lose":
            request.send_response(status)
            request.send_header("Content-Length", str(len(data)))
            request.send_header("Location", "/elsewhere")
            request.end_headers()
            request.wfile.write(data[: len(data) // 2] if fault == "cut" else data)
            request.wfile.flush()
        self.hook("answered")

    def _by_rules(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Answer:
        try:
            body = json.loads(content) if content else None
        except ValueError:
            return 400, {"message": "not JSON"}
        return self.rules(self, method, path, headers, body)


def listmonk(service: StandIn, method: str, path: str, headers: Mapping[str, str], body: Any) -> Answer:
    """docs/docs/content/apis/{apis,campaigns}.md and templating.md of knadh/listmonk."""
    parts = urlsplit(path)
    if headers.get("authorization") != f"token visnyk:{SECRET}":
        return 403, {"message": f"invalid API credentials {headers.get('authorization')}"}
    if parts.path != "/api/campaigns":
        return 404, {"message": "not found"}
    if method == "GET":
        query = parse_qs(parts.query)
        rows = [one for one in service.campaigns if set(query.get("tag", [])) <= set(one["tags"])]
        start = (int(query["page"][0]) - 1) * int(query["per_page"][0])
        return 200, {"data": {"results": rows[start : start + int(query["per_page"][0])], "total": len(rows)}}
    known = {"name", "subject", "lists", "from_email", "type", "content_type", "body", "altbody", "messenger",
             "template_id", "tags", "headers", "archive_slug"}  # fmt: skip
    wrong = sorted(set(body) - known) or [key for key in ("name", "subject", "lists", "type", "body") if not body[key]]
    if wrong or body["type"] != "regular" or body["content_type"] != "html" or not isinstance(body["lists"], list):
        return 400, {"message": f"invalid {wrong}"}
    allowed = r"\s*(UnsubscribeURL|MessageURL|Safe \"(\\.|[^\"\\])*\")\s*"
    for key in ("subject", "body", "altbody"):
        if bad := _foreign(body[key], allowed):
            return 400, {"message": f"error compiling {key}: {bad}"}
    if service.is_unique and any(one["archive_slug"] == body["archive_slug"] for one in service.campaigns):
        return 500, {"message": 'duplicate key value violates unique constraint "campaigns_archive_slug_key"'}
    lists = [{"id": number, "name": f"List {number}"} for number in body["lists"] if number < 100]
    made = body | {"id": len(service.campaigns) + 1, "status": "draft", "send_at": None, "lists": lists}
    service.campaigns.append(made)
    return 200, {"data": made}


def keila(service: StandIn, method: str, path: str, headers: Mapping[str, str], body: Any) -> Answer:
    """lib/keila_web/api of pentacent/keila, from which Keila makes its documentation at /api."""
    if headers.get("authorization") != f"Bearer {SECRET}":
        return 403, {"errors": [{"status": 403, "title": "Not authorized"}]}
    if path != "/api/v1/campaigns":
        if "/actions/" in path:
            service.violations.append(path)
        return 404, {"errors": [{"status": 404, "title": "Not found"}]}
    if method == "GET":
        return 200, {"data": service.campaigns, "meta": {"page": 0, "page_count": 1, "count": len(service.campaigns)}}
    data = body["data"] if set(body) == {"data"} else {}
    known = {"subject", "text_body", "html_body", "settings", "template_id", "sender_id", "segment_id", "data",
             "preview_text"}  # fmt: skip
    wrong = sorted(set(data) - known) or [key for key in ("subject", "settings", "html_body") if not data.get(key)]
    wrong += [key for key in ("subject", "html_body") if _foreign(data.get(key, ""), r"\s*unsubscribe_link\s*")]
    if wrong or data["settings"] != {"type": "html"} or len(json.dumps(data.get("data", {}))) > 32_000:
        return 400, {"errors": [{"status": 400, "detail": f"invalid {wrong}"}]}
    made = data | {"id": f"mc_{len(service.campaigns) + 1}", "sent_at": None, "scheduled_for": None}
    service.campaigns.append(made)
    return 200, {"data": made}


def buttondown(service: StandIn, method: str, path: str, headers: Mapping[str, str], body: Any) -> Answer:
    """docs.buttondown.com: api-authentication, api-versioning, api-emails-*, and the post on safer defaults."""
    parts = urlsplit(path)
    if headers.get("authorization") != f"Token {SECRET}":
        return 401, {"detail": "Invalid token."}
    if headers.get("x-api-version") != "2026-04-01" or parts.path != "/v1/emails":
        return 404, {"detail": "Not found."}
    if method == "GET":
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        newest = service.campaigns[::-1][(page - 1) * 2 : page * 2]
        more = f"{service.url}/v1/emails?page={page + 1}" if len(service.campaigns) > page * 2 else None
        return 200, {"results": newest, "count": len(service.campaigns), "next": more, "previous": None}
    if body.get("status") != "draft":
        service.violations.append(f"status {body.get('status')}")
    known = {"subject", "body", "status", "email_type", "description", "slug", "metadata", "template"}
    wrong = sorted(set(body) - known) or [key for key in ("subject", "body") if not body.get(key)]
    expressions = r"\s*(unsubscribe_url|email_url)\s*"
    wrong += [key for key in ("subject", "body", "description") if _foreign(body.get(key, ""), expressions)]
    if wrong or not re.fullmatch(r"[a-z0-9-]+", body["slug"]):
        return 400, {"code": "email_invalid", "detail": f"invalid {wrong}"}
    if service.is_unique and any(one["slug"] == body["slug"] for one in service.campaigns):
        return 400, {"code": "slug_invalid", "detail": "The slug is already in use."}
    made = body | {"id": f"em_{len(service.campaigns) + 1}"}
    service.campaigns.append(made)
    return 201, made


RULES: dict[str, Callable[[StandIn, str, str, Mapping[str, str], Any], Answer]] = {
    "listmonk": listmonk,
    "keila": keila,
    "buttondown": buttondown,
}
VARIABLES = {
    "listmonk": "VISNYK_LISTMONK_TOKEN",
    "keila": "VISNYK_KEILA_KEY",
    "buttondown": "VISNYK_BUTTONDOWN_KEY",
}


def settings(name: str, url: str) -> str:
    """The lines of a settings file that name the stand-in."""
    more = {"listmonk": 'user = "visnyk"\nlists = [3, 5]\ntemplate_id = 2', "keila": 'sender_id = "ns_1"'}
    return f'[handover.{name}]\nurl = "{url}"\n{more.get(name, "")}\n'


def _foreign(text: str, allowed: str) -> str:
    """The first expression of a template engine that is none of ours."""
    found = _EXPRESSION.finditer(text)
    return next((one[0] for one in found if one[1] is None or not re.fullmatch(allowed, one[1], re.DOTALL)), "")
