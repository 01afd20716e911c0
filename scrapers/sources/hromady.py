"""All-Ukrainian Association of Amalgamated Territorial Communities: WordPress REST, RSS when that fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.errors import FieldsMissing
from core.model import Fault, IdentityRule, Item, Listing, Note, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Page
    from scrapers.parsing import feed

_POSTS = "https://hromady.org/wp-json/wp/v2/posts?per_page=20&_fields=id,date,date_gmt,link,title,excerpt"

SOURCE = Source(
    id="hromady",
    name="Асоціація ОТГ",
    name_en="Association of Amalgamated Territorial Communities",
    homepage="https://hromady.org/",
    publisher="Всеукраїнська Асоціація об'єднаних територіальних громад",
    also_called=("Асоціація об'єднаних територіальних громад", "Association of Amalgamated Territorial Communities"),
    language="uk",
    kind="rest",
    listings=(
        Listing(_POSTS, page_url=_POSTS + "&page={n}", kind="rest", min_items=10),
        Listing("https://hromady.org/feed/", kind="feed", min_items=5, fallback=True),
    ),
    # The key is the post id that REST and the feed's guid carry; the address only says what is an article at all.
    identity=IdentityRule(
        paths=(r"/(?P<key>[^/]+)/?", r"/(?P<key>[^/]+/[^/]+)/?"), query_keys=("p",), excluded=(r"^/category/",)
    ),
    hosts=("hromady.org", "www.hromady.org"),
    expected_every_hours=24 * 7,
    spacing_seconds=5.0,  # the rate that one project found polite here
)


def parse_listing(page: Page, listing: Listing) -> Iterator[Item | Fault | Note]:
    """Yield the posts of the REST answer, or entries of the feed with the post id of their guid."""
    from scrapers.parsing import feed, wordpress

    return feed.items(page, _post_id) if listing.kind == "feed" else wordpress.items(page)


def _post_id(entry: feed.FeedEntry) -> str:
    """Return the id in `https://hromady.org/?p=ID`, without which the entry would be stored beside its REST twin."""
    match = re.search(r"[?&]p=(\d+)", entry.guid)
    if match is None:
        raise FieldsMissing(f"a feed entry whose guid has no post id ({entry.guid[:100]!r})")
    return match[1]
