"""Backup of the whole database into one file, and the way back. Neither needs anyone to stop.

A database that is restored is written into, never replaced, as long as SQLite can write into it: readers that have it
open see the restored rows with their next question.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import StoreError, UsageError
from db.copies import LOGS, copy_checked, copy_pages, part_file
from db.migrations import SCHEMA_VERSION, migrate
from db.store import BUSY_SECONDS, clear_errors, exclusive, file_version, is_ours, open_for_reading

if TYPE_CHECKING:
    from pathlib import Path

    from db.copies import PartFile, Progress

_UNUSABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@dataclass(frozen=True, slots=True)
class Backup:
    """A database that was copied."""

    file: Path
    bytes: int
    stories: int
    articles: int
    kept: Path | None = None  # of a restored one: what was there before, under its new name


def back_up(db: Path, file: Path, *, force: bool = False, progress: Progress | None = None) -> Backup:
    """Write a checked copy of the database into `file`, as readable as the database is; `force` replaces an older one.

    Raises UsageError for a file that cannot be meant, Busy when another process is writing it, StoreError.
    """
    file = _followed(file)
    with contextlib.closing(open_for_reading(db)) as source, clear_errors(file):
        _require_target(file, db, force)
        with part_file(file, db.stat().st_mode) as copy:
            source.execute("BEGIN")
            _require_room(file.parent, _size(source))
            held = copy_checked(source, db, copy, progress)
            source.close()  # raises where it was read without locks and has changed
            _require_target(file, db, force)
            copy.move_in()
        return Backup(file, file.stat().st_size, held["stories"], held["articles"])


def restore(file: Path, db: Path, at: str, progress: Progress | None = None) -> Backup:
    """Put the backup `file` in the place of the database, which is kept as `<name>.replaced-<at>`.

    The backup is copied, brought to the present schema and checked before anything is touched. Raises UsageError for
    a file that cannot be meant, Busy when another run works on the database, NewerDatabase, StoreError.
    """
    version = _backup_version(file, db)
    with exclusive(db), clear_errors(db):
        db = _followed(db)
        there = is_ours(db)
        kept = _kept_name(db, at)
        with (
            contextlib.closing(open_for_reading(file)) as source,
            part_file(db, (file if there is None else db).stat().st_mode) as copy,
        ):
            _require_room(db.parent, 2 * _size(source) + (0 if there is None else db.stat().st_size))
            held = copy_checked(source, file, copy, progress)
            source.close()  # as above
            if version < SCHEMA_VERSION:
                with contextlib.closing(copy.connect()) as migrated:
                    migrate(migrated, copy.path, version, SCHEMA_VERSION, keep=False)
            if not there or not _write_into(db, copy, kept):
                _replace_unusable(db, copy, kept)
        return Backup(file, db.stat().st_size, held["stories"], held["articles"], None if there is None else kept)


def _write_into(db: Path, restored: PartFile, kept: Path) -> bool:
    """Keep a copy of the database, then write the restored one into it; False when SQLite cannot read what is there."""
    try:
        with (
            contextlib.closing(sqlite3.connect(db, timeout=BUSY_SECONDS, isolation_level=None)) as live,
            contextlib.closing(restored.connect()) as source,
        ):
            live.execute("PRAGMA journal_mode = WAL")  # a kill leaves all of the one or all of the other
            live.execute("PRAGMA synchronous = FULL")
            live.execute("PRAGMA cache_size = -64000")  # fewer, larger writes
            with part_file(db.with_name(f"{db.name}.replaced"), db.stat().st_mode) as copy:
                live.execute("BEGIN")
                live.execute("SELECT count(*) FROM sqlite_master").fetchone()
                copy.fill(live)
                live.execute("ROLLBACK")
                copy.move_in(kept)
            copy_pages(source, live)
            live.execute("PRAGMA busy_timeout = 0")  # a reader in the middle of something is left alone
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _UNUSABLE:
            raise
        return False
    return True


def _replace_unusable(db: Path, restored: PartFile, kept: Path) -> None:
    """Put the restored database where none is, or one that SQLite cannot read; what is there is kept.

    A write-ahead log without its database goes first: SQLite would write it into whatever bears the name.
    """
    for ending in LOGS:
        log = db.with_name(f"{db.name}{ending}")
        if log.exists():
            log.rename(kept.with_name(f"{kept.name}{ending}"))
    if db.exists():
        shutil.copy2(db, kept)
    restored.move_in()


def _kept_name(db: Path, at: str) -> Path:
    name = f"{db.name}.replaced-{at.replace('-', '').replace(':', '')}"
    taken = {path.name for path in db.parent.iterdir()}
    numbered = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    return db.with_name(next(one for one in numbered if not any(path.startswith(one) for path in taken)))


def _backup_version(file: Path, db: Path) -> int:
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file")
    if db.exists() and file.samefile(db):
        raise UsageError(f"{file} is the database itself")
    if not is_ours(file):
        raise StoreError(f"{file} is empty, damaged or no backup of Visnyk: it is not restored")
    return file_version(file) or 0


def _require_target(file: Path, db: Path, force: bool) -> None:
    """Raise UsageError unless the file may be written: it is not there, or is an older backup and `force` is given."""
    own = {db.resolve().with_name(f"{db.resolve().name}{ending}") for ending in ("", ".lock", *LOGS)}
    if file in own or (file.exists() and file.samefile(db)):
        raise UsageError(f"{file} belongs to the database itself: give the backup another name")
    if not file.parent.is_dir():
        raise StoreError(f"{file}: there is no folder {file.parent}")
    if file.exists() and not file.is_file():
        raise UsageError(f"{file} is not a regular file")
    if file.exists() and not force:
        raise UsageError(f"{file} is there already: give another name, or --force to replace it")
    if file.exists() and not is_ours(file):
        raise UsageError(f"{file} is no backup of Visnyk: it is not replaced")


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(f"{folder}: the disk is full: {needed >> 20} MB are needed, {free >> 20} MB are free")


def _size(connection: sqlite3.Connection) -> int:
    pages, size = (int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    return pages * size


def _followed(path: Path) -> Path:
    with contextlib.suppress(RuntimeError):  # Python before 3.13 raises it for links in a circle
        if not (followed := path.resolve()).is_symlink():  # later ones stop somewhere in the circle
            return followed
    raise UsageError(f"{path}: the links lead in a circle")
