"""The end of a command: one boundary makes of whatever comes one line, an exit code and a row of `runs`."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import Busy, Interrupted, UsageError, VisnykError
from core.model import iso
from core.version import VERSION
from pipeline import signals, streams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from db.store import Store

OK, FAILED, USAGE, BUSY, BY_SIGNAL = 0, 1, 2, 75, 128
_CODES = ((UsageError, USAGE), (Busy, BUSY))
DEBUG = "VISNYK_DEBUG"  # set: the traceback of an internal error too
_ROOT = Path(__file__).resolve().parents[1]
_SYSTEM = {
    errno.EMFILE: "too many files are open: raise the limit (`ulimit -n 1024`)",
    errno.ENFILE: "too many files are open on this machine",
    errno.ENOSPC: "the disk is full",
    errno.EFBIG: "the limit on the size of a file is reached (`ulimit -f unlimited`)",
}
_OF_OUTPUT = {errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EBADF}


@dataclass(frozen=True, slots=True)
class Ending:
    """The way a command ended."""

    code: int
    line: str = ""  # for a person; nothing where there is nothing to say


class ErrorBoundary:
    """The one handler of everything; `db` is the database at work, for errors that do not name it."""

    def __init__(self) -> None:
        self.db = ""
        self.explained = False  # argparse has said what there is to say

    def catch(self, work: Callable[[], int]) -> int:
        """Do the work; return its exit code, or that of whatever it raised, said in one line on standard error."""
        try:
            with signals.watched():
                try:
                    return _flushed(work())
                except BaseException as error:
                    return self._said(error)
        except BaseException as error:  # in the gaps above, or no descriptor was left for the guard
            return self._said(error)

    def _said(self, error: BaseException) -> int:
        signals.ignore_further()
        ending = ending_of(error, number := signals.received_number(), self.db)
        if ending.line:
            streams.say(ending.line)
        if os.environ.get(DEBUG):
            import traceback

            traceback.print_exception(error)
        return ending.code if number else _flushed(ending.code)


def ending_of(error: BaseException, number: int = 0, db: str = "") -> Ending:
    """Return what whatever was raised means. `number`: the signal that came, which explains all that follows it."""
    if isinstance(error, BaseExceptionGroup) and not number:
        return max((ending_of(one, number, db) for one in error.exceptions), key=lambda one: one.code)
    if not isinstance(error, Interrupted) and (number or isinstance(error, KeyboardInterrupt)):
        error = Interrupted(number or signals.STOPPING[0])
    if isinstance(error, Interrupted):
        return Ending(BY_SIGNAL + error.number, str(error))
    line = str(error) if isinstance(error, VisnykError) else _of_others(error, db)
    if not line:  # the reader of the output has left
        return Ending(OK)
    return Ending(next((code for kind, code in _CODES if isinstance(error, kind)), FAILED), line)


def _of_others(error: BaseException, db: str) -> str:
    """Return what an exception that is none of ours means, in one line; nothing for a reader that has left."""
    if isinstance(error, MemoryError):
        return "there was not enough memory; what was stored stays"
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return (
            "no thread could be started: there was too little memory (`ulimit -v`), or too many processes (`ulimit -u`)"
        )
    if isinstance(error, ImportError):
        return f"the installation is not whole: {error}; install it anew ({_place(error)})"
    if not isinstance(error, OSError):
        return _of_database(error, db) or internal(error)
    if error.filename is None and error.errno in _OF_OUTPUT:  # commands name the files that they write
        return str(streams.lost(error))
    said = _SYSTEM.get(error.errno or 0) or error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename is not None else f"{said} ({_place(error)})"


def internal(error: BaseException) -> str:
    """Return one line for a bug: what was raised, and the last place of ours on the way to it."""
    return f"internal error: {type(error).__name__}: {str(error)[:300]} in {_place(error)} ({DEBUG}=1 tells more)"


@dataclass(slots=True)
class RunRow:
    """A row of `runs` while its command is at work; it sets `exit_code`."""

    id: int
    exit_code: int = OK


@contextlib.contextmanager
def recorded(store: Store, command: str, clock: Callable[[], datetime], *, within: bool = False) -> Iterator[RunRow]:
    """Keep a row of `runs` about what is done inside: when, and how it ended, by a signal or an error too.

    Call it under the lock of the database: but for a run `within` another one, open rows are those of killed runs.
    """
    from db import runs

    with store.transaction() as connection:
        if not within:
            runs.close_abandoned(connection)
        row = RunRow(runs.start_run(connection, command, iso(clock()), VERSION))
    try:
        yield row
        with store.transaction() as connection:
            runs.finish_run(connection, row.id, iso(clock()), row.exit_code)
    except BaseException as error:
        ending = ending_of(error, signals.received_number(), str(store.path))
        if ending.code > BY_SIGNAL:
            signals.ignore_further()
        with contextlib.suppress(Exception):  # the row stays open, and the next run closes it
            store.wait_briefly()
            with store.transaction() as connection:
                runs.finish_run(connection, row.id, iso(clock()), ending.code, streams.printable(ending.line))
        raise


def shorten_tracebacks() -> None:
    """Make one line of what Python and its libraries would tell as a traceback, about threads, tasks and clean-up."""
    import logging
    import threading
    import warnings

    if os.environ.get(DEBUG):
        return

    def of_clean_up(lost: sys.UnraisableHookArgs) -> None:
        # a signal explains what is left open behind it
        if lost.exc_value is not None and not _is_signal(lost.exc_value) and not signals.received_number():
            streams.say(internal(lost.exc_value))

    def of_thread(lost: threading.ExceptHookArgs) -> None:
        if lost.exc_value is not None and not isinstance(lost.exc_value, SystemExit):
            streams.say(internal(lost.exc_value))

    class OneLine(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            raised = record.exc_info[1] if record.exc_info else None
            return streams.printable(record.getMessage() + (f" ({internal(raised)})" if raised else ""))

    sys.unraisablehook, threading.excepthook = of_clean_up, of_thread
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(OneLine())
        logging.lastResort.addFilter(lambda record: not (record.exc_info and _is_signal(record.exc_info[1])))
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def _is_signal(error: BaseException | None) -> bool:
    return isinstance(error, KeyboardInterrupt)


def _flushed(code: int) -> int:
    """Hand over what standard output still holds; return the exit code, or FAILED where that cannot be written."""
    try:
        sys.stdout.flush()
    except OSError as error:
        if line := str(streams.lost(error)):
            streams.say(line)
            return code or FAILED
    return code


def _of_database(error: BaseException, db: str) -> str:
    """Return what an error of SQLite means for the database at work; nothing for another error, or a bug of ours."""
    if "sqlite3" not in sys.modules:
        return ""
    from db.store import explained

    return explained(error, db)


def _place(error: BaseException) -> str:
    """Return file and line of the innermost step that is ours, else of the innermost."""
    step, place, own = error.__traceback__, "?", ""
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        place = f"{path.name}:{step.tb_lineno}"
        if path.is_relative_to(_ROOT) and "site-packages" not in path.relative_to(_ROOT).parts:
            own = f"{path.relative_to(_ROOT)}:{step.tb_lineno}"
        step = step.tb_next
    return own or place
