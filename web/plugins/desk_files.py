"""Each issue in each format, as editors see it: the draft from its present state, sealed ones as they were sealed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from datasette import Response
from pluggy import HookimplMarker

from core.errors import UsageError
from db import sealed_issues
from newsletter import exporting as actions
from newsletter.issue import ORDERS
from newsletter.render.formats import FORMATS, file_name
from pipeline.protection import MAIL_POLICY
from web.desk import desk_access as access

if TYPE_CHECKING:
    import sqlite3

    from newsletter.issue import Issue
    from newsletter.sheet import Sheet

hookimpl = HookimplMarker("datasette")

KINDS = {
    "html": "text/html",
    "json": "application/json",
    "atom": "application/xml",
    "telegram-json": "application/json",
}
SAVED_AS_FILES = ("eml", "docx", "xlsx", "csv")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register each issue in each format."""
    return [(r"/desk/(?P<issue>[\w.-]+)/(?P<form>[a-z-]+)$", exported)]


async def exported(datasette: Any, request: Any) -> Any:
    """Send one issue in one format: shown, or with ?download=1 saved."""
    if not access.may_edit(datasette, request):
        return Response.text("Not allowed.", status=403)
    form, languages = request.url_vars["form"], request.args.get("languages") or ""
    if form not in FORMATS or languages not in ("", *ORDERS):
        return Response.text("There is no such format.", status=404)
    name, at = request.url_vars["issue"], access.now(datasette)

    def make(connection: sqlite3.Connection) -> tuple[Issue, bytes]:
        issue = actions.issue_named(connection, newsletter, name, at)
        if issue.sealed and (kept := sealed_issues.kept_files(connection, issue.digest_id, [form], languages)):
            return issue, kept[form]
        return issue, actions.render(issue, [form], languages, sheet=sheet)[form]

    def keep_base() -> Sheet | None:
        with access.writing(access.file_of(datasette)) as connection:
            return actions.sheet_named(connection, newsletter, name, at)

    try:
        newsletter = access.asked_for(datasette, request.args.get("newsletter") or "")
        sheet = await asyncio.to_thread(keep_base) if form in actions.EDITABLE else None
        issue, data = await access.reading(datasette, make)
    except UsageError as error:
        return Response.text(str(error), status=404)
    headers = {"content-security-policy": MAIL_POLICY, "cache-control": "no-store"}
    if request.args.get("download") or form in SAVED_AS_FILES:
        headers["content-disposition"] = f'attachment; filename="{file_name(issue, form)}"'
    kind = KINDS.get(form, "application/octet-stream" if form in SAVED_AS_FILES else "text/plain")
    text = "" if form in SAVED_AS_FILES else "; charset=utf-8"
    return Response(data, content_type=f"{kind}{text}", headers=headers)
