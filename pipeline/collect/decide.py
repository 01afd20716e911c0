"""New, edited, unchanged or met twice? Pure: it does not interact with anything, it only compares."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from core.model import CREDITS, Article, Decision, Known, Published
from language.letters import fold_wording
from pipeline.collect.normalise import is_cut, is_half_of, is_whole_of

STEM = 4  # letters that the forms of one Ukrainian word mostly share
RELATED_SHARE = 0.3  # of the shorter title's words; two wordings of one headline share far more


def decide(article: Article, known: Known | None) -> Decision:
    """Decide what `article`, as met now, means beside what is `known` of it.

    A wording is edited when the same kind of answer (feed, listing, page) worded it differently before; two kinds
    that differ for ever are no edit. A title that was cut short gives way to the whole one, and one that breaks off
    inside a word of the known one is half an answer: it changes nothing.
    """
    if known is None:
        return Decision(article, None, "new", changed=True)
    if is_half_answer(article, known):
        article = replace(article, title=known.title, title_hash=known.title_hash, lead="", wordings={})
    title = article if _is_edited(article, known, 0) or is_whole_of(article.title, known.title) else known
    lead = article if article.lead and (not known.lead or _is_edited(article, known, 1)) else known
    settled = replace(
        article,
        title=title.title,
        title_hash=title.title_hash,
        lead=lead.lead,
        lead_hash=lead.lead_hash,
        published=better_date(known.published, article.published),
    )
    edited = settled.title_hash != known.title_hash or bool(known.lead_hash and settled.lead_hash != known.lead_hash)
    gains = (
        settled.published != known.published
        or settled.lead_hash != known.lead_hash
        or settled.title_hash != known.title_hash
        or {**known.observed, **settled.wordings} != dict(known.observed)
        or not set(settled.tags) <= set(known.tags)
        or bool(settled.oblasts and set(settled.oblasts) != set(known.oblasts))
    )
    return Decision(settled, known, "edited" if edited else "unchanged", changed=gains)


def is_half_answer(article: Article, known: Known) -> bool:
    """Return True when the title breaks off inside a word of the known one, as the site does not always print it."""
    is_usual = any(article.title_hash == hashes[0] for hashes in known.observed.values())
    return not is_usual and is_half_of(article.title, known.title)


def are_related(one: str, other: str) -> bool:
    """Return True when two titles may be wordings of one headline: a third of the shorter's words begin alike."""
    first, second = (
        {word[:STEM] for word in re.findall(r"\w{3,}", fold_wording(text).casefold())} for text in (one, other)
    )
    return not first or not second or len(first & second) >= RELATED_SHARE * min(len(first), len(second))


def merge(listed: Article, page: Article, known: Known | None = None) -> Article:
    """Return the article as its listing and its own page together tell it; `page` is of the same identity.

    The listing's title stands unless it was cut short or only the page was edited since it was last `known`;
    the page knows the lead, the time, tags and labels better.
    """
    only_page_edited = known is not None and _is_edited(page, known, 0) and not _is_edited(listed, known, 0)
    cut = is_cut(listed.title) or is_half_of(listed.title, page.title)
    takes_page_title = only_page_edited or (cut and not is_cut(page.title))
    title = page if takes_page_title else listed
    lead = page if page.lead else listed
    credited: dict[str, Any] = {name: getattr(page, name) or getattr(listed, name) for name in CREDITS}
    return replace(
        listed,
        title=title.title,
        title_hash=title.title_hash,
        lead=lead.lead,
        lead_hash=lead.lead_hash,
        published=better_date(listed.published, page.published),
        tags=page.tags or listed.tags,
        oblasts=page.oblasts or listed.oblasts,
        wordings={**listed.wordings, **page.wordings},
        notes=tuple(dict.fromkeys((*listed.notes, *page.notes))),
        **credited,
    )


def better_date(known: Published | None, met: Published | None) -> Published | None:
    """Return the date to keep: one beats none, a minute beats the day that it belongs to, and the same kind of
    answer may correct itself. A page that contradicts the listing by days does not win.
    """
    if known is None or met is None:
        return known or met
    if met.precision != known.precision:
        finer, coarser = (met, known) if met.precision == "minute" else (known, met)
        return finer if abs(_days(finer) - _days(coarser)) <= 1 else known
    return met if met.origin == known.origin else known


def _days(published: Published) -> int:
    return date.fromisoformat(published.kyiv_day).toordinal()


def _is_edited(article: Article, known: Known, part: int) -> bool:
    """Return True when a kind of answer words title (0) or lead (1) otherwise than the last time there."""
    current = (known.title_hash, known.lead_hash)[part]
    return any(
        bool(hashes[part]) and hashes[part] not in (known.observed[origin][part], current)
        for origin, hashes in article.wordings.items()
        if origin in known.observed
    )
