"""The articles' own pages: which are fetched, what they say, and when to fetch them again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.errors import ItemError, Refused, SourceError
from core.model import Article, Known, Problem, Seen, Source, iso
from pipeline.collect import decide, rereading
from pipeline.collect.listings import Plan, conditional
from pipeline.collect.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.collect.protocols import SourceRun

REVISITS_AT_MOST = 100  # articles fetched again, without being listed, in one run of one source
PAGES_AT_MOST = 200  # own pages read at once; an ordinary first run of the largest source is as many
FAILURES_IN_A_ROW = 3  # after so many the rest of the pages is left for the next run
AT_ONCE = 4  # more than the fetcher lets through to one site, so that it never waits for a parser


@dataclass(frozen=True, slots=True)
class ArticleFetch:
    """Outcome of fetching an article's own page: its wording, nothing new (both None/False), gone, or a problem.

    After a problem the page is to be fetched again in the next run.
    """

    article: Article | None = None
    gone: bool = False
    seen: Seen | None = None
    problem: Problem | None = None


class ArticlePages:
    """Reader of the own pages of one source's articles, politely and in parallel."""

    def __init__(self, run: SourceRun) -> None:
        """Ask nothing before `read`."""
        self.run = run
        self._failures = 0
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def read(self, wanted: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], ArticleFetch]:
        """Fetch each (key, language) → address; those left for the next run are missing in the result.

        Left are the pages beyond `PAGES_AT_MOST`, those after repeated failure, and all once the source's time is over.
        """
        asked = list(wanted.items())[:PAGES_AT_MOST]
        fetches = await asyncio.gather(*(self._fetch(url) for _, url in asked))
        return {identity: fetched for (identity, _), fetched in zip(asked, fetches, strict=True) if fetched is not None}

    async def _fetch(self, url: str) -> ArticleFetch | None:
        source, plan = self.run.source, self.run.plan
        async with self._slots:
            if self._failures >= FAILURES_IN_A_ROW or self.run.allowance.is_spent:
                return None
            try:
                validators = None if plan.full else conditional(self.run.memory.seen(url), plan.now)
                page = await self.run.fetch.fetch(source, url, validators)
                if page.status == 304:
                    fetched = ArticleFetch()
                else:
                    item = await self.run.parse.article(source, page)
                    article = normalise(replace(item, url=url, key=""), source, plan.now)
                    fetched = ArticleFetch(article, seen=Seen(url, page.validators, "", iso(plan.now)))
            except (SourceError, ItemError) as error:
                if isinstance(error, Refused) and error.status in (404, 410):
                    return ArticleFetch(gone=True)
                self._failures += 1
                return ArticleFetch(problem=Problem("article", str(error), url, source.id))
            self._failures = 0
            return fetched


def checked(fetched: ArticleFetch, title: str, day: str | None, source_id: str) -> ArticleFetch:
    """Return `fetched`, or a problem if its page is evidently not the article's: an error page, or another article.

    Such a page shares no words with the title and does not carry the article's own `day`; nothing of it is kept.
    """
    found = fetched.article
    if found is None or decide.are_related(found.title, title):
        return fetched
    if day is not None and found.published is not None and found.published.kyiv_day == day:
        return fetched
    message = f"the page tells of something else: «{found.title[:80]}»"
    return ArticleFetch(problem=Problem("article", message, found.url, source_id))


def is_due(known: Known, plan: Plan) -> bool:
    """Return True when the article's own page should be read in this run."""
    return rereading.is_revisit_due(known, plan.now)


def should_fetch(article: Article, known: Known | None, plan: Plan) -> bool:
    """Return True for new, edited and due articles: their own page is read."""
    return known is None or is_due(known, plan) or decide.decide(article, known).verdict == "edited"


def next_revisit(article: Article, known: Known | None, fetched: ArticleFetch | None, plan: Plan) -> str | None:
    """Return when to read the page next: at once if it failed, never if it is gone, else the older the rarer."""
    if fetched is not None and fetched.gone:
        return None
    if fetched is None or fetched.problem:
        untouched = known is not None and fetched is None and not is_due(known, plan)
        return known.revisit_at if untouched and known else iso(plan.now)
    first_seen = known.first_seen_at if known else iso(plan.now)
    return rereading.revisit_at(article.published.at if article.published else first_seen, plan.now)


def as_stored(source: Source, key: str, known: Known) -> Article:
    """Return the article as it is stored, for a page that had nothing new to say."""
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
