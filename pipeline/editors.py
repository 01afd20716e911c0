"""Settings of the editor's instance: its password, sessions, names, and the thread that looks at passwords."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import UsageError
from pipeline.login_attempts import LoginAttempts
from pipeline.rotation import Rotation
from pipeline.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD = "VISNYK_EDITOR_HASH"  # the environment variable with the hash of the editor's password
HASH = re.compile(r"pbkdf2_sha256\$[1-9]\d{0,7}\$[^$\s]+\$[A-Za-z0-9+/]+=*")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "")  # to listen at all addresses is to have no name


@dataclass
class DeskAccess:
    """Everything that the pages of the desk and the log-in share."""

    newsletter: str  # file with its names and sections; empty for the one that comes with Visnyk
    password_hash: str
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
    pause: float = 1.0  # seconds before a refusal, so that asking without end costs the asker more than us


def open_desk(db: Path, newsletter: str = "", *, host: str = "", behind: str = "") -> DeskAccess:
    """Return the desk for the database `db`. `behind`: the address of the proxy that editors use.

    Raise UsageError without a password, or for a bad newsletter or address; StoreError when the secret that signs
    sessions cannot be kept beside the database.
    """
    from newsletter.settings import DEFAULT, read_newsletter

    password_hash = os.environ.get(PASSWORD, "").strip()
    if not HASH.fullmatch(password_hash):
        raise UsageError(
            f"serve --editor needs the hash of a password: put what `.venv/bin/datasette hash-password` prints into "
            f"{PASSWORD}, in single quotes, for it has $ signs"
        )
    read_newsletter(Path(newsletter) if newsletter else DEFAULT)
    proxy = address_of_proxy(behind)
    own = {f"[{host}]" if ":" in host else host} if host not in EVERYWHERE else set()
    return DeskAccess(
        newsletter=newsletter,
        password_hash=password_hash,
        sessions=Sessions(db, password_hash),
        hosts=frozenset(name.lower() for name in {*LOOPBACK, *own, proxy[1]} if name),
        is_https=proxy[0] == "https",
        attempts=LoginAttempts(time.monotonic),
    )


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
