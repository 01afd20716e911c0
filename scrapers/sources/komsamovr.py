"""Parliament's committee on local self-government: RSS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Fault, IdentityRule, Item, Listing, Note, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Page

SOURCE = Source(
    id="komsamovr",
    name="Комітет Верховної Ради з питань місцевого самоврядування",
    name_en="Verkhovna Rada Committee on Local Self-Government",
    homepage="https://komsamovr.rada.gov.ua/",
    publisher="Апарат Верховної Ради України",
    also_called=(
        "Комітет з питань організації державної влади",
        "Комітет Верховної Ради України з питань організації державної влади",
        "Комітет ВРУ з питань організації державної влади",
    ),
    language="uk",
    kind="feed",
    listings=(Listing("https://komsamovr.rada.gov.ua/rss/news", kind="feed", min_items=5),),
    # Print views have the article's id; transcripts (/meeting/) are no news. That every section's articles answer
    # under /news/main_news/ is inferred from the one section seen.
    identity=IdentityRule(
        paths=(r"/(?:news/(?:[^/]+/)?|print/)0*(?P<key>[1-9]\d{0,8})\.html",),
        canonical={"uk": "https://komsamovr.rada.gov.ua/news/main_news/{key}.html"},
        excluded=(r"^/meeting/",),
    ),
    hosts=("komsamovr.rada.gov.ua",),
    expected_every_hours=24 * 14,
)


def parse_listing(page: Page, listing: Listing) -> Iterator[Item | Fault | Note]:
    """Yield the entries of the feed."""
    from scrapers.parsing import feed

    return feed.items(page)
