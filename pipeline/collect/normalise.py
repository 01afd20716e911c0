"""The one strict gate: what a source said becomes what we keep. Pure: no network, no database, no clock.

The published wording is kept; only what no reader would call wording is changed (forms of white space,
control and zero-width characters, entities, markup). The forms for comparing are those of `language.letters`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from core.errors import ItemError
from core.model import Article, Item, Language, Published, Source
from language.identify import language_of
from language.letters import INVISIBLE, fold_wording, single_spaces, text_hash
from pipeline.collect import identity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TITLE_LIMIT = 500
LEAD_LIMIT = 2000
TAG_LIMIT = 120
TAGS_LIMIT = 40
FIRST_NEWS_DAY = "1995-01-01"  # no source of ours published on the web before; earlier dates are faults

_TAG = re.compile(r"<(?:!--.*?-->|/?[A-Za-z][^<>]*>)", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_STACKED_MARKS = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")


def clean_text(text: str, limit: int) -> str:
    """The wording as published: NFC, single spaces, no markup, no control or zero-width characters.

    Longer than `limit` characters: cut at a word and ended with «…».
    """
    text = _strip_markup(_unescape(text))
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", single_spaces(text)))
    text = single_spaces(_STACKED_MARKS.sub(r"\1", text))
    return text if len(text) <= limit else _cut(text, limit)


def normalise(item: Item, source: Source, now: datetime) -> Article:
    """`item` as we keep it. `now` (aware) bounds the date. Raises ItemError naming the field."""
    url = identity.clean(item.url)
    key = item.key or identity.key_of(source, url)
    if item.key and not identity.is_host_of(source, url):
        raise ItemError("address is not of this site", url)
    title = clean_text(item.title, TITLE_LIMIT)
    if not re.search(r"\w", title):
        raise ItemError("title is empty", url)
    lead = _lead(item.lead, title)
    language = language_of(title, lead, source.language)
    if language == "ru":
        raise ItemError("title is in Russian: a copy of a Ukrainian item", url, expected=True)
    published, notes = _published(item, source, key, language, url, now)
    hashes = (text_hash(title), text_hash(lead))
    return Article(
        source_id=source.id,
        key=key,
        language=language,
        url=identity.canonical(source, key, language, url),
        seen_url=url,
        title=title,
        lead=lead,
        published=published,
        tags=_labels(item.tags),
        oblasts=_labels(item.oblasts),
        attribution=clean_text(item.attribution, TAG_LIMIT),
        author=clean_text(item.author, TAG_LIMIT),
        origin=item.origin,
        title_hash=hashes[0],
        lead_hash=hashes[1],
        wordings={item.origin: hashes},
        notes=(*notes, *_cut_notes(item.title, title)),
    )


def is_cut(title: str) -> bool:
    """Whether a title was shortened by whoever printed it."""
    return title.endswith(("...", "…", "[…]", "[...]"))


def completes(full: str, cut: str) -> bool:
    """Whether `full` is the whole of the shortened title `cut`."""
    stem = fold_wording(cut.rstrip("]").rstrip(".…[ "))
    return is_cut(cut) and len(stem) >= 10 and fold_wording(full).startswith(stem) and not is_cut(full)


def _unescape(text: str) -> str:
    """Entities, and entities inside entities: `&amp;#8217;` is seen in real feeds."""
    for _ in range(3):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    return text


def _strip_markup(text: str) -> str:
    return _TAG.sub(" " if "<br" in text.lower() else "", _SCRIPT.sub(" ", text)) if "<" in text else text


def _cut(text: str, limit: int) -> str:
    head = text[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip(" ,;:–—-") + "…"


def _lead(lead: str, title: str) -> str:
    text = clean_text(lead, LEAD_LIMIT)
    return "" if fold_wording(text) == fold_wording(title) else text


def _labels(labels: Iterable[str]) -> tuple[str, ...]:
    cleaned = (clean_text(label, TAG_LIMIT).strip(" ,;#") for label in labels)
    return tuple(dict.fromkeys(label for label in cleaned if label))[:TAGS_LIMIT]


def _published(
    item: Item, source: Source, key: str, language: Language, url: str, now: datetime
) -> tuple[Published | None, tuple[str, ...]]:
    published = item.published
    if published is None or identity.edition_of(source, key, url) not in (None, language):
        return None, ()
    day = published.kyiv_day
    if day < FIRST_NEWS_DAY or day > _latest_day(now):
        return None, (f"date {day} cannot be a publication date and was left out",)
    return published, ()


def _latest_day(now: datetime) -> str:
    """A day later than "now + 1 day" is the date of an event, not of the news."""
    return (now.astimezone(UTC) + timedelta(days=1)).date().isoformat()


def _cut_notes(raw: str, title: str) -> tuple[str, ...]:
    if len(title) < TITLE_LIMIT // 2 or not title.endswith("…") or len(raw) <= TITLE_LIMIT:
        return ()
    return (f"title of {len(raw)} characters was cut to {len(title)}",)
