"""From one source to its SourceResult: which pages to ask for, and when to stop.

It asks and decides; it never stores. The database is seen through `Memory`, the network through `Fetch`,
the parsers through `Parse`; time is the `now` of the plan.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.errors import FetchError, FieldsMissing, Refused, SourceError, StructureMissing
from core.model import Listing, ListingState, Problem, Seen, SourceResult, iso
from pipeline.collect.listings import (
    END,
    FAILED,
    FRESH,
    KNOWN,
    SAME,
    conditional,
    next_page,
    page_address,
    progress_after,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from core.answers import JudgedAnswer
    from core.closed_sets import Stage
    from core.model import Page
    from pipeline.collect.batch import ItemProcessor
    from pipeline.collect.listings import Outcome
    from pipeline.collect.protocols import SourceRun


@dataclass(slots=True)
class CrawlState:
    """State of the crawl of one source."""

    read: bool = False
    modified: bool = False
    listed: int = 0
    faults: int = 0  # since the last result
    unreadable: int = 0  # items that could not be kept although no rule leaves them out
    error: SourceError | None = None
    problems: list[Problem] = field(default_factory=list)
    tried: set[Stage] = field(default_factory=set)
    seen: list[Seen] = field(default_factory=list)
    progress: dict[str, ListingState] = field(default_factory=dict)
    judged: list[JudgedAnswer] = field(default_factory=list)
    holds: bool = False  # an answer was out of character and is held back

    def note(self, stage: Stage, message: str, url: str) -> None:
        """Keep one problem."""
        self.problems.append(Problem(stage, message, url))

    def forget(self, *urls: str) -> None:
        """Forget the answers of these addresses: the next run does not rely on them."""
        self.seen = [seen for seen in self.seen if seen.url not in urls]


class Crawler:
    """Crawl of one source: one SourceResult, or one for each page of a walk through the archive."""

    def __init__(self, run: SourceRun) -> None:
        """Ask nothing before `results`."""
        self.run = run
        self.state = CrawlState()
        self._items: ItemProcessor | None = None

    async def results(self) -> AsyncIterator[SourceResult]:
        """Yield everything that this run brings, in the order in which it must be stored."""
        state, plan = self.state, self.run.plan
        for listing in self.run.source.listings:
            first_error = state.error
            if listing.fallback:
                if first_error is None and (state.read or state.holds):
                    continue
                state.error = None
            progress, keys = self.run.memory.progress(listing.url), set[str]()
            number: int | None = 1
            while number:
                outcome = await self._read_page(listing, number, progress, keys)
                following = next_page(listing, number, outcome, progress, plan)
                if kept := progress_after(number, outcome, progress, following, plan):
                    state.progress[listing.url] = kept
                if plan.is_archive_walk and following:
                    yield await self._result(last=False)
                number = following
            if listing.fallback and state.error:
                state.error = first_error
        yield await self._result(last=True)

    @property
    def items(self) -> ItemProcessor:
        """Return the processor of the items, made when there are items to process."""
        if self._items is None:
            from pipeline.collect.batch import ItemProcessor

            self._items = ItemProcessor(self.run)
        return self._items

    async def _read_page(self, listing: Listing, number: int, progress: ListingState, keys: set[str]) -> Outcome:
        """Read page `number`. `keys`: those on the pages before, added to.

        From page 2 on, "not found" and a page without a list are how sites say that the list is over. After a failure
        nothing may be asked conditionally before the pages up to it were read.
        """
        state, run, url = self.state, self.run, page_address(listing, number)
        in_full = run.plan.full or number <= progress.pages_due
        try:
            state.tried.add("fetch")
            seen = run.memory.seen(url)
            page = await run.fetch.fetch(run.source, url, None if in_full else conditional(seen, run.plan.now))
            digest = hashlib.sha256(page.body).hexdigest()
            if page.status == 304 or (seen and seen.body_hash == digest and not in_full):
                state.read = True
                return SAME
            state.modified = True
            state.tried.add("moved")
            for move in page.redirects:
                state.note("moved", f"moved permanently: {move}", url)
            state.seen.append(Seen(url, page.validators, digest, iso(run.plan.now)))
            return await self._take(listing, page, number, keys)
        except SourceError as error:
            if number > 1 and (
                isinstance(error, StructureMissing) or (isinstance(error, Refused) and error.status in (400, 404, 410))
            ):
                state.forget(url)
                return END
            if progress.pages_due > number > 1 and run.allowance.is_spent:
                state.note("fetch", f"given up for the second time: {error}", error.url or url)
                return END  # a site so slow would be asked for these pages in every run
            state.forget(*(page_address(listing, earlier) for earlier in range(1, number + 1)))
            state.note("fetch" if isinstance(error, FetchError) else "parse", str(error), error.url or url)
            state.error = state.error or error
            return FAILED

    async def _take(self, listing: Listing, page: Page, number: int, keys: set[str]) -> Outcome:
        """Parse a page into the batch. A page past the end that shows known items again was not listed at all.

        Nothing is taken of an answer that is out of character: it is kept aside, and the next run asks again.
        """
        state, run = self.state, self.run
        state.tried.add("parse")
        parsed = await run.parse.listing(run.source, listing, page)
        # in a thread, because of a flood of items other sites would wait
        normalised = await asyncio.to_thread(self.items.normalised, parsed.items)
        articles = normalised.articles
        found = {article.key for article in articles}
        is_past_end = number > 1 and found <= keys
        if parsed.items and not is_past_end:
            from pipeline.collect.held import held_message, judge_answer

            judged = judge_answer(run, page_address(listing, number), parsed, normalised, is_first=number == 1)
            state.judged.append(judged)
            if judged.verdict == "held":
                state.holds = True
                state.note("held", held_message(judged, run.source.id), judged.url)
                state.forget(*(page_address(listing, earlier) for earlier in range(1, number + 1)))
                return FAILED
        state.read = True
        state.tried.add("normalise")
        for note in parsed.notes:
            state.note("parse", note, page.url)
        for fault in parsed.faults:
            state.note("normalise", fault.message, fault.url or page.url)
        self.items.count(normalised)
        count = len(parsed.items) + len(parsed.faults)
        state.faults += len(parsed.faults)
        state.listed += count
        if number == 1:
            state.tried.add("drift")
            if count < listing.min_items:
                state.note("drift", f"{count} items where at least {listing.min_items} are usual", page.url)
        if is_past_end:
            if articles:
                state.listed -= len(articles)
                state.forget(page_address(listing, number))
            return END
        keys |= found
        return FRESH if self.items.add(articles) else KNOWN

    async def _result(self, *, last: bool) -> SourceResult:
        """Return what was gathered since the last one; the `last` one also revisits what is due, and has the problems.

        A list of which more than half cannot be kept was not read, whatever it still gave.
        """
        state, source = self.state, self.run.source
        wanted = self._items or (last and source.reads_articles and self.run.memory.due(self.run.plan.now, 1))
        batch = await self.items.flush(revisit=last) if wanted else None
        state.listed += batch.edits_by_revisit if batch else 0
        state.unreadable += state.faults + (batch.unreadable if batch else 0)
        if last and state.error is None and state.unreadable * 2 > state.listed:
            message, url = f"{state.unreadable} of {state.listed} items could not be kept", source.listings[0].url
            state.error = FieldsMissing(message, url)
            state.note("parse", message, url)
            state.read = state.unreadable < state.listed
            state.seen.clear()  # so that the next run does not take "unchanged" for well
        problems: list[Problem] = []
        sound: list[Stage] = []  # stages that were tried and went well throughout
        if last:
            problems = state.problems + (self._items.problems if self._items else [])
            if self._items and self._items.read_pages:
                state.tried.add("article")
            sound = sorted(state.tried - {problem.stage for problem in problems})
        result = SourceResult(
            source_id=source.id,
            state="suspicious"
            if state.holds
            else state_of(state.error, read=state.read, modified=state.modified, listed=state.listed),
            read=state.read,
            decisions=batch.decisions if batch else (),
            rejected=state.faults + (batch.rejected if batch else 0),
            problems=tuple(replace(problem, source_id=source.id) for problem in problems),
            sound_stages=tuple(sound),
            seen=(*state.seen, *(batch.seen if batch else ())),
            progress=tuple(state.progress.values()),
            judged=tuple(state.judged),
        )
        state.faults, state.seen, state.progress, state.judged = 0, [], {}, []
        return result
