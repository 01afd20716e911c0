"""Guard around Datasette: refusals, headers of all answers, spreadsheet-safe CSV."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from datasette import Response
from pluggy import HookimplMarker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Any, Send], Awaitable[None]]

hookimpl = HookimplMarker("datasette")

METHODS = ("GET", "HEAD", "OPTIONS")
LONGEST_QUERY = 4000  # bytes; a filter form that is filled in has a few hundred
MOST_FACETS = 6  # each may cost facet_time_limit_ms
# Pages for whoever develops Datasette. The task list of /-/threads shows paths of this machine.
CLOSED = re.compile(rb"/-/(password-tool|threads|allow-debug|messages|patterns|permissions)(\.json)?/?\Z")
POLICY = b"content-security-policy"  # a page of ours may bring a stricter one; Datasette has none
HEADERS = {
    POLICY: b"default-src 'none'; style-src 'self'; img-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"x-frame-options": b"DENY",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}
EMPTY_SEARCH = re.compile(rb"(?:^|&)_search=(?:\+|%20)*(?=&|\Z)")  # an empty search box asks for everything
# A spreadsheet takes a cell that begins so for a formula; full-width forms are folded by some of them.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?\Z", re.IGNORECASE)


NO_ROWS = re.compile(rb"(/[^/]+)?/?\.csv\Z")  # the front page and the list of tables are no table
NO_TABLE = "Only tables and queries are to be had as CSV, such as /news/news.csv."
BOM = b"\xef\xbb\xbf"  # without it, spreadsheets read a saved file in the letters of their own country

# Where the editor's instance takes what is typed; /-/login is closed everywhere else.
WRITING = re.compile(rb"/(desk|-/login|-/logout)\Z")


def refusal(method: str, path: bytes, query: bytes, *, editor: bool = False) -> tuple[int, str] | None:
    """Return status and reason when this request is not for Datasette at all; None lets it pass."""
    if path.startswith(b"/-/login") and not editor:
        return 404, "There is no such page."
    if method not in METHODS and not (editor and method == "POST" and WRITING.match(path)):
        return 405, "This site is read only."
    if nowhere := CLOSED.match(path) or NO_ROWS.match(path):
        return 404, "There is no such page." if nowhere.re is CLOSED else NO_TABLE
    if len(query) > LONGEST_QUERY:
        return 414, "The query is too long."
    if query.count(b"_facet") > MOST_FACETS:
        return 400, f"At most {MOST_FACETS} facets at a time."
    return None


def safe_cell(cell: str) -> str:
    """Return the cell with a leading apostrophe if a spreadsheet would read it as a formula."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.match(cell) else cell


def safe_rows(text: str) -> str:
    """Return CSV rows with each cell made safe. `text` holds whole rows, as Datasette sends them."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in csv.reader(io.StringIO(text, newline="")):
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Put the guard round Datasette."""
    editor = datasette.plugin_config("desk") is not None

    def wrap(app: App) -> App:
        async def guarded(scope: Scope, receive: Any, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            path = scope.get("raw_path") or scope["path"].encode()
            guarded_send = _sender(send, is_csv=path.partition(b"?")[0].endswith(b".csv"))
            asked = scope.get("query_string", b"")
            refused = refusal(scope["method"], path.partition(b"?")[0], asked, editor=editor)
            if refused is None:
                asked = EMPTY_SEARCH.sub(b"", asked).lstrip(b"&")
                await app({**scope, "query_string": asked}, receive, guarded_send)
            else:
                status, reason = refused
                await Response.text(reason, status=status).asgi_send(guarded_send)

        return guarded

    return wrap


def _sender(send: Send, *, is_csv: bool) -> Send:
    """Return a `send` that adds our headers and makes CSV rows safe; a CSV file to be saved begins with a BOM."""
    rewriting, begin = False, b""

    async def guarded_send(message: Message) -> None:
        nonlocal rewriting, begin
        if message["type"] == "http.response.start":
            own = {k.lower(): v for k, v in message.get("headers", []) if k.lower() == POLICY}
            kept = [(k, v) for k, v in message.get("headers", []) if k.lower() not in HEADERS]
            message = {**message, "headers": [*kept, *(HEADERS | own).items()]}
            rewriting = is_csv and message["status"] == 200
            kind = {name.lower(): value for name, value in message["headers"]}.get(b"content-type", b"")
            begin = BOM if rewriting and kind.startswith(b"text/csv") else b""  # plain text unless it is to be saved
        elif rewriting and message.get("body"):
            message = {**message, "body": begin + safe_rows(message["body"].decode()).encode()}
            begin = b""
        await send(message)

    return guarded_send


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register Datasette's list of databases, without the paths of this machine."""
    return [(r"/-/databases(\.json)?$", databases)]


async def databases(datasette: Any) -> Any:
    """Send name, size and kind of each database."""
    shown = datasette._connected_databases()
    return Response.json([{name: what for name, what in d.items() if name != "path"} for d in shown])
