"""Reading a file that others write, or that stands where nothing can be written. Never writes, never bars a writer.

A database has everything in its one file while no log and no journal stands beside it. Then it is opened as
`immutable`: SQLite makes no file beside it and asks for no lock, so a read is good only if the file was the same
before and after it. While a log stands there, SQLite's own locks order readers and the writer (`mode=ro`).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from core.errors import StoreError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from pathlib import Path

    Result = TypeVar("Result")
    Kind = TypeVar("Kind", bound=sqlite3.Connection)

ATTEMPTS = 4  # the last one under SQLite's locks, whatever the file looks like
PAUSE = 0.05  # seconds for a writer that has made its log and not yet the index of it
WAIT_SECONDS = 5.0  # for a lock that a writer holds for moments only
LONGEST_VALUE = 20_000_000  # bytes; texts of ours have some hundred, one function call could make a gigabyte


class FileState(NamedTuple):
    """State of a database's file, and of those beside it, at one moment."""

    file: tuple[int, int]  # device and inode: another one was put in its place
    content: tuple[int, int]  # size, and when it was written last
    log: int  # inode of its write-ahead log; 0 for none
    pending: bool  # something is in the log, or in a journal, that is not in the file

    @property
    def is_at_rest(self) -> bool:
        """True if everything is in the file itself."""
        return not self.pending


def file_state(path: Path) -> FileState:
    """Return how the database at `path` stands. Opens nothing. Raises OSError when it is not there."""
    whole = path.resolve()  # SQLite keeps its files beside what a link leads to
    about, log, journal = whole.stat(), _beside(whole, "-wal"), _beside(whole, "-journal")
    return FileState(
        file=(about.st_dev, about.st_ino),
        content=(about.st_size, about.st_mtime_ns),
        log=log.st_ino if log else 0,
        pending=bool((log and log.st_size) or (journal and journal.st_size)),
    )


def _beside(path: Path, suffix: str) -> os.stat_result | None:
    try:
        return path.with_name(path.name + suffix).stat()
    except FileNotFoundError:
        return None


def connect(path: Path, kind: type[Kind], *, immutable: bool) -> Kind:
    """Return a connection that can only read: no other file attached, no huge value made.

    `immutable` is for a file at rest, and holds as long as it is (see Reader).
    """
    how = "immutable=1" if immutable else "mode=ro"
    address = f"{path.resolve().as_uri()}?{how}"
    connection = sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, check_same_thread=False, factory=kind)
    connection.execute("PRAGMA query_only = ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    return connection


@dataclass
class _Opened:
    connection: sqlite3.Connection
    state: FileState
    immutable: bool

    def is_good(self, now: FileState) -> bool:
        if self.immutable:
            return now == self.state
        return (now.file, now.log) == (self.state.file, self.state.log)


@dataclass
class Reader:
    """Connections to one database, one for each thread, that are opened anew when the file is not the one they know.

    `prepare` is called with each new connection, and may refuse it.
    """

    path: Path
    prepare: Callable[[sqlite3.Connection], None]
    _own: threading.local = field(default_factory=threading.local)
    _all: list[sqlite3.Connection] = field(default_factory=list)

    def run(self, fn: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what `fn`, which only reads, gives for the database as it is now; it may be called several times.

        Raise OSError when there is no file, what `prepare` raises for one that it refuses, and SQLite's errors.
        """
        for attempt in range(ATTEMPTS):
            last, before = attempt + 1 == ATTEMPTS, file_state(self.path)
            try:
                opened = self._opened(before, locking=last)
                result = fn(opened.connection)
            except sqlite3.DatabaseError as error:
                self._drop()
                if last or (file_state(self.path) == before and not is_unopened(error)):
                    if before.pending and is_unopened(error):
                        raise unread_log(self.path) from error
                    raise
                time.sleep(PAUSE if is_unopened(error) else 0)
            else:
                if last or opened.is_good(file_state(self.path)):
                    return result
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._all:
            self._all.pop().close()

    def _opened(self, state: FileState, *, locking: bool) -> _Opened:
        known = getattr(self._own, "opened", None)
        if known is not None and known.is_good(state) and not (locking and known.immutable):
            return known  # type: ignore[no-any-return]  # of a thread's own variables
        self._drop()
        immutable = state.is_at_rest and not locking
        connection = connect(self.path, sqlite3.Connection, immutable=immutable)
        self._all.append(connection)
        self._own.opened = opened = _Opened(connection, state, immutable)
        try:
            self.prepare(connection)
        except BaseException:
            self._drop()
            raise
        return opened

    def _drop(self) -> None:
        if (known := getattr(self._own, "opened", None)) is not None:
            self._own.opened = None
            known.connection.close()
            if known.connection in self._all:
                self._all.remove(known.connection)


class _Unlocked(sqlite3.Connection):
    """A connection without locks, for a command: it says so when somebody wrote while it read."""

    watched: tuple[Path, FileState]

    def close(self) -> None:
        super().close()
        path, state = self.watched
        if file_state(path) != state:
            raise StoreError(f"{path} was written to while this read it, so what it said may be wrong: run it again")


def open_once(path: Path) -> sqlite3.Connection:
    """Return a connection for one command: under SQLite's locks where its files can be made, else without.

    Raise StoreError for a database whose log nobody can read here; closing may raise it too, see `_Unlocked`.
    """
    connection = connect(path, sqlite3.Connection, immutable=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        state = file_state(path)
        if not is_unopened(error):
            raise
        if state.pending:
            raise unread_log(path) from error
        unlocked = connect(path, _Unlocked, immutable=True)
        unlocked.watched = path, state
        return unlocked
    return connection


def unread_log(path: Path) -> StoreError:
    """Return the error of a database with a log beside it and no index of the log, where none can be made."""
    return StoreError(
        f"{path}: its newest rows are in {path.name}-wal, which can be read only in a folder that can be written: "
        "copy both files to one"
    )


def is_unopened(error: sqlite3.Error) -> bool:
    """Return True if SQLite could not open the file or make what it needs beside it."""
    return any(sign in str(error) for sign in ("unable to open", "readonly database"))
