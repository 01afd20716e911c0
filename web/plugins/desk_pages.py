"""Pages of the newsletter's desk that show: bin and issue, one story, history, past issues. Editors only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette import Response
from pluggy import HookimplMarker

from core.errors import UsageError
from db import desk_facts, digests
from newsletter.changes import history
from newsletter.fields import most_characters
from newsletter.render.formats import FORMATS
from pipeline.editors import is_editor
from web.desk import desk_access as access
from web.desk.desk_answers import HEADERS
from web.desk.desk_checks import checks_of
from web.desk.desk_context import Shown
from web.desk.desk_history import shown_changes
from web.desk.desk_view import wanted_from

if TYPE_CHECKING:
    import sqlite3

    from web.desk.desk_view import View

hookimpl = HookimplMarker("datasette")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register the pages that only show."""
    return [
        (r"/desk$", desk),
        (r"/desk/bin$", more_of_the_bin),
        (r"/desk/story/(?P<key>[a-z]{10})$", opened),
        (r"/desk/history$", past_changes),
        (r"/desk/issues$", past_issues),
    ]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Give the templates of forms the number of characters that a field may have."""
    env.globals["characters_of"] = most_characters


@hookimpl
def menu_links(datasette: Any, actor: Any) -> list[dict[str, str]]:
    """Return the way to the desk, for those who may go there."""
    return [{"href": datasette.urls.path("/desk"), "label": "Desk"}] if is_editor(actor) else []


async def desk(datasette: Any, request: Any) -> Any:
    """Show the bin and the issue; with ?story=KEY one story opened."""
    key = request.args.get("story") or ""
    return await _page(datasette, request, "desk_one.html" if key else "desk.html", key)


async def more_of_the_bin(datasette: Any, request: Any) -> Any:
    """Send the rows of one page of the bin, for a page that has the rest."""
    return await _page(datasette, request, "desk_rows.html", "")


async def opened(datasette: Any, request: Any) -> Any:
    """Send one story opened, for a page that has the rest."""
    return await _page(datasette, request, "desk_story.html", request.url_vars["key"])


async def past_changes(datasette: Any, request: Any) -> Any:
    """Show who changed what in the draft."""
    return await _page(datasette, request, "desk_history.html", "", everything=True)


async def past_issues(datasette: Any, request: Any) -> Any:
    """Show the sealed issues with their files, and what can be done with each."""
    return await _page(datasette, request, "desk_issues.html", "")


async def _page(datasette: Any, request: Any, template: str, key: str, *, everything: bool = False) -> Any:
    if not access.may_edit(datasette, request):
        return Response.text("Not allowed.", status=403)
    try:
        newsletter = access.asked_for(datasette, request.args.get("newsletter") or "")

        def read(connection: sqlite3.Connection, view: View) -> dict[str, Any]:
            return context(connection, view, datasette, request, key=key, everything=everything)

        found = await access.viewing(datasette, newsletter, read)
    except UsageError as error:
        return Response.text(str(error), status=404, headers=HEADERS)
    page = await datasette.render_template(template, found, request=request, view_name="desk")
    return Response.html(page, headers=HEADERS)


def context(
    connection: sqlite3.Connection, view: View, datasette: Any, request: Any, *, key: str = "", everything: bool = False
) -> dict[str, Any]:
    """Return what the desk's templates show. Raises UsageError for a key that is of no story of the draft."""
    editor = request.actor["id"]
    topics, sources = desk_facts.labels(connection)
    seen = desk_facts.seen(connection, view.now.digest_id, editor)
    row = view.row(key) if key else None
    if key and row is None:
        raise UsageError("this story is not in the draft any more: it was sealed, merged into another, or sent")
    story_id = row.story.story_id if row else None
    changes = shown_changes(history(connection, view.now.digest_id, 0, story_id), view, seen, editor)
    shown = Shown(
        view,
        wanted_from(request.args, connection),
        access.newsletters(datasette),
        datasette.urls.path,
        request.scope["csrftoken"](),
        topics,
        sources,
        list(FORMATS),
        unseen=sum(change["is_new"] for change in changes),
        last=changes[0] if changes else None,
        silent=desk_facts.silent_sources(connection, view.since) if view.since else (),
    )
    found: dict[str, Any] = {"desk": shown, "history": changes if key or everything else []}
    if row is not None:
        found["row"], found["values"] = row, view.now.stories[row.story.story_id]
        found["articles"] = desk_facts.articles(connection, row.story.story_id)
        found["checks"] = checks_of(row)
    found["past"] = digests.sealed_issues(connection, view.newsletter.id)
    return found
