"""Runs of the real command line in children of this process: all modules are loaded once, every run is forked.

What a child differs in from `python -m pipeline`: pages are parsed in the run itself (the sandbox has tests of its
own), and the interpreter is not torn down at the end. A share of the trials starts the real thing instead.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import select
import signal
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.endurance.injector import Counters, Fault, Reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from core.model import Item, Listing, Page, Parsed, Source

ROOT = Path(__file__).parents[2]
STARTER = "import os, sys; os.chdir(sys.argv.pop(1)); from pipeline.__main__ import script; script()"
PATIENCE = 60.0  # seconds; a run that is not done by then hangs


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, or minus the signal; what it said on standard error."""

    code: int
    errors: str
    seconds: float
    reached: Reached


class ParserInTheRun:
    """In place of `ParserPool`."""

    def __init__(self, *_: object, **__: object) -> None:
        """Whatever bounds the child: there is none."""

    async def listing(self, source: Source, listing: Listing, page: Page) -> Parsed:
        from scrapers.sandbox import parse

        return parse.listing(source.id, listing, page)

    async def article(self, source: Source, page: Page) -> Item:
        from scrapers.sandbox import parse

        return parse.article(source.id, page)

    async def close(self) -> None:
        """Nothing to end."""


def warm_up() -> None:
    """Load what the commands load, once for all children."""
    import scrapers.sandbox.parent

    for name in ("core", "language", "scrapers", "translations", "db", "newsletter", "pipeline"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith(
                ("__main__", "sandbox.child", ".served")
            ):  # no command but serve needs Datasette
                importlib.import_module(module.name)
    import certifi
    import ctranslate2
    import httpx
    import openpyxl

    assert all((certifi, ctranslate2, httpx, openpyxl))
    scrapers.sandbox.parent.ParserPool = ParserInTheRun  # type: ignore[assignment,misc]


@dataclass(slots=True)
class Running:
    """A child at work."""

    process: int
    counters: Counters
    said: Path
    began: float

    def end(self, *, after: float = PATIENCE, with_signal: int = signal.SIGKILL) -> Ended:
        """Wait until it ends; send the signal after so many seconds."""
        watched = os.pidfd_open(self.process)
        try:
            if not select.select([watched], [], [], after)[0]:
                os.kill(self.process, with_signal)
                if not select.select([watched], [], [], PATIENCE)[0]:
                    os.kill(self.process, signal.SIGKILL)
        finally:
            os.close(watched)
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        seconds = time.monotonic() - self.began
        errors = self.said.read_text(encoding="utf-8", errors="replace")
        self.said.unlink()
        return Ended(code, errors, seconds, self.counters.reached())


def first_ended(pair: Sequence[Running]) -> list[Running]:
    """The two runs, the one that ends first in front: wait for them in this order, and each has its own time."""
    watched = {os.pidfd_open(running.process): running for running in pair}
    ready = select.select([*watched], [], [], PATIENCE)[0]
    for descriptor in watched:
        os.close(descriptor)
    return sorted(watched.values(), key=lambda running: not ready or running is not watched[ready[0]])


def start(
    words: Sequence[str], folder: Path, fault: Fault | None = None, environment: Mapping[str, str] | None = None,
    prepare: Callable[[], Any] = lambda: None, play: Callable[[list[str]], int] | None = None,
) -> Running:  # fmt: skip
    """Fork a child that runs `visnyk WORDS` in `folder`, or plays something else there."""
    counters = Counters()
    descriptor, said = tempfile.mkstemp(prefix="said-")
    began = time.monotonic()
    child = os.fork()
    if child:
        os.close(descriptor)
        return Running(child, counters, Path(said), began)
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # as `script` does
        quiet = os.open(os.devnull, os.O_RDWR)
        for target, of in ((0, quiet), (1, quiet), (2, descriptor)):
            os.dup2(of, target)
        os.chdir(folder)
        os.environ.update(environment or {})
        from pipeline import ending
        from pipeline.__main__ import main

        ending.shorten_tracebacks()
        prepare()
        if fault:
            counters.arm(fault, folder)
        code = (play or main)(list(words))
        sys.stdout.flush()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def start_for_real(words: Sequence[str], folder: Path, environment: Mapping[str, str], fault: Fault) -> Running:
    """Start the command line as cron does, in an interpreter of its own."""
    counters = Counters()
    descriptor, said = tempfile.mkstemp(prefix="said-")
    began = time.monotonic()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", STARTER, str(folder), *words],
        {**os.environ, **environment, **counters.told(fault, folder), "PYTHONPATH": str(ROOT)},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, descriptor, 2),
        ],
    )
    os.close(descriptor)
    return Running(child, counters, Path(said), began)


def run(words: Sequence[str], folder: Path, fault: Fault | None = None, **more: Any) -> Ended:
    """Run a command to its end, or to the fault."""
    return start(words, folder, fault, **more).end()


@contextmanager
def quiet() -> Iterator[None]:
    """Say nothing on either output."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield
