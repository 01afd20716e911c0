"""Government portal: RSS of everything the Government publishes, kept where it is about local self-government."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Fault, IdentityRule, Item, Listing, Note, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Page

SOURCE = Source(
    id="kmu",
    name="Урядовий портал",
    name_en="Government Portal",
    homepage="https://www.kmu.gov.ua/",
    publisher="Секретаріат Кабінету Міністрів України",
    also_called=(
        "Кабінет Міністрів",
        "Кабмін",
        "пресслужба Кабміну",
        "КМУ",
        "Уряд України",
        "Government Portal",
        "Cabinet of Ministers of Ukraine",
    ),
    language="uk",
    kind="feed",
    listings=(Listing("https://www.kmu.gov.ua/api/rss", kind="feed", min_items=5),),
    # The slug is the transliterated Ukrainian headline in both editions, so it pairs them (inferred).
    identity=IdentityRule(
        paths=(r"/(?:en/)?news/(?P<key>[^/]+)/?",),
        canonical={"uk": "https://www.kmu.gov.ua/news/{key}", "en": "https://www.kmu.gov.ua/en/news/{key}"},
    ),
    hosts=("www.kmu.gov.ua", "kmu.gov.ua"),
    expected_every_hours=24 * 4,
    topic_filter=True,
)


def parse_listing(page: Page, listing: Listing) -> Iterator[Item | Fault | Note]:
    """Yield the entries of the feed. A challenge page instead of it is no feed, and is named as what it is."""
    from scrapers.parsing import feed

    return feed.items(page)
