"""The national portal «Децентралізація»: listings of both editions, and the articles' own pages."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from core.errors import FieldsMissing, StructureMissing
from core.model import Fault, IdentityRule, Item, Listing, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup, Tag

    from core.model import Page

_ARTICLE = r"/(?:en/)?news/0*(?P<key>[1-9]\d{0,8})(?:\.amp)?/?"
_LINK = r"/news/\d+(?:\.amp)?/?(?:[?#]|$)"
_EMPTY = 200  # characters at most in a container whose list is empty ("nothing was found")

SOURCE = Source(
    id="decentralization",
    name="Децентралізація",
    name_en="Decentralization",
    homepage="https://decentralization.ua/",
    publisher="Пресцентр ініціативи «Децентралізація»",
    also_called=("портал «Децентралізація»", "сайт «Децентралізація»", "ініціатива «Децентралізація»"),
    language="uk",
    kind="html",
    listings=(
        Listing("https://decentralization.ua/news", page_url="https://decentralization.ua/news?page={n}", min_items=8),
        Listing(
            "https://decentralization.ua/en/news", page_url="https://decentralization.ua/en/news?page={n}", min_items=8
        ),
    ),
    identity=IdentityRule(
        paths=(_ARTICLE,),
        canonical={"uk": "https://decentralization.ua/news/{key}", "en": "https://decentralization.ua/en/news/{key}"},
    ),
    # donors.decentralization.gov.ua is another site, although it uses ids of the same series.
    hosts=(
        "decentralization.ua",
        "www.decentralization.ua",
        "decentralization.gov.ua",
        "www.decentralization.gov.ua",
    ),
    expected_every_hours=24 * 4,
    reads_articles=True,
)

_TAGS = ("Теги", "Tags")
_OBLASTS = ("Області?", "Область", "Oblasts?", "Regions?")  # stays Ukrainian in the English edition
_ORIGIN = ("Джерело", "Source")
_AUTHOR = ("Автори?", "Авторк[аи]", "Authors?")
_OTHERS = (
    *("Відео", "Video", "Фото", "Photo", "Attached images", "Attached files", "Прикріплені .{0,20}", "Додатки"),
    *("Читайте також", "Read more", "Share the news", "Поділитись .{0,20}", "Поділитися .{0,20}"),
)
_COMMENTS = ("Comments", "Коментарі", "To add comment .{0,60}")
_COUNTED = r"(.{0,80}?)\s*\|?\s*\b(?:Views|Перегляд\w*)\s*:?\s*\d"
_DATE_AND_TIME = r"\d{1,2}\.\d{1,2}\.\d{4}\s*[-–—]\s*\d{1,2}:\d{2}"
_SITE_NAMES = r"(?:Децентралізація|Децентралізація в Україні|Decentrali[sz]ation(?: in Ukraine)?)"


def parse_listing(page: Page, listing: Listing) -> Iterator[Item | Fault]:
    """Yield the items of a listing page. Raises StructureMissing on a first page that is no list of news."""
    from scrapers.parsing import html
    from scrapers.parsing.guarded import guarded

    tree = html.document(page)
    blocks = html.every(tree, ".one-article")
    if not blocks:
        _check_empty(tree, page, listing)
    base = html.base_of(tree, page)
    yield from (guarded(partial(_listed, block, base, page), page.url) for block in blocks)


def _listed(block: Tag, base: str, page: Page) -> Item:
    from scrapers.parsing import dates, html

    # Only the title link is read: the picture's alt repeats the title.
    link = html.one(block, "a.one-article__title")
    title = html.text(link)
    if not title:
        raise FieldsMissing("an item with an empty title")
    # The wording of this date was not captured: `20 лютого 2026` is inferred, any form is read.
    date = html.text(html.at_most_one(block, ".one-article__date"))
    return Item(
        url=html.absolute(base, html.attribute(link, "href")),
        title=title,
        published=dates.parse(date, origin="listing", seen_at=page.fetched_at),
        tags=tuple(dict.fromkeys(filter(None, map(html.text, html.every(block, ".one-article__tag"))))),
    )


def parse_article(page: Page) -> Item:
    """Return what an article's page says. Raises FieldsMissing when it has no title, or neither og:title nor date."""
    from language.letters import APOSTROPHES
    from scrapers.parsing import dates, html, labels

    tree = html.document(page)
    lines = html.lines(tree)
    # Dates stand in lines like `04.04.2018 - 16:18 | Views: 15325`; the header's date is today's, a teaser's another's.
    counted = (re.match(_COUNTED, line, re.IGNORECASE) for line in lines)
    stamps = [
        found[1].strip(" |") if found else line
        for found, line in zip(counted, lines, strict=True)
        if found or re.fullmatch(_DATE_AND_TIME, line)
    ]
    stamps = list(filter(None, stamps))
    if not stamps and not html.meta(tree, "og:title"):
        raise FieldsMissing("neither og:title nor a date line: this is no article", page.url)
    found = labels.LabelReader(tree, (*_TAGS, *_OBLASTS, *_ORIGIN, *_AUTHOR, *_OTHERS), _COMMENTS)
    published = (dates.parse(stamp, origin="page", seen_at=page.fetched_at) for stamp in stamps)
    # Instead of a label for its author, the English edition has a line like `By Dmytro Syniak`.
    name = rf"[A-Z][\w{APOSTROPHES}-]+"
    bylines = filter(None, (re.fullmatch(rf"By ({name}(?: {name}){{1,3}})", line) for line in lines))
    return Item(
        url=page.final_url,
        title=_title(tree, page),
        lead=html.meta(tree, "og:description") or html.meta(tree, "description"),
        published=next(filter(None, published), None),
        tags=found.links(_TAGS),
        oblasts=found.links(_OBLASTS),
        attribution=found.value(_ORIGIN),
        author=found.value(_AUTHOR, first=True) or next((match[1] for match in bylines), ""),
        origin="page",
    )


def _check_empty(tree: BeautifulSoup, page: Page, listing: Listing) -> None:
    """Raise StructureMissing for a first page that does not look like an empty list; a later one is the list's end.

    It does when it has the list's own filters or elements of the list's family, with hardly a word in them, and
    links to no article at all.
    """
    from scrapers.parsing import html, sniff

    if page.url != listing.url:
        return
    has_articles = any(re.search(_LINK, html.attribute(link, "href")) for link in html.every(tree, "a[href]"))
    words = [html.text(node) for node in html.every(tree, '[class*="article"], [class*="news"]')]
    has_list = bool(words or "Скинути фільтри" in html.text(tree)) and max(map(len, words), default=0) < _EMPTY
    if has_articles or not has_list:
        raise StructureMissing(f"nothing matches '.one-article'; the answer is {sniff.kind_of(page.body)}", page.url)


def _title(tree: BeautifulSoup, page: Page) -> str:
    """Return og:title, which is inferred (only og:description was seen), else the only heading."""
    from scrapers.parsing import html

    title = re.sub(rf"\s+[-–—|]\s+{_SITE_NAMES}$", "", html.meta(tree, "og:title"))
    if title and not re.fullmatch(_SITE_NAMES, title):
        return title
    headings = [words for words in map(html.text, html.every(tree, "h1")) if not re.fullmatch(_SITE_NAMES, words)]
    if len(headings) != 1 or not headings[0]:
        raise FieldsMissing(f"no og:title, and {len(headings)} headings where one is meant", page.url)
    return headings[0]
