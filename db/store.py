"""Opening the one SQLite file: creates, checks, migrates, locks it, runs transactions. Never replaces a live file.

Reads and writes live beside it, by subject: `articles`, `runs`, `ledger`, `reference`.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from typing import TYPE_CHECKING

from core.errors import Busy, NewerDatabase, StoreError
from db.migrations import SCHEMA, SCHEMA_VERSION, migrate
from db.reading import open_once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION_ID = 0x5649534E  # "VISN", at offset 68 of the file
BUSY_SECONDS = 10.0
LOG_AT_MOST = 16 * 1024 * 1024  # bytes of the write-ahead log that a run may leave without a word
_MAGIC = b"SQLite format 3\0"


class Store:
    """An open database. Use `transaction()` for every write, and one thread at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take over an open connection; `open_store` makes one."""
        self.path, self.connection = path, connection

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run BEGIN IMMEDIATE … COMMIT; rolled back on any exception. Raises StoreError when SQLite cannot write."""
        with clear_errors(self.path):
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def wait_briefly(self) -> None:
        """Wait from now on a second at the most for what another program holds."""
        self.connection.execute("PRAGMA busy_timeout = 1000")

    def close(self) -> None:
        """Empty the write-ahead log into the file and close; a reader that blocks it for a second is left alone."""
        try:
            with contextlib.suppress(sqlite3.OperationalError):
                self.wait_briefly()
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self.connection.close()


def open_store(path: Path) -> Store:
    """Open the database at `path`, created or migrated if need be.

    Raises NewerDatabase for one made by newer code, StoreError for a file that is not ours, is damaged, or cannot
    be written. Nothing is changed in a file that is refused.
    """
    with clear_errors(path):
        version = file_version(path)
        if version is None:
            _create(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA journal_mode = WAL")  # a backup that was put here by hand is not
            if version is not None and version < SCHEMA_VERSION:
                migrate(connection, path, version, SCHEMA_VERSION)
            # fail before anything is fetched if the run could not be stored
            if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
                raise StoreError(f"{path}: the file or its folder cannot be written")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return Store(path, connection)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Return a read-only connection to an existing database of ours. Raises StoreError, NewerDatabase."""
    with clear_errors(path):
        if file_version(path) is None:
            raise StoreError(f"there is no database yet: {path} (`visnyk ingest` or `make ingest` makes it)")
        connection = open_once(path)
        connection.row_factory = sqlite3.Row
        return connection


def file_version(path: Path) -> int | None:
    """Return the schema version in the file's header; None if there is no file. Opens nothing with SQLite.

    Raises StoreError for a file that is not a database of ours, NewerDatabase for one from newer code.
    """
    header = _header(path)
    if header is None:
        return None
    if len(header) < 100 or not header.startswith(_MAGIC):
        what = "is empty" if not header else "is damaged or not a SQLite database"
        raise StoreError(f"{path} {what}: `visnyk restore` puts a backup back, or move it away to begin anew")
    _require_ours(path, header)
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise NewerDatabase(
            f"{path} was made by a newer version of Visnyk (schema {version}; known: {SCHEMA_VERSION}): update it"
        )
    return version


def is_ours(path: Path) -> bool | None:
    """Return True for a database of ours of any version, False for what is no database, None if there is no file.

    Raises StoreError for a database of another program, and for a file that cannot be read.
    """
    header = _header(path)
    if header is None or len(header) < 100 or not header.startswith(_MAGIC):
        return None if header is None else False
    _require_ours(path, header)
    return True


def _header(path: Path) -> bytes | None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe would wait for ever
            raise StoreError(f"{path} is not a file")
        with path.open("rb") as file:
            return file.read(100)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error


def _require_ours(path: Path, header: bytes) -> None:
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreError(f"{path} is a SQLite database of another program")


def grown_log(path: Path) -> list[str]:
    """Return a line for a person when the write-ahead log is large after a run, since somebody reads without end."""
    with contextlib.suppress(OSError):
        size = path.with_name(f"{path.name}-wal").stat().st_size
        if size > LOG_AT_MOST:
            return [
                f"{path}-wal has {size >> 20} MB: a program has been reading the database since before this run and"
                " keeps the log from being written back; end it"
            ]
    return []


def require_news(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreError, NewerDatabase or sqlite3.Error unless this is a database of ours with a readable `news`."""
    require_schema(connection, path)
    connection.execute("SELECT story_id FROM news LIMIT 1").fetchall()


def require_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreError, NewerDatabase or sqlite3.Error unless this is a database of ours, of this schema."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise StoreError(f"{path} is a SQLite database of another program")
    if version > SCHEMA_VERSION:
        raise NewerDatabase(f"{path} was made by a newer version of Visnyk (schema {version}): update it")
    if version < SCHEMA_VERSION:
        raise StoreError(
            f"{path} is from an older version of Visnyk: the next `visnyk ingest` or `make ingest` brings it up to date"
        )


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock of the database at `path`; it dies with the process. Raises Busy at once if another holds it."""
    import fcntl

    lock = path.with_name(f"{path.name}.lock")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: there is no folder {path.parent}")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{lock} cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(f"another run is working on {path}; this one leaves") from error
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def working_on(path: Path) -> Iterator[Store]:
    """Open the database at `path` for writing, under its lock. Raises Busy, and what `open_store` raises."""
    with exclusive(path):
        store = open_store(path)
        try:
            yield store
        finally:
            store.close()


@contextlib.contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into a StoreError that names the file and says what is wrong."""
    try:
        yield
    except sqlite3.Error as error:
        if not (line := explained(error, path)):
            raise
        raise StoreError(line) from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def explained(error: BaseException, path: Path | str) -> str:
    """Return what an error of SQLite says about the file, and what to do; nothing for a bug or another error."""
    if not isinstance(error, sqlite3.Error) or isinstance(error, _BUGS):
        return ""
    message = str(error)
    if message.startswith(_OF_THE_SYSTEM) and _is_full(path):
        message = "database or disk is full"
    return f"{path}: {next((text for sign, text in _EXPLANATIONS.items() if sign in message), message)}"


def _is_full(path: Path | str) -> bool:
    """Return True where the disk has no room for even the small files that SQLite keeps beside a database."""
    try:
        disk = os.statvfs(os.path.dirname(path) or ".")  # noqa: PTH120  it may be no path at all
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _SMALL_FILES


_SMALL_FILES = 1 << 16
_OF_THE_SYSTEM = ("disk I/O error", "unable to open database file")


_BUGS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
_EXPLANATIONS = {
    "database or disk is full": "the disk is full; nothing of this step was stored",
    "attempt to write a readonly database": "the file or its folder cannot be written",
    "unable to open database file": "the folder does not exist or cannot be written, or too many files are open",
    "disk I/O error": "the disk cannot be read or written: look into the system's log; what was stored stays",
    "database is locked": f"another program held the database for more than {BUSY_SECONDS:.0f} seconds",
    "malformed": "the database is damaged: `visnyk restore` puts a backup back, or move it away to begin anew",
    "not a database": "the database is damaged: `visnyk restore` puts a backup back, or move it away to begin anew",
    "no such": "it is from an older version of Visnyk: the next `visnyk ingest` or `make ingest` brings it up to date",
}


def _create(path: Path) -> None:
    """Make the file aside and links it in, so that a kill leaves either no database or a whole one."""
    aside = path.with_name(f"{path.name}.new-{os.getpid()}")
    for left_over in path.parent.glob(f"{path.name}.new-*"):
        left_over.unlink(missing_ok=True)
    connection = sqlite3.connect(aside, isolation_level=None)
    try:
        connection.executescript(f"BEGIN; {SCHEMA.read_text(encoding='utf-8')}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    finally:
        connection.close()
    if mode != "wal":  # SQLite says so in place of an error: the rollback journal may still hold something
        raise StoreError(f"{path}: the disk failed while the database was made; nothing was stored")
    aside.rename(path)
