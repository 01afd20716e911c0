"""Whole copies of a database, made while others write to it. A copy bears its name only once it is checked and on disk.

SQLite's backup interface copies page by page. All of it happens inside one read transaction, so that writers never
make it begin again, as they otherwise would, and the copy is of one moment.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import Busy, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Progress = Callable[[int, int], object]  # pages that are copied, pages in all

PAGES_AT_ONCE = 2_000  # 8 MB between two looks at signals
PATIENCE = 10.0  # seconds without a page, because another program holds the file
LOGS = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database while it is open
_NO_WAL = b"\1\1"  # at offset 18 of the file


@dataclass(frozen=True, slots=True)
class PartFile:
    """A file that is written beside its place, under `<name>.part`, by this process alone."""

    path: Path
    target: Path
    descriptor: int

    def connect(self) -> sqlite3.Connection:
        """Return a connection that keeps no journal: a half-written copy is thrown away.

        SQLite takes no locks of its own, since on a network file system they would meet ours.
        """
        uri = f"{self.path.resolve().as_uri()}?nolock=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = MEMORY", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def fill(self, source: sqlite3.Connection, progress: Progress | None = None) -> None:
        """Copy the pages that `source` reads; the copy is one plain file, not in WAL mode.

        So it can be read from a folder that nobody can write. Raises sqlite3.Error.
        """
        with contextlib.closing(self.connect()) as target:
            copy_pages(source, target, progress)
        os.pwrite(self.descriptor, _NO_WAL, 18)

    def move_in(self, name: Path | None = None) -> None:
        """Give the file its name, or another one in its folder, once it is on disk; what bore it is replaced."""
        os.fsync(self.descriptor)
        self.path.replace(name or self.target)
        folder = os.open(self.target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextlib.contextmanager
def part_file(target: Path, mode: int) -> Iterator[PartFile]:
    """Yield an empty file beside `target`; it is removed at the end unless it was moved in.

    Raises Busy when another process is writing such a file, OSError when it cannot be made. What a killed process
    left behind is overwritten.
    """
    path = target.with_name(f"{target.name}.part")
    descriptor = _open_locked(path)
    try:
        with contextlib.suppress(PermissionError):  # file systems without permissions
            os.fchmod(descriptor, mode & 0o777)
        os.ftruncate(descriptor, 0)
        for ending in LOGS:
            path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
        yield PartFile(path, target, descriptor)
    finally:
        if _is_at(descriptor, path):
            path.unlink()
        os.close(descriptor)


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress | None = None) -> None:
    """Make `target` hold what `source` holds, in one transaction. `source` should be in a read transaction.

    Raises StoreError when another program keeps the target locked, sqlite3.Error.
    """
    last = time.monotonic()

    def moved(state: int, remaining: int, total: int) -> None:
        nonlocal last
        if state not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            last = time.monotonic()
        elif time.monotonic() - last > PATIENCE:
            raise StoreError(f"another program held the database for more than {PATIENCE:.0f} seconds")
        if progress:
            progress(total - remaining, total)

    source.backup(target, pages=PAGES_AT_ONCE, progress=moved, sleep=0.05)


def copy_checked(
    source: sqlite3.Connection, origin: Path, copy: PartFile, progress: Progress | None = None
) -> dict[str, int]:
    """Copy all that `source` reads of the database `origin`, and check the copy; return how much it holds.

    Raises StoreError when the copy is not sound, which means that `origin` is not; sqlite3.Error.
    """
    began = not source.in_transaction
    if began:
        source.execute("BEGIN")
    try:
        held = _contents(source)  # which also begins the read transaction
        copy.fill(source, progress)
    finally:
        if began and source.in_transaction:
            source.execute("ROLLBACK")
    with contextlib.closing(copy.connect()) as target:
        found = faults(target)
        if not found and _contents(target) != held:
            found = ["the copy does not hold what was copied"]
    if found:
        raise StoreError(f"{origin} is damaged, no copy was kept: {found[0]}")
    return held


def faults(connection: sqlite3.Connection) -> list[str]:
    """Return what SQLite's integrity and foreign key checks find, one line each."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    return found + [f"broken reference in table {row[0]}" for row in connection.execute("PRAGMA foreign_key_check")]


def _contents(connection: sqlite3.Connection) -> dict[str, int]:
    asked = {name: f"PRAGMA {name}" for name in ("application_id", "user_version")}
    asked |= {name: f"SELECT count(*) FROM {name}" for name in ("stories", "articles", "translations", "digests")}
    return {name: int(connection.execute(sql).fetchone()[0]) for name, sql in asked.items()}


def _open_locked(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise Busy(f"another run is writing {path}; this one leaves") from error
        if _is_at(descriptor, path):
            return descriptor
        os.close(descriptor)  # the other process moved it in or removed it just before we had the lock


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False
