"""`ingest`: network, parsers and database plugged together."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import clock_from
from core.errors import UsageError
from core.model import iso
from db import reference, runs
from db.store import file_version, grown_log, working_on
from pipeline import report, signals
from pipeline.collect.listings import Plan
from pipeline.collect.run import ExchangeLog, Ingest, IngestResult, Tools
from pipeline.commands import say
from pipeline.ending import recorded
from pipeline.group import ARCHIVE_SECONDS, GROUP_SECONDS, group_due
from pipeline.progress import bar
from pipeline.tagging.tag import tag_outdated

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.model import Source
    from db.store import Store
    from pipeline.translate import Translated

DONE, NOTHING_READ = 0, 1
TAG_SECONDS = 120.0  # as below, for older articles whose places and topics changed rules
TRANSLATE_SECONDS = 600.0  # of one run; what then still waits is left to the next, so that an hourly run ends


def ingest(args: argparse.Namespace) -> int:
    """Read the sources, store, group, translate. Exit code 0: at least one source was read."""
    clock = clock_from(args.now)
    sources = chosen_sources(args.only)
    path = Path(args.db)
    file_version(path)
    with working_on(path) as store, recorded(store, "ingest", clock) as run:
        with store.transaction() as connection:
            reference.save_sources(connection, _all_sources())
        result = signals.run(_read(args, store, run.id, sources, clock))
        is_archive_walk = bool(args.full or args.max_pages)
        grouped = group_due(store, iso(clock()), ARCHIVE_SECONDS if is_archive_walk else GROUP_SECONDS)
        retagged = tag_outdated(store, seconds=TAG_SECONDS)
        translated = None if args.no_translate else _translate(store, clock, setup=args.setup)
        run.exit_code = DONE if result.readable or not sources else NOTHING_READ
    say.problems([*report.problem_lines(result, translated), *report.backlog_lines(grouped), *grown_log(path)])
    data = report.as_json(run.id, run.exit_code, result, translated)
    data |= {"retagged": retagged, "ungrouped": grouped.left}
    say.result(args.json, data, report.outcome_line(result, translated, retagged))
    return run.exit_code


async def _read(
    args: argparse.Namespace, store: Store, run_id: int, sources: Sequence[Source], clock: Callable[[], datetime]
) -> IngestResult:
    from scrapers.allowance import Allowances
    from scrapers.http.fetcher import Fetcher
    from scrapers.http.routes import parse_routes
    from scrapers.sandbox.parent import ParserPool

    plan = Plan(clock(), full=args.full, max_pages=args.max_pages)
    exchanges = ExchangeLog()
    # whoever walks through an archive asks for hundreds of pages
    allowances = Allowances(free_seconds=inf) if plan.is_archive_walk else Allowances()
    hosts, routes = runs.load_hosts(store.connection), parse_routes(args.connect_to)
    with bar("sources", len(sources), "source") as moved:
        fetcher = Fetcher(
            sources, clock=clock, on_exchange=exchanges.note, routes=routes, hosts=hosts, allowances=allowances
        )
        async with fetcher:
            parsers = ParserPool(allowances=allowances)
            try:
                tools = Tools(
                    fetcher,
                    parsers,
                    exchanges,
                    lambda: fetcher.host_states,
                    on_source=lambda _: moved(1),
                    allowances=allowances,
                )
                return await Ingest(store, run_id, plan, tools).read(sources)
            finally:
                await parsers.close()


def _translate(store: Store, clock: Callable[[], datetime], *, setup: bool) -> Translated | None:
    """Translate what is due; load nothing when no text waits."""
    from db import ledger
    from translations import fingerprint

    if not ledger.due(store.connection, iso(clock()), 1) and fingerprint.is_current(ledger.basis(store.connection)):
        return None
    from pipeline.commands import translate

    return translate.work_off(store, clock, setup=setup, limit=None, seconds=TRANSLATE_SECONDS)


def _all_sources() -> Sequence[Source]:
    from scrapers.registry import all_sources

    return all_sources()


def chosen_sources(only: Sequence[str]) -> list[Source]:
    """Return the enabled sources, or those named. Raise UsageError for an unknown name."""
    sources = {source.id: source for source in _all_sources()}
    unknown = [name for name in only if name not in sources]
    if unknown:
        raise UsageError(f"unknown source: {', '.join(unknown)} (known: {', '.join(sources)})")
    return [source for source in sources.values() if (source.id in only if only else source.enabled)]
