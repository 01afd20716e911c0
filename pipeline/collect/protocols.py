"""Context of reading one source, and the protocols of what it needs: network, parsers, memory. Tests replace these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scrapers.allowance import Allowance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.answers import HeldAnswer, ListingShape
    from core.model import Item, Known, Listing, ListingState, Page, Parsed, Seen, Source, Validators
    from pipeline.collect.listings import Plan


class Fetch(Protocol):
    """The HTTP layer."""

    async def fetch(self, source: Source, url: str, validators: Validators | None = None) -> Page:
        """Return the page, or status 304. Raise FetchError."""
        ...


class Parse(Protocol):
    """The sandboxed parsers."""

    async def listing(self, source: Source, listing: Listing, page: Page) -> Parsed:
        """Return the items of a listing page. Raise ParseError, Overloaded, or TooMuch."""
        ...

    async def article(self, source: Source, page: Page) -> Item:
        """Return the item on an article's own page. Raise as `listing` does."""
        ...


class Memory(Protocol):
    """Stored state of one source, read while collecting."""

    def known(self, keys: Iterable[str]) -> Mapping[tuple[str, str], Known]:
        """Return (key, language) → the stored article, for the given keys."""
        ...

    def due(self, now: datetime, limit: int) -> list[tuple[str, Known]]:
        """Return (key, article) of those whose own page is due to be read again, the longest overdue first."""
        ...

    def seen(self, url: str) -> Seen | None:
        """Return the last answer of the address."""
        ...

    def progress(self, url: str) -> ListingState:
        """Return how far back the listing at `url` was read."""
        ...

    def shapes(self, url: str) -> list[ListingShape]:
        """Return what the latest answers of the listing were like, the latest first."""
        ...

    def held(self, url: str) -> HeldAnswer | None:
        """Return the answer of the address that is held back."""
        ...

    def stored_titles(self, hashes: Iterable[str]) -> set[str]:
        """Return those of the title hashes that any stored article of the source has."""
        ...


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One source in one run, with everything that reading it needs."""

    source: Source
    plan: Plan
    fetch: Fetch
    parse: Parse
    memory: Memory
    allowance: Allowance = field(default_factory=Allowance)  # spent by `fetch` and `parse`
