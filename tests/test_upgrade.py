"""A database of every released version comes along whole, and a migration that is stopped leaves it as it was."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import StoreError
from db import backup, copies, migrations
from db.copies import faults
from db.migrations import SCHEMA_VERSION
from db.store import file_version, open_for_reading, open_store
from pipeline.__main__ import main
from pipeline.serve import check_database
from tests.support.older_files import HISTORY, RELEASED, all_rows, filled_by, made_by

ROOT = Path(__file__).parents[1]
OLDER = [version for version in RELEASED if version < SCHEMA_VERSION]
KILLS = 20  # `python -m tests.support.killed_copy migrate FOLDER 200` makes more
AT = "2026-03-01T06:00:00Z"
# columns of older files → what says the same today
AS_STORED_NOW = {
    ("digest_choices", "included"): "decision <> 'dropped'",
    ("digest_choices", "note"): "iif(decision = 'dropped', reason, note)",
}


def read(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return all_rows(connection)


def columns(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_no_table_of_a_released_version_is_without_a_row(tmp_path: Path) -> None:
    """Else the tests below would show nothing of it."""
    for version in RELEASED:
        rows = filled_by(tmp_path / f"{version}.db", version)
        assert [name for name, found in rows.items() if not found] == []


@pytest.mark.fault("S14")
@pytest.mark.parametrize("version", OLDER)
def test_every_row_of_an_older_file_comes_along(tmp_path: Path, version: int) -> None:
    path = tmp_path / "news.db"
    before = filled_by(path, version)
    names = {table: columns(path, table) for table in before}
    open_store(path).close()
    assert file_version(path) == SCHEMA_VERSION
    with closing(open_for_reading(path)) as connection:
        assert faults(connection) == []
        for table, rows in before.items():
            listed = ", ".join(AS_STORED_NOW.get((table, name), name) for name in names[table])
            now = sorted(map(tuple, connection.execute(f"SELECT {listed} FROM {table}")), key=repr)
            assert now == rows, table


@pytest.mark.parametrize("version", OLDER)
@pytest.mark.parametrize("fixed", [True, False])
def test_an_editors_decisions_in_an_older_draft_hold(tmp_path: Path, version: int, fixed: bool) -> None:
    """Of a draft that was imported, what was in it was taken; of another, all that is due is in it anyway."""
    path = tmp_path / "news.db"
    filled_by(path, version)
    with closing(sqlite3.connect(path)) as connection:
        if not fixed:
            connection.execute("UPDATE digests SET fixed_at = NULL")
        connection.commit()
    open_store(path).close()
    with closing(open_for_reading(path)) as connection:
        sql = "SELECT story_id, decision, until, reason, note, remark, title_en FROM digest_choices ORDER BY story_id"
        assert list(map(tuple, connection.execute(sql))) == [
            (1, "dropped", "", "too old", "", "", None),
            (2, "taken" if fixed else None, "", "", "later", "", "No date yet"),
        ]


@pytest.mark.parametrize("version", OLDER)
def test_what_an_older_file_sent_and_dropped_is_known_by_article(tmp_path: Path, version: int) -> None:
    path = tmp_path / "news.db"
    filled_by(path, version)
    open_store(path).close()
    with closing(open_for_reading(path)) as connection:
        sent = "SELECT digest_id, article_id, newsletter, story_id, correction FROM digest_articles"
        assert list(map(tuple, connection.execute(sent))) == [(1, 1, "bulletin", 1, 0)]
        assert [row[0] for row in connection.execute("SELECT articles FROM digest_drops")] == ["[3]"]
        published = "SELECT name FROM digests WHERE published_at = sealed_at"
        assert [row[0] for row in connection.execute(published)] == ["issue-1"]


@pytest.mark.parametrize("version", OLDER)
def test_ids_that_were_used_once_are_not_used_again(tmp_path: Path, version: int) -> None:
    path = tmp_path / "news.db"
    filled_by(path, version)
    with closing(open_store(path)) as opened:
        sql = "INSERT INTO problems (stage, message, first_at, last_at) VALUES ('fetch', 'm', ?1, ?1) RETURNING id"
        assert opened.connection.execute(sql, (AT,)).fetchone()[0] == 9  # 8 was the last, and was deleted


@pytest.mark.parametrize("version", OLDER)
def test_what_readers_and_editors_use_works_after_the_upgrade(
    tmp_path: Path, version: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "news.db", tmp_path / "out"
    filled_by(path, version)
    open_store(path).close()
    check_database(path)
    with closing(open_for_reading(path)) as connection:
        shown = connection.execute("SELECT title_uk, title_en, title_en_by FROM news ORDER BY story_id").fetchall()
    assert [tuple(row) for row in shown] == [
        ("Угода громад", "A deal of hromadas", "publisher"),
        ("Без дати", "No date", "editor"),
    ]
    assert main(["health", "--db", str(path), "--now", "2026-02-01T10:00:00Z"]) == 0
    assert main(["check-database", "--db", str(path)]) == 0
    for issue in ("issue-1", "issue-2"):
        assert main(["digest", "--db", str(path), "--issue", issue, "--format", "txt", "--out", str(out)]) == 0
    assert "A deal of hromadas" in (out / "issue-1.txt").read_text("utf-8")
    capsys.readouterr()


@pytest.mark.parametrize("version", OLDER)
def test_the_copy_that_is_kept_is_what_the_old_version_had(tmp_path: Path, version: int) -> None:
    """The way back is to put it in the place of the database: the old version finds its own file."""
    path = tmp_path / "news.db"
    before = filled_by(path, version)
    path.chmod(0o640)
    open_store(path).close()
    copy = tmp_path / f"news.db.v{version}"
    assert read(copy) == before
    assert file_version(copy) == version
    assert copy.stat().st_mode & 0o777 == 0o640
    made_by(tmp_path / "empty.db", version).close()
    with closing(sqlite3.connect(copy)) as kept, closing(sqlite3.connect(tmp_path / "empty.db")) as empty:
        sql = "SELECT name, sql FROM sqlite_master ORDER BY name"
        assert kept.execute(sql).fetchall() == empty.execute(sql).fetchall()


@pytest.mark.parametrize("version", OLDER)
def test_the_kept_copy_can_be_restored_and_is_migrated_again(tmp_path: Path, version: int) -> None:
    path = tmp_path / "news.db"
    filled_by(path, version)
    with closing(open_store(path)) as opened:
        first = all_rows(opened.connection)
        opened.connection.execute("INSERT INTO stories (first_seen_at) VALUES ('later')")
    copy = tmp_path / f"news.db.v{version}"
    made = backup.restore(copy, path, AT)
    assert file_version(path) == SCHEMA_VERSION
    assert read(path) == first
    assert made.kept
    with closing(open_for_reading(made.kept)) as kept:
        assert kept.execute("SELECT count(*) FROM stories WHERE first_seen_at = 'later'").fetchone()[0] == 1
    assert file_version(copy) == version


def test_a_second_upgrade_keeps_what_the_file_held_then(tmp_path: Path) -> None:
    """Back with the old version, a month of work, and forward again: the copy of a month ago is worth nothing."""
    path = tmp_path / "news.db"
    filled_by(path, OLDER[0])
    copy = tmp_path / f"news.db.v{OLDER[0]}"
    copy.write_bytes(b"half of a copy, from a version that wrote it under its name")
    open_store(path).close()
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT count(*) FROM stories").fetchone()[0] == 3


def test_two_processes_that_open_an_older_file_migrate_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "news.db"
    before = filled_by(path, OLDER[0])
    unraced = migrations.migrate

    def other_was_quicker(*args: object, **more: object) -> None:
        monkeypatch.undo()
        open_store(path).close()
        unraced(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("db.store.migrate", other_was_quicker)
    open_store(path).close()
    assert len(read(path)["articles"]) == len(before["articles"])
    assert read(tmp_path / f"news.db.v{OLDER[0]}") == before


@pytest.mark.fault("S15")
def test_a_statement_that_fails_leaves_the_older_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each statement of the migration in turn; SQLite refuses it, as on a full disk."""
    path, version = tmp_path / "news.db", OLDER[0]
    before = filled_by(path, version)
    deadly, asked = 0, 0

    def refuse(action: int, *_: object) -> int:
        nonlocal asked
        changes = (sqlite3.SQLITE_DROP_VIEW, sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_CREATE_TABLE,
                   sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_CREATE_VIEW, sqlite3.SQLITE_DROP_TABLE)  # fmt: skip
        asked += action in changes
        return sqlite3.SQLITE_DENY if action in changes and asked == deadly else sqlite3.SQLITE_OK

    refused = 0
    while deadly < 200:
        deadly, asked = deadly + 1, 0
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.set_authorizer(refuse)
            try:
                migrations.migrate(connection, path, version, SCHEMA_VERSION, keep=False)
                break
            except sqlite3.DatabaseError:
                refused += 1
        if refused % 5 == 1:
            assert read(path) == before
    assert refused > 20
    assert file_version(path) == SCHEMA_VERSION


@pytest.mark.fault("S1")
def test_a_full_disk_while_the_copy_is_made_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "news.db"
    before = filled_by(path, OLDER[0])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copies.PartFile, "move_in", full)
    with pytest.raises(StoreError, match=r"news\.db: No space left on device"):
        open_store(path)
    assert read(path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["news.db"]


@pytest.mark.fault("S13")
def test_a_damaged_older_file_is_not_migrated(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    filled_by(path, OLDER[0])
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles_title_hash'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    damaged = bytearray(path.read_bytes())
    at = damaged.index(b"h3", (root - 1) * size, root * size)
    damaged[at : at + 2] = b"h4"
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"news\.db is damaged.*articles_title_hash"):
        open_store(path)
    assert path.read_bytes() == damaged


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    folder = tmp_path_factory.mktemp("migrate")
    command = [sys.executable, "-m", "tests.support.killed_copy", "migrate", str(folder), str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder, [int(line) for line in done.stdout.split()]


@pytest.mark.fault("S15", "S20")
def test_a_migration_that_is_killed_leaves_the_older_or_the_newer_file(killed: tuple[Path, list[int]]) -> None:
    folder, ended = killed
    assert ended == [-9] * KILLS
    whole = {file_version(path): read(path) for path in (folder / "before" / "news.db", folder / "whole" / "news.db")}
    states = set()
    for share in range(KILLS):
        path = folder / str(share) / "news.db"
        rows = read(path)
        version = file_version(path)
        states.add(version)
        assert rows == whole[version]
        open_store(path).close()
        assert read(path) == whole[SCHEMA_VERSION]
        assert {file.name for file in path.parent.iterdir()} == {"news.db", f"news.db.v{OLDER[0]}"}
    assert states == {OLDER[0], SCHEMA_VERSION}


def test_the_history_holds_what_was_released() -> None:
    assert OLDER == [3, 4, 5]
    assert HISTORY.is_dir()
