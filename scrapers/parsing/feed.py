"""RSS and Atom to Items. The only module that uses feedparser, and it imports it when the first feed is read.

feedparser opens files and addresses when it is given text or bytes, so it only ever gets a BytesIO; it raises on
impossible character references, so those are taken out first; it guesses character sets, so it gets UTF-8.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import FieldsMissing, StructureMissing
from core.model import Fault, Item, Note
from scrapers.parsing import dates, excerpts, html, sniff
from scrapers.parsing.decoding import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.model import Page

_REFERENCE = r"&#(?:x([0-9a-fA-F]+)|([0-9]+));"
_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
_DECLARATION = r"^\s*<\?xml\b[^>]{0,300}\?>"
_ENTRY = r"<(?:item|entry)[\s>]"
_ENTRY_END = r"</(?:item|entry)\s*>"
_ROOT_END = r"</(?:\w+:)?(?:rss|feed|rdf)\s*>"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, as the feed has it."""

    link: str
    title: str  # may hold markup and entities
    description: str  # may hold markup and entities
    date: str
    guid: str
    tags: tuple[str, ...]


def items(page: Page, key_of: Callable[[FeedEntry], str] = lambda _: "") -> Iterator[Item | Fault | Note]:
    """Yield what the feed lists, in its order; `key_of` gives the id that the feed itself carries, if it does.

    Raises StructureMissing when the answer is no feed, and says what it is.
    """
    for found in entries(page):
        if isinstance(found, Note):
            yield found
            continue
        try:
            yield item_of(found, page, key_of(found))
        except FieldsMissing as error:
            yield Fault(str(error), found.link)


def item_of(entry: FeedEntry, page: Page, key: str = "") -> Item:
    """Return the Item of one entry. Raises FieldsMissing when it has no link or no title."""
    title = html.words_of(entry.title)
    if not entry.link:
        raise FieldsMissing(f"a feed entry without a link (title {title[:80]!r})")
    if not title:
        raise FieldsMissing("a feed entry without a title")
    return Item(
        url=html.absolute(page.final_url, entry.link),
        title=title,
        lead=excerpts.excerpt(entry.description),
        published=dates.parse(entry.date, origin="feed", seen_at=page.fetched_at),
        tags=entry.tags,
        origin="feed",
        key=key,
    )


def entries(page: Page) -> Iterator[FeedEntry | Note]:
    """Yield the entries of the feed, without one that was cut in half. Raises StructureMissing when it is no feed."""
    import feedparser

    markup = _readable(page)
    parsed = feedparser.parse(
        io.BytesIO(markup.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.get("version"):
        raise StructureMissing(f"no feed: the answer is {sniff.kind_of(page.body)}", page.url)
    found = list(parsed.entries)
    if parsed.bozo:
        reason = str(parsed.get("bozo_exception", "")) or "no reason given"
        yield Note(f"the feed is not well-formed ({html.squeeze(reason)[:200]})")
    if re.search(_ROOT_END, markup[-2000:], re.IGNORECASE) is None:
        yield Note("the feed breaks off; the entry it breaks off in is left out")
        opened = max((match.start() for match in re.finditer(_ENTRY, markup, re.IGNORECASE)), default=-1)
        closed = max((match.start() for match in re.finditer(_ENTRY_END, markup, re.IGNORECASE)), default=-1)
        found = found[:-1] if opened > closed else found
    for raw in found:
        # dict.get, because feedparser's own get() answers `updated` with `published` and warns about it.
        tags = (html.words_of(str(tag.get("term") or "")) for tag in dict.get(raw, "tags", ()))
        link, guid = _string(raw, "link"), _string(raw, "id")
        yield FeedEntry(
            # Where there is no link, feedparser gives the guid, which need not be an address (`41230 at https://…`).
            link=link if link != guid or link.startswith(("http://", "https://")) else "",
            title=_string(raw, "title"),
            description=_string(raw, "summary"),
            date=_string(raw, "published") or _string(raw, "updated"),
            guid=guid,
            tags=tuple(dict.fromkeys(filter(None, tags))),
        )


def _readable(page: Page) -> str:
    """Return the feed as UTF-8 text that feedparser can read without raising or guessing. Raises StructureMissing."""
    if not page.body.strip() or sniff.binary_kind(page.body):
        raise StructureMissing(f"no feed: the answer is {sniff.kind_of(page.body)}", page.url)
    markup = re.sub(_FORBIDDEN, "", text_of(page.body, page.content_type)).lstrip("\ufeff \t\r\n")
    markup = re.sub(_DECLARATION, "", markup, count=1)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + re.sub(_REFERENCE, _possible, markup)


def _possible(match: re.Match[str]) -> str:
    """Return the reference, or nothing when no character can stand there (`&#xD800;`, `&#99999999999;`, `&#0;`)."""
    digits = match[1] or match[2]
    if len(digits.lstrip("0")) > 7:
        return ""
    code = int(digits, 16 if match[1] else 10)
    if code > 0x10FFFF or re.match(_FORBIDDEN, chr(code)):
        return ""
    return match[0]


def _string(raw: Any, name: str) -> str:
    value = dict.get(raw, name)
    return value.strip() if isinstance(value, str) else ""
