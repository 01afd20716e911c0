"""Excerpts: the lead out of what a feed or REST answer calls description or excerpt. Pure."""

from __future__ import annotations

import re

from scrapers.parsing import html

# We keep headline, lead and link, not bodies: a description that is the whole article is cut.
LIMIT = 1000

# What WordPress puts under every description, in English and in Ukrainian.
_FOOTERS = (
    r"The post\b.{0,400}?\bappeared first on\b.{0,120}$",
    r"(?:Запис|Допис|Публікація|Стаття)\b.{0,400}?\b(?:з.явил[аиося]{1,2}|з.явився)\s+(?:спочатку\s+|вперше\s+)?на\b.{0,120}$",
)
_ENDINGS = (
    r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|(?:Читати далі|Детальніше|Read more|Continue reading)\s*(?:→|»|›|…|\.\.\.)*)\s*$"
)


def excerpt(fragment: str) -> str:
    """Return the words of an HTML fragment without feed footers and "read more" links, at most `LIMIT` characters."""
    words = html.words_of(fragment)
    for footer in _FOOTERS:
        words = re.sub(footer, "", words).strip()
    cut_by_site = re.search(r"\[\s*(?:…|\.\.\.)\s*\]\s*$", words) is not None
    words = re.sub(_ENDINGS, "", words).strip()
    if len(words) > LIMIT:
        return words[:LIMIT].rsplit(" ", 1)[0] + "…"
    return words + "…" if cut_by_site and words else words
