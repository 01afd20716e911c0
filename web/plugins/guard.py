"""Guard around Datasette: refusals, headers of all answers, spreadsheet-safe CSV."""

from __future__ import annotations

import asyncio
import csv
import io
import logging
import re
from typing import TYPE_CHECKING, Any

from datasette import Response
from pluggy import HookimplMarker

from pipeline.protection import HEADERS, LARGEST_HEADERS, POLICY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Any, Send], Awaitable[None]]

hookimpl = HookimplMarker("datasette")
log = logging.getLogger("visnyk.web")

METHODS = ("GET", "HEAD", "OPTIONS")
LONGEST_QUERY = 4000  # bytes; a filter form that is filled in has a few hundred
MOST_FACETS = 6  # each may cost facet_time_limit_ms
# Pages for whoever develops Datasette. The task list of /-/threads shows paths of this machine.
# No table for readers holds a BLOB, and of a number Datasette sends half an answer as one.
CLOSED = re.compile(rb"/-/(password-tool|threads|allow-debug|messages|patterns|permissions)(\.json)?/?\Z|.*\.blob\Z")
EMPTY_SEARCH = re.compile(rb"(?:^|&)_search=(?:\+|%20)*(?=&|\Z)")  # an empty search box asks for everything
# A spreadsheet takes a cell that begins so for a formula; full-width forms are folded by some of them.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?\Z", re.IGNORECASE)


NO_ROWS = re.compile(rb"(/[^/]+)?/?\.csv\Z")  # the front page and the list of tables are no table
NO_TABLE = "Only tables and queries are to be had as CSV, such as /news/news.csv."
ROWS_AT_ONCE = 16_000  # bytes of CSV that are made safe and sent together; Datasette sends row by row
BOM = b"\xef\xbb\xbf"  # without it, spreadsheets read a saved file in the letters of their own country

# Where the editor's instance takes what is typed; /-/login and /-/logout are closed everywhere else.
WRITING = re.compile(rb"/(desk/(change|item|image|undo|seen|seal|unseal|publish|hand-over)|-/login|-/logout)\Z")
ISSUES = re.compile(rb"/issues(?:[./].*)?\Z")  # pages of ours, which answer GET and HEAD
LOG_IN_OUT = re.compile(rb"/-/log(in|out)")
HOST = re.compile(rb"(?i)(?P<name>[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\.?|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?")
COOKIES = re.compile(rb"(?:\A|;) *(ds_actor|ds_csrftoken|ds_messages|visnyk_known)=([\w.-]{1,2000})(?= *(?:;|\Z))")
LONGEST_COOKIES = 8000  # bytes in all


def refusal(method: str, path: bytes, query: bytes, *, editor: bool = False) -> tuple[int, str] | None:
    """Return status and reason when this request is not for Datasette at all; None lets it pass."""
    if LOG_IN_OUT.match(path) and not editor:
        return (404, "There is no such page.") if method in METHODS else (405, "This site is read only.")
    known = ("GET", "HEAD") if ISSUES.match(path) else METHODS
    if method not in known and not (editor and method == "POST" and WRITING.match(path)):
        return 405, "This site is read only."
    if nowhere := CLOSED.match(path) or NO_ROWS.match(path):
        return 404, "There is no such page." if nowhere.re is CLOSED else NO_TABLE
    if len(query) > LONGEST_QUERY:
        return 414, "The query is too long."
    if query.count(b"_facet") > MOST_FACETS:
        return 400, f"At most {MOST_FACETS} facets at a time."
    return None


def unreadable(headers: Collection[tuple[bytes, bytes]], hosts: Collection[str]) -> tuple[int, str] | None:
    """Return status and reason when headers are too many, or do not name this site in one Host header.

    With `hosts`, only those are answered: a page elsewhere whose name leads to this machine is not.
    """
    if sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS:
        return 431, "The headers are too long."
    given = [value for name, value in headers if name == b"host"]
    found = HOST.fullmatch(given[0]) if len(given) == 1 else None
    if found is None:
        return 400, "A request must have one Host header, with the name of this site."
    if hosts and found["name"].decode().lower().removesuffix(".") not in hosts:
        return 400, "This site has another name; whoever runs it can add one with serve --behind."
    return None


def cleaned(headers: Iterable[tuple[bytes, bytes]], *, editor: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers that Datasette may see: of cookies those that it sets itself, in the form in which it does.

    What it does not see cannot be a password to be checked, nor stand for the token of a form.
    """
    kept, cookies = [], []
    for name, value in headers:
        if name == b"cookie":
            cookies.append(value)
        elif name not in (b"authorization", b"x-csrftoken"):
            kept.append((name, value))
    whole = b"; ".join(cookies)
    if editor and len(whole) <= LONGEST_COOKIES and (pairs := dict(COOKIES.findall(whole))):
        kept.append((b"cookie", b"; ".join(b"%s=%s" % pair for pair in pairs.items())))
    return kept


def safe_cookie(value: bytes, *, is_https: bool) -> bytes:
    """Return a Set-Cookie header with which no script and no other site gets at the cookie."""
    lower = value.lower()
    more = [b"HttpOnly"] if b"httponly" not in lower else []
    more += [b"SameSite=Lax"] if b"samesite" not in lower else []
    more += [b"Secure"] if is_https and b"; secure" not in lower else []
    return b"; ".join((value, *more))


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


@hookimpl(trylast=True)
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Put the guard round Datasette and all other plug-ins (the last one stands outside)."""
    desk = datasette.desk
    hosts = desk.hosts if desk else ()

    def wrap(app: App) -> App:
        async def guarded(scope: Scope, receive: Any, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
            is_https = scope.get("scheme") == "https" or bool(desk and desk.is_https)
            answer = _Answer(send, is_csv=path.endswith(b".csv"), is_https=is_https)
            asked = scope.get("query_string", b"")
            refused = unreadable(scope["headers"], hosts) or refusal(scope["method"], path, asked, editor=bool(desk))
            if refused is not None:
                await Response.text(refused[1], status=refused[0]).asgi_send(answer.send)
                return
            asked = EMPTY_SEARCH.sub(b"", asked).lstrip(b"&")
            shown = {**scope, "query_string": asked, "headers": cleaned(scope["headers"], editor=bool(desk))}
            try:
                await app(shown, receive if scope["method"] == "POST" else _nothing, answer.send)
            except Exception as error:  # of Datasette, around its own handling of errors
                log.error("%s failed: %r", path.decode("ascii", "replace")[:200], error)
                if not answer.begun:
                    await Response.text("Something went wrong here.", status=500).asgi_send(answer.send)

        return guarded

    return wrap


async def _nothing() -> Message:
    """Stand for the body of a request that has none to be read."""
    return {"type": "http.request", "body": b"", "more_body": False}


class _Answer:
    """An answer on its way: it gets our headers, CSV rows are made safe, a CSV file to be saved begins with a BOM."""

    def __init__(self, send: Send, *, is_csv: bool, is_https: bool) -> None:
        self._send, self._is_csv, self._is_https = send, is_csv, is_https
        self._rewriting, self._begin, self._rows, self.begun = False, b"", b"", False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            given = [(k.lower(), v) for k, v in message.get("headers", [])]
            own = {k: v for k, v in given if k == POLICY}
            kept = [
                (k, safe_cookie(v, is_https=self._is_https) if k == b"set-cookie" else v)
                for k, v in given
                if k not in HEADERS
            ]
            message = {**message, "headers": [*kept, *(HEADERS | own).items()]}
            kind = dict(given).get(b"content-type", b"")
            is_table = kind.startswith((b"text/csv", b"text/plain"))
            self._rewriting = self._is_csv and is_table and message["status"] == 200
            # plain text unless it is to be saved
            self._begin = BOM if self._rewriting and kind.startswith(b"text/csv") else b""
        elif self._rewriting:
            body, more = message.get("body", b""), message.get("more_body", False)
            if body and not body.endswith(b"\n"):
                raise ConnectionAbortedError(body.decode()[:200])  # a row ends its line; this tells of an error
            self._rows += body
            if more and len(self._rows) < ROWS_AT_ONCE:
                return
            message = {**message, "body": self._begin + safe_rows(self._rows.decode()).encode()}
            self._begin = self._rows = b""
            await asyncio.sleep(0)  # nothing else here waits, and others do
        await self._send(message)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register Datasette's list of databases, without the paths of this machine."""
    return [(r"/-/databases(\.json)?$", databases)]


async def databases(datasette: Any) -> Any:
    """Send name, size and kind of each database."""
    shown = datasette._connected_databases()
    return Response.json([{name: what for name, what in d.items() if name != "path"} for d in shown])
