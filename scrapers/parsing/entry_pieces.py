"""The raw entries of a feed, each as its own piece of markup, so that one bad entry costs one entry. Pure.

XML is not parsed here: a feed comes here because no parser takes it as a whole. Comments and CDATA sections are passed
over, except where they cannot have been meant: one that never closes, or closes only in a later entry, hides nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

READ_AT_MOST = 2001  # entries: one more than sandbox/parse.py keeps, so that it says that there are more

_TOKENS_AT_MOST = 100_000  # looked at: fifty of each entry
_TOKEN = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|<(?i:item|entry)(?=[\s>/])|</(?i:item|entry)\s*>")
_CLOSERS = {"<!--": "-->", "<![CDATA[": "]]>"}
_ROOT = re.compile(r"<((?:\w+:)?(?:rss|feed|rdf))(?=[\s>])[^>]*>", re.IGNORECASE)
_SECTION = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """Markup of one entry, with its end tag, and why it must not be read (empty: it may be)."""

    markup: str
    is_whole: bool  # its end tag is there
    flaw: str = ""

    @property
    def name(self) -> str:
        """Return what a person may find it by: its title as it stands there, cut, or its beginning."""
        title = re.search(r"<title[^>]*>\s*(?:<!\[CDATA\[)?\s*([^<]+)", self.markup, re.IGNORECASE)
        return repr(" ".join((title[1] if title else self.markup[:120]).split())[:80])


@dataclass(frozen=True, slots=True)
class Pieces:
    """A feed taken apart: `head`, entries and `tail` are a feed again, also with fewer of the entries."""

    head: str
    entries: tuple[RawEntry, ...]
    tail: str
    hidden: int = 0  # entries that stand behind a comment or CDATA section that never closes
    is_capped: bool = False  # there are more, which are not among them

    @property
    def bare_head(self) -> str:
        """Return the head without anything that the channel says of itself."""
        root = _ROOT.search(self.head)
        return f"{root[0]}{'<channel>' if '</channel>' in self.tail else ''}" if root else ""

    def markup(self, entries: Sequence[RawEntry] | None = None, head: str | None = None) -> str:
        """Return the feed with these entries, all of them by default."""
        chosen = self.entries if entries is None else entries
        return "".join((self.head if head is None else head, *(entry.markup for entry in chosen), self.tail))


def take_apart(markup: str) -> Pieces:
    """Return the pieces of a feed, of at most `READ_AT_MOST` entries; what has no `<item>` and no `<entry>` is head."""
    tokens = list[tuple[int, int, str]]()
    room = READ_AT_MOST + 1
    for match in _TOKEN.finditer(markup):
        tokens.append((match.start(), match.end(), match[0]))
        room -= match[0].lower() in ("<item", "<entry")
        if not room or len(tokens) > _TOKENS_AT_MOST:
            break
    starts, ends, broken = list[int](), dict[int, int](), list[tuple[int, int]]()
    index, hidden = 0, 0
    while index < len(tokens):
        start, end, token = tokens[index]
        index += 1
        is_inside = bool(starts) and starts[-1] not in ends
        if token in _CLOSERS:
            closed = _closing(tokens, index, token, is_inside=is_inside)
            index = closed or index
            if not closed:
                broken.append((start, end))
        elif token.startswith("</"):
            if is_inside:
                ends[starts[-1]] = end
        elif token.startswith("<"):
            starts.append(start)
            hidden += bool(broken)
    if not starts:
        return Pieces(markup, (), "")
    entries = []
    places = [at for at, _ in broken]
    for start, following in list(zip(starts, (*starts[1:], len(markup)), strict=True))[:READ_AT_MOST]:
        name = markup[start + 1 : start + 6].lower().rstrip(" >/\t\r\n")
        end = ends.get(start, following)
        whole = markup[start:end]
        flaw = _flaw(whole, is_broken=bisect_left(places, start) < bisect_left(places, end))
        entries.append(RawEntry(whole if start in ends else f"{whole}</{name}>", start in ends, flaw))
    head = markup[: starts[0]]
    for at, end in reversed([one for one in broken if one[0] < starts[0]]):
        head = head[:at] + head[end:]
    root, plain = _ROOT.search(head), _SECTION.sub("", head)
    in_channel = len(re.findall(r"<channel[\s>]", plain)) > len(re.findall(r"</channel\s*>", plain))
    tail = ("</channel>" if in_channel else "") + (f"</{root[1]}>" if root else "")
    return Pieces(head, tuple(entries), tail, hidden, is_capped=len(starts) > READ_AT_MOST)


def _closing(tokens: Sequence[tuple[int, int, str]], index: int, opener: str, *, is_inside: bool) -> int:
    """Return the index behind the closing token of a section that was meant; 0 for one that was not.

    It was not meant when entries stand in it and it never closes, another one begins before it closes, or it began
    inside an entry. The last section of all may stay open when nothing stands in it.
    """
    holds_entries = begins_again = False
    for at in range(index, len(tokens)):
        token = tokens[at][2]
        if token == _CLOSERS[opener]:
            return 0 if holds_entries and (is_inside or begins_again) else at + 1
        begins_again = begins_again or token == opener
        holds_entries = holds_entries or (token[0] == "<" and token not in _CLOSERS)
        if holds_entries and (is_inside or begins_again):
            return 0
    return 0 if holds_entries else len(tokens)


def _flaw(markup: str, *, is_broken: bool) -> str:
    if is_broken:
        return "a feed entry with a comment or CDATA section that never closes"
    plain = _SECTION.sub("", markup)
    if len(re.findall(r"<title[\s>]", plain, re.IGNORECASE)) > len(re.findall(r"</title\s*>", plain, re.IGNORECASE)):
        return "a feed entry whose title never closes"
    return ""
