"""The articles' own pages: which are wanted, what they say, and when to look again."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.errors import FetchError, ItemError, ParseError, Refused
from core.model import Article, Known, Problem, Seen, Source, iso
from pipeline.collect import decide
from pipeline.collect.listings import Plan, conditional
from pipeline.collect.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.collect.protocols import Fetch, Memory, Parse

LOOKS_AT_MOST = 100  # articles looked at again, without being listed, in one run of one source
FAILURES_IN_A_ROW = 3  # after so many the rest of the pages is left for the next run
FAILING_SECONDS = 20.0  # the same after so much time lost on pages that failed, however many are well in between
AT_ONCE = 4  # more than the fetcher lets through to one site, so that it never waits for a parser


@dataclass(frozen=True, slots=True)
class Look:
    """What an article's own page said: a wording, or nothing new (both None/False), or that it is gone."""

    article: Article | None = None
    gone: bool = False
    seen: Seen | None = None
    trouble: Problem | None = None

    @property
    def failed(self) -> bool:
        """Whether the page could not be read and is to be tried in the next run."""
        return self.trouble is not None


class ArticlePages:
    """Reads the own pages of one source's articles, politely and in parallel."""

    def __init__(self, source: Source, *, fetch: Fetch, parse: Parse, memory: Memory, plan: Plan) -> None:
        """Nothing is asked before `read`."""
        self.source, self.fetch, self.parse, self.memory, self.plan = source, fetch, parse, memory, plan
        self._failures = 0
        self._lost_seconds = 0.0
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def read(self, wanted: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Look]:
        """One Look for each (key, language) → address; missing where it was not even asked after repeated failure."""
        looks = await asyncio.gather(*(self._look(url) for url in wanted.values()))
        return {identity: look for identity, look in zip(wanted, looks, strict=True) if look is not None}

    async def _look(self, url: str) -> Look | None:
        async with self._slots:
            if self._failures >= FAILURES_IN_A_ROW or self._lost_seconds >= FAILING_SECONDS:
                return None
            started = time.monotonic()
            try:
                look = await self._ask(url)
            except (FetchError, ParseError, ItemError) as error:
                self._lost_seconds += time.monotonic() - started
                return self._failed(error, url)
            self._failures = 0
            return look

    async def _ask(self, url: str) -> Look:
        validators = None if self.plan.full else conditional(self.memory.seen(url), self.plan.now)
        page = await self.fetch.fetch(self.source, url, validators)
        if page.not_modified:
            return Look()
        item = await self.parse.article(self.source, page)
        article = normalise(replace(item, url=url, key=""), self.source, self.plan.now)
        return Look(article, seen=Seen(url, page.validators, "", iso(self.plan.now)))

    def _failed(self, error: FetchError | ParseError | ItemError, url: str) -> Look:
        if isinstance(error, Refused) and error.status in (404, 410):
            return Look(gone=True)
        self._failures += 1
        return Look(trouble=Problem("article", str(error), url, self.source.id))


def another_page(look: Look, title: str, day: str | None, source_id: str) -> Look:
    """`look` unless its page is evidently not that of the article: an error page, or another article's.

    Such a page shares no words with the title and does not carry the article's own `day`; nothing of it is kept.
    """
    told = look.article
    if told is None or decide.related(told.title, title):
        return look
    if day is not None and told.published is not None and told.published.kyiv_day == day:
        return look
    message = f"the page tells of something else: «{told.title[:80]}»"
    return Look(trouble=Problem("article", message, told.url, source_id))


def is_due(known: Known, plan: Plan) -> bool:
    """Whether the article's own page should be read in this run."""
    return known.look_again_at is not None and known.look_again_at <= iso(plan.now)


def wants_page(article: Article, known: Known | None, plan: Plan) -> bool:
    """New, edited, and due articles get their own page read."""
    return known is None or is_due(known, plan) or decide.decide(article, known).verdict == "edited"


def look_again(article: Article, known: Known | None, look: Look | None, plan: Plan) -> str | None:
    """When to read the page next: at once if it failed, never if it is gone, else the older the rarer."""
    if look is not None and look.gone:
        return None
    if look is None or look.failed:
        untouched = known is not None and look is None and not is_due(known, plan)
        return known.look_again_at if untouched and known else iso(plan.now)
    first_seen = known.first_seen_at if known else iso(plan.now)
    return decide.look_again_at(article.published.at if article.published else first_seen, plan.now)


def as_known(source: Source, key: str, known: Known) -> Article:
    """The article as it is stored, for a page that had nothing new to say."""
    return Article(
        source_id=source.id,
        key=key,
        language=known.language,
        url=known.url,
        seen_url=known.url,
        title=known.title,
        lead=known.lead,
        published=known.published,
        tags=known.tags,
        oblasts=known.oblasts,
        origin="page",
        title_hash=known.title_hash,
        lead_hash=known.lead_hash,
    )
