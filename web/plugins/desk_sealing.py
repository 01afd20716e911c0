"""Ends of the work on an issue: seal, undo the seal, publish, hand over. Each asks first. Editors only."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from datasette import Response
from pluggy import HookimplMarker

from core.errors import UsageError
from newsletter import exporting as actions
from newsletter import sealing
from web.desk import desk_access as access
from web.desk.before_sealing import contents, mark_of, warnings
from web.desk.desk_answers import HEADERS, answered
from web.desk.desk_view import view as view_of

if TYPE_CHECKING:
    import sqlite3

    from web.desk.desk_answers import DeskRequest
    from web.desk.desk_view import View

hookimpl = HookimplMarker("datasette")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register the pages that ask, and what they lead to."""
    return [(r"/desk/seal$", seal)]


async def seal(datasette: Any, request: Any) -> Any:
    """Show what would be sealed; a POST seals exactly that."""
    if request.method == "POST":
        return await answered(datasette, request, _seal)
    if not access.may_edit(datasette, request):
        return Response.text("Not allowed.", status=403)
    try:
        newsletter = access.asked_for(datasette, request.args.get("newsletter") or "")
        context = await access.viewing(datasette, newsletter, sealing_context)
    except UsageError as error:
        return Response.text(str(error), status=404, headers=HEADERS)
    return await _ask(datasette, request, context)


def sealing_context(connection: sqlite3.Connection, view: View) -> dict[str, Any]:
    """Return what the page says that asks before sealing."""
    rows = contents(view)
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(view.newsletter.section(row.entry.section).name_en, []).append(row)
    return {
        "view": view,
        "issue": view.now.issue.name,
        "sections": found,
        "stories": len(rows),
        "left": len(view.sides.bin) if not view.sides.everything else 0,
        "warnings": [*warnings(view), *actions.advice(connection, view.now.issue)],
        "mark": mark_of(view),
    }


async def _ask(datasette: Any, request: Any, context: dict[str, Any], error: str = "") -> Any:
    context = {**context, "error": error, "token": request.scope["csrftoken"](), "path": datasette.urls.path}
    page = await datasette.render_template("desk_seal.html", context, request=request, view_name="desk")
    return Response.html(page, status=409 if error else 200, headers=HEADERS)


async def _seal(asked: DeskRequest) -> Any:
    def close() -> str | dict[str, Any]:
        with access.writing(access.file_of(asked.datasette)) as connection:
            view = view_of(connection, asked.newsletter, asked.at)
            if view is None or view.now.issue.name != asked.form.get("issue"):
                raise UsageError(f"{asked.form.get('issue')[:60]} is not open any more: it was sealed meanwhile")
            if mark_of(view) != asked.form.get("mark"):
                return sealing_context(connection, view)
            sealed = sealing.seal(connection, asked.newsletter, asked.at)
        return f"{sealed.name} is sealed with {len(sealed.entries)} stories" if sealed else "nothing was left to seal"

    done = await asyncio.to_thread(close)
    if isinstance(done, dict):
        changed = "The issue was changed since this page was shown. This is how it stands now."
        return await _ask(asked.datasette, asked.request, done, changed)
    asked.datasette.add_message(asked.request, done, asked.datasette.INFO)
    return Response.redirect(f"{asked.datasette.urls.path('/desk/issues')}?newsletter={asked.newsletter.id}")
