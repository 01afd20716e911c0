"""From one source to its Harvest: which pages to ask for, and what each item on them means.

It asks and decides; it never stores. The database is seen through `Memory`, the network through `Fetch`,
the parsers through `Parse`; time is the `now` of the plan.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline import decide
from pipeline.article_pages import LOOKS_AT_MOST, ArticlePages, Look, as_known, look_again, wants_page
from pipeline.errors import ItemError, ParseError, Refused, SourceError, StructureMissing
from pipeline.listings import END, FAILED, FRESH, KNOWN, SAME, Plan, conditional, next_page, page_address, state_of
from pipeline.model import Article, Decision, Harvest, Known, Listing, ListingState, Page, Parsed, Seen, Source, Trouble
from pipeline.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from pipeline.seams import Fetch, Memory, Parse


@dataclass(slots=True)
class _Basket:
    """What is gathered for one Harvest while its pages are read."""

    met: dict[tuple[str, str], Article] = field(default_factory=dict)  # (key, language) → as met first
    known: dict[tuple[str, str], Known] = field(default_factory=dict)
    duplicates: list[Article] = field(default_factory=list)
    rejected: int = 0
    seen: list[Seen] = field(default_factory=list)
    progress: dict[str, ListingState] = field(default_factory=dict)


@dataclass(slots=True)
class _Course:
    """How the whole run of the source is going."""

    read: bool = False
    modified: bool = False
    listed: int = 0
    error: SourceError | None = None
    troubles: list[Trouble] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    handled: set[tuple[str, str]] = field(default_factory=set)

    def note(self, stage: str, message: str, url: str) -> None:
        """Keep one trouble."""
        self.troubles.append(Trouble(stage, message, url))

    def sound(self) -> tuple[str, ...]:
        """The stages that were tried and went well throughout."""
        return tuple(sorted(self.tried - {trouble.stage for trouble in self.troubles}))


class Collector:
    """Reads one source once. `harvests()` gives one Harvest, or one for each page of a walk through the archive."""

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
        self.pages = ArticlePages(source, fetch=fetch, parse=parse, memory=memory, plan=plan)
        self.course = _Course()
        self.basket = _Basket()

    async def harvests(self) -> AsyncIterator[Harvest]:
        """Everything that this run brings, in the order in which it must be stored."""
        for listing in self.source.listings:
            if listing.fallback and self.course.read and self.course.error is None:
                continue
            if listing.fallback:
                self.course.error = None
            async for _ in self._walk(listing):
                yield await self._harvest(looks=False)
        yield await self._harvest(looks=True)

    # ── listings

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
        articles = self._normalised(parsed)
        keys = {article.key for article in articles}
        if number > 1 and keys <= ids and not parsed.faults:
            self._forget(parsed, url)
            return END
        ids |= keys
        return FRESH if self._meet(articles) else KNOWN

    async def _ask(self, url: str, *, ask_again: bool) -> Page | None:
        """The page, or None when nothing changed there since it was last stored."""
        self.course.tried.add("fetch")
        seen = self.memory.seen(url)
        page = await self.fetch.fetch(self.source, url, None if ask_again else conditional(seen, self.plan.now))
        self.course.read = True
        digest = hashlib.sha256(page.body).hexdigest()
        if page.not_modified or (seen and seen.body_hash == digest and not ask_again):
            return None
        self.course.modified = True
        self.course.tried.add("moved")
        for move in page.redirects:
            self.course.note("moved", f"moved permanently: {move}", url)
        self.basket.seen.append(Seen(url, page.validators, digest, decide.iso(self.plan.now)))
        return page

    async def _parsed(self, listing: Listing, page: Page, number: int) -> Parsed:
        self.course.tried |= {"parse", "normalise"}
        parsed = await self.parse.listing(self.source, listing, page)
        count = len(parsed.items) + len(parsed.faults)
        for note in parsed.notes:
            self.course.note("parse", note, page.url)
        for fault in parsed.faults:
            self.course.note("normalise", fault.message, fault.url or page.url)
        self.basket.rejected += len(parsed.faults)
        self.course.listed += count
        if number == 1:
            self.course.tried.add("drift")
            if count < listing.min_items:
                message = f"{count} items where at least {listing.min_items} are usual"
                self.course.note("drift", message, page.url)
        return parsed

    def _failed(self, error: SourceError, url: str, number: int) -> str:
        """From page 2 on, "not found" and a page without a list are how sites say that the list is over."""
        self.basket.seen = [seen for seen in self.basket.seen if seen.url != url]
        if number > 1 and (
            isinstance(error, StructureMissing) or (isinstance(error, Refused) and error.status in (400, 404, 410))
        ):
            return END
        self.course.note("parse" if isinstance(error, ParseError) else "fetch", str(error), error.url or url)
        self.course.error = self.course.error or error
        return FAILED

    def _normalised(self, parsed: Parsed) -> list[Article]:
        articles = []
        for item in parsed.items:
            try:
                article = normalise(item, self.source, self.plan.now)
                if self.source.topic_filter and not self.on_topic(article):
                    raise ItemError("not about local self-government", article.url, expected=True)
            except ItemError as error:
                self._reject(error)
            else:
                articles.append(article)
        return articles

    def _reject(self, error: ItemError) -> None:
        self.basket.rejected += 1
        if not error.expected:
            self.course.note("normalise", str(error), error.url)

    def _forget(self, parsed: Parsed, url: str) -> None:
        """A page past the end that shows page 1 again was not a page: its items were not listed."""
        self.course.listed -= len(parsed.items)
        self.basket.seen = [seen for seen in self.basket.seen if seen.url != url]

    def _meet(self, articles: list[Article]) -> bool:
        """Puts the articles of one page into the basket; whether one of them is new or edited."""
        self.basket.known.update(self.memory.known({article.key for article in articles}))
        fresh = False
        for article in articles:
            identity = (article.key, article.language)
            for note in article.notes:
                self.course.note("normalise", note, article.url)
            if identity in self.basket.met or identity in self.course.handled:
                self._meet_again(identity, article)
                continue
            self.basket.met[identity] = article
            known = self.basket.known.get(identity)
            fresh = fresh or known is None or decide.decide(article, known).verdict == "edited"
        return fresh

    def _meet_again(self, identity: tuple[str, str], article: Article) -> None:
        """A duplicate; but it may know what the first meeting did not: the date that the other edition hid."""
        self.basket.duplicates.append(article)
        first = self.basket.met.get(identity)
        if first is not None and first.published is None:
            self.basket.met[identity] = replace(first, published=article.published)

    def _keep_progress(
        self, listing: Listing, progress: ListingState, number: int, outcome: str, following: int | None
    ) -> None:
        """After a failure the pages up to it stay due, and nothing may be asked conditionally before they were read."""
        if outcome == FAILED:
            due = max(number + 1, progress.pages_due) if number > 1 else progress.pages_due
            self.basket.progress[listing.url] = replace(progress, pages_due=due)
            asked = {page_address(listing, page) for page in range(1, number + 1)}
            self.basket.seen = [seen for seen in self.basket.seen if seen.url not in asked]
        elif following and self.plan.archive:
            self.basket.progress[listing.url] = ListingState(listing.url, next_page=following)
        elif not following and (progress != ListingState(listing.url) or self.plan.archive):
            self.basket.progress[listing.url] = ListingState(listing.url)

    # ── what it comes to

    async def _harvest(self, *, looks: bool) -> Harvest:
        """Reads the pages of what is fresh (with `looks` also of what is due), decides, and empties the basket."""
        basket, course = self.basket, self.course
        pages = await self._read_articles(looks=looks) if self.source.reads_articles else {}
        decisions = [self._decide(identity, article, pages.get(identity)) for identity, article in basket.met.items()]
        decisions += [Decision(article, None, "duplicate", changed=False) for article in basket.duplicates]
        decisions += self._found_by_looking(pages)
        harvest = Harvest(
            source_id=self.source.id,
            state=state_of(course.error, read=course.read, modified=course.modified, listed=course.listed),
            read=course.read,
            decisions=tuple(decisions),
            rejected=basket.rejected,
            troubles=tuple(replace(trouble, source_id=self.source.id) for trouble in course.troubles) if looks else (),
            sound_stages=course.sound() if looks else (),
            seen=tuple(basket.seen),
            progress=tuple(basket.progress.values()),
        )
        course.handled |= set(basket.met)
        self.basket = _Basket()
        return harvest

    async def _read_articles(self, *, looks: bool) -> dict[tuple[str, str], Look]:
        basket = self.basket
        wanted = {
            identity: article.url
            for identity, article in basket.met.items()
            if wants_page(article, basket.known.get(identity), self.plan)
        }
        for key, known in self.memory.due(decide.iso(self.plan.now), LOOKS_AT_MOST) if looks else ():
            identity = (key, known.language)
            if identity not in self.course.handled:
                basket.known.setdefault(identity, known)
                wanted.setdefault(identity, known.url)
        pages = await self.pages.read(wanted)
        self.course.tried |= {"article"} if pages else set()
        self.course.troubles += [look.trouble for look in pages.values() if look.trouble]
        basket.seen += [look.seen for look in pages.values() if look.seen]
        return pages

    def _decide(self, identity: tuple[str, str], article: Article, look: Look | None) -> Decision:
        known = self.basket.known.get(identity)
        if look and look.article and look.article.language == article.language:
            article = decide.merge(article, look.article, known)
        decision = decide.decide(article, known)
        again = look_again(article, known, look, self.plan) if self.source.reads_articles else None
        return replace(decision, look_again_at=again, gone=bool(look and look.gone))

    def _found_by_looking(self, pages: Mapping[tuple[str, str], Look]) -> list[Decision]:
        """What the own pages say of articles that no listing showed; an edit found so counts as listed."""
        decisions = []
        for identity, look in pages.items():
            if identity in self.basket.met or look.failed:
                continue
            known = self.basket.known[identity]
            told = look.article and look.article.language == known.language
            article = look.article if told and look.article else as_known(self.source, identity[0], known)
            decision = decide.decide(article, known)
            verdict = "edited" if decision.verdict == "edited" else "looked"
            self.course.listed += verdict == "edited"
            again = look_again(article, known, look, self.plan)
            decisions.append(replace(decision, verdict=verdict, look_again_at=again, gone=look.gone))
        return decisions
