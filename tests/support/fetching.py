"""What the tests of fetching share: a source, a clock that nobody waits for, and one call that fetches."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.model import Exchange, HostState, IdentityRule, Page, Source, Validators
from scrapers.allowance import Allowances
from scrapers.http.fetcher import Fetcher
from scrapers.http.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

NOW = datetime(2026, 2, 20, 12, 0, tzinfo=UTC)
HOST = "news.test"
SOURCE = Source(
    id="news",
    name="News",
    homepage="https://news.test/",
    publisher="Nobody",
    language="uk",
    kind="html",
    listings=(),
    identity=IdentityRule(),
    hosts=(HOST, "old.test"),
    expected_every_hours=24,
    spacing_seconds=1.0,
)
# Time is not what most tests are about: a busy machine must not make them fail.
LIMITS = Limits(connect_seconds=30, read_seconds=60, total_seconds=120, wire_bytes=200_000, body_bytes=200_000)
# For what never answers in full. The rules of the site are to be known then (`with_rules`), or their time may run out.
IMPATIENT = replace(LIMITS, read_seconds=0.3, total_seconds=0.7)


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.seconds + seconds
        await asyncio.sleep(0)
        self.seconds = max(self.seconds, until)


@dataclass
class Run:
    """One run of a Fetcher, and what it left behind."""

    routes: Mapping[str, str] = field(default_factory=dict)
    sources: Sequence[Source] = (SOURCE,)
    hosts: Mapping[str, HostState] = field(default_factory=dict)
    limits: Limits = LIMITS
    clock: Clock = field(default_factory=Clock)
    exchanges: list[Exchange] = field(default_factory=list)
    allowances: Allowances = field(default_factory=Allowances)

    def of(self, work: Callable[[Fetcher], Coroutine[Any, Any, Any]]) -> Any:
        async def whole() -> Any:
            fetcher = Fetcher(
                self.sources,
                routes=self.routes,
                hosts=self.hosts,
                clock=self.clock.now,
                on_exchange=self.exchanges.append,
                limits=self.limits,
                allowances=self.allowances,
                monotonic=self.clock.monotonic,
                sleep=self.clock.sleep,
            )
            async with fetcher:
                try:
                    return await work(fetcher)
                finally:
                    self.hosts = dict(fetcher.host_states)

        return asyncio.run(whole())

    def fetch(self, url: str, validators: Validators | None = None, source: Source = SOURCE) -> Page:
        if url.startswith("/"):
            url = f"https://{HOST}{url}"
        page = self.of(lambda fetcher: fetcher.fetch(source, url, validators))
        assert isinstance(page, Page)
        return page

    def pages(self) -> list[Exchange]:
        """The exchanges about pages, robots.txt left out."""
        return [one for one in self.exchanges if not one.url.endswith("/robots.txt")]


def with_rules(*hosts: str) -> dict[str, HostState]:
    """Return the states of sites whose robots.txt was read just now and allows everything."""
    return {host: HostState(host, None, "User-agent: *\nAllow: /", NOW) for host in hosts}


def impatient(host: str, url: str, **options: Any) -> Run:
    """Return a run that soon gives up the site at the URL, whose rules it knows."""
    return Run({host: url}, hosts=with_rules(host), limits=IMPATIENT, **options)


def another(source_id: str, *hosts: str, spacing: float = 1.0) -> Source:
    return replace(SOURCE, id=source_id, hosts=hosts, homepage=f"https://{hosts[0]}/", spacing_seconds=spacing)
