"""A backup is whole, of one moment, and never half there; a restored database is the backup, or nothing has changed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.errors import Busy, NewerDatabase, StoreError, UsageError
from db import backup, copies, reading, store
from db.copies import faults, part_file
from db.migrations import SCHEMA_VERSION
from db.store import exclusive, open_for_reading, open_store
from pipeline.__main__ import main
from tests.support.older_files import filled_by

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
KILLS = 20  # `python -m tests.support.killed_copy restore FOLDER 200` makes more
AT = "2026-03-01T06:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database with rows in every table, in a folder of its own."""
    (tmp_path / "here").mkdir()
    path = tmp_path / "here" / "news.db"
    filled_by(path, 3)
    open_store(path).close()
    path.with_name("news.db.v3").unlink()
    return path


def seen(path: Path) -> list[str]:
    """When each story of a sound database was first seen: what the tests tell databases apart by."""
    with closing(open_for_reading(path)) as connection:
        assert faults(connection) == []
        return [row[0] for row in connection.execute("SELECT first_seen_at FROM stories ORDER BY id")]


def add(path: Path, mark: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO stories (first_seen_at) VALUES (?)", (mark,))


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.endswith((".lock", "-wal", "-shm")))


# Backup


@pytest.mark.fault("S19")
def test_a_backup_is_of_one_moment_though_another_program_writes(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer commits at every step: it neither waits, nor makes the copy begin again, nor gets into it."""
    monkeypatch.setattr(copies, "PAGES_AT_ONCE", 1)
    before, steps, other = seen(db), list[int](), sqlite3.connect(db, timeout=0, isolation_level=None)

    def progress(copied: int, total: int) -> None:
        steps.append(copied)
        other.execute("INSERT INTO stories (first_seen_at) VALUES ('meanwhile')")

    made = backup.back_up(db, db.with_name("copy.db"), progress=progress)
    other.close()
    assert seen(made.file) == before
    assert steps == sorted(steps)
    assert len(steps) > 50
    assert seen(db) == before + ["meanwhile"] * len(steps)


def test_a_backup_is_one_plain_file_as_readable_as_the_database(db: Path, tmp_path: Path) -> None:
    db.chmod(0o640)
    with closing(sqlite3.connect(db)) as writer:  # so that the newest rows are in the write-ahead log only
        writer.execute("INSERT INTO stories (first_seen_at) VALUES ('new')")
        writer.commit()
        folder = tmp_path / "there"
        folder.mkdir()
        backup.back_up(db, folder / "copy.db")
    assert names(folder) == ["copy.db"]
    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o640
    assert seen(folder / "copy.db") == seen(db)
    assert [file.name for file in folder.iterdir()] == ["copy.db"]  # reading it left nothing behind either


def test_a_copy_of_what_changed_while_it_was_read_without_locks_is_thrown_away(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the database lies in a folder that this user cannot write, and another one does."""
    file = db.with_name("copy.db")
    backup.back_up(db, file)
    before = file.read_bytes()

    def without_locks(path: Path) -> sqlite3.Connection:
        opened = reading.connect(path, reading._Unlocked, immutable=True)
        opened.watched = path, reading.file_state(path)
        return opened

    monkeypatch.setattr(backup, "open_for_reading", without_locks)
    with pytest.raises(StoreError, match="was written to while this read it"):
        backup.back_up(db, file, force=True, progress=lambda *_: add(db, "meanwhile"))
    assert file.read_bytes() == before
    assert names(db.parent) == ["copy.db", "news.db"]
    assert backup.back_up(db, file, force=True).stories > 3


def test_a_backup_needs_no_lock_of_ingest(db: Path) -> None:
    with exclusive(db):
        assert main(["backup", "--db", str(db), str(db.with_name("copy.db"))]) == 0


def test_a_database_of_an_older_version_is_backed_up_as_it_is(tmp_path: Path) -> None:
    filled_by(tmp_path / "news.db", 3)
    backup.back_up(tmp_path / "news.db", tmp_path / "copy.db")
    assert store.file_version(tmp_path / "copy.db") == 3


def test_an_older_backup_is_replaced_only_when_that_is_asked_for(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = db.with_name("copy.db")
    assert main(["backup", "--db", str(db), str(file)]) == 0
    first = seen(file)
    add(db, "new")
    assert main(["backup", "--db", str(db), str(file)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert seen(file) == first
    assert main(["backup", "--db", str(db), str(file), "--force"]) == 0
    assert seen(file) == [*first, "new"]
    assert capsys.readouterr() == ("", "")  # nothing for cron's mail


def test_a_backup_tells_what_it_holds(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = db.with_name("copy.db")
    assert main(["backup", "--db", str(db), str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"file": str(file), "bytes": file.stat().st_size, "stories": 3, "articles": 3, "kept": None}


def _fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _the_database(path: Path) -> None:
    path.unlink()
    path.symlink_to("news.db")


def _link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("missing") / "copy.db")


def _circle(path: Path) -> None:
    path.symlink_to(path)


def _other_program(path: Path) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE contacts (name TEXT)")


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (Path.mkdir, 2, "not a regular file"),
        (_fifo, 2, "not a regular file"),
        (lambda path: path.write_text("my notes"), 2, "no backup of Visnyk"),
        (Path.touch, 2, "no backup of Visnyk"),
        (_other_program, 1, "another program"),
        (lambda path: path.hardlink_to(path.with_name("news.db")), 2, "the database itself"),
        (lambda path: path.symlink_to("news.db"), 2, "the database itself"),
        (_link_to_nowhere, 1, "there is no folder"),
        (_circle, 2, "circle"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_stays(
    db: Path, make: Callable[[Path], object], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = db.with_name("copy.db")
    make(file)
    before = names(db.parent), db.read_bytes(), file.is_file() and file.read_bytes()
    assert main(["backup", "--db", str(db), str(file), "--force"]) == code
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert (names(db.parent), db.read_bytes(), file.is_file() and file.read_bytes()) == before


@pytest.mark.parametrize(
    ("file", "code"),
    [("", 2), ("missing/copy.db", 1), ("news.db", 2), ("news.db-wal", 2), ("news.db.lock", 2), ("a" * 250, 1)],
)
def test_a_name_that_no_backup_can_have_is_refused(db: Path, file: str, code: int) -> None:
    before = names(db.parent)
    assert main(["backup", "--db", str(db), file and str(db.with_name("x").parent / file)]) == code
    assert names(db.parent) == before


def test_a_link_is_followed(db: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    db.with_name("latest.db").symlink_to(tmp_path / "disk" / "copy.db")
    backup.back_up(db, db.with_name("latest.db"))
    assert db.with_name("latest.db").is_symlink()
    assert seen(tmp_path / "disk" / "copy.db") == seen(db)


def test_there_is_nothing_to_back_up_before_the_first_ingest(tmp_path: Path) -> None:
    assert main(["backup", "--db", str(tmp_path / "news.db"), str(tmp_path / "copy.db")]) == 1
    assert names(tmp_path) == []


@pytest.mark.fault("S13")
def test_a_damaged_database_gives_no_backup(db: Path) -> None:
    damage(db)
    with pytest.raises(StoreError, match=r"news\.db is damaged, no copy was kept: .*articles_title_hash"):
        backup.back_up(db, db.with_name("copy.db"))
    assert names(db.parent) == ["news.db"]


def damage(db: Path) -> None:
    """One letter of an index, as a bad disk would."""
    with closing(sqlite3.connect(db)) as connection:
        sql = "SELECT rootpage FROM sqlite_master WHERE name = 'articles_title_hash'"
        root, size = connection.execute(sql).fetchone()[0], connection.execute("PRAGMA page_size").fetchone()[0]
    data = bytearray(db.read_bytes())
    at = data.index(b"h3", (root - 1) * size, root * size)
    data[at : at + 2] = b"h4"
    db.write_bytes(data)


@pytest.mark.fault("S1")
@pytest.mark.parametrize(("free", "fits"), [(0, True), (-1, False)])
def test_a_disk_without_room_is_named_before_it_is_full(
    db: Path, monkeypatch: pytest.MonkeyPatch, free: int, fits: bool
) -> None:
    with closing(open_for_reading(db)) as connection:
        size = connection.execute("PRAGMA page_count").fetchone()[0] * 4096
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 0, size + free))
    if fits:
        backup.back_up(db, db.with_name("copy.db"))
    else:
        with pytest.raises(StoreError, match="the disk is full"):
            backup.back_up(db, db.with_name("copy.db"))
    assert names(db.parent) == (["copy.db", "news.db"] if fits else ["news.db"])


@pytest.mark.fault("S3")
def test_a_write_that_fails_leaves_one_line_and_nothing_half(db: Path) -> None:
    program = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); "
    program += "from pipeline.__main__ import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "backup", "--db", str(db), str(db.with_name("copy.db"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "copy.db" in done.stderr
    assert names(db.parent) == ["news.db"]


def test_two_backups_into_one_file_do_not_meet(db: Path) -> None:
    file = db.with_name("copy.db")
    with part_file(file, 0o600), pytest.raises(Busy):
        backup.back_up(db, file)
    assert main(["backup", "--db", str(db), str(file)]) == 0


def test_what_a_killed_backup_left_is_written_over(db: Path) -> None:
    db.with_name("copy.db.part").write_bytes(b"half" * 100_000)
    db.with_name("copy.db.part-journal").write_bytes(b"half")
    backup.back_up(db, db.with_name("copy.db"))
    assert names(db.parent) == ["copy.db", "news.db"]
    assert seen(db.with_name("copy.db")) == seen(db)


# Restore


def backed_up(db: Path) -> Path:
    """A backup, and a story that came after it."""
    file = db.with_name("copy.db")
    backup.back_up(db, file)
    add(db, "after")
    return file


def test_a_backup_comes_back_and_what_was_there_is_kept(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = seen(db)
    file = backed_up(db)
    assert main(["restore", "--db", str(db), str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert seen(db) == before
    assert seen(Path(told["kept"])) == [*before, "after"]
    assert Path(told["kept"]).parent == db.parent
    with closing(open_store(db)) as opened:
        assert opened.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_readers_that_have_the_file_open_see_the_restored_rows(db: Path) -> None:
    before, file = seen(db), backed_up(db)
    inode = db.stat().st_ino
    with closing(open_for_reading(db)) as reader, closing(open_for_reading(db)) as other:
        other.execute("BEGIN")
        count = "SELECT count(*) FROM stories"
        assert (reader.execute(count).fetchone()[0], other.execute(count).fetchone()[0]) == (4, 4)
        backup.restore(file, db, AT)
        assert (reader.execute(count).fetchone()[0], other.execute(count).fetchone()[0]) == (3, 4)
        other.execute("ROLLBACK")
        assert other.execute(count).fetchone()[0] == 3
    assert db.stat().st_ino == inode
    assert seen(db) == before


def test_two_restores_keep_both_databases_of_before(db: Path) -> None:
    file = backed_up(db)
    first = backup.restore(file, db, AT)
    add(db, "again")
    second = backup.restore(file, db, AT)
    assert first.kept
    assert second.kept
    assert (seen(first.kept)[-1], seen(second.kept)[-1]) == ("after", "again")


def test_a_restore_leaves_while_another_run_works(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = backed_up(db)
    with exclusive(db):
        assert main(["restore", "--db", str(db), str(file)]) == 75
    assert seen(db)[-1] == "after"
    assert names(db.parent) == ["copy.db", "news.db"]


def test_a_restore_waits_only_so_long_for_a_writer(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backed_up(db)
    monkeypatch.setattr(backup, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(copies, "PATIENCE", 0.05)
    with closing(sqlite3.connect(db, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program held the database"):
            backup.restore(file, db, AT)
        writer.execute("ROLLBACK")
    assert seen(db)[-1] == "after"


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (Path.unlink, UsageError, "no such file"),
        (lambda path: path.write_bytes(b""), StoreError, "empty"),
        (lambda path: path.write_text("my notes " * 50), StoreError, "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9000]), StoreError, "damaged"),
        (damage, StoreError, "damaged"),
        (_newer, NewerDatabase, "newer version"),
        (_other_program, StoreError, "another program"),
        (_folder, UsageError, "no such file"),
        (_fifo, UsageError, "no such file"),
        (_the_database, UsageError, "the database itself"),
    ],
)
def test_a_bad_backup_is_refused_before_anything_is_touched(
    db: Path, spoil: Callable[[Path], object], error: type[Exception], words: str
) -> None:
    file = backed_up(db)
    spoil(file)
    before, there = db.read_bytes(), names(db.parent)
    with pytest.raises(error, match=words):
        backup.restore(file, db, AT)
    assert db.read_bytes() == before
    assert names(db.parent) == there


def test_a_database_of_another_program_is_not_written_over(db: Path) -> None:
    file = backed_up(db)
    _other_program(db)
    before = db.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        backup.restore(file, db, AT)
    assert db.read_bytes() == before


def test_a_database_of_newer_code_gives_way_to_a_backup_of_this_one(db: Path) -> None:
    file = backed_up(db)
    _newer(db)
    made = backup.restore(file, db, AT)
    assert len(seen(db)) == 3
    assert made.kept
    with closing(sqlite3.connect(made.kept)) as kept:
        assert kept.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION + 1


@pytest.mark.fault("S11", "S12")
@pytest.mark.parametrize("content", [b"", b"no database " * 50, None])
def test_a_backup_takes_the_place_of_a_broken_or_missing_database(db: Path, content: bytes | None) -> None:
    before, file = seen(db), backed_up(db)
    db.unlink()
    if content is not None:
        db.write_bytes(content)
    made = backup.restore(file, db, AT)
    assert seen(db) == before
    assert (made.kept and made.kept.read_bytes()) == content
    open_store(db).close()


def test_a_database_with_a_broken_page_gives_way_and_is_kept_as_it_was(db: Path) -> None:
    before, file = seen(db), backed_up(db)
    damage(db)
    data = db.read_bytes()
    made = backup.restore(file, db, AT)
    assert seen(db) == before
    assert made.kept
    assert made.kept.read_bytes()[100:] == data[100:]


@pytest.mark.fault("S20")
@pytest.mark.parametrize("left", ["gone", "broken"])
def test_a_log_without_its_database_is_not_written_into_the_restored_one(db: Path, tmp_path: Path, left: str) -> None:
    """SQLite plays a -wal into whatever file stands beside it, whichever database it came from."""
    before, file = seen(db), backed_up(db)
    with closing(sqlite3.connect(db)) as writer:
        writer.execute("UPDATE stories SET first_seen_at = 'of the log'")
        writer.commit()
        log = db.with_name("news.db-wal").read_bytes()
    assert len(log) > 4096
    db.unlink() if left == "gone" else db.write_bytes(b"broken")
    db.with_name("news.db-wal").write_bytes(log)
    backup.restore(file, db, AT)
    assert seen(db) == before
    (kept,) = (file for file in db.parent.iterdir() if "replaced" in file.name and file.name.endswith("-wal"))
    assert kept.read_bytes() == log


def test_a_backup_put_there_by_hand_works_like_any_database(db: Path) -> None:
    file = backed_up(db)
    for path in db.parent.glob("news.db*"):
        path.unlink()
    shutil.copy(file, db)
    with closing(open_store(db)) as opened:
        assert opened.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


@pytest.mark.fault("S19")
def test_backups_made_while_others_write_are_complete_when_they_come_back(tmp_path: Path) -> None:
    """Two of them and few stories here; `python -m tests.support.restored FOLDER 20 100000` makes twenty of many."""
    command = [sys.executable, "-m", "tests.support.restored", str(tmp_path), "2", "200"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rounds = [json.loads(line) for line in done.stdout.splitlines()[:-1]]
    assert len(rounds) == 2
    assert max(one["backup"] for one in rounds) < 10
    assert max(one["restore"] for one in rounds) < 10


@pytest.fixture(scope="module", params=["backup", "restore"])
def killed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, list[int]]:
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "tests.support.killed_copy", request.param, str(folder), str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return request.param, folder, [int(line) for line in done.stdout.split()]


def test_a_kill_at_any_line_leaves_the_old_or_the_new_whole(killed: tuple[str, Path, list[int]]) -> None:
    task, folder, ended = killed
    assert ended == [-9] * KILLS
    old, new = (3, 4) if task == "backup" else (4, 3)
    states = []
    for share in range(KILLS):
        place = folder / str(share)
        file = place / ("backup.db" if task == "backup" else "news.db")
        with closing(sqlite3.connect(file)) as connection:
            assert faults(connection) == []
            states.append(connection.execute("SELECT count(*) FROM stories").fetchone()[0])
        if share % 5 == 0:
            if task == "backup":
                backup.back_up(place / "news.db", file, force=True)
            else:
                backup.restore(place / "backup.db", file, AT)
            assert len(seen(file)) == new
            assert [name for name in names(place) if name.endswith(".part")] == []
    assert set(states) == {old, new}
    assert states == sorted(states, key=[old, new].index)
