"""The first loop: sources → articles. Sources are read in parallel; each is stored by itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.model import Exchange, ListingState, Problem, Seen, Source, SourceResult, SourceStatistics, iso
from db import runs
from pipeline.collect.crawl import Collector

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from core.model import Article, HostState, Known
    from db.store import Store
    from pipeline.collect.listings import Plan
    from pipeline.collect.protocols import Fetch, Parse

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading the sources came to."""

    tallies: Mapping[str, SourceStatistics] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    readable: int = 0  # sources of which at least one listing was read or had not changed

    def total(self, figure: str) -> int:
        """The sum of one figure of `SourceStatistics` over all sources."""
        return sum(int(getattr(tally, figure)) for tally in self.tallies.values())


class StoredMemory:
    """`pipeline.collect.protocols.Memory` on the database, for one source."""

    def __init__(self, connection: sqlite3.Connection, source_id: str) -> None:
        """Reads through `connection` only while collecting."""
        self.connection, self.source_id = connection, source_id

    def known(self, keys: Iterable[str]) -> Mapping[tuple[str, str], Known]:
        """(key, language) → what is known, for the given keys."""
        from db import articles

        return articles.known(self.connection, self.source_id, keys)

    def due(self, before: str, limit: int) -> list[tuple[str, Known]]:
        """(key, article) whose own page is due to be looked at again."""
        from db import articles

        return articles.due(self.connection, self.source_id, before, limit)

    def seen(self, url: str) -> Seen | None:
        """What the address answered last."""
        return runs.load_seen(self.connection, url)

    def progress(self, url: str) -> ListingState:
        """How far back the listing at `url` was read."""
        return runs.load_progress(self.connection, url)


class Ledger:
    """The requests of this run until they are stored with the source that made them."""

    def __init__(self) -> None:
        """Empty."""
        self.waiting: dict[str, list[Exchange]] = defaultdict(list)
        self.requests: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()

    def note(self, exchange: Exchange) -> None:
        """Keep one exchange: the fetcher calls this for every attempt."""
        self.waiting[exchange.source_id].append(exchange)
        self.requests[exchange.source_id] += 1
        self.bytes[exchange.source_id] += exchange.bytes

    def take(self, source_id: str) -> list[Exchange]:
        """What is not stored yet of the source."""
        return self.waiting.pop(source_id, [])


@dataclass(frozen=True, slots=True)
class Tools:
    """The real things that `__main__` plugs in."""

    fetch: Fetch
    parse: Parse
    exchanges: Ledger
    host_states: Callable[[], Mapping[str, HostState]]
    on_topic: Callable[[Article], bool]
    group: Callable[[sqlite3.Connection, Sequence[int], Sequence[int], str], object]  # articles, stories, time
    on_source: Callable[[str], None] = lambda _: None  # a source is done: moves the progress bar
    clock: Callable[[], datetime] | None = None


class Ingest:
    """One run over the sources."""

    def __init__(self, store: Store, run_id: int, plan: Plan, tools: Tools) -> None:
        """`plan.now` is the time of everything that this run writes."""
        self.store, self.run_id, self.plan, self.tools = store, run_id, plan, tools
        self.at = iso(plan.now)
        self.problems: list[Problem] = []
        self.tallies: dict[str, SourceStatistics] = {}
        self.readable: set[str] = set()

    async def read(self, sources: Sequence[Source]) -> Reading:
        """All sources, in parallel. One source's trouble never touches another's; a bug of ours stops the run."""
        try:
            async with asyncio.TaskGroup() as group:
                for source in sources:
                    group.create_task(self._read_source(source))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several
        return Reading(self.tallies, tuple(self.problems), len(self.readable))

    async def _read_source(self, source: Source) -> None:
        started = time.monotonic()
        collector = Collector(
            source,
            fetch=self.tools.fetch,
            parse=self.tools.parse,
            memory=StoredMemory(self.store.connection, source.id),
            plan=self.plan,
            on_topic=self.tools.on_topic,
        )
        tally = SourceStatistics(source.id, "skipped")
        async for harvest in collector.harvests():
            tally = self._tally(tally, harvest, time.monotonic() - started)
            self._save(source, harvest, tally)
        self.tools.on_source(source.id)

    def _save_articles(self, connection: sqlite3.Connection, harvest: SourceResult) -> None:
        from db import articles

        saved = articles.save(connection, harvest.decisions, self.at)
        if saved.story_ids:
            from pipeline.tagging.update import tag_stories

            tag_stories(connection, saved.story_ids)
            self.tools.group(connection, saved.article_ids, saved.story_ids, self.at)

    def _tally(self, so_far: SourceStatistics, harvest: SourceResult, seconds: float) -> SourceStatistics:
        verdicts = Counter(decision.verdict for decision in harvest.decisions)
        figures = {name: getattr(so_far, name) + verdicts[name] for name in ("new", "edited", "unchanged", "duplicate")}
        rejected = so_far.rejected + harvest.rejected
        return replace(
            so_far,
            state=harvest.state,
            listed=sum(figures.values()) + rejected,
            rejected=rejected,
            requests=self.tools.exchanges.requests[so_far.source_id],
            bytes=self.tools.exchanges.bytes[so_far.source_id],
            seconds=seconds,
            **figures,
        )

    def _save(self, source: Source, harvest: SourceResult, tally: SourceStatistics) -> None:
        """Everything that one harvest brought, in one transaction: articles with their validators, and the figures."""
        hosts = [state for host, state in self.tools.host_states().items() if host in source.hosts]
        with self.store.transaction() as connection:
            if harvest.decisions:
                self._save_articles(connection, harvest)
            runs.save_seen(connection, source.id, harvest.seen)
            runs.save_progress(connection, source.id, harvest.progress)
            runs.resolve_problems(connection, source.id, harvest.sound_stages, self.at)
            runs.save_troubles(connection, harvest.problems, self.at)
            runs.resolve_outdated(connection, source.id, [seen.url for seen in harvest.seen], self.at)
            runs.save_exchanges(connection, self.run_id, self.tools.exchanges.take(source.id))
            runs.save_hosts(connection, hosts)
            runs.save_tally(connection, self.run_id, tally, self.at)
        self.tallies[source.id] = tally
        self.problems += harvest.problems
        if harvest.read:
            self.readable.add(source.id)
        log.info("read source=%s state=%s new=%d edited=%d", source.id, tally.state, tally.new, tally.edited)
