"""New, edited, unchanged or met twice? Pure: it does not interact with anything, it only compares."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from core.model import Article, Decision, Known, Published, iso
from language.letters import fold_wording
from pipeline.collect.normalise import completes, is_cut

if TYPE_CHECKING:
    from collections.abc import Mapping

# How long a publisher may still edit a headline: once a day in the first week, then after half its age.
FIRST_WEEK = timedelta(days=7)
DAILY = timedelta(hours=24)
LAST_LOOK = timedelta(days=365)
UNREADABLE = "\ufffd"  # stands for bytes that could not be decoded: such a wording never replaces a clean one
STEM = 4  # letters that the forms of one Ukrainian word mostly share
RELATED_SHARE = 0.3  # of the shorter title's words; two wordings of one headline share far more


def decide(article: Article, known: Known | None) -> Decision:
    """What `article`, as met now, means beside what is `known` of it.

    A wording is edited when the same kind of answer (feed, listing, page) worded it differently before; two kinds
    that differ for ever are no edit. A title that was cut short gives way to the whole one.
    """
    if known is None:
        return Decision(article, None, "new", changed=True)
    if UNREADABLE in article.title and UNREADABLE not in known.title:
        article = _without_wording(article, known)
    title_from = _edited_part(article, known, 0)
    lead_from = _edited_part(article, known, 1)
    wins_title = title_from or completes(article.title, known.title)
    settled = replace(
        article,
        title=article.title if wins_title else known.title,
        title_hash=article.title_hash if wins_title else known.title_hash,
        lead=_lead(article, known, bool(lead_from))[0],
        lead_hash=_lead(article, known, bool(lead_from))[1],
        published=better_date(known.published, article.published),
    )
    edited = settled.title_hash != known.title_hash or bool(known.lead_hash and settled.lead_hash != known.lead_hash)
    return Decision(settled, known, "edited" if edited else "unchanged", changed=_gains(settled, known))


def related(one: str, other: str) -> bool:
    """Whether two titles may be wordings of one headline: a third of the shorter one's words begin alike."""
    first, second = (
        {word[:STEM] for word in re.findall(r"\w{3,}", fold_wording(text).casefold())} for text in (one, other)
    )
    return not first or not second or len(first & second) >= RELATED_SHARE * min(len(first), len(second))


def merge(listed: Article, page: Article, known: Known | None = None) -> Article:
    """The article as its listing and its own page together tell it; `page` is of the same identity.

    The listing's title stands unless it was cut short or only the page was edited since it was last `known`;
    the page knows the lead, the time, tags and labels better.
    """
    only_page_edited = known is not None and bool(_edited_part(page, known, 0)) and not _edited_part(listed, known, 0)
    takes_page_title = only_page_edited or (is_cut(listed.title) and not is_cut(page.title))
    title = page if takes_page_title else listed
    lead = page if page.lead else listed
    return replace(
        listed,
        title=title.title,
        title_hash=title.title_hash,
        lead=lead.lead,
        lead_hash=lead.lead_hash,
        published=better_date(listed.published, page.published),
        tags=page.tags or listed.tags,
        oblasts=page.oblasts or listed.oblasts,
        attribution=page.attribution or listed.attribution,
        author=page.author or listed.author,
        wordings={**listed.wordings, **page.wordings},
        notes=tuple(dict.fromkeys((*listed.notes, *page.notes))),
    )


def _without_wording(article: Article, known: Known) -> Article:
    return replace(
        article, title=known.title, title_hash=known.title_hash, lead=known.lead, lead_hash=known.lead_hash, wordings={}
    )


def better_date(known: Published | None, met: Published | None) -> Published | None:
    """The date to keep: one beats none, a minute beats the day that it belongs to, and the same kind of answer may
    correct itself. A page that contradicts the listing by days does not win.
    """
    if known is None or met is None:
        return known or met
    if met.precision != known.precision:
        finer, coarser = (met, known) if met.precision == "minute" else (known, met)
        return finer if abs(_days(finer) - _days(coarser)) <= 1 else known
    return met if met.origin == known.origin else known


def _days(published: Published) -> int:
    return date.fromisoformat(published.kyiv_day).toordinal()


def look_again_at(first_known: str, now: datetime) -> str | None:
    """When to read an article's own page again, for edits; None: never. `first_known` is its ISO date or time."""
    born = datetime.fromisoformat(first_known if "T" in first_known else f"{first_known}T00:00:00+00:00")
    age = max(now - born, timedelta(0))
    if age > LAST_LOOK:
        return None
    return iso(now + (DAILY if age < FIRST_WEEK else age / 2))


def _edited_part(article: Article, known: Known, part: int) -> str:
    """The kind of answer in which title (0) or lead (1) is worded otherwise than the last time there."""
    current = (known.title_hash, known.lead_hash)[part]
    return next(
        (origin for origin, hashes in article.wordings.items() if _differs(hashes, known, origin, part, current)), ""
    )


def _differs(hashes: tuple[str, str], known: Known, origin: str, part: int, current: str) -> bool:
    before = known.observed.get(origin)
    return before is not None and bool(hashes[part]) and hashes[part] not in (before[part], current)


def _lead(article: Article, known: Known, edited: bool) -> tuple[str, str]:
    if article.lead and (edited or not known.lead):
        return article.lead, article.lead_hash
    return known.lead, known.lead_hash


def _gains(article: Article, known: Known) -> bool:
    observed: Mapping[str, tuple[str, str]] = {**known.observed, **article.wordings}
    return (
        article.published != known.published
        or article.lead_hash != known.lead_hash
        or article.title_hash != known.title_hash
        or dict(observed) != dict(known.observed)
        or not set(article.tags) <= set(known.tags)
        or bool(article.oblasts and set(article.oblasts) != set(known.oblasts))
    )
