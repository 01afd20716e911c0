"""Громадський простір: RSS of news and of grants, whose articles live at query addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Fault, IdentityRule, Item, Listing, Note, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Page

SOURCE = Source(
    id="prostir",
    name="Громадський простір",
    name_en="Civic Space (Prostir)",
    homepage="https://www.prostir.ua/",
    publisher="Громадський простір",
    language="uk",
    kind="feed",
    listings=(
        Listing("https://www.prostir.ua/feed/", kind="feed", min_items=5),
        # Four spellings of the grants feed are in use; this one keeps the path that was verified.
        Listing("https://www.prostir.ua/feed/?post_type=grant", kind="feed", min_items=1),
    ),
    # `/?grants=<slug>` was seen; the other post types are inferred to have addresses of the same shape.
    identity=IdentityRule(
        query_keys=(
            *("grants", "grant", "news", "tenders", "tender", "events", "event", "vacancies", "vacancy"),
            *("library", "focus", "blogs", "p"),
        ),
        paths=(r"/(?P<key>[^/].*?)/?",),
        excluded=(r"^/(?:author|category|tag|feed)/",),
    ),
    hosts=("www.prostir.ua", "prostir.ua"),
    expected_every_hours=24 * 3,
)


def parse_listing(page: Page, listing: Listing) -> Iterator[Item | Fault | Note]:
    """Yield the entries of a feed."""
    from scrapers.parsing import feed

    return feed.items(page)
