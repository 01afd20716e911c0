"""The one strict gate: what a source said becomes what we keep. Pure: no network, no database, no clock.

The published wording is kept; only what no reader would call wording is changed (forms of white space,
control and zero-width characters, entities, markup). The forms for comparing are those of `language.letters`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from core.errors import ItemError
from core.lengths import LEAD_LIMIT, TITLE_LIMIT
from core.model import CREDITS, Article, Item, Published, Source
from language.identify import language_of
from language.letters import BROKEN, INVISIBLE, fold_wording, single_spaces, text_hash
from pipeline.collect import identity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.closed_sets import Language

TAG_LIMIT = 120
TAGS_LIMIT = 40
_ENDING = 2  # letters that a corrected headline may lose at its end
FIRST_NEWS_DAY = "1995-01-01"  # no source of ours published on the web before; earlier dates are faults

_TAG = re.compile(r"<(?:!--.*?-->|/?[A-Za-z][^<>]*>)", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BROKEN_END = re.compile(rf"\s*\S*{BROKEN.pattern}\W*$")
_STACKED_MARKS = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")


def clean_text(text: str, limit: int) -> str:
    """Return the wording as published: NFC, single spaces, no markup, no control or zero-width characters.

    Longer than `limit` characters: cut at a word and ended with «…».
    """
    for _ in range(3):  # entities, and entities inside entities: `&amp;#8217;` is seen in real feeds
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" " if "<br" in text.lower() else "", _SCRIPT.sub(" ", text))
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", single_spaces(text)))
    text = single_spaces(_STACKED_MARKS.sub(r"\1", text))
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip(" ,;:–—-") + "…"


def normalise(item: Item, source: Source, now: datetime) -> Article:
    """Return `item` as we keep it. `now` (aware) bounds the date. Raise ItemError naming the field."""
    url = identity.clean(item.url)
    key = identity.checked_key(item.key, url) if item.key else identity.key_of(source, url)
    if item.key and not identity.is_host_of(source, url):
        raise ItemError("address is not of this site", url)
    title = clean_text(item.title, TITLE_LIMIT)
    if not re.search(r"\w", title):
        raise ItemError("title is empty", url)
    if BROKEN.search(item.title) or BROKEN.search(title):
        shown = BROKEN.sub("\ufffd", item.title[:100])
        raise ItemError(f"title has letters that cannot be read: it waits for the next answer («{shown}»)", url)
    lead = _readable(clean_text(item.lead, LEAD_LIMIT))
    if fold_wording(lead) == fold_wording(title):
        lead = ""
    language = language_of(title, lead, source.language)
    if language == "ru":
        raise ItemError("title is in Russian: a copy of a Ukrainian item", url, expected=True)
    published, notes = _published(item, source, key, language, url, now)
    if len(item.title) > TITLE_LIMIT and len(title) >= TITLE_LIMIT // 2 and title.endswith("…"):
        notes = (*notes, f"title of {len(item.title)} characters was cut to {len(title)}")
    hashes = (text_hash(title), text_hash(lead))
    credited: dict[str, Any] = {name: _readable(clean_text(getattr(item, name), TAG_LIMIT)) for name in CREDITS}
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
        origin=item.origin,
        title_hash=hashes[0],
        lead_hash=hashes[1],
        wordings={item.origin: hashes},
        notes=notes,
        **credited,
    )


def _readable(text: str) -> str:
    """Return a text without a last word that some site cut inside a letter; nothing of one that is broken elsewhere."""
    text = _BROKEN_END.sub("…", text)
    return "" if BROKEN.search(text) else text


def is_half_of(cut: str, full: str) -> bool:
    """Return True when `full` goes on inside the word in which `cut` ends, by more than an ending."""
    head, whole = fold_wording(cut), fold_wording(full)
    rest = whole[len(head) :]
    return whole.startswith(head) and head[-1:].isalnum() and rest[:1].isalnum() and len(rest) > _ENDING


def is_cut(title: str) -> bool:
    """Return True for a title that was shortened by whoever printed it."""
    return title.endswith(("...", "…", "[…]", "[...]"))


def is_whole_of(full: str, cut: str) -> bool:
    """Return True when `full` is the whole of the shortened title `cut`."""
    stem = fold_wording(cut.rstrip("]").rstrip(".…[ "))
    return is_cut(cut) and len(stem) >= 10 and fold_wording(full).startswith(stem) and not is_cut(full)


def _labels(labels: Iterable[str]) -> tuple[str, ...]:
    cleaned = (_readable(clean_text(label, TAG_LIMIT)).strip(" ,;#") for label in labels)
    return tuple(dict.fromkeys(label for label in cleaned if label))[:TAGS_LIMIT]


def _published(
    item: Item, source: Source, key: str, language: Language, url: str, now: datetime
) -> tuple[Published | None, tuple[str, ...]]:
    published = item.published
    if published is None or identity.edition_of(source, key, url) not in (None, language):
        return None, ()
    day, tomorrow = published.kyiv_day, (now.astimezone(UTC) + timedelta(days=1)).date().isoformat()
    if not FIRST_NEWS_DAY <= day <= tomorrow:  # a later one is the date of an event, not of the news
        return None, (f"date {day} cannot be a publication date and was left out",)
    return published, ()
