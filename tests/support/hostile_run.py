"""The hostile site through the real way of collecting: Fetcher, parsers in their process, Ingest, a database."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

from core.model import iso
from db import reference, runs
from db.store import open_store
from pipeline.collect.listings import Plan
from pipeline.collect.run import ExchangeLog, Ingest, Tools
from scrapers.allowance import Allowances
from scrapers.http.fetcher import Fetcher
from scrapers.sandbox import framing
from scrapers.sandbox.framing import pack_request
from scrapers.sandbox.parent import ParserPool
from tests.support.fetching import with_rules
from tests.support.hostile import HostileServer
from tests.support.hostile_site import FAILED, NO_ROBOTS, PARSERS, News

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from db.store import Store
    from scrapers.http.limits import Limits
    from tests.support.hostile import Reply
    from tests.support.hostile_site import Expected, HostilePath

BEGIN = datetime(2026, 2, 20, 15, 0, tzinfo=UTC)


@contextlib.contextmanager
def borrowed_parsers(paths: Sequence[HostilePath]) -> Iterator[None]:
    """Let the parsing process read each path with the file of a source of ours that reads the same kind."""
    files = {path.name: PARSERS[path.kind] for path in paths}

    def pack(source_id: str, *rest: Any) -> bytes:
        return pack_request(files[source_id], *rest)

    with patch.object(framing, "pack_request", pack):
        yield


@dataclass(frozen=True)
class Pace:
    """Limits and time of a run."""

    limits: Limits
    cpu_seconds: float
    source_seconds: float
    at_once: int  # sources
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True)
class Facts:
    """What the database holds of one path after a run."""

    state: str
    seconds: float
    asked: int
    articles: tuple[Mapping[str, object], ...]
    messages: tuple[str, ...]
    everything: str


class HostileRun:
    """The server, its canary and the database; `read` makes one run over some paths."""

    def __init__(self, path: Path, paths: Sequence[HostilePath]) -> None:
        self.store: Store = open_store(path)
        self.paths, self.server, self.canary = paths, HostileServer(), HostileServer()
        reference.save_sources(self.store.connection, [one.source() for one in paths])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()
        for server in (self.server, self.canary):
            server.__exit__()

    def read(self, day: int, paths: Sequence[HostilePath], pace: Pace, *, knows_rules: bool = False) -> None:
        """Read the paths as they answer on that day, counted from 0."""
        now = BEGIN + timedelta(days=day, hours=-day)
        for path in paths:
            self.server.replies = {**self.server.replies, **self._with_canary(path.replies(day))}
        self.server.asked.clear()
        with borrowed_parsers(paths):
            asyncio.run(self._run(now, paths, pace, knows_rules=knows_rules))

    async def _run(self, now: datetime, paths: Sequence[HostilePath], pace: Pace, *, knows_rules: bool) -> None:
        sources, exchanges = [path.source() for path in paths], ExchangeLog()
        with self.store.transaction() as connection:
            run_id = runs.start_run(connection, "ingest", iso(now), "test")
        hosts = runs.load_hosts(self.store.connection)
        if knows_rules:
            rules = with_rules(*(path.host for path in paths if path.robots is NO_ROBOTS))
            hosts = {host: replace(state, robots_at=now) for host, state in rules.items()}
        closed = socket.create_server(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        closed.close()
        routes = {path.host: nowhere if path.is_closed else f"{self.server.url}/{path.name}" for path in paths}
        allowances = Allowances(pace.source_seconds)
        fetcher = Fetcher(
            sources,
            allowances=allowances,
            clock=lambda: now,
            on_exchange=exchanges.note,
            routes=routes,
            hosts=hosts,
            limits=pace.limits,
            sleep=pace.sleep,
        )
        pool = ParserPool(pace.cpu_seconds, allowances=allowances)
        async with fetcher:
            try:
                tools = Tools(fetcher, pool, exchanges, lambda: fetcher.host_states, allowances=allowances)
                for start in range(0, len(sources), pace.at_once):
                    ingest = Ingest(self.store, run_id, Plan(now), tools)
                    await ingest.read(sources[start : start + pace.at_once])
            finally:
                await pool.close()

    def _with_canary(self, replies: Mapping[str, Reply]) -> dict[str, Reply]:
        port = f"{self.canary.port:05}".encode()
        return {at: one.replace(b"@PORT", port) if isinstance(one, bytes) else one for at, one in replies.items()}

    def facts(self, path: HostilePath) -> Facts:
        db = self.store.connection
        select = "SELECT * FROM {} WHERE source_id = ? ORDER BY 1 DESC"
        tables = ("source_runs", "articles", "problems", "requests", "validators")
        found = {table: rows(db, select.format(table), path.name) for table in tables}
        found["article_urls"] = rows(
            db, "SELECT u.* FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE source_id = ?", path.name
        )
        last = found["source_runs"][0] if found["source_runs"] else {"state": "never read", "seconds": 0.0}
        asked = sum(one.path == f"/{path.name}/list" for one in self.server.asked)
        messages = tuple(str(problem["message"]) for problem in found["problems"])
        seconds = float(str(last["seconds"]))
        return Facts(str(last["state"]), seconds, asked, tuple(found["articles"]), messages, repr(found))


def rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[Mapping[str, object]]:
    return [dict(row) for row in connection.execute(sql, values)]


def misses(path: HostilePath, expected: Expected, facts: Facts) -> list[str]:
    """What is not as it should be, in words; nothing when all is well."""
    news, found = News(path.name), []
    ignored = "1" if expected.first_may_be_anything else None
    titles = [str(article["title"]) for article in facts.articles if article["key"] != ignored]
    wanted = sorted([*(news.title(int(number)) for number in expected.good), *expected.titles])
    if expected.or_failed and facts.state in FAILED:
        wanted = []
    elif facts.state not in expected.states:
        found.append(f"state {facts.state}, not {' or '.join(expected.states)}")
    if sorted(titles) != wanted:
        found.append(
            f"titles too many {sorted(set(titles) - set(wanted))}, missing {sorted(set(wanted) - set(titles))}"
        )
    if expected.says and wanted is not None and not any(re.search(expected.says, one) for one in facts.messages):
        found.append(f"no message says {expected.says!r}")
    first = next((article for article in facts.articles if article["key"] == "1"), {})
    found += [
        f"{name} of item 1 is {first.get(name)!r}, not {value!r}"
        for name, value in expected.first.items()
        if facts.state not in FAILED and first.get(name) != value
    ]
    found += [f"{text!r} is stored" for text in expected.absent if text in facts.everything]
    if facts.asked > expected.asked_at_most:
        found.append(f"asked {facts.asked} times, not at most {expected.asked_at_most}")
    if found:
        found.append(f"messages: {facts.messages}")
    return found
