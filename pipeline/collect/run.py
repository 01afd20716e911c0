"""The first loop: sources → articles. Sources are read in parallel; each is stored by itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from core.model import Exchange, ListingState, Problem, Seen, Source, SourceResult, SourceStatistics, iso
from db import runs
from db.store import open_for_reading
from pipeline.collect.crawl import Crawler
from pipeline.collect.protocols import SourceRun
from pipeline.collect.writer import Writer
from scrapers.allowance import Allowances

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from core.answers import HeldAnswer, ListingShape
    from core.model import HostState, Known
    from db.store import Store
    from pipeline.collect.listings import Plan
    from pipeline.collect.protocols import Fetch, Parse

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestResult:
    """Result of reading the sources."""

    statistics: Mapping[str, SourceStatistics] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    readable: int = 0  # sources of which at least one listing was read or had not changed

    def total(self, figure: str) -> int:
        """Return the sum of one figure of `SourceStatistics` over all sources."""
        return sum(int(getattr(statistics, figure)) for statistics in self.statistics.values())


class StoredMemory:
    """`pipeline.collect.protocols.Memory` on the database, for one source."""

    def __init__(self, connection: sqlite3.Connection, source_id: str) -> None:
        """Read through `connection` only while collecting."""
        self.connection, self.source_id = connection, source_id

    def known(self, keys: Iterable[str]) -> Mapping[tuple[str, str], Known]:
        """Return (key, language) → the stored article, for the given keys."""
        from db import articles

        return articles.known(self.connection, self.source_id, keys)

    def due(self, now: datetime, limit: int) -> list[tuple[str, Known]]:
        """Return (key, article) of those whose own page is due to be read again."""
        from db import articles
        from pipeline.collect.rereading import LONGEST_PAUSE

        return articles.due(self.connection, self.source_id, iso(now), iso(now + LONGEST_PAUSE), limit)

    def seen(self, url: str) -> Seen | None:
        """Return the last answer of the address."""
        return runs.load_seen(self.connection, url)

    def progress(self, url: str) -> ListingState:
        """Return how far back the listing at `url` was read."""
        return runs.load_progress(self.connection, url)

    def shapes(self, url: str) -> list[ListingShape]:
        """Return what the latest answers of the listing were like, the latest first."""
        from db import held_answers

        return held_answers.load_shapes(self.connection, url)

    def held(self, url: str) -> HeldAnswer | None:
        """Return the answer of the address that is held back."""
        from db import held_answers

        return held_answers.load(self.connection, url)

    def stored_titles(self, hashes: Iterable[str]) -> set[str]:
        """Return those of the title hashes that any stored article of the source has."""
        from db import articles

        return articles.stored_titles(self.connection, self.source_id, hashes)


class ExchangeLog:
    """The requests of this run until they are stored with the source that made them."""

    def __init__(self) -> None:
        """Start empty."""
        self.waiting: dict[str, list[Exchange]] = defaultdict(list)
        self.requests: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()

    def note(self, exchange: Exchange) -> None:
        """Keep one exchange: the fetcher calls this for every attempt."""
        self.waiting[exchange.source_id].append(exchange)
        self.requests[exchange.source_id] += 1
        self.bytes[exchange.source_id] += exchange.bytes

    def take(self, source_id: str) -> list[Exchange]:
        """Return and forget the exchanges of the source that are not stored yet."""
        return self.waiting.pop(source_id, [])


@dataclass(frozen=True, slots=True)
class Tools:
    """Network, parsers and timer of a run, as the command plugs them in."""

    fetch: Fetch
    parse: Parse
    exchanges: ExchangeLog
    host_states: Callable[[], Mapping[str, HostState]]
    on_source: Callable[[str], None] = lambda _: None  # a source is done: moves the progress bar
    timer: Callable[[], float] = time.monotonic
    allowances: Allowances = field(default_factory=Allowances)  # the same that network and parsers spend


class Ingest:
    """One run over the sources."""

    def __init__(self, store: Store, run_id: int, plan: Plan, tools: Tools) -> None:
        """`plan.now` is the time of everything that this run writes."""
        self.store, self.run_id, self.plan, self.tools = store, run_id, plan, tools
        self.at = iso(plan.now)
        self.problems: list[Problem] = []
        self.statistics: dict[str, SourceStatistics] = {}
        self.readable: set[str] = set()

    async def read(self, sources: Sequence[Source]) -> IngestResult:
        """Read all sources in parallel. A problem of one never touches another; a bug of ours stops the run.

        What a source gave is stored in a thread of its own, and what is known is read through a connection of its own,
        so that much to store at one source takes no time from another.
        """
        with closing(open_for_reading(self.store.path)) as reading, Writer(self.store) as writer:
            try:
                async with asyncio.TaskGroup() as group:
                    for source in sources:
                        memory = StoredMemory(reading, source.id)
                        group.create_task(self._read_source(source, memory, writer))
            except BaseExceptionGroup as several:
                raise several.exceptions[0] from several
        return IngestResult(self.statistics, tuple(self.problems), len(self.readable))

    async def _read_source(self, source: Source, memory: StoredMemory, writer: Writer) -> None:
        tools, exchanges = self.tools, self.tools.exchanges
        started = tools.timer()
        run = SourceRun(source, self.plan, tools.fetch, tools.parse, memory, tools.allowances.of(source.id))
        so_far = SourceStatistics(source.id, "skipped")
        async for result in Crawler(run).results():
            so_far = replace(
                _added_up(so_far, result),
                requests=exchanges.requests[source.id],
                bytes=exchanges.bytes[source.id],
                seconds=tools.timer() - started,
            )
            made = exchanges.take(source.id)
            hosts = [state for host, state in tools.host_states().items() if host in source.hosts]
            await writer.do(partial(self._save, result, so_far, made, hosts))
            self._note(result, so_far)
        tools.on_source(source.id)

    async def accept(self, source: Source, answers: Sequence[HeldAnswer]) -> SourceStatistics:
        """Apply answers that are held back, on a person's word; nothing is asked of the site."""
        from pipeline.collect import held

        tools, memory = self.tools, StoredMemory(self.store.connection, source.id)
        run = SourceRun(source, self.plan, tools.fetch, tools.parse, memory, tools.allowances.of(source.id))
        result = await held.accept(run, answers)
        figures = _added_up(SourceStatistics(source.id, "ok"), result)
        with self.store.transaction() as connection:
            self._save(result, figures, (), (), connection)
        return figures

    def _save(
        self,
        result: SourceResult,
        statistics: SourceStatistics,
        exchanges: Sequence[Exchange],
        hosts: Sequence[HostState],
        connection: sqlite3.Connection,
    ) -> None:
        """Store one result in one transaction: articles with their validators, and the figures."""
        source_id = result.source_id
        if result.decisions:
            from db import articles, grouping_due

            saved = articles.save(connection, result.decisions, self.at)
            grouping_due.add(connection, saved.article_ids, self.at)
            if saved.story_ids:
                from db.stories import StoryArchive
                from pipeline.stories.update import refresh_stories
                from pipeline.tagging.tag import tag_stories

                tag_stories(connection, saved.story_ids)
                refresh_stories(StoryArchive(connection, self.at), connection, saved.story_ids)
        if result.judged:
            from db import held_answers

            held_answers.save(connection, source_id, self.run_id, result.judged, self.at)
        runs.save_seen(connection, source_id, result.seen)
        runs.save_progress(connection, source_id, result.progress)
        runs.resolve_problems(connection, source_id, result.sound_stages, self.at)
        runs.save_problems(connection, result.problems, self.at)
        again = [*(seen.url for seen in result.seen), *(judged.url for judged in result.judged)]
        runs.resolve_outdated(connection, source_id, again, self.at)
        runs.save_exchanges(connection, self.run_id, exchanges)
        runs.save_hosts(connection, hosts)
        runs.save_statistics(connection, self.run_id, statistics, self.at)

    def _note(self, result: SourceResult, statistics: SourceStatistics) -> None:
        """Count in what was stored."""
        self.statistics[result.source_id] = statistics
        self.problems += result.problems
        if result.read:
            self.readable.add(result.source_id)
        log.info(
            "read source=%s state=%s new=%d edited=%d",
            result.source_id,
            result.state,
            statistics.new,
            statistics.edited,
        )


def _added_up(so_far: SourceStatistics, result: SourceResult) -> SourceStatistics:
    """Return the figures with those of one more result."""
    verdicts = Counter(decision.verdict for decision in result.decisions)
    added = replace(
        so_far,
        state=result.state,
        new=so_far.new + verdicts["new"],
        edited=so_far.edited + verdicts["edited"],
        unchanged=so_far.unchanged + verdicts["unchanged"],
        duplicate=so_far.duplicate + verdicts["duplicate"],
        rejected=so_far.rejected + result.rejected,
    )
    return replace(added, listed=added.new + added.edited + added.unchanged + added.duplicate + added.rejected)
