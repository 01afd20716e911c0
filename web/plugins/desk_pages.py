"""Pages of the newsletter's desk: pick, order, reword, preview and seal the next issue; past issues. Editors only."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import Response
from pluggy import HookimplMarker

from core.clock import clock_from
from core.errors import UsageError, VisnykError
from core.model import iso
from db import digests
from db.store import open_store
from newsletter import desk as actions
from newsletter import draft
from newsletter.files import in_file_order
from newsletter.issue import ORDERS, DraftLine, one_line
from newsletter.merge import match
from newsletter.render.formats import FORMATS, file_name
from newsletter.settings import read_newsletter
from pipeline.editors import is_editor

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from newsletter.issue import Issue, Newsletter

hookimpl = HookimplMarker("datasette")

# An issue's own HTML brings its styles with it; nothing else in it may do anything.
PREVIEW = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
KINDS = {"html": "text/html", "json": "application/json", "atom": "application/xml"}
SAVED_AS_FILES = ("eml", "docx", "xlsx", "csv")
WRITER = threading.Lock()  # the desk opens the file one at a time: closing it would give up the others' locks


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register the desk, and each issue in each format."""
    return [(r"/desk$", desk), (r"/desk/(?P<issue>[\w.-]+)/(?P<form>[a-z]+)$", exported)]


@hookimpl
def menu_links(datasette: Any, actor: Any) -> list[dict[str, str]]:
    """Return the way to the desk, for those who may go there."""
    return [{"href": datasette.urls.path("/desk"), "label": "Desk"}] if is_editor(actor) else []


async def desk(datasette: Any, request: Any) -> Any:
    """Show the draft of the next issue; a POST saves what was typed, and seals if that was asked for."""
    if not _may(datasette, request):
        return Response.text("Not allowed.", status=403)
    path, newsletter = _where(datasette)
    if request.method == "POST":
        given = await request.post_vars()
        try:
            message = await asyncio.to_thread(act, path, newsletter, given, request.actor["id"])
            kind = datasette.INFO
        except VisnykError as error:
            message, kind = str(error), datasette.ERROR
        datasette.add_message(request, message, kind)
        return Response.redirect(datasette.urls.path("/desk"))

    def read() -> tuple[Issue, list[Any]]:
        with _writing(path) as connection:
            return draft.next_issue(connection, newsletter, _now()), digests.sealed_issues(connection)

    issue, past = await asyncio.to_thread(read)
    context = {
        "issue": issue,
        "sections": in_file_order(issue),
        "names": [section.name_en for section in issue.newsletter.sections],
        "past": past,
        "formats": list(FORMATS),
        "counts": actions.outcome(issue, [], []),
    }
    page = await datasette.render_template("desk.html", context, request=request, view_name="desk")
    return Response.html(page, headers={"cache-control": "no-store"})


async def exported(datasette: Any, request: Any) -> Any:
    """Send one issue in one format: shown, or with ?download=1 saved."""
    if not _may(datasette, request):
        return Response.text("Not allowed.", status=403)
    form, languages = request.url_vars["form"], request.args.get("languages") or ""
    if form not in FORMATS or languages not in ("", *ORDERS):
        return Response.text("There is no such format.", status=404)
    path, newsletter = _where(datasette)

    def make() -> tuple[Issue, bytes]:
        with _writing(path) as connection:
            issue = actions.issue_named(connection, newsletter, request.url_vars["issue"], _now())
        return issue, actions.render(issue, [form], languages)[form]

    try:
        issue, data = await asyncio.to_thread(make)
    except UsageError as error:
        return Response.text(str(error), status=404)
    headers = {"content-security-policy": PREVIEW, "cache-control": "no-store"}
    if request.args.get("download") or form in SAVED_AS_FILES:
        headers["content-disposition"] = f'attachment; filename="{file_name(issue, form)}"'
    kind = KINDS.get(form, "application/octet-stream" if form in SAVED_AS_FILES else "text/plain")
    text = "" if form in SAVED_AS_FILES else "; charset=utf-8"
    return Response(data, content_type=f"{kind}{text}", headers=headers)


def _may(datasette: Any, request: Any) -> bool:
    return datasette.desk is not None and is_editor(request.actor)


def _where(datasette: Any) -> tuple[Path, Newsletter]:
    return Path(datasette.get_database("news").path), read_newsletter(datasette.desk.newsletters[0])


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    with WRITER, closing(open_store(path)) as store, store.transaction() as connection:
        yield connection


def act(path: Path, newsletter: Newsletter, given: Mapping[str, str], by: str) -> str:
    """Store what the form says and, for `action=seal`, close the issue; return the message. Raises VisnykError.

    What is sealed is exactly what stood on the page: stories that arrived since wait for the next issue.
    """
    at = _now()
    with _writing(path) as connection:
        issue = draft.next_issue(connection, newsletter, at)
        if given.get("issue") != issue.name:
            raise UsageError(f"the page was of {given.get('issue', 'another issue')[:60]}; now {issue.name} is open")
        row = digests.open_issue(connection)
        if given.get("action") == "reopen" and row is not None:
            digests.unfix(connection, row["id"])
            return "what arrived since is let in"
        taken = match("the form", _lines(given), issue, draft.choices_of(connection, row["id"] if row else 0))
        if given.get("action") != "seal":
            draft.save(connection, taken, by, at)
            return f"saved; {len(taken.wordings)} reworded in English"
        draft.apply(connection, issue, taken, by, at)
        sealed = draft.seal(connection, newsletter, at)
    return f"{sealed.name} is sealed with {len(sealed.entries)} stories" if sealed else "nothing was left to seal"


def _lines(given: Mapping[str, str]) -> list[DraftLine]:
    """Return the form as if it were a file; a number stands in the name of each of its fields."""
    numbers = sorted(int(name[9:]) for name in given if name.startswith("title_en-") and name[9:].isdecimal())
    lines = []
    for place, number in enumerate(numbers, 1):
        order = given.get(f"order-{number}", "")
        try:
            line = DraftLine(
                number=place,
                story_id=number,
                included=f"include-{number}" in given,
                order=float(int(order)),
                section=one_line(given.get(f"section-{number}")) or "other",
                title_uk=given.get(f"title_uk-{number}", ""),
                title_en=one_line(given.get(f"title_en-{number}")),
                note=given.get(f"note-{number}", ""),
            )
        except ValueError as error:
            raise UsageError(f"story {number}: its place must be a number, not {order[:20]!r}") from error
        lines.append(line)
    return lines


def _now() -> str:
    return iso(clock_from(None)())
