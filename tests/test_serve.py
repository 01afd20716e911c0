"""`serve`: how it starts, and how it says that it cannot."""

from __future__ import annotations

import logging
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest
from datasette.app import Datasette

from core.errors import NewerDatabase, StoreError, UsageError
from pipeline.ending import shorten_tracebacks
from pipeline.serve import ROOT, SETTINGS, check_database, check_port, serve
from tests.support.newsroom import Newsroom, Website

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def filled(path: Path) -> Website:
    room = Newsroom(path)
    room.source("portal")
    for n in range(40):
        room.story(f"Новина {n}", published_on=f"2026-01-{1 + n % 28:02}")
    return room.done()


@pytest.mark.fault("D9")
def test_before_the_first_ingest_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"make ingest.*make demo") as caught:
        serve(tmp_path / "news.db", port=0)
    assert "news.db" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "is empty"), (b"something else " * 100, "not a SQLite database")]
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "news.db").write_bytes(content)
    with pytest.raises(StoreError, match=reason):
        check_database(tmp_path / "news.db")


def test_a_database_of_newer_code_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "news.db").close()
    db = sqlite3.connect(tmp_path / "news.db")
    db.execute("PRAGMA user_version = 9999")
    db.close()
    with pytest.raises(NewerDatabase, match="newer version"):
        check_database(tmp_path / "news.db")


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"127\.0\.0\.1:{port}.*--port"):
            check_port("127.0.0.1", port)


def test_a_port_that_does_not_exist_is_no_crash() -> None:
    with pytest.raises(UsageError):
        check_port("127.0.0.1", 99999)


def test_the_database_is_called_news_whatever_its_file(tmp_path: Path) -> None:
    site = filled(tmp_path / "архів 2026.db")
    assert site.json("/news/news.json")["filtered_table_rows_count"] == 40
    assert "<h1>News</h1>" in site.get("/news/news").text
    assert [d["name"] for d in site.json("/-/databases.json")] == ["news"]
    site.close()


@pytest.mark.fault("D12", "D13")
def test_readers_are_held_to_the_settings(tmp_path: Path) -> None:
    site = filled(tmp_path / "news.db")
    shown = site.json("/-/settings.json")
    assert {name: shown[name] for name in SETTINGS} == SETTINGS
    assert site.datasette.cors is False
    assert len(site.json("/news/news.json")["rows"]) == 25
    assert site.json("/-/databases.json")[0]["is_mutable"] is True
    site.close()


def test_a_fault_at_the_start_is_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path / "news.db").close()

    async def broken(_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Datasette, "invoke_startup", broken)
    monkeypatch.setattr(logging, "lastResort", logging.StreamHandler())
    monkeypatch.setattr(logging.root, "handlers", [])
    for place, name in ((sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(place, name, getattr(place, name))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with warnings.catch_warnings(), pytest.raises(StoreError, match="cannot serve"):
        shorten_tracebacks()
        serve(tmp_path / "news.db", port=port)
    told = capfd.readouterr().err
    assert "no space left" in told and "Traceback" not in told


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command on a database of 40 stories, and its address."""
    filled(tmp_path / "news.db").close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "pipeline", "serve", "--db", str(tmp_path / "news.db"), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = server.stderr.readline()
        assert f"http://127.0.0.1:{port}/" in said
        yield server, f"http://127.0.0.1:{port}"
        server.kill()


def get(address: str) -> str:
    transport = httpx.HTTPTransport(retries=8)  # it says so just before it listens
    with httpx.Client(transport=transport, trust_env=False, timeout=120) as client:
        return client.get(address).raise_for_status().text


@pytest.mark.fault("D13")
def test_the_command_serves_on_loopback_and_leaves_the_database_alone(
    served: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    _, address = served
    assert "Новина 27" in get(f"{address}/")
    assert len(get(f"{address}/news/news.csv?_stream=on").splitlines()) == 41
    db = sqlite3.connect(tmp_path / "news.db")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_without_a_word(served: tuple[subprocess.Popen[str], str], stop: signal.Signals) -> None:
    server, address = served
    get(f"{address}/")
    server.send_signal(stop)
    assert server.stderr is not None
    assert server.stderr.read() == ""
    assert server.wait() == 0
