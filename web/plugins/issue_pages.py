"""Public pages of the newsletter: archive, each issue, feeds of issues, an issue as data and as mail. Read only."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlencode

from datasette import Response
from datasette.views.base import DatasetteError
from markupsafe import Markup
from pluggy import HookimplMarker

from core.clock import kyiv_day
from db import published_issues
from newsletter.issue import address_of
from newsletter.issue_feeds import FeedItem, IssueFeed, atom_of_issues, json_feed_of_issues
from newsletter.published import PublishedIssue, as_data, read_published
from newsletter.render.formats import Renderer
from newsletter.render.webpage import render_whole
from pipeline.editors import is_editor
from pipeline.protection import MAIL_POLICY

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

hookimpl = HookimplMarker("datasette")

ISSUES_ON_A_PAGE = 30
ISSUES_IN_A_FEED, STORIES_IN_A_FEED = 10, 600  # whichever is reached first; the newest issue is always there
MOST_PAGES = 100_000
FRESH = 300  # seconds for which a copy need not be asked about
LINKED = {("issues", "name"), *(("issue_stories", name) for name in ("issue", "correction_of", "story_id"))}
NOWHERE = "There is no such issue, or it was not published."
FEEDS = {
    "atom": (atom_of_issues, "application/atom+xml; charset=utf-8"),
    "json": (json_feed_of_issues, "application/feed+json; charset=utf-8"),
}
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


class Content(NamedTuple):
    """Bytes to be sent, their kind, and since when they are as they are (UTC; empty: not known)."""

    body: bytes
    kind: str
    changed_at: str
    policy: str = ""  # of what may be loaded and done; empty: that of the website


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register the archive, its feeds, and whatever lies below it."""
    return [
        (r"/issues$", archive),
        (r"/issues\.(?P<form>atom|json)$", feed),
        (r"/issues/(?P<name>[^/]+)/(?P<part>image|logo|mail)$", part),
        (r"/issues/(?P<name>[^/]+)$", issue),
    ]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Give templates the address of an issue by its name, and the day of a moment."""
    env.filters["issue_address"] = address_of
    env.filters["kyiv_day"] = kyiv_day


@hookimpl
def extra_template_vars(view_name: str | None, datasette: Any) -> Any:
    """Tell every page whether there is a newsletter to lead to; those of errors do without."""

    async def inner() -> dict[str, Any]:
        if view_name is None or "news" not in datasette.databases:
            return {}
        return {
            "has_issues": (await datasette.get_database("news").execute(published_issues.ANY_PUBLISHED)).single_value()
        }

    return inner


@hookimpl
def render_cell(value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """Return the name of an issue in the tables of published ones as a link to its page, a story's number likewise."""
    if database != "news" or not value or (table, column) not in LINKED:
        return None
    address = f"/news/stories/{value}" if column == "story_id" else address_of(str(value))
    return Markup('<a href="{}">{}</a>').format(address, value)


async def archive(datasette: Any, request: Any) -> Any:
    """List the published issues, newest first."""
    wanted, page = request.args.get("newsletter") or "", _page_number(request.args.get("page") or "1")

    def read(connection: sqlite3.Connection) -> tuple[list[Any], list[Any], int]:
        left_out = ISSUES_ON_A_PAGE * (page - 1)
        listed = published_issues.published(connection, wanted, ISSUES_ON_A_PAGE, left_out)
        return published_issues.newsletters(connection), listed, published_issues.count(connection, wanted)

    letters, listed, count = await datasette.get_database("news").execute_fn(read)
    if (wanted and wanted not in {letter["id"] for letter in letters}) or (page > 1 and not listed):
        raise DatasetteError("There is no such page of issues.", status=404)

    def of_page(number: int) -> str:
        given = {"newsletter": wanted} if wanted else {}
        return "?" + urlencode(given | {"page": number})

    context = {
        "letters": letters,
        "wanted": wanted,
        "listed": [(row, address_of(row["name"]), kyiv_day(row["sealed_at"])) for row in listed],
        "count": count,
        "newer": of_page(page - 1) if page > 1 else "",
        "older": of_page(page + 1) if count > page * ISSUES_ON_A_PAGE else "",
        "query": f"?newsletter={wanted}" if wanted else "",
    }
    text = await datasette.render_template("issues.html", context, request=request, view_name="issues")
    newest = max((letter["newest"] for letter in letters if wanted in ("", letter["id"])), default="")
    return _answer(request, Content(text.encode(), HTML, newest))


async def feed(datasette: Any, request: Any) -> Any:
    """Send the newest issues as a feed, whole."""
    wanted, host = request.args.get("newsletter") or "", _base(datasette, request)
    write, kind = FEEDS[request.url_vars["form"]]

    def read(connection: sqlite3.Connection) -> IssueFeed | None:
        letters = published_issues.newsletters(connection)
        chosen = [letter for letter in letters if letter["id"] == wanted] if wanted else letters
        if wanted and not chosen:
            return None
        rows = published_issues.published(connection, wanted, ISSUES_IN_A_FEED)
        kept = rows[: fitting_in_feed([row["stories"] for row in rows])]
        found = [read_published(connection, row["name"]) for row in kept]
        items = [
            FeedItem(one, base := one.issue.newsletter.site or host, render_whole(one, base)) for one in found if one
        ]
        names = " · ".join(dict.fromkeys((chosen[0]["name_en"], chosen[0]["name_uk"]))) if len(chosen) == 1 else ""
        return IssueFeed(wanted, names or "Visnyk: newsletters", items[0].base if items else host, items)

    made = await datasette.get_database("news").execute_fn(read)
    if made is None:
        raise DatasetteError("There is no such newsletter.", status=404)
    changed = made.items[0].published.issue.published_at if made.items else ""
    return _answer(request, Content(write(made), kind, changed))


def fitting_in_feed(stories: Sequence[int]) -> int:
    """Return how many of the issues, given by their number of stories, newest first, a feed takes."""
    within = sum(total <= STORIES_IN_A_FEED for total in accumulate(stories))
    return max(within, min(1, len(stories)))


async def issue(datasette: Any, request: Any) -> Any:
    """Show one issue, or with .json behind its name send it as data."""
    name = unquote(request.url_vars["name"])
    as_editor = datasette.desk is not None and is_editor(request.actor)

    def read(connection: sqlite3.Connection) -> tuple[PublishedIssue, str] | PublishedIssue | None:
        if whole := read_published(connection, name, unpublished=as_editor):
            return whole, render_whole(whole)
        return read_published(connection, name.removesuffix(".json"), unpublished=as_editor)

    found = await datasette.get_database("news").execute_fn(read)
    if isinstance(found, PublishedIssue) and name.endswith(".json"):
        data = as_data(found, found.issue.newsletter.site or _base(datasette, request))
        body = (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
        return _answer(request, Content(body, JSON, found.issue.published_at))
    if not isinstance(found, tuple):
        raise DatasetteError(NOWHERE, status=404)
    published, html = found
    context = {"p": published, "issue": published.issue, "whole": Markup(html), "address": address_of}
    page = await datasette.render_template("issue.html", context, request=request, view_name="issue")
    return _answer(request, Content(page.encode(), HTML, published.changed_at))


async def part(datasette: Any, request: Any) -> Any:
    """Send the image of an issue, the logo it was sealed with, or the issue as readers got it by mail."""
    name, as_editor = unquote(request.url_vars["name"]), datasette.desk is not None and is_editor(request.actor)

    def read(connection: sqlite3.Connection) -> Content | None:
        found = read_published(connection, name, unpublished=as_editor)
        if found is None:
            return None
        if request.url_vars["part"] == "mail":
            return Content(Renderer(found.issue).html(), HTML, found.issue.published_at, MAIL_POLICY)
        is_logo = request.url_vars["part"] == "logo"
        picture = found.issue.newsletter.brand.picture() if is_logo else found.issue.image
        return Content(picture.content, f"image/{picture.kind}", found.issue.published_at) if picture else None

    found = await datasette.get_database("news").execute_fn(read)
    if found is None:
        raise DatasetteError(NOWHERE, status=404)
    return _answer(request, found)


def _page_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= MOST_PAGES and len(text) < 9):
        raise DatasetteError("page must be a number from 1.", status=400)
    return int(text)


def _base(datasette: Any, request: Any) -> str:
    """Return the address of this site as the visitor wrote it."""
    return str(datasette.absolute_url(request, "/")).rstrip("/")


def _answer(request: Any, found: Content) -> Any:
    """Return what was found, or 304 when the visitor has it already; HEAD gets the headers alone."""
    headers = {
        "etag": f'"{hashlib.sha256(found.body).hexdigest()[:32]}"',
        "cache-control": f"public, max-age={FRESH}",  # who is logged in gets a stricter one of Datasette
    }
    if found.policy:
        headers["content-security-policy"] = found.policy
    if found.changed_at:
        headers["last-modified"] = format_datetime(datetime.fromisoformat(found.changed_at), usegmt=True)
    if is_known(request.headers, headers["etag"], found.changed_at):
        return Response("", status=304, headers=headers, content_type=found.kind)
    body = b"" if request.method == "HEAD" else found.body
    return Response(body, headers=headers, content_type=found.kind)


def is_known(asked: Mapping[str, str], etag: str, changed_at: str) -> bool:
    """Return True if the visitor's copy is this one: by its ETag, or where it has none by its date (RFC 9110, 13.2)."""
    if "if-none-match" in asked:
        known = {one.strip().removeprefix("W/") for one in asked["if-none-match"].split(",")}
        return bool(known & {etag, "*"})
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
        return bool(changed_at) and datetime.fromisoformat(changed_at) <= since
    except (KeyError, ValueError, TypeError):  # none, none that can be read, one without its zone
        return False
