"""A site in memory, with listing and article pages, for tests of the journey without HTTP or HTML."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.errors import FetchError, Refused
from core.model import Fault, Item, Listing, Page, Parsed, Published, Rendering, Source, Validators, iso
from db import reference, runs
from db.store import Store, open_store
from pipeline.collect.listings import Plan
from pipeline.collect.run import ExchangeLog, Ingest, IngestResult, Tools
from pipeline.group import group_due
from scrapers.allowance import Allowances
from tests.support.samples import NOW, PORTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

UK_LIST, EN_LIST = "https://portal.example/news", "https://portal.example/en/news"
TWO_EDITIONS = replace(
    PORTAL,
    listings=(
        Listing(UK_LIST, UK_LIST + "?page={n}", min_items=0),
        Listing(EN_LIST, EN_LIST + "?page={n}", min_items=0),
    ),
    reads_articles=True,
)


@dataclass
class FakeSite:
    """Answers as the pages say: an address → items (listing), an item (article), or the error to raise."""

    pages: dict[str, list[Item | Fault] | Item | FetchError] = field(default_factory=lambda: {UK_LIST: [], EN_LIST: []})
    asked: list[tuple[str, Validators | None]] = field(default_factory=list)
    validates: bool = True
    before_answer: Callable[[str], None] = lambda _: None

    async def fetch(self, source: Source, url: str, validators: Validators | None = None) -> Page:
        """As scrapers.http.fetcher does; the entity tag is the content itself."""
        self.asked.append((url, validators))
        self.before_answer(url)
        await asyncio.sleep(0)
        content = self.pages.get(url, Refused("404", url, 404))
        if isinstance(content, FetchError):
            raise content
        body = repr(content).encode()
        tag = Validators(etag=f'"{hash(body)}"') if self.validates else Validators()
        if validators is not None and validators == tag:
            return Page(url, url, 304, "", b"", tag, NOW)
        return Page(url, url, 200, "text/html", body, tag, NOW)

    async def listing(self, source: Source, listing: Listing, page: Page) -> Parsed:
        """The items of the page, as they are."""
        content = self.pages[page.url]
        assert isinstance(content, list)
        faults = tuple(entry for entry in content if isinstance(entry, Fault))
        return Parsed(tuple(entry for entry in content if isinstance(entry, Item)), faults)

    async def article(self, source: Source, page: Page) -> Item:
        """The item of the page, as it is."""
        content = self.pages[page.url]
        assert isinstance(content, Item)
        return content

    def urls(self) -> list[str]:
        """What was asked for since the last call, in order."""
        urls = [url for url, _ in self.asked]
        self.asked.clear()
        return urls

    def publish(self, key: int, title: str, *, lead: str = "", day: str = "2026-02-04", edition: str = "") -> Item:
        """Adds an item to the top of a listing and its article page. `edition` is `` or `/en`."""
        url = f"https://portal.example{edition}/news/{key}"
        listing = f"https://portal.example{edition}/news"
        entries = self.pages.setdefault(listing, [])
        assert isinstance(entries, list)
        listed = Item(url, title, published=Published(day, "day", "listing"))
        self.pages[listing] = [listed, *(entry for entry in entries if getattr(entry, "url", "") != url)]
        page = Item(url, title, lead=lead, published=Published(f"{day}T10:00:00Z", "minute", "page"), origin="page")
        self.pages[url] = page
        return listed

    def publish_archive(self, pages: int, size: int = 3) -> None:
        """Publishes a listing of many pages, newest first, that answers page 1 again past its end."""
        for number in range(1, pages + 1):
            keys = range((pages - number + 1) * 100, (pages - number + 1) * 100 - size, -1)
            items = [
                Item(f"https://portal.example/news/{key}", f"Громади, новина {key}",
                     published=Published("2026-01-05", "day", "listing"))
                for key in keys
            ]  # fmt: skip
            self.pages[UK_LIST if number == 1 else f"{UK_LIST}?page={number}"] = [*items]
            self.pages |= {item.url: Item(item.url, item.title, origin="page") for item in items}
        self.pages[f"{UK_LIST}?page={pages + 1}"] = self.pages[UK_LIST]
        self.pages[EN_LIST] = []


@dataclass
class Desk:
    """A database and a site, and runs between them."""

    store: Store
    site: FakeSite = field(default_factory=FakeSite)
    sources: Sequence[Source] = (TWO_EDITIONS,)
    now: datetime = NOW
    timer: Callable[[], float] = time.monotonic
    allowances: Allowances = field(default_factory=Allowances)  # of the latest run

    def run(self, *, full: bool = False, max_pages: int | None = None, days: float = 0) -> IngestResult:
        """One ingest with its grouping, `days` after the last."""
        self.now += timedelta(days=days)
        with self.store.transaction() as connection:
            run_id = runs.start_run(connection, "ingest", iso(self.now), "test")
        self.allowances = Allowances()
        tools = Tools(
            fetch=self.site,
            parse=self.site,
            exchanges=ExchangeLog(),
            host_states=dict,
            timer=self.timer,
            allowances=self.allowances,
        )
        ingest = Ingest(self.store, run_id, Plan(self.now, full=full, max_pages=max_pages), tools)
        result = asyncio.run(ingest.read(self.sources))
        group_due(self.store, iso(self.now))
        return result

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """The rows of a query as plain tuples."""
        return [tuple(row) for row in self.store.connection.execute(sql, values)]

    def state(self) -> str:
        """Everything that readers see, without the times of seeing: to compare two histories."""
        tables = ("stories", "articles", "article_urls", "article_versions", "article_tags", "translations")
        unseen = {"first_seen_at", "last_seen_at", "created_at", "look_again_at", "attempts"}
        dump = {}
        for table in tables:
            rows = [dict(row) for row in self.store.connection.execute(f"SELECT * FROM {table}")]
            dump[table] = sorted(json.dumps({k: v for k, v in row.items() if k not in unseen}) for row in rows)
        return json.dumps(dump)


def open_desk(path: Path, *sources: Source) -> Desk:
    """A new database at `path`."""
    store = open_store(path)
    reference.save_sources(store.connection, sources or (TWO_EDITIONS,))
    return Desk(store, sources=sources or (TWO_EDITIONS,))


@dataclass
class Echo:
    """A translator that marks what it was given; `answers` overrides single texts."""

    answers: dict[str, Rendering] = field(default_factory=dict)
    calls: list[list[str]] = field(default_factory=list)
    engine: str = "fake"
    model: str = "fake 1"

    def translate(self, texts: list[str]) -> list[Rendering]:
        """One rendering for each text."""
        self.calls.append(texts)
        return [self.answers.get(text, Rendering(f"English of {len(text)} letters")) for text in texts]


def utc(text: str) -> datetime:
    """An aware time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
