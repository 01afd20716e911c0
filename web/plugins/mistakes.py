"""Clear answers to questions that cannot be answered: a 400 that says why, not a 500."""

from __future__ import annotations

import json
import logging
import math
import sqlite3
from typing import Any

from datasette import Response
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from pluggy import HookimplMarker

from core.errors import StoreError

hookimpl = HookimplMarker("datasette")
log = logging.getLogger("visnyk.web")

# What Datasette's reading of a query string raises for values that it did not expect.
READING = (ValueError, OverflowError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
LISTS = frozenset({"sources", "oblasts", "topics", "reasons"})  # columns that hold JSON arrays
MOST_ROWS = 100  # of a page: 1,000 would keep everybody else waiting for a second
TITLES = {404: "Not found", 403: "Not allowed", 503: "Not now"}
DATABASE = (
    "readonly database",
    "unable to open database",
    "disk i/o error",
    "disk image is malformed",
    "file is not a database",
    "database is locked",
)


@hookimpl
def filters_from_request(request: Any, database: str, table: str, datasette: Any) -> Any:
    """Check what Datasette would otherwise answer with 500; filters nothing itself."""

    async def inner() -> None:
        db = datasette.get_database(database)
        metadata = datasette.table_metadata(database, table)
        columns = {"rowid", *await db.table_columns(table)}
        sortable = set(metadata.get("sortable_columns") or columns)
        view = await db.get_view_definition(table)
        complaint = complain(request.args, columns, sortable, is_view=bool(view))
        if not request.path.endswith((".json", ".csv")):
            complaint = complaint or _size_complaint(request.args.get("_size") or "")
        if complaint:
            raise DatasetteError(complaint, status=400)

    return inner


def complain(args: Any, columns: set[str], sortable: set[str], *, is_view: bool) -> str:
    """Return what is wrong with the query string, in one sentence; empty when nothing is."""
    sorts = [args.get(name) for name in ("_sort", "_sort_desc") if args.get(name)]
    if len(sorts) > 1:
        return "Sort by one column at a time."
    if any(sort not in sortable for sort in sorts):
        return f"Cannot sort by {sorts[0]}; possible are: {', '.join(sorted(sortable))}."
    following = args.get("_next")
    if following and is_view and not (following.isascii() and following.isdigit() and len(following) < 10):
        return "_next must be the number that the page before gave."
    if not (args.get("_timelimit") or "1").isdigit():
        return "_timelimit must be a number of milliseconds."
    return _facet_complaint(args, columns)


def _size_complaint(size: str) -> str:
    try:
        rows = math.inf if size == "max" else int(size or "0")
    except ValueError:  # Datasette's own answer is good
        return ""
    return f"A page shows at most {MOST_ROWS} rows; as .json or .csv there are 1,000." if rows > MOST_ROWS else ""


def _facet_complaint(args: Any, columns: set[str]) -> str:
    for key in args:
        if key in ("_facet", "_facet_array", "_facet_date", "_facet_newest"):
            known = columns & LISTS if key == "_facet_array" else columns
            unknown = [value for value in args.getlist(key) if value not in known]
            if unknown:
                return f"There is no column {unknown[0]} that can be counted so."
    try:
        through = [json.loads(value) for value in args.getlist("_through")]
    except (ValueError, RecursionError):
        through = [None]
    asked = {"table", "column", "value"}
    if not all(isinstance(t, dict) and asked <= t.keys() for t in through):
        return "_through must be JSON with table, column and value."
    return ""


def verdict(exception: Exception, *, has_query: bool) -> tuple[int, str]:
    """Return status and one sentence for the reader: never a path, a trace or a statement."""
    text = str(getattr(exception, "message", exception))
    if isinstance(exception, OSError | StoreError) or (
        isinstance(exception, sqlite3.Error | DatasetteError) and any(sign in text.lower() for sign in DATABASE)
    ):
        return 503, "The database cannot be read just now."
    if text.startswith(("fts5:", "unterminated string", "unknown special query")):
        return 400, "This search cannot be read."
    if isinstance(exception, QueryInterrupted):
        return 503, "That took too long."
    if isinstance(exception, Base400 | DatasetteError):
        if getattr(exception, "title", None) == "SQL Interrupted":
            text = "That took too long. Narrow it down with a search or a filter."
        return (400 if exception.status == 500 else exception.status), text or "That cannot be answered."
    if has_query and isinstance(exception, (*READING, sqlite3.Error)):
        return 400, "This query string cannot be read."
    return 500, "Something went wrong here; the terminal that runs the server says what."


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Give our answer; Datasette takes the first one that it gets."""

    async def inner() -> Any:
        status, message = verdict(exception, has_query=bool(request.query_string))
        if status >= 500 and not isinstance(exception, QueryInterrupted):
            log.error("%s failed: %s", request.path, exception)
        if request.path.endswith(".json"):
            answer = {"ok": False, "error": message, "status": status, "title": None}
            return Response.json(answer, status=status)
        context = {"title": TITLES.get(status, "That did not work"), "error": message, "status": status}
        page = await datasette.render_template("error.html", context, request=request)
        return Response.html(page, status=status)

    return inner
