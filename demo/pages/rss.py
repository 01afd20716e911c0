"""Sites that are read through RSS, each with the quirks of its own feed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from functools import partial
from html import escape
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape as xml_escape

from demo.pages.messages import SiteRequest, SiteResponse, not_found
from demo.publications import Edition, Post, changed_at, posts
from demo.scenario import KYIV, SITES, SOURCE_OF_HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_RSS = "application/rss+xml; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class RssFeed:
    """One feed of one site."""

    source: str
    title: str
    language: str
    size: int  # entries it holds
    wrap: Callable[[str], str] = xml_escape  # how a title or lead stands in its element
    opening: str = '<?xml version="1.0" encoding="utf-8"?>\n'
    prefix: str = ""  # before the path of an article
    guid: str = "{link}"
    keys: str = ""  # it holds the posts whose key begins so

    def shown(self, found: Sequence[Post]) -> list[Post]:
        """Return the newest of what was published in its language, newest first."""
        own = [post for post in found if self.language in post.editions and post.key.startswith(self.keys)]
        own.sort(key=lambda post: post.editions[self.language].published, reverse=True)
        return own[: self.size]


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


# WordPress prints its entities inside CDATA, where no XML parser resolves them: entities inside entities.
def _wordpress(text: str) -> str:
    return _cdata(escape(text, quote=False).replace("'", "&#8217;").replace("–", "&#8211;"))


def _double(text: str) -> str:
    return xml_escape(escape(text, quote=False).replace("'", "&#039;"))


_PROSTIR = partial(
    RssFeed,
    "prostir",
    "Громадський простір",
    "uk",
    wrap=_wordpress,
    # A blank line before the declaration is no well-formed XML.
    opening='\n<?xml version="1.0" encoding="UTF-8"?>\n',
)
_NEIGHBOURS = partial(RssFeed, "euneighbourseast", "EU NEIGHBOURS east", size=15, wrap=_wordpress)

# By source, path and post type. prostir.ua serves news and grants as separate types.
FEEDS = {
    ("auc", "/rss.xml", ""): RssFeed(
        "auc", "Асоціація міст України", "uk", 40, _double, guid="{n} at https://auc.org.ua"
    ),
    ("kmu", "/api/rss", ""): RssFeed("kmu", "Урядовий портал", "uk", 50, _cdata),
    ("komsamovr", "/rss/news", ""): RssFeed("komsamovr", "Комітет: новини", "uk", 40),
    ("prostir", "/feed/", ""): _PROSTIR(size=40, keys="news="),
    ("prostir", "/feed/", "grant"): _PROSTIR(size=10, keys="grants="),
    ("euneighbourseast", "/feed/", ""): _NEIGHBOURS(language="en"),
    ("euneighbourseast", "/uk/feed/", ""): _NEIGHBOURS(language="uk", prefix="/uk"),
}


def answer(request: SiteRequest) -> SiteResponse:
    """Answer with a feed or a plain article page."""
    source = SOURCE_OF_HOST[request.host]
    if feed := FEEDS.get((source, request.path, request.query.get("post_type", ""))):
        return _feed(feed, request)
    for post in posts(source, request.now):
        if _answers(post, request):
            return SiteResponse(_page(post.shown("uk" if request.path.startswith("/uk/") else source_language(source))))
    return not_found(request)


def source_language(source: str) -> str:
    """Return the language under addresses without a prefix."""
    return "en" if source == "euneighbourseast" else "uk"


def _answers(post: Post, request: SiteRequest) -> bool:
    if "?" in post.address:
        name, _, value = post.address.partition("?")[2].partition("=")
        return request.query.get(name) == value
    return request.path.removeprefix("/uk") == post.address or request.path == f"/print/{post.key}.html"


def _feed(feed: RssFeed, request: SiteRequest) -> SiteResponse:
    shown = feed.shown(posts(feed.source, request.now))
    items = "".join(_item(feed, post, post.editions[feed.language]) for post in shown)
    body = (
        f'{feed.opening}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{xml_escape(feed.title)}</title><link>https://{SITES[feed.source][0]}/</link>"
        f"<description></description><language>{feed.language}</language>{items}</channel></rss>\n"
    )
    return SiteResponse(body, _RSS, changed=changed_at(feed.source, request.now))


def _item(feed: RssFeed, post: Post, edition: Edition) -> str:
    link = post.link or f"https://{SITES[feed.source][0]}{feed.prefix}{post.address}"
    guid = feed.guid.format(link=xml_escape(link), n=sum(map(ord, post.key)))
    date = format_datetime(edition.published.astimezone(KYIV)) if post.odd_date is None else post.odd_date
    dated = f"<pubDate>{xml_escape(date)}</pubDate>" if date else ""
    return (
        f"<item><title>{feed.wrap(edition.title)}</title><link>{xml_escape(link)}</link>"
        f'<guid isPermaLink="false">{guid}</guid>{dated}'
        f"<description>{feed.wrap(edition.lead)}</description></item>\n"
    )


def _page(edition: Edition) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"/><title>{escape(edition.title)}</title></head>'
        f"<body><h1>{escape(edition.title)}</h1><p>{escape(edition.lead)}</p></body></html>"
    )
