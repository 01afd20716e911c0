"""Tree of errors.

VisnykError
├── UsageError            the command line or a file given to it does not fit        → exit 2
├── SourceError           one source's problem; the other sources go on
│   ├── FetchError        nothing usable came back
│   │   ├── Unreachable       no connection, no name, time-out, cut or broken answer
│   │   ├── Refused           the answer says no: 4xx, challenge page, robots.txt
│   │   ├── ServerTrouble     5xx, or a bad answer that may be good later
│   │   └── TooMuch           over a limit: bytes, expansion, redirects
│   ├── ParseError        an answer came, but not of the shape we read
│   │   ├── StructureMissing  the container of the items is not there
│   │   └── FieldsMissing     the container is there, the fields are not
│   └── Overloaded        an answer came, but this machine was too slow, or too full, to read it
├── ItemError             one item's problem; the next item goes on
├── ModelError            no translation engine could be had; ingest goes on without
├── HandoverError         a mailing service did not take an issue, or it is not known whether it did → exit 1
├── StoreError            the database cannot be opened or written                   → exit 1
│   └── NewerDatabase         it was made by newer code
├── OutputLost            standard output takes nothing                              → exit 1
└── Busy                  another ingest holds the lock                              → exit 75

KeyboardInterrupt
└── Interrupted           a signal ended the run; no error, so nothing that handles  → exit 128 + its number
                          errors may catch it

`str()` of every one reads as one clear line that names the URL, file or row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from core.closed_sets import SourceState


class VisnykError(Exception):
    """Base of everything that Visnyk raises on purpose."""


class UsageError(VisnykError):
    """The command line, or a file given to it, does not fit."""


class SourceError(VisnykError):
    """Problem with one source at one address; `state` is the `source_runs.state` it leads to."""

    state: SourceState = "unreachable"

    def __init__(self, message: str, url: str = "") -> None:
        """Keep `url` beside the message; the message itself need not repeat it."""
        super().__init__(message)
        self.url = url

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} url={self.url}" if self.url and self.url not in message else message


class FetchError(SourceError):
    """Nothing usable came back from `url`; `status` is the HTTP status if there was one."""

    wait_until: datetime | None = None  # the moment that the answer asked us to wait for

    def __init__(self, message: str, url: str = "", status: int | None = None) -> None:
        """`status` is None when no status line was read."""
        super().__init__(message, url)
        self.status = status


class Unreachable(FetchError):
    """No name, no connection, a time-out, or an answer that broke off."""


class Refused(FetchError):
    """The other side said no: 4xx, a challenge page, robots.txt, or a wait that it asked for."""

    state: SourceState = "blocked"


class ServerTrouble(FetchError):
    """5xx or an answer that is wrong in a way that may pass."""


class TooMuch(FetchError):
    """A limit was reached: bytes on the wire, bytes after decompression, redirects."""


class ParseError(SourceError):
    """An answer came, but it is not of the shape that the source's file reads."""

    state: SourceState = "structure_missing"


class StructureMissing(ParseError):
    """The container of the items is not on the page."""


class FieldsMissing(ParseError):
    """The container is there, but the fields inside are not."""

    state: SourceState = "fields_missing"


class Overloaded(SourceError):
    """An answer came and may be good: this machine gave its parser no time, no process or no descriptor."""

    state: SourceState = "overloaded"


class ItemError(VisnykError):
    """One item cannot be kept; the message names the field, `url` the item."""

    def __init__(self, message: str, url: str = "", *, expected: bool = False) -> None:
        """`expected` marks what is left out by rule (off topic, other language) and is no problem row."""
        super().__init__(message)
        self.url = url
        self.expected = expected


class ModelError(VisnykError):
    """No translation engine could be had; the message says what to do."""


class HandoverError(VisnykError):
    """A mailing service did not take an issue, or nobody knows whether it did; no secret is in the message."""


class StoreError(VisnykError):
    """The database cannot be opened or written; the message names the file."""


class NewerDatabase(StoreError):
    """The database was made by a newer version of this program."""


class OutputLost(VisnykError):
    """Standard output takes nothing; without a message where its reader has left, which is no fault."""


class Busy(VisnykError):
    """Another ingest is running on the same database."""


class Interrupted(KeyboardInterrupt):
    """A signal asked the run to end; what was stored stays.

    Libraries let a KeyboardInterrupt through where they catch everything else: asyncio takes no task for failed by it.
    """

    def __init__(self, number: int) -> None:
        """`number` is the signal's."""
        super().__init__(f"interrupted; what was stored stays, the next run goes on signal={number}")
        self.number = number
