"""One way of ending: whatever comes is one line, an exit code and a row of `runs`; a signal ends every command."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.errors import Busy, Interrupted, ModelError, OutputLost, StoreError, UsageError
from db import runs
from db.store import open_store
from pipeline import __main__ as program
from pipeline import signals, streams
from pipeline import translate as translating
from pipeline.__main__ import main
from pipeline.command_line import parser
from pipeline.commands import state
from pipeline.commands import translate as command
from pipeline.ending import ending_of, recorded
from tests.support.fakes import Echo, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Rendering

ROOT = Path(__file__).parents[1]
AT = datetime(2026, 2, 5, 16, tzinfo=UTC)
RUNS = "SELECT command, finished_at IS NOT NULL, exit_code, error FROM runs ORDER BY id"


def leaves(found: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command with the words that it cannot do without, as the parser knows them."""
    below = [action for action in found._actions if isinstance(action, argparse._SubParsersAction)]
    if (below and below[0].required) or words == ("demo",):
        yield from (leaf for name, one in below[0].choices.items() for leaf in leaves(one, (*words, name)))
        return
    needed = [action for action in found._actions if not action.option_strings and action.nargs != "?"]
    yield *words, *(next(iter(action.choices)) if action.choices else "1" for action in needed if not action.nargs)


ODD = "odd\n\udcff" if sys.platform == "linux" else "odd\n"  # a name that is no UTF-8, where the system takes one
COMMANDS = [words for words in leaves(parser()) if words[0] != "demo"]


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_database_that_is_none_is_one_line_for_every_command(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISNYK_ARGOS_PACKAGES", str(tmp_path / "packages"))
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / ODD).write_bytes(b"no database" * 20)
    with (ROOT / "core" / "__init__.py").open(encoding="utf-8") as text:
        monkeypatch.setattr(sys, "stdin", text)
        for path in ("pipe", ".", ODD, "x" * 5000, "/dev/null", ":memory:"):
            assert main([*words, "--db", path]) in (0, 1, 2)
            assert len(lines(capsys)) <= 1
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "packages") == [ODD, "pipe"]


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (UsageError("no such thing"), 2, "no such thing"),
        (Busy("another"), 75, "another"),
        (ModelError("no model"), 1, "no model"),
        (StoreError("a\nb\x00\udc80"), 1, r"a\nb\x00\udc80"),
        (OutputLost(""), 0, ""),
        (OutputLost("the output cannot be written: full"), 1, "the output cannot be written: full"),
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
        (OSError(28, "No space left on device"), 1, "the output cannot be written: the disk is full"),
        (OSError(24, "Too many open files", "x"), 1, "x: too many files are open: raise the limit"),
        (PermissionError(13, "Permission denied", "notes.txt"), 1, "notes.txt: Permission denied"),
        (sqlite3.OperationalError("disk I/O error"), 1, "news.db: the disk cannot be read or written"),
        (sqlite3.OperationalError("database is locked"), 1, "news.db: another program held the database"),
        (sqlite3.DatabaseError("database disk image is malformed"), 1, "news.db: the database is damaged"),
        (sqlite3.IntegrityError("CHECK constraint failed"), 1, "internal error: IntegrityError: CHECK constraint"),
        (MemoryError(), 1, "there was not enough memory"),
        (RuntimeError("can't start new thread"), 1, "no thread could be started: there was too little memory"),
        (RuntimeError("another"), 1, "internal error: RuntimeError: another in tests/test_ending.py:"),
        (RecursionError("too deep"), 1, "internal error: RecursionError: too deep in tests/test_ending.py:"),
        (UnicodeEncodeError("ascii", "й", 0, 1, "no"), 1, "internal error: UnicodeEncodeError"),
        (ModuleNotFoundError("No module named 'httpx'"), 1, "the installation is not whole: No module named 'httpx'"),
        (SystemExit(3), 1, "internal error: SystemExit: 3"),
        (asyncio.CancelledError(), 1, "internal error: CancelledError"),
        (Interrupted(15), 143, "interrupted; what was stored stays"),
        (KeyboardInterrupt(), 130, "interrupted; what was stored stays"),
        (BaseExceptionGroup("x", [ValueError("y"), Interrupted(1)]), 129, "interrupted; what was stored stays"),
        (ExceptionGroup("x", [ValueError("y"), UsageError("z")]), 2, "z"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_whatever_is_raised_is_one_line_and_a_code(
    raised: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: argparse.Namespace) -> int:
        raise raised

    monkeypatch.setattr(state, "sources", fails)
    assert main(["sources", "--db", "news.db"]) == code
    told = lines(capsys)
    assert len(told) == bool(said)
    assert "".join(told).startswith(said)


def test_the_traceback_of_a_bug_is_there_for_who_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(state, "sources", lambda _: 1 // 0)
    for asked in ("", "1"):
        monkeypatch.setenv("VISNYK_DEBUG", asked)
        assert main(["sources"]) == 1
        assert ("Traceback" in capsys.readouterr().err) == bool(asked)


def test_handlers_and_thread_are_as_they_were_afterwards() -> None:
    before = [signal.getsignal(number) for number in signals.STOPPING]
    assert main(["sources", "--json"]) == 0
    assert [signal.getsignal(number) for number in signals.STOPPING] == before


@pytest.mark.fault("P3")
@pytest.mark.parametrize("number", signals.STOPPING)
def test_a_signal_in_the_engine_ends_the_run_and_what_was_translated_stays(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = open_desk(tmp_path / "news.db")
    for key in range(1, 4):
        desk.site.publish(key, f"Громади навчаються, заняття {key}")
    desk.run()
    desk.store.close()

    class Deadly(Echo):
        def translate(self, texts: list[str]) -> list[Rendering]:
            if len(self.calls) == 1:
                os.kill(os.getpid(), number)
            return super().translate(texts)

    from translations.rerank import with_reranking

    monkeypatch.setattr(command, "load_engine", lambda *_, **__: with_reranking(Deadly()))
    monkeypatch.setattr(translating, "CHUNK", 1)
    assert main(["translate", "--db", str(tmp_path / "news.db")]) == 128 + number
    (line,) = lines(capsys)
    with sqlite3.connect(tmp_path / "news.db") as connection:
        assert connection.execute(RUNS).fetchall()[-1] == ("translate", 1, 128 + number, line)
        assert connection.execute("SELECT count(*) FROM translations WHERE state <> 'due'").fetchone() == (1,)
    connection.close()


def test_a_run_that_failed_or_was_killed_says_so_in_its_row(tmp_path: Path) -> None:
    store = open_store(tmp_path / "news.db")
    with store.transaction() as connection:
        runs.start_run(connection, "ingest", "2026-02-05T15:00:00Z", "test")  # killed: nobody finished it
    with pytest.raises(ZeroDivisionError), recorded(store, "translate", lambda: AT):
        with recorded(store, "model install", lambda: AT, within=True) as inner:
            inner.exit_code = 0
        raise ZeroDivisionError("by nothing")
    rows = [tuple(row) for row in store.connection.execute(RUNS)]
    assert rows[0] == ("ingest", 0, None, runs.WITHOUT_NOTICE)
    assert rows[1][:3] == ("translate", 1, 1)
    assert str(rows[1][3]).startswith("internal error: ZeroDivisionError: by nothing in tests/test_ending.py")
    assert rows[2] == ("model install", 1, 0, None)
    store.close()


def test_a_signal_explains_whatever_it_made_a_library_raise() -> None:
    ending = ending_of(sqlite3.OperationalError("user-defined function raised exception"), signal.SIGTERM)
    assert (ending.code, ending.line) == (143, str(Interrupted(15)))


def test_the_event_loop_is_cancelled_and_cleans_up() -> None:
    cleaned = []

    async def long() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.sleep(600)
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    with signals.watched(), pytest.raises(Interrupted):
        signals.run(long())
    assert cleaned == [True]


FAKE = """
import os, sys, time, sqlite3, signal
from pipeline import __main__ as program, signals
from pipeline.commands import state
signals.PATIENCE, signals._AGAIN_AFTER = 1.0, 0.2
def work(args):
    print("ready", flush=True)
    {}
    return 0
state.sources = work
program.script(["sources"])
"""
ENDLESS = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t"
BUSY = {
    "a long call of SQLite": f"sqlite3.connect(':memory:').execute({ENDLESS!r}).fetchone()",
    "a bare except": """
    while True:
        try: time.sleep(0.02)
        except: pass""",
    "a blocked read": "sys.stdin.read()",
    "a blocked write": "while True: os.write(1, bytes(4096))",
    "an event loop that is stuck": """
    async def stuck():
        while True: pass
    signals.run(stuck())""",
    "a thread of the event loop": """
    import asyncio
    async def waits(): await asyncio.to_thread(time.sleep, 60)
    signals.run(waits())""",
}


@pytest.mark.fault("P3")
@pytest.mark.parametrize("number", [signal.SIGTERM])
def test_a_signal_ends_a_command_in_the_middle_of_whatever_it_does(number: signal.Signals) -> None:
    """All at once: they wait for each other's processors only."""
    running = {
        what: subprocess.Popen(
            [sys.executable, "-c", FAKE.format(work)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for what, work in BUSY.items()
    }  # fmt: skip
    for process in running.values():
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    began = time.monotonic()
    for process in running.values():
        process.send_signal(number)
    ends = {}
    for what, process in running.items():
        assert process.stderr
        ends[what] = (process.wait(timeout=30), process.stderr.read())
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe
            pipe.close()
    assert ends == dict.fromkeys(BUSY, (128 + number, f"{Interrupted(number)}\n"))
    assert time.monotonic() - began < 20  # a machine may be busy; the patience here is one second


STREAMS = [
    (">&-", 0, ""), ("2>&-", 0, ""), ("<&- >&- 2>&-", 0, ""), ("2>/dev/full", 0, ""), (">/dev/full 2>/dev/full", 1, ""),
    (">/dev/full", 1, "the output cannot be written: the disk is full\n"), ("| head -c 1 >/dev/null", 0, ""),
]  # fmt: skip


def test_no_stream_costs_a_run_its_work_or_brings_a_traceback(tmp_path: Path) -> None:
    """One shell and one process each: what Python says at its very end is heard too."""
    open_store(tmp_path / "news.db").close()
    asked = [row for row in STREAMS if "/dev/full" not in row[0] or Path("/dev/full").exists()]  # only Linux has it
    started = [
        subprocess.Popen(
            ["bash", "-c", f'"$0" -m pipeline sources --json {redirected}; exit ${{PIPESTATUS[0]}}', sys.executable],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for redirected, _, _ in asked
    ]  # fmt: skip
    ended = [(process.communicate()[1], process.returncode) for process in started]
    assert ended == [(said, code) for _, code, said in asked]


ENVIRONMENTS: list[dict[str, str]] = [
    {},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PATH": "", "TZ": "Nowhere/Odd:::", "TMPDIR": "/nowhere"},
    {"PYTHONIOENCODING": "ascii"},
]


@pytest.mark.fault("P5")
def test_ukrainian_comes_out_in_every_environment() -> None:
    command_line = [sys.executable, "-m", "pipeline", "sources", "--json"]
    started = [
        subprocess.Popen(command_line, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for env in ENVIRONMENTS
    ]
    said = [process.communicate() for process in started]
    assert [(process.returncode, told) for process, (_, told) in zip(started, said, strict=True)] == [(0, b"")] * 3
    assert "Децентралізація".encode() in said[0][0]
    assert said[0] == said[1]
    assert b"\\u0414\\u0435\\u0446" in said[2][0]
    assert said[2][0].isascii()


def test_the_reader_that_left_ends_a_stream_of_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("builtins.print", gone)
    streams.answer("all of it")  # the command goes on to its own exit code
    with pytest.raises(OutputLost, match=r"^$"):
        streams.put("one of many")


@pytest.mark.parametrize(
    "words",
    [
        ["story", "show", "9" * 5000], ["story", "show", "-1"], ["translate", "--limit", "9" * 20],
        ["digest", "--issue", "\udcff"], ["digest", "--by", "a\nb"], ["health", "--now", "0001-01-01"],
        ["serve", "--port", "65536"], ["demo", "serve-site", "--port", "-1"], ["\udcff"], ["health", "extra\n"], [],
        ["health", "--now", "9999-12-31"], ["health", "--now", "nonsense"], ["serve", "--host", "a" * 300],
        ["demo", "--out", "", "--no-serve"], ["demo", "--out", ".", "--no-serve"], ["demo", "--out", "/"],
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_store(tmp_path / "news.db").close()
    database = ["--db", str(tmp_path / "news.db")] if words and words[0] != "demo" else []
    try:
        code = main([*words, *database])
    except SystemExit as stop:
        code = int(stop.code or 0)
    assert code == 2 or words[0] == "serve"
    (line,) = lines(capsys)
    assert len(line) < 700


def test_the_program_loads_nothing_before_its_handlers_stand() -> None:
    assert set(vars(program)) & {"argparse", "asyncio", "ending", "parser", "typing"} == set()
