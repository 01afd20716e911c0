"""Run an editors' instance on a copy of a database: for pictures, accessibility checks and measurements."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.passwords import hashed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.browser import Tab

ROOT = Path(__file__).parents[1]
EDITORS = ("Olena", "Petro")
SECRET = "a secret of the demo"
DEMO_NOW = "2026-02-06T18:00:00Z"  # after the demo's last reading


class DeskInstance:
    """A server that can be killed and started again at the same address."""

    def __init__(self, db: Path, now: str, *, editor: bool = True) -> None:
        self.db, self._now, self._editor = db, now, editor
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        if editor:
            names = db.with_name("editors")
            names.touch(0o600)
            secret = hashed(SECRET)
            names.write_text("".join(f"{name}:{secret}\n" for name in EDITORS))
        self.start()

    def start(self) -> None:
        """Start the server and wait until it says where it is. Raises RuntimeError with its words when it cannot."""
        words = [sys.executable, "-m", "pipeline", "serve", "--db", str(self.db), "--port", str(self._port)]
        words += ["--now", self._now] if self._now else []
        words += ["--editor", "--editors", str(self.db.with_name("editors"))] if self._editor else []
        self._process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ)
        assert self._process.stderr is not None
        said = []
        for line in self._process.stderr:
            said.append(line)
            if "Visnyk is at" in line:
                return
        raise RuntimeError("".join(said).strip() or "the server did not start")

    def end(self, how: signal.Signals = signal.SIGTERM) -> str:
        """End the server, with SIGKILL as a crash does; return what it said meanwhile."""
        if self._process.returncode is not None:
            return ""
        self._process.send_signal(how)
        return self._process.communicate()[1]

    def log_in(self, tab: Tab, name: str = EDITORS[0]) -> None:
        """Log in as a person does; what that takes is not counted."""
        before = tab.actions
        tab.goto(f"{self.address}/-/login")
        for field, text in (("username", name), ("password", SECRET)):
            tab.click(f"input[name={field}]")
            tab.type(text)
        tab.press("Enter")
        tab.wait("!location.pathname.startsWith('/-/login') && document.readyState === 'complete'")
        tab.actions = before


@contextmanager
def desk_instance(source: Path, now: str = DEMO_NOW, *, editor: bool = True) -> Iterator[DeskInstance]:
    """Give a server on a copy of the database for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="visnyk-desk-") as folder:
        db = Path(folder) / "news.db"
        shutil.copy(source, db)
        instance = DeskInstance(db, now, editor=editor)
        try:
            yield instance
        finally:
            instance.end()
