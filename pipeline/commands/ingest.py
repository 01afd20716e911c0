"""`ingest` and `translate`: plugs the real network, parsers, engine and database together."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from db import reference, runs
from db.store import exclusive, open_store
from pipeline import decide, report
from pipeline.commands import say
from pipeline.errors import UsageError
from pipeline.ingest import Ingest, Ledger, Reading, Tools
from pipeline.listings import Plan
from pipeline.progress import bar
from pipeline.translate import Translated, translate_due
from pipeline.version import VERSION

if TYPE_CHECKING:
    import argparse
    import sqlite3
    from collections.abc import Callable, Sequence

    from db.store import Store
    from pipeline.model import Article, Rendering, Source, Text, Translation, Translator

DONE, NOTHING_READ = 0, 1


def ingest(args: argparse.Namespace) -> int:
    """Reads the sources, stores, groups, translates. Exit code 0: at least one source was read."""
    clock = clock_from(args.now)
    sources = chosen_sources(args.only)
    path = Path(args.db)
    with exclusive(path):
        store = open_store(path)
        try:
            return _ingest(args, store, sources, clock)
        finally:
            store.close()


def _ingest(args: argparse.Namespace, store: Store, sources: Sequence[Source], clock: Callable[[], datetime]) -> int:
    reference.save_sources(store.connection, _all_sources())
    with store.transaction() as connection:
        run_id = runs.start_run(connection, "ingest", decide.iso(clock()), VERSION)
    plan = Plan(clock(), full=args.full, max_pages=args.max_pages)
    reading = asyncio.run(_read(args, store, run_id, sources, plan, clock))
    translated = Translated() if args.no_translate else _translate(store, clock, setup=args.setup, limit=None)
    exit_code = DONE if reading.readable or not sources else NOTHING_READ
    with store.transaction() as connection:
        runs.finish_run(connection, run_id, decide.iso(clock()), exit_code)
    say.trouble(report.trouble_lines(reading, translated))
    data = report.as_json(run_id, exit_code, reading, translated)
    say.result(args.json, data, report.outcome_line(reading, translated))
    return exit_code


async def _read(
    args: argparse.Namespace,
    store: Store,
    run_id: int,
    sources: Sequence[Source],
    plan: Plan,
    clock: Callable[[], datetime],
) -> Reading:
    from scrapers.fetch import Fetcher
    from scrapers.routes import parse_routes
    from scrapers.sandbox import ParserPool

    exchanges = Ledger()
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


def translate(args: argparse.Namespace) -> int:
    """Works off the texts that wait."""
    clock = clock_from(args.now)
    path = Path(args.db)
    with exclusive(path):
        store = open_store(path)
        try:
            with store.transaction() as connection:
                run_id = runs.start_run(connection, "translate", decide.iso(clock()), VERSION)
            translated = _translate(store, clock, setup=False, limit=args.limit)
            exit_code = NOTHING_READ if translated.trouble else DONE
            with store.transaction() as connection:
                runs.finish_run(connection, run_id, decide.iso(clock()), exit_code)
        finally:
            store.close()
    say.trouble(report.trouble_lines(Reading(), translated))
    data = report.as_json(run_id, exit_code, Reading(), translated)
    done = sum(translated.states.values())
    say.result(args.json, data, f"translated {done} of {translated.due} texts that waited")
    return exit_code


def _translate(store: Store, clock: Callable[[], datetime], *, setup: bool, limit: int | None) -> Translated:
    at = decide.iso(clock())
    translated = translate_due(
        store,
        load=lambda: _load_engine(store, at, setup=setup),
        judge=_judge,
        at=at,
        limit=limit,
        progress=lambda total: bar("translating", total, "text"),
    )
    _note_model_trouble(store, translated, at)
    return translated


def _load_engine(store: Store, at: str, *, setup: bool) -> Translator:
    """The installed model; at the first set-up, when there is none, one attempt to install it. Raises ModelError."""
    from pipeline.commands import model
    from translations import engine

    if setup and not model.is_installed() and runs.count_runs(store.connection, model.INSTALL) == 0:
        model.install_once(store, at)
    return engine.load()


def _judge(text: Text, rendering: Rendering, translator: Translator) -> Translation:
    from translations import checks, ledger

    return ledger.judge(text, rendering, translator, checks.check)


def _note_model_trouble(store: Store, translated: Translated, at: str) -> None:
    if not translated.due:
        return
    with store.transaction() as connection:
        if translated.trouble:
            runs.save_troubles(connection, [translated.trouble], at)
        else:
            runs.resolve_problems(connection, None, ["model"], at)


def _on_topic(article: Article) -> bool:
    from scrapers.topic import about_local_government

    return bool(about_local_government(article.title, article.lead, article.tags))


def _group(connection: sqlite3.Connection, article_ids: Sequence[int], at: str) -> None:
    """Grouping across sources; articles of one source and key are already one story."""


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


def clock_from(now: str | None) -> Callable[[], datetime]:
    """The clock of a run: the real one, or one that starts at `now` (ISO 8601; UTC if it names no zone)."""
    if now is None:
        return lambda: datetime.now(UTC)
    try:
        start = datetime.fromisoformat(now)
    except ValueError as error:
        raise UsageError(f"--now {now}: not an ISO 8601 time such as 2026-02-05T06:00:00Z") from error
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    begun = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - begun)
