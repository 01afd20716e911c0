"""Standard input, output and error: there from the start, for any letter, and never a reason to lose a run.

Standard error swallows what it cannot write: a line for a person must not end what it tells of. Standard output
raises, and the end of the run says what became of it.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import sys

from core.errors import OutputLost

_LONGEST = 1000  # letters of a line; whoever needs more looks into the table `problems`
_SPACES = "\u00a0\u2009\u202f"  # of the sites' headlines; they harm no terminal


class _LossyStream(io.FileIO):
    """A stream that takes everything, also where nothing can be written."""

    def write(self, data: object) -> int:
        """Write what can be written now."""
        with contextlib.suppress(OSError):
            super().write(data)  # type: ignore[arg-type]
        return len(data)  # type: ignore[arg-type]


def prepare() -> None:
    """Open what is closed, so that no file of ours gets its number, and make all three take any letter.

    UTF-8 whatever the locale says, for that is what programs and terminals read; PYTHONIOENCODING has its way, with
    escapes for the letters that its encoding lacks.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest free number: this one
    encoding = None if os.environ.get("PYTHONIOENCODING") else "utf-8"
    if not isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  for as long as we run
    if not isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
    used = encoding or (sys.stderr.encoding if sys.stderr else "utf-8")
    raw = io.BufferedWriter(_LossyStream(2, "w", closefd=False))
    sys.stderr = io.TextIOWrapper(raw, encoding=used, errors="backslashreplace", line_buffering=True)


def put(text: str, end: str = "\n") -> None:
    """Print lines of an answer at once. Raise OutputLost when nobody takes them: there is no use in going on."""
    try:
        print(text, end=end, flush=True)
    except OSError as error:
        raise lost(error) from error


def as_json(value: object) -> str:
    """Return the value as JSON, with its letters where standard output can take them all."""
    return json.dumps(value, ensure_ascii=str(sys.stdout.encoding).lower() not in {"utf-8", "utf8"})


def answer(text: str) -> None:
    """Print the whole answer of a command. A reader that has left is none of its business; else raise OutputLost."""
    try:
        print(text, flush=True)
    except OSError as error:
        if str(gone := lost(error)):
            raise gone from error


def lost(error: OSError) -> OutputLost:
    """Return what is to be said of an output that took nothing; what still waits to be written goes nowhere."""
    with contextlib.suppress(OSError, ValueError):  # a stream of somebody else's has no number
        if sys.stdout.fileno() == 1:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.close(nowhere)
    if error.errno == errno.EPIPE:
        return OutputLost("")
    reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
    return OutputLost(f"the output cannot be written: {reason}")


def printable(text: str) -> str:
    """Return the text in one line: what has no sign of its own (line ends, controls, half letters) as its escape."""
    return "".join(
        sign if sign.isprintable() or sign in _SPACES else sign.encode("unicode_escape").decode() for sign in text
    )


def say(line: str) -> None:
    """Print one line for a person, on standard error."""
    line = printable(line)
    print(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…", file=sys.stderr)
