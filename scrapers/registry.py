"""Registry of the sources: every file in `scrapers/sources` is one.

Reads no page. The files import what reads pages only inside their functions, so that a run to which every site
answers "not modified" pays for none of it.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Fault, Item, Listing, Note, Page, Source


class SourceFile(Protocol):
    """A file in `scrapers/sources`."""

    SOURCE: Source

    def parse_listing(self, page: Page, listing: Listing) -> Iterator[Item | Fault | Note]:
        """Yield what the page lists, in its order. Raises ParseError when the page is not of the known shape."""
        ...


class ArticleFile(SourceFile, Protocol):
    """A source whose article pages are read too (`SOURCE.reads_articles`)."""

    def parse_article(self, page: Page) -> Item:
        """Return what the article's own page says. Raises ParseError."""
        ...


def all_sources() -> tuple[Source, ...]:
    """Return every source, sorted by id."""
    return tuple(load(source_id).SOURCE for source_id in source_ids())


@cache
def source_ids() -> tuple[str, ...]:
    """Return the names of the files in `scrapers/sources`, sorted."""
    files = (Path(__file__).parent / "sources").glob("[!_]*.py")
    return tuple(sorted(file.stem for file in files))


def load(source_id: str) -> SourceFile:
    """Return the file of one source. Raises UsageError for an id that no file has."""
    if source_id not in source_ids():
        raise UsageError(f"no source is called {source_id!r}; there are {', '.join(source_ids())}")
    module = importlib.import_module(f"scrapers.sources.{source_id}")
    return cast("SourceFile", module)


def load_articles(source_id: str) -> ArticleFile:
    """Return the file of one source that reads articles. Raises UsageError when it does not."""
    found = load(source_id)
    if not found.SOURCE.reads_articles:
        raise UsageError(f"the source {source_id!r} reads no article pages")
    return cast("ArticleFile", found)
