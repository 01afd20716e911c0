"""Feeds of issues, Atom and JSON Feed: one entry an issue, the whole issue as its content. Pure."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.issue import address_of, one_line
from newsletter.render.displayed_story import LANGUAGES
from newsletter.render.feeds import ATOM, JSON_FEED, identity, json_bytes, xml_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.published import PublishedIssue

_OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "issues.visnyk.invalid")
NEVER = "1970-01-01T00:00:00Z"  # when a feed without an issue was changed; the standard wants a time


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One issue in a feed."""

    published: PublishedIssue
    base: str  # address of its site, without a slash at its end
    html: str

    @property
    def address(self) -> str:
        """Return the address of its page."""
        return address_of(self.published.issue.name, self.base)

    @property
    def language(self) -> str:
        """Return the language in which the newsletter begins."""
        return LANGUAGES[self.published.issue.newsletter.languages][0]

    @property
    def author(self) -> str:
        """Return who sends the newsletter; no editor is named."""
        letter = self.published.issue.newsletter
        return one_line(letter.sender) or letter.name_en


@dataclass(frozen=True, slots=True)
class IssueFeed:
    """The newest issues of one newsletter, or of all."""

    newsletter: str  # its id; empty: all
    title: str
    base: str
    items: Sequence[FeedItem]  # newest first

    @property
    def query(self) -> str:
        """Return what is added to the addresses of the archive and its feeds."""
        return f"?newsletter={self.newsletter}" if self.newsletter else ""

    @property
    def id(self) -> str:
        """Return the permanent id, which no change of the address changes."""
        return uuid.uuid5(_OURS, self.newsletter).urn

    @property
    def author(self) -> str:
        """Return who sends the newest issue."""
        return self.items[0].author if self.items else "Visnyk"


def atom_of_issues(feed: IssueFeed) -> bytes:
    """Return the feed as Atom 1.0 (RFC 4287)."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", feed.items[0].published.issue.published_at if feed.items else NEVER)
    _text(ET.SubElement(root, "author"), "name", feed.author)
    page = f"{feed.base}/issues"
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{page}.atom{feed.query}"})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": f"{page}{feed.query}"})
    for item in feed.items:
        _atom_entry(ET.SubElement(root, "entry", {"xml:lang": item.language}), item)
    return xml_bytes(root)


def json_feed_of_issues(feed: IssueFeed) -> bytes:
    """Return the feed as JSON Feed 1.1; `_visnyk` holds what the standard has no name for."""
    page = f"{feed.base}/issues"
    whole = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": f"{page}{feed.query}",
        "feed_url": f"{page}.json{feed.query}",
        "language": "en",
        "authors": [{"name": feed.author}],
        "items": [_json_feed_item(item) for item in feed.items],
    }
    return json_bytes(whole)


def _atom_entry(entry: ET.Element, item: FeedItem) -> None:
    published = item.published
    _text(entry, "id", identity(published.issue))
    _text(entry, "title", published.title)
    _text(entry, "published", published.issue.published_at)
    _text(entry, "updated", published.issue.published_at)
    _text(ET.SubElement(entry, "author"), "name", item.author)
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": item.address})
    data = {"rel": "related", "type": "application/json", "href": f"{item.address}.json"}
    ET.SubElement(entry, "link", data)
    ET.SubElement(entry, "category", {"term": published.issue.newsletter.id, "label": _newsletter(published)})
    if preview := published.text("preview"):
        _text(entry, "summary", preview)
    _text(entry, "content", item.html, type="html")


def _json_feed_item(item: FeedItem) -> dict[str, Any]:
    published, issue = item.published, item.published.issue
    found: dict[str, Any] = {
        "id": identity(issue),
        "url": item.address,
        "title": published.title,
        "content_html": item.html,
        "date_published": published.issue.published_at,
        "language": item.language,
        "authors": [{"name": item.author}],
        "tags": [_newsletter(published)],
        "_visnyk": {
            "issue": issue.name,
            "newsletter": issue.newsletter.id,
            "day": issue.day,
            "stories": len(issue.entries),
            "data_url": f"{item.address}.json",
        },
    }
    if preview := published.text("preview"):
        found["summary"] = preview
    if issue.image:
        found["image"] = f"{item.address}/image"
    return found


def _newsletter(published: PublishedIssue) -> str:
    return published.issue.newsletter.name_en


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text
