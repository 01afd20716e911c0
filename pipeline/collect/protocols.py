"""What collecting asks of the network, the parsers and the database: the seams that tests replace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.model import Item, Known, Listing, ListingState, Page, Parsed, Seen, Source, Validators


class Fetch(Protocol):
    """The HTTP layer."""

    async def fetch(self, source: Source, url: str, validators: Validators | None = None) -> Page:
        """The page, or status 304. Raises FetchError."""
        ...


class Parse(Protocol):
    """The sandboxed parsers."""

    async def listing(self, source: Source, listing: Listing, page: Page) -> Parsed:
        """The items of a listing page. Raises ParseError."""
        ...

    async def article(self, source: Source, page: Page) -> Item:
        """The item that an article page tells. Raises ParseError."""
        ...


class Memory(Protocol):
    """What is stored of one source, read while collecting."""

    def known(self, keys: Iterable[str]) -> Mapping[tuple[str, str], Known]:
        """(key, language) → what is known, for the given keys."""
        ...

    def due(self, before: str, limit: int) -> list[tuple[str, Known]]:
        """(key, article) whose own page is due to be looked at again, the longest overdue first."""
        ...

    def seen(self, url: str) -> Seen | None:
        """What the address answered last."""
        ...

    def progress(self, url: str) -> ListingState:
        """How far back the listing at `url` was read."""
        ...
