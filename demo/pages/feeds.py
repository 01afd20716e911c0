"""Sites that are read through RSS, each with the quirks of its own feed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape as xml_escape

from demo.corpus import Edition, Post, changed_at, posts
from demo.pages.answer import Answer, Ask, not_found
from demo.scenario import KYIV, SITES, SOURCE_OF_HOST

if TYPE_CHECKING:
    from collections.abc import Callable

_RSS = "application/rss+xml; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of one site."""

    source: str
    title: str
    language: str
    size: int  # entries it holds
    wrap: Callable[[str], str] = xml_escape  # how a title or lead stands in its element
    opening: str = '<?xml version="1.0" encoding="utf-8"?>\n'
    closing: str = "</channel></rss>\n"
    prefix: str = ""  # before the path of an article
    guid: str = "{link}"


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


# WordPress prints its entities inside CDATA, where no XML parser resolves them: entities inside entities.
def _wordpress(text: str) -> str:
    return _cdata(escape(text, quote=False).replace("'", "&#8217;").replace("–", "&#8211;"))


def _double(text: str) -> str:
    return xml_escape(escape(text, quote=False).replace("'", "&#039;"))


FEEDS = {
    ("auc", "/rss.xml"): Feed("auc", "Асоціація міст України", "uk", 40, _double, guid="{n} at https://auc.org.ua"),
    ("kmu", "/api/rss"): Feed("kmu", "Урядовий портал", "uk", 50, _cdata),
    ("komsamovr", "/rss/news"): Feed("komsamovr", "Комітет: новини", "uk", 40),
    # A blank line before the declaration is no well-formed XML.
    ("prostir", "/feed/"): Feed(
        "prostir", "Громадський простір", "uk", 40, _wordpress, '\n<?xml version="1.0" encoding="UTF-8"?>\n'
    ),
    ("euneighbourseast", "/feed/"): Feed("euneighbourseast", "EU NEIGHBOURS east", "en", 15, _wordpress),
    ("euneighbourseast", "/uk/feed/"): Feed(
        "euneighbourseast", "EU NEIGHBOURS east", "uk", 15, _wordpress, prefix="/uk"
    ),
}


def answer(ask: Ask) -> Answer:
    """A feed, or a plain article page."""
    source = SOURCE_OF_HOST[ask.host]
    if feed := FEEDS.get((source, ask.path)):
        return _feed(feed, ask)
    for post in posts(source, ask.now):
        if _answers(post, ask):
            return Answer(_page(post.shown("uk" if ask.path.startswith("/uk/") else source_language(source))))
    return not_found(ask)


def source_language(source: str) -> str:
    """The language under addresses without a prefix."""
    return "en" if source == "euneighbourseast" else "uk"


def _answers(post: Post, ask: Ask) -> bool:
    if "?" in post.address:
        name, _, value = post.address.partition("?")[2].partition("=")
        return ask.query.get(name) == value
    return ask.path.removeprefix("/uk") == post.address or ask.path == f"/print/{post.key}.html"


def _feed(feed: Feed, ask: Ask) -> Answer:
    wanted = ask.query.get("post_type", "")
    found = [
        post for post in posts(feed.source, ask.now) if feed.language in post.editions and _of_type(post, feed, wanted)
    ]
    found.sort(key=lambda post: post.editions[feed.language].published, reverse=True)
    shown = found[: feed.size]
    items = "".join(_item(feed, post, post.editions[feed.language]) for post in shown)
    body = (
        f'{feed.opening}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{xml_escape(feed.title)}</title><link>https://{SITES[feed.source][0]}/</link>"
        f"<description></description><language>{feed.language}</language>{items}{feed.closing}"
    )
    return Answer(body, _RSS, changed=changed_at(feed.source, ask.now))


# prostir.ua serves news, grants and tenders as separate post types; its plain feed holds the news.
def _of_type(post: Post, feed: Feed, wanted: str) -> bool:
    if feed.source != "prostir":
        return True
    return post.key.startswith({"": "news=", "grant": "grants=", "tender": "tenders="}.get(wanted, "-"))


def _item(feed: Feed, post: Post, edition: Edition) -> str:
    link = post.link or f"https://{SITES[feed.source][0]}{feed.prefix}{post.address}"
    guid = feed.guid.format(link=xml_escape(link), n=sum(map(ord, post.key)))
    date = format_datetime(edition.published.astimezone(KYIV)) if post.wrong_date is None else post.wrong_date
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
