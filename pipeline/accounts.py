"""Editors who may log in at the desk: `name:hash` lines in a file for its owner only, and the rules for names."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import StoreError, UsageError, VisnykError
from core.whole_files import private_text, write_whole
from language.scripts import look, mixed_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

log = logging.getLogger("visnyk.web")

FILE = "VISNYK_EDITORS"  # the environment variable with the path of the file
SUFFIX = ".editors"  # of the file beside the database, when no other is named
ALONE = "editor"  # as whom the one password of the environment variable lets in
LONGEST_NAME = 40
NAME = re.compile(r"[A-Za-z0-9А-ЩЬЮЯҐЄІЇа-щьюяґєії][A-Za-z0-9А-ЩЬЮЯҐЄІЇа-щьюяґєії._-]*")
OTHERS = ("machine", "publisher")  # stand in histories for what no editor did
HASH = re.compile(r"pbkdf2_sha256\$[1-9]\d{0,7}\$[^$\s:]+\$[A-Za-z0-9+/]+=*")


def file_of(database: Path, given: str = "") -> Path:
    """Return where the editors stand: in the file that was given, that of VISNYK_EDITORS, or beside the database."""
    named = given or os.environ.get(FILE, "").strip()
    return Path(named) if named else database.with_name(database.name + SUFFIX)


def checked_name(given: str, others: Mapping[str, str]) -> str:
    """Return the name of an editor as it is kept. Raise UsageError for one that cannot be, or looks like another."""
    name = unicodedata.normalize("NFC", given.strip())
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise UsageError(
            f"{given[:60]!r} cannot be an editor's name: it has 1 to {LONGEST_NAME} letters (English or Ukrainian), "
            "digits, and . _ - after the first"
        )
    if mixed_words(name):
        raise UsageError(f"{name}: Latin and Cyrillic letters in one name; write it in one of them")
    if name.casefold() in OTHERS:
        raise UsageError(f"{name} stands in histories for what no editor did; take another name")
    if alike := next((other for other in others if other != name and look(other) == look(name)), None):
        raise UsageError(f"{name} looks like {alike}, who is there already")
    return name


def read_editors(path: Path) -> dict[str, str]:
    """Return name → hash of all editors in the file; none if it is not there.

    Raise UsageError naming the line that is wrong, and StoreError if others can read the file or we cannot.
    """
    try:
        text = private_text(path.resolve())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        given, _, password_hash = line.partition(":")
        try:
            name = checked_name(given, found)
        except UsageError as error:
            raise UsageError(f"{path}, line {number}: {error}") from error
        if name in found or not HASH.fullmatch(password_hash.strip()):
            raise UsageError(f"{path}, line {number}: {name} stands twice, or without the hash of a password")
        found[name] = password_hash.strip()
    return found


def change(path: Path, decide: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Write what `decide` makes of the editors in the file; one such change at a time. Raise as `read_editors` does."""
    path = path.resolve()
    with _alone_in(path.parent):
        text = "".join(f"{name}:{password_hash}\n" for name, password_hash in decide(read_editors(path)).items())
        try:
            write_whole(path, text.encode(), 0o600)
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise StoreError(f"{folder} cannot be read: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Editors:
    """The editors of one instance; their file is read again when it has changed."""

    def __init__(self, file: Path, password_hash: str = "") -> None:
        """Read the file. `password_hash` lets in the editor called `editor`, unless the file names one. Raise as it."""
        self._file, self._alone = file, {ALONE: password_hash} if password_hash else {}
        self._seen = self._state()
        self._known = self._alone | read_editors(file)

    def hashes(self) -> Mapping[str, str]:
        """Return name → hash as they are now. While the file is wrong it lets in nobody, and the log says why."""
        if (state := self._state()) != self._seen:
            self._seen = state
            try:
                self._known = self._alone | read_editors(self._file)
            except VisnykError as error:
                self._known = self._alone
                log.error("%s", error)
        return self._known

    def called(self, given: str) -> str | None:
        """Return the name of the editor who calls himself so, in whatever case; None if there is none."""
        wanted = unicodedata.normalize("NFC", given.strip()).casefold()
        return next((name for name in self.hashes() if name.casefold() == wanted), None)

    def _state(self) -> tuple[int, ...]:
        try:
            found = self._file.stat()
        except OSError:
            return ()
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode
