"""Settings of the editors' instance: newsletters, editors, sessions, names, the thread that looks at passwords."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import UsageError
from pipeline.accounts import HASH, Editors, file_of
from pipeline.login_attempts import LoginAttempts
from pipeline.rotation import Rotation
from pipeline.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PASSWORD = "VISNYK_EDITOR_HASH"  # the environment variable with the hash of the editor's password
NOBODYS = "pbkdf2_sha256$480000$nobody$AAAA"  # of no password; looked at while there are no editors
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "")  # to listen at all addresses is to have no name


@dataclass
class DeskAccess:
    """Everything that the pages of the desk and the log-in share."""

    newsletters: tuple[Path, ...]  # their settings; the first is shown when none is asked for
    editors: Editors
    sessions: Sessions
    hosts: frozenset[str]  # the names under which it answers
    is_https: bool  # browsers reach it by https
    attempts: LoginAttempts
    now: Callable[[], float] = time.time
    # One, so that the other cores stay free for pages; a hash is made without Python's lock.
    checker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "password"))
    checking: set[str] = field(default_factory=set)  # whose passwords are looked at or wait for it
    strangers: Rotation = field(default_factory=lambda: Rotation(1))  # of requests without a session
    pausing: int = 0
    carrying: int = 0  # forms that browsers without a session send now
    pause: float = 1.0  # seconds before a refusal, so that asking without end costs the asker more than us
    refusal: str = ""  # the page of one, made once

    def to_check(self, given: str) -> tuple[str | None, str]:
        """Return the editor of that name and the hash to check; of nobody, another's, which takes as long."""
        known = self.editors.hashes()
        name = self.editors.called(given)
        if name is not None:
            return name, known[name]
        hashes = sorted(known.values()) or [NOBODYS]
        return None, hashes[int(self.sessions.mark(given, ""), 16) % len(hashes)]


def open_desk(
    db: Path, newsletters: Sequence[str] = (), *, editors: str = "", host: str = "", behind: str = ""
) -> DeskAccess:
    """Return the desk for the database `db`. `behind`: the address of the proxy that editors use.

    Raise UsageError without an editor, or for a bad newsletter or address; StoreError when the file of editors can be
    read by others, or the secret that signs sessions cannot be kept beside the database.
    """
    password_hash = os.environ.get(PASSWORD, "").strip()
    if password_hash and not HASH.fullmatch(password_hash):
        raise UsageError(
            f"{PASSWORD} is not the hash of a password: put what `.venv/bin/datasette hash-password` prints into it, "
            "in single quotes, for it has $ signs"
        )
    known = Editors(file_of(db, editors), password_hash)
    if not known.hashes():
        raise UsageError(
            f"serve --editor needs an editor, and {file_of(db, editors)} has none: `visnyk editors add NAME --db {db}` "
            f"asks for a password, or {PASSWORD} has the hash of one"
        )
    proxy = address_of_proxy(behind)
    own = {f"[{host}]" if ":" in host else host} if host not in EVERYWHERE else set()
    return DeskAccess(
        newsletters=_newsletters(newsletters),
        editors=known,
        sessions=Sessions(db),
        hosts=frozenset(name.lower() for name in {*LOOPBACK, *own, proxy[1]} if name),
        is_https=proxy[0] == "https",
        attempts=LoginAttempts(time.monotonic),
    )


def _newsletters(given: Sequence[str]) -> tuple[Path, ...]:
    from newsletter.settings import DEFAULT, read_newsletter

    files: dict[str, Path] = {}
    for path in [Path(name) for name in given] or [DEFAULT]:
        other = files.setdefault(read_newsletter(path).id, path)
        if other is not path:
            raise UsageError(f"{other} and {path} are settings of one newsletter: give each an id of its own")
    return tuple(files.values())


def address_of_proxy(behind: str) -> tuple[str, str]:
    """Return scheme and host of `--behind`; two empty texts when it is not given. Raises UsageError."""
    if not behind:
        return "", ""
    try:
        parts = urlsplit(behind)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https") or parts.path not in ("", "/") or parts.query or port == 0:
        raise UsageError(f"--behind {behind}: give the address that browsers use, such as https://desk.example.org")
    return parts.scheme, f"[{host}]" if ":" in host else host


def is_editor(actor: object) -> bool:
    """Return True if this is somebody who logged in as an editor."""
    return isinstance(actor, dict) and actor.get("role") == "editor"
