"""RSS and Atom to Items. The only module that uses feedparser, and it imports it when the first feed is read.

feedparser opens files and addresses when it is given text or bytes, so it only ever gets a BytesIO; it raises on
impossible character references, so those are taken out first, and on more, so it is asked again with fewer entries;
it guesses character sets, so it gets UTF-8.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from core.errors import FieldsMissing, StructureMissing
from core.model import Fault, Item, Note
from scrapers.parsing import dates, entry_pieces, excerpts, html, sniff
from scrapers.parsing.decoding import text_of
from scrapers.parsing.guarded import RAISED, guarded
from scrapers.parsing.references import FORBIDDEN, without_impossible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from core.model import Page

_DECLARATION = r"^\s*<\?xml\b[^>]{0,300}\?>"
_FEW = 2000  # entries that are looked at again and again without a second thought: a few dozen bad ones of a feed
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
        if isinstance(found, FeedEntry):
            yield guarded(partial(item_of, found, page, key_of), found.link)
        else:
            yield found


def item_of(entry: FeedEntry, page: Page, key_of: Callable[[FeedEntry], str] = lambda _: "") -> Item:
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
        key=key_of(entry),
    )


def entries(page: Page) -> Iterator[FeedEntry | Fault | Note]:
    """Yield the entries of the feed, without one that was cut in half. Raises StructureMissing when it is no feed.

    A feed that is not well-formed, that makes feedparser raise, or of which a comment would hide a part is read entry
    by entry, so that a bad one costs only itself.
    """
    markup = _readable(page)
    is_cut = re.search(_ROOT_END, markup[-2000:], re.IGNORECASE) is None
    pieces = entry_pieces.take_apart(markup)
    if pieces.is_capped:
        markup, is_cut = pieces.markup(), False
    whole: Any = None if pieces.hidden else _parsed(markup)
    about = whole
    in_pieces = whole is None or bool(whole.bozo and pieces.entries)
    if in_pieces:
        pieces, about = _with_sound_head(pieces)
    if not about.get("version"):
        raise StructureMissing(f"no feed: the answer is {sniff.kind_of(page.body)}", page.url)
    if whole is not None and whole.bozo:
        reason = str(whole.get("bozo_exception", "")) or "no reason given"
        yield Note(f"the feed is not well-formed ({html.squeeze(reason)[:200]})")
    if pieces.hidden:
        yield Note(f"{pieces.hidden} entries stand behind a comment or CDATA section that never closes; they were read")
    if is_cut:
        yield Note("the feed breaks off; the entry it breaks off in is left out")
    if in_pieces:
        yield from _one_by_one(pieces, is_cut=is_cut, is_strict=not about.get("bozo"))
    else:
        yield from map(_entry, whole.entries)


def _with_sound_head(pieces: entry_pieces.Pieces) -> tuple[entry_pieces.Pieces, Any]:
    """Return the pieces with a head that feedparser can read, and what it reads of a feed of this head alone."""
    for head in (pieces.head, pieces.bare_head):
        sound = replace(pieces, head=head)
        if (about := _parsed(sound.markup(()))) is not None:
            return sound, about
    return pieces, {"version": ""}


def _one_by_one(pieces: entry_pieces.Pieces, *, is_cut: bool, is_strict: bool) -> Iterator[FeedEntry | Fault]:
    """Yield the entries, each a FeedEntry or the Fault for which it is left out."""
    flaws = {number: entry.flaw for number, entry in enumerate(pieces.entries) if entry.flaw}
    if is_cut and pieces.entries and not pieces.entries[-1].is_whole:
        flaws[len(pieces.entries) - 1] = "a feed entry in which the feed breaks off"
    sound = [entry for number, entry in enumerate(pieces.entries) if number not in flaws]
    found = iter(_read(pieces, sound, is_strict=is_strict))
    for number, entry in enumerate(pieces.entries):
        raw = None if number in flaws else next(found)
        if raw is None:
            said = flaws.get(number, "a feed entry that makes the feed parser fail")
            yield Fault(f"{said}: it waits for the next answer ({entry.name})")
        else:
            yield _entry(raw)


def _read(pieces: entry_pieces.Pieces, entries: Sequence[entry_pieces.RawEntry], *, is_strict: bool) -> list[Any]:
    """Return what feedparser makes of each entry, None for one that cannot be read.

    All at once if that goes well, else in halves: one bad entry of a thousand costs some twenty readings more. Where
    many are bad, what is not well-formed is good enough from some point on, and in the end the rest is given up.
    `is_strict`: what is not well-formed does not go well.
    """
    found = list[Any]()
    chunks = [entries] if entries else []
    looked_at = 0
    while chunks:
        chunk = chunks.pop()
        looked_at += len(chunk)
        if looked_at > max(_FEW, 6 * len(entries)):
            found += [None] * len(chunk)
            continue
        parsed = _parsed(pieces.markup(chunk))
        got = [] if parsed is None else list(parsed.entries)
        is_split = is_strict and parsed is not None and parsed.bozo and looked_at < max(_FEW, 3 * len(entries))
        if len(chunk) == 1:
            found += got[:1] or [None]
        elif len(got) == len(chunk) and not is_split:
            found += got
        else:
            half = len(chunk) // 2
            chunks += [chunk[half:], chunk[:half]]
    return found


def _parsed(markup: str) -> Any:
    """Return feedparser's reading, None when it raises."""
    import feedparser

    try:
        return feedparser.parse(
            io.BytesIO(markup.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except RAISED:
        return None


def _entry(raw: Any) -> FeedEntry:
    # dict.get, because feedparser's own get() answers `updated` with `published` and warns about it.
    tags = (html.words_of(str(tag.get("term") or "")) for tag in dict.get(raw, "tags", ()))
    link, guid = _string(raw, "link"), _string(raw, "id")
    return FeedEntry(
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
    markup = re.sub(FORBIDDEN, "", text_of(page.body, page.content_type)).lstrip("\ufeff \t\r\n")
    markup = re.sub(_DECLARATION, "", markup, count=1)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + without_impossible(markup)


def _string(raw: Any, name: str) -> str:
    value = dict.get(raw, name)
    return value.strip() if isinstance(value, str) else ""
