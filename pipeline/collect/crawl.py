"""From one source to its SourceResult: which pages to ask for, and when to stop.

It asks and decides; it never stores. The database is seen through `Memory`, the network through `Fetch`,
the parsers through `Parse`; time is the `now` of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.errors import FieldsMissing, ParseError, Refused, SourceError, StructureMissing
from core.model import Listing, ListingState, Problem, Seen, SourceResult, iso
from pipeline.collect.listings import (
    END,
    FAILED,
    FRESH,
    KNOWN,
    SAME,
    Plan,
    conditional,
    next_page,
    page_address,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from core.model import Article, Page, Parsed, Source
    from pipeline.collect.batch import Basket
    from pipeline.collect.protocols import Fetch, Memory, Parse


@dataclass(slots=True)
class _Course:
    """How the run of the source is going."""

    read: bool = False
    modified: bool = False
    listed: int = 0
    faults: int = 0  # since the last harvest
    unreadable: int = 0  # items that could not be kept although no rule leaves them out
    error: SourceError | None = None
    problems: list[Problem] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    seen: list[Seen] = field(default_factory=list)
    progress: dict[str, ListingState] = field(default_factory=dict)

    def note(self, stage: str, message: str, url: str) -> None:
        """Keep one trouble."""
        self.problems.append(Problem(stage, message, url))

    def forget(self, *urls: str) -> None:
        """What these addresses answered is not to be relied on next time."""
        self.seen = [seen for seen in self.seen if seen.url not in urls]


class Collector:
    """Reads one source once: one SourceResult, or one for each page of a walk through the archive."""

    def __init__(
        self,
        source: Source,
        *,
        fetch: Fetch,
        parse: Parse,
        memory: Memory,
        plan: Plan,
        on_topic: Callable[[Article], bool] = lambda _: True,
    ) -> None:
        """`on_topic` decides, for a source with a topic filter, whether an article is kept."""
        self.source, self.fetch, self.parse, self.memory, self.plan = source, fetch, parse, memory, plan
        self.on_topic = on_topic
        self.course = _Course()
        self._basket: Basket | None = None

    async def harvests(self) -> AsyncIterator[SourceResult]:
        """Everything that this run brings, in the order in which it must be stored."""
        for listing in self.source.listings:
            if listing.fallback and self.course.read and self.course.error is None:
                continue
            first_error = self.course.error
            if listing.fallback:
                self.course.error = None
            async for _ in self._walk(listing):
                yield await self._harvest(last=False)
            self.course.error = first_error if listing.fallback and self.course.error else self.course.error
        yield await self._harvest(last=True)

    @property
    def basket(self) -> Basket:
        """Made when there is something to put into it."""
        if self._basket is None:
            from pipeline.collect.batch import Basket

            self._basket = Basket(
                self.source,
                fetch=self.fetch,
                parse=self.parse,
                memory=self.memory,
                plan=self.plan,
                on_topic=self.on_topic,
            )
        return self._basket

    async def _walk(self, listing: Listing) -> AsyncIterator[None]:
        """Reads a listing page by page, and yields where what was gathered should be stored at once."""
        progress, ids = self.memory.progress(listing.url), set[str]()
        number: int | None = 1
        while number:
            outcome = await self._read_page(listing, number, progress, ids)
            following = next_page(listing, number, outcome, progress, self.plan)
            self._keep_progress(listing, progress, number, outcome, following)
            if self.plan.archive and following:
                yield
            number = following

    async def _read_page(self, listing: Listing, number: int, progress: ListingState, ids: set[str]) -> str:
        """What reading page `number` came to. `ids`: the keys on the pages before, added to."""
        url = page_address(listing, number)
        try:
            page = await self._ask(url, ask_again=self.plan.full or number <= progress.pages_due)
            if page is None:
                return SAME
            parsed = await self._parsed(listing, page, number)
        except SourceError as error:
            return self._failed(error, url, number)
        return self._take(parsed, url, number, ids)

    async def _ask(self, url: str, *, ask_again: bool) -> Page | None:
        """The page, or None when nothing changed there since it was last stored."""
        self.course.tried.add("fetch")
        seen = self.memory.seen(url)
        page = await self.fetch.fetch(self.source, url, None if ask_again else conditional(seen, self.plan.now))
        digest = _digest(page.body)
        if page.not_modified or (seen and seen.body_hash == digest and not ask_again):
            self.course.read = True
            return None
        self.course.modified = True
        self.course.tried.add("moved")
        for move in page.redirects:
            self.course.note("moved", f"moved permanently: {move}", url)
        self.course.seen.append(Seen(url, page.validators, digest, iso(self.plan.now)))
        return page

    async def _parsed(self, listing: Listing, page: Page, number: int) -> Parsed:
        course = self.course
        course.tried |= {"parse", "normalise"}
        parsed = await self.parse.listing(self.source, listing, page)
        course.read = True
        count = len(parsed.items) + len(parsed.faults)
        for note in parsed.notes:
            course.note("parse", note, page.url)
        for fault in parsed.faults:
            course.note("normalise", fault.message, fault.url or page.url)
        course.faults += len(parsed.faults)
        course.listed += count
        if number == 1:
            course.tried.add("drift")
            if count < listing.min_items:
                course.note("drift", f"{count} items where at least {listing.min_items} are usual", page.url)
        return parsed

    def _failed(self, error: SourceError, url: str, number: int) -> str:
        """From page 2 on, "not found" and a page without a list are how sites say that the list is over."""
        self.course.forget(url)
        if number > 1 and (
            isinstance(error, StructureMissing) or (isinstance(error, Refused) and error.status in (400, 404, 410))
        ):
            return END
        self.course.note("parse" if isinstance(error, ParseError) else "fetch", str(error), error.url or url)
        self.course.error = self.course.error or error
        return FAILED

    def _take(self, parsed: Parsed, url: str, number: int, ids: set[str]) -> str:
        """Puts a page into the basket. A page past the end that shows known items again was not listed at all."""
        articles = self.basket.normalised(parsed.items)
        keys = {article.key for article in articles}
        if number > 1 and articles and keys <= ids:
            self.course.listed -= len(articles)
            self.course.forget(url)
            return END
        ids |= keys
        if number > 1 and not articles:
            return END
        return FRESH if self.basket.put(articles) else KNOWN

    def _keep_progress(
        self, listing: Listing, progress: ListingState, number: int, outcome: str, following: int | None
    ) -> None:
        """After a failure the pages up to it stay due, and nothing may be asked conditionally before they were read."""
        kept = self.course.progress
        if outcome == FAILED:
            due = max(number + 1, progress.pages_due) if number > 1 else progress.pages_due
            kept[listing.url] = replace(progress, pages_due=due)
            self.course.forget(*(page_address(listing, page) for page in range(1, number + 1)))
        elif following and self.plan.archive:
            kept[listing.url] = ListingState(listing.url, next_page=following)
        elif not following and (progress != ListingState(listing.url) or self.plan.archive):
            kept[listing.url] = ListingState(listing.url)

    async def _harvest(self, *, last: bool) -> SourceResult:
        """What was gathered since the last one; the `last` one also looks at what is due, and tells the problems."""
        course = self.course
        wanted = self._basket is not None or (last and self._something_due())
        contents = await self.basket.empty(looks=last) if wanted else None
        course.listed += contents.edits_found_by_looking if contents else 0
        course.unreadable += course.faults + (contents.unreadable if contents else 0)
        if last:
            self._judge_items()
        harvest = SourceResult(
            source_id=self.source.id,
            state=state_of(course.error, read=course.read, modified=course.modified, listed=course.listed),
            read=course.read,
            decisions=contents.decisions if contents else (),
            rejected=course.faults + (contents.rejected if contents else 0),
            problems=self._troubles() if last else (),
            sound_stages=self._sound_stages() if last else (),
            seen=(*course.seen, *(contents.seen if contents else ())),
            progress=tuple(course.progress.values()),
        )
        course.faults, course.seen, course.progress = 0, [], {}
        return harvest

    def _judge_items(self) -> None:
        """A list of which more than half cannot be kept was not read, whatever it still gave."""
        course = self.course
        if course.error is None and course.unreadable * 2 > course.listed:
            message = f"{course.unreadable} of {course.listed} items could not be kept"
            course.error = FieldsMissing(message, self.source.listings[0].url)
            course.note("parse", message, self.source.listings[0].url)
            course.read = course.unreadable < course.listed
            course.seen.clear()  # so that the next run does not take "unchanged" for well

    def _something_due(self) -> bool:
        return self.source.reads_articles and bool(self.memory.due(iso(self.plan.now), 1))

    def _troubles(self) -> tuple[Problem, ...]:
        met = self._basket.problems if self._basket else []
        return tuple(replace(trouble, source_id=self.source.id) for trouble in (*self.course.problems, *met))

    def _sound_stages(self) -> tuple[str, ...]:
        """The stages that were tried and went well throughout."""
        tried = self.course.tried | ({"article"} if self._basket and self._basket.looked else set())
        return tuple(sorted(tried - {trouble.stage for trouble in self._troubles()}))


def _digest(body: bytes) -> str:
    import hashlib

    return hashlib.sha256(body).hexdigest()
