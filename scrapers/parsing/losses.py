"""Losses of a page of HTML: where it breaks off, and the articles that it hides by mistake. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapers.parsing.decoding import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from core.model import Page

_HTML = re.compile(rb"<html[\s>]|<body[\s>]|<!doctype\s+html", re.IGNORECASE)
_HEAD = 4096  # bytes of a page within which it shows that it is HTML
_LINK = re.compile(rb"""<a\s[^>]{0,2000}?href\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)
_NEVER_SHOWN = (b"script", b"style", b"template", b"noscript", b"textarea")


def is_html(page: Page) -> bool:
    """Return whether the answer is a page for people, no feed and no REST answer."""
    return _HTML.search(page.body[:_HEAD]) is not None


def is_broken_off(page: Page) -> bool:
    """Return whether a page of HTML ends in the middle of a text or of a tag."""
    body = page.body.rstrip()
    return is_html(page) and not body.endswith(b">") and b"</html" not in body[-2000:].lower()


def last_words(page: Page) -> str:
    """Return the words in which a page breaks off; empty when it does not, or does in a tag."""
    if not is_broken_off(page):
        return ""
    after = text_of(page.body, page.content_type).rsplit(">", 1)[-1]
    return "" if "<" in after else " ".join(unescape(after).split())


def hidden_articles(page: Page, paths: Iterable[str], shown: Collection[str]) -> set[str]:
    """Return the addresses of articles that a mistake in the markup hides from every reader.

    They stand in a comment that never closes or in which another one begins, or in an element without an end tag whose
    content no reader is shown; their paths match one of `paths`, and they are not `shown` elsewhere on the page.
    """
    if not is_html(page):
        return set()
    body, low = page.body, page.body.lower()
    regions = []
    start = body.find(b"<!--")
    while start >= 0:
        end = body.find(b"-->", start + 4)
        if end < 0 or body.find(b"<!--", start + 4, end) >= 0:
            regions.append(body[start : end if end >= 0 else len(body)])
        start = body.find(b"<!--", end) if end >= 0 else -1
    for name in _NEVER_SHOWN:
        start = low.rfind(b"<" + name)
        if start >= 0 and low.find(b"</" + name, start) < 0:
            regions.append(body[start:])
    found = set()
    for match in (match for region in regions for match in _LINK.finditer(region)):
        with suppress(ValueError):
            url = urljoin(page.final_url, unescape(match[1].decode("utf-8", "replace")))
            if url not in shown and any(re.fullmatch(path, urlsplit(url).path) for path in paths):
                found.add(url)
    return found
