"""EU NEIGHBOURS east: RSS, kept where it is about local self-government."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Fault, IdentityRule, Item, Listing, Note, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Page

SOURCE = Source(
    id="euneighbourseast",
    name="EU NEIGHBOURS east",
    name_en="EU NEIGHBOURS east",
    homepage="https://euneighbourseast.eu/",
    publisher="EU NEIGHBOURS east",
    language="en",
    kind="feed",
    listings=(Listing("https://euneighbourseast.eu/feed/", kind="feed", min_items=7),),
    # Editions have slugs of their own, so the whole path, with its language prefix, is the key.
    identity=IdentityRule(paths=(r"/(?P<key>[^/].*?)/?",), excluded=(r"^/(?:uk/)?(?:category|tag|feed)/",)),
    hosts=("euneighbourseast.eu", "www.euneighbourseast.eu"),
    expected_every_hours=24 * 14,
    topic_filter=True,
)


def parse_listing(page: Page, listing: Listing) -> Iterator[Item | Fault | Note]:
    """Yield the entries of the feed."""
    from scrapers.parsing import feed

    return feed.items(page)
