"""The one file: created whole, refused when it is not ours, locked, never half written."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import Busy, NewerDatabase, StoreError
from db import migrations
from db.migrations import SCHEMA_VERSION
from db.store import BUSY_SECONDS, Store, exclusive, file_version, open_for_reading, open_store
from pipeline.__main__ import main
from tests.support.older_files import HISTORY, RELEASED, made_by

if TYPE_CHECKING:
    from pathlib import Path


def shape(connection: sqlite3.Connection) -> dict[str, object]:
    """Tables with their columns and checks, indexes, views: whatever a query can tell apart."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    columns = {
        name: [tuple(column)[1:] for column in connection.execute(f"PRAGMA table_xinfo({name})")]
        for kind, name, _ in rows
        if kind == "table"
    }
    statements = {name: " ".join((sql or "").split()) for kind, name, sql in rows if kind != "table"}
    return {"columns": columns, "statements": statements}


def fresh_shape(path: Path) -> dict[str, object]:
    opened = open_store(path / "fresh.db")
    found = shape(opened.connection)
    opened.close()
    return found


def test_a_new_file_is_ours_and_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    opened = open_store(path)
    assert opened.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert opened.connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    opened.close()
    assert file_version(path) == SCHEMA_VERSION
    assert [entry.name for entry in tmp_path.iterdir()] == ["news.db"]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
@pytest.mark.fault("S14")
def test_every_older_schema_ends_in_the_shape_of_a_fresh_file(tmp_path: Path, version: int) -> None:
    path = tmp_path / "news.db"
    made_by(path, version).close()
    opened = open_store(path)
    assert shape(opened.connection) == fresh_shape(tmp_path)
    opened.close()


def test_stories_of_an_older_file_show_their_earliest_day(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    connection = made_by(path, 2)
    connection.executescript("""
        INSERT INTO sources (id, name, homepage, publisher, language, kind, expected_every_hours, min_items)
            VALUES ('portal', 'Portal', '', 'Portal', 'uk', 'feed', 24, 1);
        INSERT INTO stories (published_on, first_seen_at) VALUES ('2025-06-03', '');
        INSERT INTO articles (source_id, key, language, url, title, lead, title_hash, published_at, published_precision,
                              published_on, first_seen_at, last_seen_at, content_hash, story_id)
            VALUES ('portal', '1', 'uk', 'https://portal.test/1', 'Угода', 'Підписали.', '', '2025-06-03', 'day',
                    '2025-06-03', '', '', '', 1),
                   ('portal', '1', 'en', 'https://portal.test/en/1', 'Deal', '', '', '2025-05-21', 'day',
                    '2025-05-21', '', '', '', 1);
        UPDATE stories SET uk_article_id = 1, en_article_id = 2;
    """)
    connection.close()
    opened = open_store(path)
    (row,) = opened.connection.execute("SELECT published_on, title_uk, lead_uk, title_en, url FROM news").fetchall()
    assert tuple(row) == ("2025-05-21", "Угода", "Підписали.", "Deal", "https://portal.test/1")
    opened.close()


def test_a_released_schema_is_not_changed_without_a_new_version() -> None:
    assert min(RELEASED) > 0
    assert max(RELEASED) <= SCHEMA_VERSION
    if SCHEMA_VERSION in RELEASED:
        assert (HISTORY / f"{SCHEMA_VERSION}.sql").read_bytes() == migrations.SCHEMA.read_bytes()


def test_a_file_of_an_older_version_says_what_brings_it_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "news.db"
    made_by(path, 3).close()
    assert main(["health", "--db", str(path)]) == 1
    assert "older version" in capsys.readouterr().err
    open_store(path).close()
    assert main(["health", "--db", str(path)]) == 0


def _old_file(path: Path) -> sqlite3.Connection:
    open_store(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("INSERT INTO stories (first_seen_at) VALUES ('2026-01-01T00:00:00Z')")
    connection.execute("PRAGMA user_version = 1")
    return connection


@pytest.mark.fault("S14")
def test_a_migration_keeps_the_rows_and_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    connection = _old_file(path)
    migrations.migrate(connection, path, 1, 2, {2: lambda old: old.execute("ALTER TABLE stories ADD COLUMN note TEXT")})
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 2
    assert connection.execute("SELECT first_seen_at, note FROM stories").fetchall() == [("2026-01-01T00:00:00Z", None)]
    copy = sqlite3.connect(tmp_path / "news.db.v1")
    assert copy.execute("SELECT count(*) FROM stories").fetchone()[0] == 1
    assert "note" not in str(copy.execute("SELECT sql FROM sqlite_master WHERE name = 'stories'").fetchone())
    copy.close()
    connection.close()


def test_a_migration_that_breaks_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    connection = _old_file(path)

    def breaks(_: object) -> None:
        connection.execute("ALTER TABLE stories ADD COLUMN note TEXT")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrations.migrate(connection, path, 1, 2, {2: breaks})
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
    assert "note" not in str(connection.execute("SELECT sql FROM sqlite_master WHERE name = 'stories'").fetchone())
    connection.close()


def test_a_migration_without_a_step_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    connection = _old_file(path)
    with pytest.raises(StoreError, match="no step to 3"):
        migrations.migrate(connection, path, 1, 3, {2: lambda _: None})
    connection.close()


def _refused(path: Path, *words: str) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreError) as refusal:
        open_store(path)
    assert all(word in str(refusal.value) for word in (path.name, *words))
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.fault("S16")
def test_a_database_of_newer_code_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    open_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    _refused(path, "newer version")
    with pytest.raises(NewerDatabase):
        open_for_reading(path)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"not a database at all " * 20, "damaged"),
        (b"SQLite format 3\0" + b"\0" * 40, "damaged"),
        (b"\0" * 4096, "damaged"),
    ],
)
@pytest.mark.fault("S11", "S12")
def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(content)
    _refused(path, word)


@pytest.mark.fault("S17")
def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE contacts (name TEXT)")
    connection.close()
    _refused(path, "another program")


@pytest.mark.fault("S11")
def test_a_cut_database_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    open_store(path).close()
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(StoreError, match=r"news\.db: the database is damaged"):
        opened = open_store(path)
        with opened.transaction() as connection:
            connection.execute("SELECT count(*) FROM translations").fetchone()


@pytest.mark.parametrize("where", ["missing/news.db", "."])
def test_a_path_that_cannot_be_a_database_is_a_clear_error(tmp_path: Path, where: str) -> None:
    with pytest.raises(StoreError):
        open_store(tmp_path / where)


def test_reading_before_the_first_ingest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="make ingest"):
        open_for_reading(tmp_path / "news.db")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def opened(tmp_path: Path) -> Store:
    return open_store(tmp_path / "news.db")


def test_a_transaction_is_all_or_nothing(opened: Store) -> None:
    def half() -> None:
        with opened.transaction() as connection:
            connection.execute("INSERT INTO stories (first_seen_at) VALUES ('x')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert opened.connection.execute("SELECT count(*) FROM stories").fetchone()[0] == 0
    assert not opened.connection.in_transaction
    opened.close()


@pytest.mark.fault("S5")
def test_a_writer_that_holds_the_file_too_long_is_named(opened: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(opened.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program held the database"), opened.transaction():
        pass
    other.execute("ROLLBACK")
    other.close()
    with opened.transaction() as connection:
        connection.execute("INSERT INTO stories (first_seen_at) VALUES ('x')")
    opened.close()


@pytest.mark.fault("D11")
def test_a_reader_holds_up_the_end_of_a_run_for_moments_only(opened: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "wait_briefly", lambda store: store.connection.execute("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(opened.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        with opened.transaction() as connection:
            connection.execute("DELETE FROM articles")
        began = time.monotonic()
        opened.close()
        assert time.monotonic() - began < BUSY_SECONDS / 2


@pytest.mark.fault("S6")
def test_read_then_write_waits_for_another_writer(opened: Store) -> None:
    """In WAL mode a deferred transaction that reads first would fail at once with "database is locked"."""
    other = sqlite3.connect(opened.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO stories (first_seen_at) VALUES ('other')")
    release = threading.Timer(0.05, lambda: other.execute("COMMIT"))
    release.start()
    with opened.transaction() as connection:
        count = connection.execute("SELECT count(*) FROM stories").fetchone()[0]
        connection.execute("INSERT INTO stories (first_seen_at) VALUES ('mine')")
    release.join()
    assert count == 1
    other.close()
    opened.close()


@pytest.mark.fault("S18")
def test_closing_empties_the_write_ahead_log(opened: Store) -> None:
    with opened.transaction() as connection:
        connection.executemany("INSERT INTO stories (first_seen_at) VALUES (?)", [("x" * 1000,)] * 500)
    reader = open_for_reading(opened.path)
    reader.execute("SELECT count(*) FROM stories").fetchone()
    opened.close()
    log = opened.path.with_name("news.db-wal")
    assert not log.exists() or log.stat().st_size == 0
    reader.close()


@pytest.mark.fault("P1", "P2")
def test_one_lock_at_a_time_and_it_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    code = (
        "import sys, pathlib; from db.store import exclusive\n"
        "with exclusive(pathlib.Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HISTORY.parents[1]
    )
    assert holder.stdin
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(Busy, match="another run"), exclusive(path):
        pass
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    with exclusive(path):
        pass


def test_a_left_over_of_a_killed_creation_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "news.db.new-1").write_bytes(b"half")
    open_store(tmp_path / "news.db").close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["news.db"]


@pytest.mark.fault("S10")
def test_a_new_file_that_the_disk_keeps_from_wal_mode_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(sqlite3.Connection):
        def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
            return super().execute(sql.replace("journal_mode = WAL", "journal_mode"), values)

    connect = sqlite3.connect
    monkeypatch.setattr("db.store.sqlite3.connect", lambda path, **more: connect(path, **more, factory=Failing))
    with pytest.raises(StoreError, match=r"news\.db: the disk failed while the database was made"):
        open_store(tmp_path / "news.db")
    assert not (tmp_path / "news.db").exists()
