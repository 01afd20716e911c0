"""WordPress sites: the REST list of posts, its paging and errors, short links and plain article pages. Pure."""

from __future__ import annotations

import json
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING

from demo.pages.messages import SiteRequest, SiteResponse, not_found
from demo.publications import Edition, Post, changed_at, posts
from demo.scenario import KYIV, SITES, SOURCE_OF_HOST

if TYPE_CHECKING:
    from collections.abc import Sequence

REST = "/wp-json/wp/v2/posts"
_EXCERPT_WORDS = 30
_JSON = "application/json; charset=UTF-8"


def answer(request: SiteRequest) -> SiteResponse:
    """Answer REST, `/?p=ID` (a permanent redirect, as WordPress does) and the articles themselves."""
    source = SOURCE_OF_HOST[request.host]
    found = posts(source, request.now)
    if request.path == REST:
        return _rest(source, request, found)
    for post in found:
        if request.path == post.address:
            return SiteResponse(_page(post.first))
        if request.path == "/" and request.query.get("p") == post.key:
            return SiteResponse("", status=301, headers={"Location": _link(source, post)})
    return not_found(request)


def _rest(source: str, request: SiteRequest, found: Sequence[Post]) -> SiteResponse:
    page, size = request.number("page", 1), request.number("per_page", 10)
    pages = max(1, -(-len(found) // size)) if size else 0
    if not 1 <= size <= 100:
        return _error("rest_invalid_param", "Invalid parameter(s): per_page")
    if not 1 <= page <= pages:
        return _error("rest_post_invalid_page_number", "The page number is larger than the number of pages.")
    shown = [_fields(post, request) for post in found[(page - 1) * size : page * size]]
    totals = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
    return SiteResponse(json.dumps(shown), _JSON, headers=totals, changed=changed_at(source, request.now))


def _fields(post: Post, request: SiteRequest) -> dict[str, object]:
    edition, words = post.first, post.first.lead.split()
    cut = " [&hellip;]" if len(words) > _EXCERPT_WORDS else ""
    excerpt = texturised(" ".join(words[:_EXCERPT_WORDS])) + cut
    fields: dict[str, object] = {
        "id": int(post.key),
        "date": post.odd_date or f"{edition.published.astimezone(KYIV):%Y-%m-%dT%H:%M:%S}",
        "date_gmt": f"{edition.published.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "slug": post.address.strip("/"),
        "link": _link(SOURCE_OF_HOST[request.host], post),
        "title": {"rendered": texturised(edition.title)},
        "excerpt": {"rendered": f"<p>{excerpt}</p>\n", "protected": False},
    }
    wanted = [name for name in request.query.get("_fields", "").split(",") if name]
    return {name: value for name, value in fields.items() if not wanted or name in wanted}


def texturised(text: str) -> str:
    """Write text as WordPress prints it: typographic apostrophes and dashes as numeric entities."""
    return escape(text, quote=False).replace("'", "&#8217;").replace("–", "&#8211;").replace("\u00a0", "&nbsp;")


def _link(source: str, post: Post) -> str:
    return post.link or f"https://{SITES[source][0]}{post.address}"


def _error(code: str, message: str) -> SiteResponse:
    return SiteResponse(json.dumps({"code": code, "message": message, "data": {"status": 400}}), _JSON, status=400)


def _page(edition: Edition) -> str:
    cookies = "<p>This website uses cookies so that we can give you a better visit.</p>"
    return (
        f"<!DOCTYPE html><html><head><title>{escape(edition.title)}</title></head>"
        f"<body>{cookies}<h1>{escape(edition.title)}</h1><p>{escape(edition.lead)}</p></body></html>"
    )
