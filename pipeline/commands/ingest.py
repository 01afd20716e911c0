"""`ingest`: plugs the real network, parsers and database together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import clock_from
from core.errors import UsageError
from core.model import iso
from core.version import VERSION
from db import reference, runs
from db.store import file_version, working_on
from pipeline import report, signals
from pipeline.collect.listings import Plan
from pipeline.collect.run import ExchangeLog, Ingest, IngestResult, Tools
from pipeline.commands import say
from pipeline.progress import bar
from pipeline.tagging.update import tag_outdated

if TYPE_CHECKING:
    import argparse
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.model import Article, Source
    from db.store import Store
    from pipeline.translate import Translated

DONE, NOTHING_READ = 0, 1
TAG_SECONDS = 120.0  # as below, for older articles whose places and topics changed rules
TRANSLATE_SECONDS = 600.0  # of one run; what then still waits is left to the next, so that an hourly run ends


def ingest(args: argparse.Namespace) -> int:
    """Reads the sources, stores, groups, translates. Exit code 0: at least one source was read."""
    clock = clock_from(args.now)
    sources = chosen_sources(args.only)
    path = Path(args.db)
    file_version(path)
    with working_on(path) as store:
        return _ingest(args, store, sources, clock)


def _ingest(args: argparse.Namespace, store: Store, sources: Sequence[Source], clock: Callable[[], datetime]) -> int:
    reference.save_sources(store.connection, _all_sources())
    with store.transaction() as connection:
        run_id = runs.start_run(connection, "ingest", iso(clock()), VERSION)
    plan = Plan(clock(), full=args.full, max_pages=args.max_pages)
    result = signals.run(_read(args, store, run_id, sources, plan, clock))
    retagged = tag_outdated(store, seconds=TAG_SECONDS)
    translated = None if args.no_translate else _translate(store, clock, setup=args.setup)
    exit_code = DONE if result.readable or not sources else NOTHING_READ
    with store.transaction() as connection:
        runs.finish_run(connection, run_id, iso(clock()), exit_code)
    say.problems(report.problem_lines(result, translated))
    data = report.as_json(run_id, exit_code, result, translated) | {"retagged": retagged}
    say.result(args.json, data, report.outcome_line(result, translated, retagged))
    return exit_code


async def _read(
    args: argparse.Namespace,
    store: Store,
    run_id: int,
    sources: Sequence[Source],
    plan: Plan,
    clock: Callable[[], datetime],
) -> IngestResult:
    from scrapers.http.fetcher import Fetcher
    from scrapers.http.routes import parse_routes
    from scrapers.sandbox.parent import ParserPool

    exchanges = ExchangeLog()
    hosts = runs.load_hosts(store.connection)
    routes = parse_routes(args.connect_to)
    with bar("sources", len(sources), "source") as moved:
        async with Fetcher(sources, clock=clock, on_exchange=exchanges.note, routes=routes, hosts=hosts) as fetcher:
            parsers = ParserPool()
            try:
                tools = Tools(
                    fetch=fetcher,
                    parse=parsers,
                    exchanges=exchanges,
                    host_states=lambda: fetcher.host_states,
                    on_topic=_on_topic,
                    group=_group,
                    on_source=lambda _: moved(1),
                )
                return await Ingest(store, run_id, plan, tools).read(sources)
            finally:
                await parsers.close()


def _translate(store: Store, clock: Callable[[], datetime], *, setup: bool) -> Translated | None:
    """What translating came to; nothing of it is loaded when no text waits."""
    from db import ledger
    from translations import fingerprint

    if not ledger.due(store.connection, iso(clock()), 1) and fingerprint.is_current(ledger.basis(store.connection)):
        return None
    from pipeline.commands import translate

    return translate.work_off(store, clock, setup=setup, limit=None, seconds=TRANSLATE_SECONDS)


def _on_topic(article: Article) -> bool:
    from scrapers.parsing.topic import about_local_government

    return bool(about_local_government(article.title, article.lead, article.tags))


def _group(connection: sqlite3.Connection, article_ids: Sequence[int], story_ids: Sequence[int], at: str) -> object:
    from pipeline.stories.update import group_articles

    return group_articles(connection, article_ids, story_ids, at)


def _all_sources() -> Sequence[Source]:
    from scrapers.registry import all_sources

    return all_sources()


def chosen_sources(only: Sequence[str]) -> list[Source]:
    """The enabled sources, or those named. Raises UsageError for an unknown name."""
    sources = {source.id: source for source in _all_sources()}
    unknown = [name for name in only if name not in sources]
    if unknown:
        raise UsageError(f"unknown source: {', '.join(unknown)} (known: {', '.join(sources)})")
    return [source for source in sources.values() if (source.id in only if only else source.enabled)]
