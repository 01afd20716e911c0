"""Answers of listings as a whole: their figures, the verdict on them, and those that are held back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.closed_sets import AnswerVerdict
    from core.model import Item


@dataclass(frozen=True, slots=True)
class ListingShape:
    """Figures of one answer of a listing, by which the next is judged: a row of `listing_shapes`. Counts of items."""

    items: int = 0  # listed, those that could not be kept among them
    rejected: int = 0  # could not be kept, although no rule leaves them out
    titles: int = 0  # different ones
    links: int = 0  # different ones
    one_title: int = 0  # those with the commonest title
    one_link: int = 0
    one_lead: int = 0  # not counting those without a lead
    one_opening: int = 0  # those whose title begins with the commonest two words
    one_moment: int = 0  # those with the commonest date that is known to the minute
    labels: int = 0  # titles that are none: the site's name, dates, numbers, "read more", addresses, filler
    damaged: int = 0  # titles with letters that were read in the wrong encoding
    english: int = 0
    unmarked: int = 0  # Cyrillic titles without a letter that only Ukrainian has: of any listing a few
    russian: int = 0  # of these, those with a letter or a word of Russian
    dated: int = 0  # with a date that news can have
    length: int = 0  # letters of the title in the middle
    fresh: int = 0  # not stored yet
    moved: int = 0  # of these, those whose title is stored under another address
    known: int = 0  # stored already; the next four are of these
    edited: int = 0  # worded otherwise
    replaced: int = 0  # of the edited: nothing is left of the stored wording
    shifted: int = 0  # now with the stored title or lead of another item of the list
    redated: int = 0  # the same kind of answer gave another date
    contradicted: int = 0  # another kind of answer gave another day
    overlap: int = 0  # of the `top` of the answer before: those that are still listed
    newest: str = ""  # day of the newest item
    top: tuple[str, ...] = ()  # keys of the first few


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An answer of a listing that is held back: an open row of `held_answers`."""

    url: str  # of the page of the listing
    first_at: str
    reasons: Mapping[str, str]  # kind of anomaly → words
    source_id: str = ""
    last_at: str = ""
    times: int = 1
    shape: ListingShape = field(default_factory=ListingShape)
    items: tuple[Item, ...] = ()  # of the latest answer of this kind


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """Verdict on one answer of a listing. Only what is held back carries reasons and items."""

    url: str  # of the page of the listing
    verdict: AnswerVerdict
    shape: ListingShape | None = None  # None: of a later page, to which no next answer is compared
    first_at: str = ""  # since when such answers are held back
    reasons: Mapping[str, str] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
