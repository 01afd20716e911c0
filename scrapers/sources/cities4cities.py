"""Cities4Cities | United4Ukraine (SALAR International, Polaris): WordPress REST, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Fault, IdentityRule, Item, Listing, Note, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Page

_POSTS = "https://cities4cities.eu/wp-json/wp/v2/posts?per_page=20&page={n}&_fields=id,date,date_gmt,title,link,excerpt"

SOURCE = Source(
    id="cities4cities",
    name="Cities4Cities | United4Ukraine",
    name_en="Cities4Cities | United4Ukraine",
    homepage="https://cities4cities.eu/",
    publisher="SALAR International",
    also_called=("Cities4Cities",),
    language="en",
    kind="rest",
    listings=(Listing(_POSTS.replace("{n}", "1"), page_url=_POSTS, kind="rest", min_items=10),),
    # The key is the REST id (slugs, numeric slugs and `?p=ID` are all in use); /community/ are profiles, not news.
    identity=IdentityRule(paths=(r"/(?P<key>[^/]+)/?",), query_keys=("p",), excluded=(r"^/community/",)),
    hosts=("cities4cities.eu", "www.cities4cities.eu"),
    expected_every_hours=24 * 21,
)


def parse_listing(page: Page, listing: Listing) -> Iterator[Item | Fault | Note]:
    """Yield the posts of the REST answer."""
    from scrapers.parsing import wordpress

    return wordpress.items(page)
