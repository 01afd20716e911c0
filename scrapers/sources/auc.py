"""Association of Ukrainian Cities: RSS of a Drupal site, the links of its news page when that fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from core.errors import StructureMissing
from core.model import Fault, IdentityRule, Item, Listing, Note, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Page

_ARTICLE = r"/novyna/([^/]+)/?"

SOURCE = Source(
    id="auc",
    name="Асоціація міст України",
    name_en="Association of Ukrainian Cities",
    homepage="https://auc.org.ua/",
    publisher="Асоціація міст України",
    also_called=("АМУ", "Association of Ukrainian Cities", "AUC"),
    language="uk",
    kind="feed",
    listings=(
        Listing("https://auc.org.ua/rss.xml", kind="feed", min_items=5),
        Listing("https://auc.org.ua/news", page_url="https://auc.org.ua/news?page={n}", min_items=5, fallback=True),
    ),
    # Slugs are cut in mid-word and sometimes encoded twice; `?page=81` is junk.
    identity=IdentityRule(paths=(r"/(?:novyna|news)/(?P<key>[^/]+)/?",)),
    hosts=("auc.org.ua", "www.auc.org.ua"),
    expected_every_hours=24 * 5,
)


def parse_listing(page: Page, listing: Listing) -> Iterator[Item | Fault | Note]:
    """Yield the entries of the feed, or headlines without dates from the news page."""
    from scrapers.parsing import feed, html

    if listing.kind == "feed":
        yield from feed.items(page)
        return
    # Of the news page only the addresses /novyna/<slug> are known, no class (inferred). The longest wording of the
    # links to one article is its headline; the others are pictures and "read more".
    tree = html.document(page)
    base = html.base_of(tree, page)
    titles: dict[str, str] = {}
    for link in html.every(tree, 'a[href*="novyna/"]'):
        url = html.absolute(base, html.attribute(link, "href"))
        if re.fullmatch(_ARTICLE, unquote(urlsplit(url).path)):
            titles[url] = max(titles.get(url, ""), html.text(link), key=len)
    if not any(titles.values()):
        raise StructureMissing("no link to /novyna/<slug> with a headline", page.url)
    yield from (Item(url=url, title=title) for url, title in titles.items() if title)
