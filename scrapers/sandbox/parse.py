"""One page through its source's own parse functions: whatever they raise, the outcome is a result or a ParseError.

Runs in the child process (`parse_child`) and, for tests and recordings, in any process. MemoryError alone passes:
with no memory left, only ending the process is sure to work.
"""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import FieldsMissing, ParseError, VisnykError
from core.model import Fault, Item, Note, Parsed
from language.letters import BROKEN
from scrapers import registry
from scrapers.parsing import losses
from scrapers.parsing.decoding import is_double_encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.model import Listing, Page

ITEMS_AT_MOST = 2000  # of one page; no source lists more than a hundred


def listing(source_id: str, where: Listing, page: Page) -> Parsed:
    """Return what a listing page gave. Raises ParseError, and FieldsMissing when no item on it could be read."""
    source_file = registry.load(source_id)
    with _only_parse_errors(source_id, page):
        found = gather(source_file.parse_listing(page, where), page)
        shown = {item.url for item in found.items}
        hidden = losses.hidden_articles(page, source_file.SOURCE.identity.paths, shown)
    if not hidden:
        return found
    note = f"{len(hidden)} articles are hidden by a comment or element that never closes ({min(hidden)[:200]})"
    return replace(found, notes=(*found.notes, note))


def article(source_id: str, page: Page) -> Item:
    """Return what an article page gave. Raises ParseError."""
    source_file = registry.load_articles(source_id)
    with _only_parse_errors(source_id, page):
        item = source_file.parse_article(page)
        if (half := losses.last_words(page)) and item.title.endswith(half):
            raise FieldsMissing(f"the page breaks off in its title ({item.title[-60:]!r})")
        return item


@contextmanager
def _only_parse_errors(source_id: str, page: Page) -> Iterator[None]:
    """Make a ParseError of whatever a source's own parse raises: the one place where everything is caught."""
    try:
        yield
    except VisnykError as error:
        kind = type(error) if isinstance(error, ParseError) else ParseError
        raise kind(str(error.args[0]) if error.args else str(error), page.url) from error
    except MemoryError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise ParseError(f"the parser of {source_id} failed ({said}; in {place})", page.url) from error


def gather(found: Iterable[Item | Fault | Note], page: Page) -> Parsed:
    """Return everything that a source's generator yields, sorted into items, faults and notes. Raises FieldsMissing."""
    items, faults, notes = list[Item](), list[Fault](), list[str]()
    for thing in found:
        if len(items) + len(faults) >= ITEMS_AT_MOST and not isinstance(thing, Note):
            notes.append(f"more than {ITEMS_AT_MOST} items on one page; the rest is not read")
            break
        if isinstance(thing, Note):
            notes.append(thing.message)
        elif isinstance(thing, Fault):
            faults.append(thing)
        elif is_double_encoded(thing.title):
            faults.append(Fault(f"a title that was decoded wrongly by the site ({thing.title[:60]!r})", thing.url))
        else:
            items.append(thing)
    if losses.is_broken_off(page):
        notes.append("the page breaks off")
        half = losses.last_words(page)
        if half and items and items[-1].title.endswith(half):
            last = items.pop()
            faults.append(Fault(f"the page breaks off in a title: it waits for the next answer ({half!r})", last.url))
    if faults and not items:
        raise FieldsMissing(f"none of {len(faults)} items could be read; the first: {faults[0].message}", page.url)
    undated = sum(item.published is None for item in items)
    if undated:
        notes.append(f"{undated} of {len(items)} items have no date that can be read")
    broken = sum(BROKEN.search(item.title) is not None for item in items)
    if broken:
        notes.append(f"{broken} of {len(items)} titles have letters that cannot be read")
    return Parsed(tuple(items), tuple(faults), tuple(notes))
