"""What hands, disks and other programs do to the file, and what a run with too little memory leaves."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from core.model import Translation
from db.store import explained, open_for_reading, open_store
from demo.replica import Replica
from demo.scenario import DAYS
from pipeline.__main__ import main
from pipeline.translate import translate_due
from tests.endurance import shared
from tests.support.argos_packages import install_demo
from tests.support.fakes import Desk, Echo, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
AT = "2026-02-05T16:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    for key in range(1, 4):
        desk.site.publish(key, f"Громади навчаються, заняття {key}")
    desk.run()
    yield desk
    desk.store.close()


@pytest.mark.fault("S1")
@pytest.mark.parametrize(("free", "said"), [(15, "the disk is full"), (16, "look into the system's log")])
def test_an_error_of_a_disk_without_room_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    monkeypatch.setattr("db.store.os.statvfs", lambda _: SimpleNamespace(f_bavail=free, f_frsize=4096))
    assert said in explained(sqlite3.OperationalError("disk I/O error"), tmp_path / "news.db")


@pytest.mark.fault("S20")
@pytest.mark.parametrize("removed", [("-shm",), ("-wal", "-shm"), ("-wal",)])
def test_what_a_killed_run_left_beside_the_file_may_be_removed(tmp_path: Path, removed: tuple[str, ...]) -> None:
    path = tmp_path / "news.db"
    open_store(path).close()
    child = os.fork()
    if not child:
        store = open_store(path)
        for _ in range(2):
            with store.transaction() as connection:
                connection.execute("INSERT INTO stories (first_seen_at) VALUES ('x')")
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    for ending in removed:
        path.with_name(f"news.db{ending}").unlink()
    store = open_store(path)
    count = store.connection.execute("SELECT count(*) FROM stories").fetchone()[0]
    assert count == (0 if "-wal" in removed else 2)  # the log holds what was not written back yet
    assert main(["check-database", "--db", str(path)]) == 0
    store.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["news.db"]


@pytest.mark.fault("S18")
@pytest.mark.parametrize(("bytes_left", "told"), [(40_000, False), (39_999, True)])
def test_a_log_that_a_reader_keeps_from_being_written_back_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bytes_left: int, told: bool
) -> None:
    path = tmp_path / "news.db"
    open_store(path).close()
    monkeypatch.setattr("db.store.BUSY_SECONDS", 0.01)
    monkeypatch.setattr("db.store.LOG_AT_MOST", bytes_left)
    reader = open_for_reading(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM stories").fetchone()
    log = path.with_name("news.db-wal")
    log.touch()
    os.truncate(log, 40_000)
    monkeypatch.setattr("pipeline.commands.ingest.chosen_sources", lambda _: [])
    assert main(["ingest", "--db", str(path), "--no-translate"]) == 0
    assert ("keeps the log from being written back" in capsys.readouterr().err) == told
    reader.close()


@pytest.mark.fault("S9")
def test_what_a_run_stored_is_on_the_disk_when_it_ends(desk: Desk) -> None:
    assert desk.rows("PRAGMA synchronous") == [(1,)]  # NORMAL: SQLite waits for the disk before it writes the log back
    desk.store.close()
    alone = sqlite3.connect(f"{desk.store.path.as_uri()}?immutable=1", uri=True)  # looks at no log
    assert alone.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    alone.close()
    desk.store = open_store(desk.store.path)


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Let nobody write there: for root only a read-only file system does that."""
    if not shared.can_mount():
        folder.chmod(0o555)
        yield
        folder.chmod(0o755)
        return
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with shared.small_disk(folder, 8 << 20):
        for name, content in files.items():
            (folder / name).write_bytes(content)
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, capture_output=True)
        yield


@pytest.mark.fault("S4")
@pytest.mark.skipif(os.geteuid() == 0 and not shared.can_mount(), reason="root may write everywhere")
@pytest.mark.parametrize("exists", [True, False])
def test_where_nothing_can_be_written_nothing_is_fetched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], exists: bool
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    if exists:
        open_store(folder / "news.db").close()
    with Replica() as site, unwritable(folder):
        site.start()
        words = ["ingest", "--db", str(folder / "news.db"), "--now", DAYS[0].isoformat(), *site.options()]
        assert main(words) == 1
        assert site.hits == []
        site.shutdown()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert str(folder) in lines[0]


@pytest.mark.fault("P15", "T9")
def test_the_same_run_again_and_again_changes_nothing(desk: Desk) -> None:
    def translated() -> None:
        translate_due(
            desk.store,
            load=Echo,
            judge=lambda text, result, by: Translation(text, result.text, by.engine, by.model, "", "ok"),
            at=AT,
        )

    translated()
    before = desk.state()
    for _ in range(20):
        desk.run()
        translated()
    assert desk.state() == before


@pytest.mark.fault("T3", "P10")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
def test_translating_with_too_little_memory_keeps_what_is_stored(desk: Desk, tmp_path: Path) -> None:
    """The engine runs in the process of the run: the system may end it, and then the next run goes on."""
    install_demo(tmp_path / "packages")
    desk.store.close()
    code = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({200 << 20},) * 2); "
    code += "from pipeline.__main__ import script; script()"
    words = ["translate", "--db", str(desk.store.path), "--now", AT]
    environment = {**os.environ, "VISNYK_ARGOS_PACKAGES": str(tmp_path / "packages")}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    desk.store = open_store(desk.store.path)
    assert desk.rows("SELECT count(*) FROM articles") == [(3,)]
    assert [row[0] for row in desk.store.connection.execute("PRAGMA integrity_check")] == ["ok"]
