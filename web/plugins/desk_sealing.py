"""Ends of the work on an issue: seal, undo the seal, publish, hand over. Each asks first. Editors only."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from datasette import Response
from pluggy import HookimplMarker

from core.errors import UsageError
from db import digests
from newsletter import exporting as actions
from newsletter import sealing
from newsletter.handover import attempts, services
from newsletter.issue import stories
from pipeline import asking
from web.desk import desk_access as access
from web.desk.before_sealing import contents, mark_of, warnings
from web.desk.desk_answers import HEADERS, answered
from web.desk.desk_forms import DraftClosed
from web.desk.desk_view import view as view_of

if TYPE_CHECKING:
    import sqlite3

    from newsletter.handover.attempts import HandedOver
    from web.desk.desk_answers import DeskRequest
    from web.desk.desk_view import View

hookimpl = HookimplMarker("datasette")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register the pages that ask, and what they lead to."""
    return [
        (r"/desk/seal$", seal),
        (r"/desk/unseal$", unseal),
        (r"/desk/publish$", publish),
        (r"/desk/hand-over$", hand_over),
    ]


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
                raise DraftClosed(f"{asked.form.get('issue')[:60]} is not open any more: it was sealed meanwhile")
            if mark_of(view) != asked.form.get("mark"):
                return sealing_context(connection, view)
            sealed = sealing.seal(connection, asked.newsletter, asked.at, by=asked.by, via="desk")
        return f"{sealed.name} is sealed with {stories(len(sealed.entries))}" if sealed else "nothing was left to seal"

    done = await asyncio.to_thread(close)
    if isinstance(done, dict):
        changed = "The issue was changed since this page was shown. This is how it stands now."
        return await _ask(asked.datasette, asked.request, done, changed)
    return _told(asked, done)


async def hand_over(datasette: Any, request: Any) -> Any:
    """Ask to which of the services that are set up; a POST makes a draft there, which a person sends."""
    if request.method == "POST":
        return await answered(datasette, request, _hand_over)
    return await _asking(datasette, request, "hand-over")


async def unseal(datasette: Any, request: Any) -> Any:
    """Ask; a POST makes a sealed issue the draft again."""
    if request.method == "POST":
        return await answered(datasette, request, _unseal)
    return await _asking(datasette, request, "unseal")


async def publish(datasette: Any, request: Any) -> Any:
    """Ask; a POST lets the public see a sealed issue."""
    if request.method == "POST":
        return await answered(datasette, request, _publish)
    return await _asking(datasette, request, "publish")


async def _unseal(asked: DeskRequest) -> Any:
    def open_again() -> list[str]:
        with access.writing(access.file_of(asked.datasette)) as connection:
            require_own(connection, asked)
            return sealing.unseal(connection, asked.form.get("name"), asked.at, by=asked.by, via="desk")

    return _told(asked, "; ".join(await asyncio.to_thread(open_again)), "/desk")


async def _publish(asked: DeskRequest) -> Any:
    def show() -> str:
        with access.writing(access.file_of(asked.datasette)) as connection:
            require_own(connection, asked)
            name = asked.form.get("name")
            return sealing.publish(connection, asked.newsletter, name, asked.at, by=asked.by, via="desk").name

    return _told(asked, f"{await asyncio.to_thread(show)} is published")


def require_own(connection: sqlite3.Connection, asked: DeskRequest) -> None:
    """Raise UsageError unless the issue of the form is a sealed one of its newsletter."""
    name = asked.form.get("name")
    if name not in [row["name"] for row in digests.sealed_issues(connection, asked.newsletter.id)]:
        raise UsageError(f"there is no sealed issue {name[:60]} of {asked.newsletter.name_en}")


async def _asking(datasette: Any, request: Any, what: str) -> Any:
    """Send the page that asks before something is done with a sealed issue."""
    if not access.may_edit(datasette, request):
        return Response.text("Not allowed.", status=403)
    name = request.args.get("name") or ""
    try:
        newsletter = access.asked_for(datasette, request.args.get("newsletter") or "")
        past = await access.reading(datasette, lambda connection: digests.sealed_issues(connection, newsletter.id))
        row = next((row for row in past if row["name"] == name), None)
        if row is None:
            raise UsageError(f"there is no sealed issue {name[:60]} of {newsletter.name_en}")
        known = services.tables(access.settings_file(datasette, newsletter.id))
    except UsageError as error:
        return Response.text(str(error), status=404, headers=HEADERS)
    context = {
        "what": what,
        "row": row,
        "newsletter": newsletter,
        "services": [one for one in services.SERVICES if one in known],
        "token": request.scope["csrftoken"](),
        "path": datasette.urls.path,
    }
    page = await datasette.render_template("desk_ask.html", context, request=request, view_name="desk")
    return Response.html(page, headers=HEADERS)


async def _hand_over(asked: DeskRequest) -> Any:
    settings = services.tables(access.settings_file(asked.datasette, asked.newsletter.id))
    service = services.service(asked.form.get("service"), settings, asking.ask)

    def hand() -> HandedOver:
        return attempts.hand_over(
            access.file_of(asked.datasette),
            asked.form.get("name"),
            service,
            newsletter_id=asked.newsletter.id,
            by=asked.by,
            clock=lambda: datetime.fromisoformat(asked.at),
            writing=access.writing,
        )

    return _told(asked, (await asyncio.to_thread(hand)).line)


def _told(asked: DeskRequest, done: str, page: str = "/desk/issues") -> Any:
    asked.datasette.add_message(asked.request, done, asked.datasette.INFO)
    return Response.redirect(f"{asked.datasette.urls.path(page)}?newsletter={asked.newsletter.id}")
