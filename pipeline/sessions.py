"""The secret that signs the editors' cookies, and the sessions that were ended, in one file beside the database.

Only its owner may read the file. Sessions outlive a restart of the server, and end with the password under which
they began: each carries the mark of its editor's password.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from core.errors import StoreError
from core.whole_files import private_text, remove_left_over, write_whole

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".secret"
WHOLE = re.compile(r"[0-9a-f]{64}\n([0-9a-f]{32} \d{1,12}\n)*")


class Sessions:
    """Signing secret and ended sessions of one editor's instance."""

    def __init__(self, database: Path) -> None:
        """Read the file beside `database`, or make it. Raises StoreError for one that others can read."""
        self._file = database.with_name(database.name + SUFFIX)
        with contextlib.suppress(OSError):
            remove_left_over(self._file.parent)
        try:
            text = private_text(self._file)
        except FileNotFoundError:
            text = f"{secrets.token_hex(32)}\n"
            self._write(text)
        except OSError as error:
            raise StoreError(f"{self._file} cannot be read: {error.strerror}") from error
        if not WHOLE.fullmatch(text):
            raise StoreError(f"{self._file} is damaged: delete it, and editors log in again")
        self._master, *ended = text.splitlines()
        self._ended = {name: int(until) for name, until in (line.split() for line in ended)}
        self.secret = self._keyed("cookies")

    def mark(self, name: str, password_hash: str) -> str:
        """Return what a session of this editor carries; with another password it is another."""
        return self._keyed(f"{name}:{password_hash}")

    def end(self, name: str, until: int, now: float) -> None:
        """Let nobody in with session `name` again; `until` its own end comes. Raises StoreError."""
        self._ended = {known: end for known, end in self._ended.items() if end > now} | {name: until}
        lines = [self._master, *(f"{known} {end}" for known, end in self._ended.items())]
        self._write("".join(f"{line}\n" for line in lines))

    def is_ended(self, name: str) -> bool:
        """Return True if somebody logged out of this session."""
        return name in self._ended

    def _keyed(self, text: str) -> str:
        return hmac.new(self._master.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _write(self, text: str) -> None:
        try:
            write_whole(self._file, text.encode(), 0o600)
        except OSError as error:
            raise StoreError(f"{self._file} cannot be written: {error.strerror}") from error
