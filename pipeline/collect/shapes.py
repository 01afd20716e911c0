"""From one answer of a listing, and what is stored of it, to its figures. Pure: no network, no database, no clock."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import TYPE_CHECKING

from core.answers import ListingShape
from core.errors import ItemError
from core.lengths import TITLE_LIMIT
from language.identify import cyrillic_signs, language_of
from language.no_headline import is_damaged, is_label, words_of
from pipeline.collect import decide, identity
from pipeline.collect.normalise import FIRST_NEWS_DAY, clean_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from core.model import Article, Item, Known, Published, Source

TOP = 5  # items by which the next answer is seen to go on from this one
OPENING = 2  # words
SAME_MOMENT = timedelta(hours=1)  # «дві години тому» is told anew in every answer, and is not exact


@dataclass(frozen=True, slots=True)
class ListingAnswer:
    """One page of a listing and what is stored of it."""

    source: Source
    items: Sequence[Item]
    unreadable: int  # items that could not be kept, those among them that the parser could not read
    faults: int  # of these, items that the parser could not read
    articles: Sequence[Article]  # the items that can be kept
    known: Mapping[tuple[str, str], Known]  # of the articles
    stored_titles: Collection[str]  # of the articles' title hashes, those of any stored article of the source
    now: datetime


def measure(answer: ListingAnswer, previous: ListingShape | None = None) -> ListingShape:
    """Return the figures of an answer; `previous`: those of the answer before it."""
    titles = [clean_text(item.title, TITLE_LIMIT) for item in answer.items]
    wordings = [words_of(title) for title in titles]
    signs = Counter(cyrillic_signs(title) for title in titles)
    marks = [mark_of(item, answer.source) for item in answer.items]
    source = answer.source
    names = {words_of(name) for name in (source.name, source.publisher, *source.also_called, *source.hosts)}
    days = [day for item in answer.items if (day := news_day(item.published, answer.now))]
    dates = Counter(item.published.at for item in answer.items if item.published and item.published.precision != "day")
    leads = Counter(words for item in answer.items if (words := words_of(item.lead[:TITLE_LIMIT])))
    openings = Counter(words[:OPENING] for words in wordings if len(words) > OPENING)
    return ListingShape(
        items=len(answer.items) + answer.faults,
        rejected=answer.unreadable,
        titles=len(set(wordings)),
        links=len(set(marks)),
        one_title=_commonest(wordings),
        one_link=_commonest(marks),
        one_lead=max(leads.values(), default=0),
        one_opening=max(openings.values(), default=0),
        one_moment=max(dates.values(), default=0),
        labels=sum(is_label(title, names) for title in titles if title),
        damaged=sum(map(is_damaged, titles)),
        english=sum(language_of(title, "", source.language) == "en" for title in titles),
        unmarked=signs["ru"] + signs["either"],
        russian=signs["ru"],
        dated=len(days),
        length=median_low(map(len, titles)) if titles else 0,
        newest=max(days, default=""),
        top=tuple(marks[:TOP]),
        overlap=len(set(marks).intersection(previous.top if previous else ())),
        **compared_with_stored(answer),
    )


def compared_with_stored(answer: ListingAnswer) -> dict[str, int]:
    """Return the figures that compare the articles with the stored ones."""
    titles = {known.title_hash for known in answer.known.values()}
    leads = {known.lead_hash for known in answer.known.values()}
    # of a source whose editions do not share their keys: an item that was in the other language
    turned = set[str]() if len(answer.source.identity.canonical) > 1 else {key for key, _ in answer.known}
    counts = Counter[str]()
    for article in answer.articles:
        known = answer.known.get((article.key, article.language))
        if known is None and article.key in turned:
            counts["known"] += 1
            counts["replaced"] += 1
            continue
        if known is None:
            counts["fresh"] += 1
            counts["moved"] += article.title_hash in answer.stored_titles
            continue
        counts["known"] += 1
        counts[date_change(known.published, article.published)] += 1
        decided = decide.decide(article, known).article
        counts["shifted"] += (decided.title_hash != known.title_hash and decided.title_hash in titles) or (
            decided.lead_hash != known.lead_hash and decided.lead_hash in leads
        )
        is_half = decide.is_half_answer(article, known)
        if is_half or (decided.title_hash != known.title_hash and words_of(decided.title) != words_of(known.title)):
            counts["edited"] += 1
            counts["replaced"] += not is_half and not decide.are_related(decided.title, known.title)
    del counts[""]
    return dict(counts)


def date_change(known: Published | None, met: Published | None) -> str:
    """Return `redated` if the same kind of answer now gives another date, `contradicted` if another kind does."""
    if known is None or met is None:
        return ""
    if (known.origin, known.precision) != (met.origin, met.precision):
        return "contradicted" if known.kyiv_day != met.kyiv_day else ""
    if met.precision == "day":
        return "redated" if known.at != met.at else ""
    return "redated" if abs(_moment(known.at) - _moment(met.at)) > SAME_MOMENT else ""


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at)


def news_day(published: Published | None, now: datetime) -> str:
    """Return the day of publication; empty where there is none that news can have."""
    if published is None:
        return ""
    tomorrow = (now.astimezone(UTC) + timedelta(days=1)).date().isoformat()
    return published.kyiv_day if FIRST_NEWS_DAY <= published.kyiv_day <= tomorrow else ""


def _commonest(values: Iterable[object]) -> int:
    return max(Counter(values).values(), default=0)


def mark_of(item: Item, source: Source) -> str:
    """Return what tells the item from others of its listing: its key, or its address where it has none."""
    if item.key:
        return item.key
    try:
        url = identity.clean(item.url)
    except ItemError:
        return item.url[: identity.KEY_LIMIT]
    try:
        return identity.key_of(source, url)
    except ItemError:
        return url[: identity.KEY_LIMIT]
