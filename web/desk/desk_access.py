"""The desk's way to the database and the settings: one writer at a time, readers without a lock, one clock."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.clock import clock_from
from core.errors import Busy, UsageError
from core.model import iso
from db.store import open_store
from newsletter import draft
from newsletter.settings import read_newsletter
from pipeline.editors import is_editor
from web.desk.desk_view import View, view

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from newsletter.issue import Newsletter

Result = TypeVar("Result")
WAIT_SECONDS = 15.0  # for others who write at the desk
WRITER = threading.Lock()  # the desk opens the file one at a time: closing it would give up the others' locks


def may_edit(datasette: Any, request: Any) -> bool:
    """Return True if this is an editor at an instance with a desk."""
    return datasette.desk is not None and is_editor(request.actor)


def newsletters(datasette: Any) -> list[Newsletter]:
    """Return the newsletters of this desk, as their files say now."""
    return [read_newsletter(path) for path in datasette.desk.newsletters]


def asked_for(datasette: Any, newsletter_id: str) -> Newsletter:
    """Return the newsletter of that id, the first one for an empty id. Raises UsageError for another."""
    known = newsletters(datasette)
    found = next((one for one in known if newsletter_id in ("", one.id)), None)
    if found is None:
        raise UsageError(f"there is no newsletter {newsletter_id[:60]!r} at this desk")
    return found


def settings_file(datasette: Any, newsletter_id: str) -> Path:
    """Return the file with the settings of a newsletter of this desk."""
    known: tuple[Path, ...] = datasette.desk.newsletters
    return next(path for path in known if read_newsletter(path).id == newsletter_id)


def now(datasette: Any) -> str:
    """Return the time of the desk; with `serve --now` it is that one."""
    return iso(clock_from((datasette.plugin_config("clock") or {}).get("now"))())


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Run a transaction. Raises StoreError when another program holds the file too long, Busy for an editor."""
    if not WRITER.acquire(timeout=WAIT_SECONDS):
        raise Busy("others are saving just now: try again")
    try:
        with closing(open_store(path)) as store, store.transaction() as connection:
            yield connection
    finally:
        WRITER.release()


async def reading(datasette: Any, fn: Callable[[sqlite3.Connection], Result]) -> Result:
    """Return what `fn` reads, of the database as it is at one moment, without a lock that keeps a writer waiting."""

    def read(connection: sqlite3.Connection) -> Result:
        connection.execute("BEGIN")
        try:
            return fn(connection)
        finally:
            connection.rollback()

    found: Result = await datasette.get_database("news").execute_fn(read)
    return found


async def viewing(datasette: Any, newsletter: Newsletter, fn: Callable[[sqlite3.Connection, View], Result]) -> Result:
    """Return what `fn` makes of the desk's view of the open draft, which is begun if none is open."""
    import asyncio

    at = now(datasette)

    def read(connection: sqlite3.Connection) -> Result | None:
        found = view(connection, newsletter, at)
        return fn(connection, found) if found else None

    shown = await reading(datasette, read)
    if shown is None:
        await asyncio.to_thread(begin, file_of(datasette), newsletter, at)
        shown = await reading(datasette, read)
    if shown is None:
        raise UsageError("no draft is open: it was sealed just now; load the page again")
    return shown


def begin(path: Path, newsletter: Newsletter, at: str) -> None:
    """Begin the draft of the next issue, unless it is open."""
    with writing(path) as connection:
        draft.next_issue(connection, newsletter, at)


def file_of(datasette: Any) -> Path:
    """Return the database's file."""
    return Path(datasette.get_database("news").path)
