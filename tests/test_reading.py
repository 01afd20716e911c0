"""Reading a database that others write, replace or lose, and one in a folder that cannot be written."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import NewerDatabase, StoreError
from db.reading import Reader
from db.store import open_for_reading, open_store, require_news, require_schema
from tests.support.another_user import as_reader_of, open_to_others

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_to_others() as made:
        yield made


@pytest.fixture
def path(folder: Path) -> Path:
    open_store(folder / "news.db").close()
    return folder / "news.db"


def add(path: Path, name: str) -> None:
    with closing(open_store(path)) as store, store.transaction() as connection:
        connection.execute("INSERT INTO topics VALUES (?, ?, 'topic')", (name, name))


def topics(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM topics").fetchone()[0])


def reader_of(path: Path) -> Reader:
    return Reader(path, partial(require_schema, path=path))


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.fault("D10", "S4")
class TestFolderThatCannotBeWritten:
    def test_a_database_at_rest_is_read(self, path: Path) -> None:
        add(path, "one")
        with as_reader_of(path.parent):
            with closing(open_for_reading(path)) as connection:
                assert topics(connection) == 1
            assert reader_of(path).run(topics) == 1
            require_news(open_for_reading(path), path)
        assert names(path.parent) == ["news.db"]

    def test_so_is_one_that_its_owner_is_writing(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("INSERT INTO topics VALUES ('a', 'a', 'topic')")
            writer.commit()
            with as_reader_of(path.parent):
                reader = reader_of(path)
                assert reader.run(topics) == 1
                writer.execute("INSERT INTO topics VALUES ('b', 'b', 'topic')")
                writer.commit()
                assert reader.run(topics) == 2
                with closing(open_for_reading(path)) as connection:
                    assert topics(connection) == 2
            reader.close()

    @pytest.mark.fault("S20")
    def test_a_log_without_its_index_is_not_passed_over(self, path: Path) -> None:
        copy = path.with_name("copy.db")
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("INSERT INTO topics VALUES ('a', 'a', 'topic')")
            writer.commit()
            for suffix in ("", "-wal"):
                shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
        with as_reader_of(path.parent):
            with pytest.raises(StoreError, match=r"newest rows are in copy\.db-wal"):
                open_for_reading(copy)
            with pytest.raises(StoreError, match=r"newest rows are in copy\.db-wal"):
                reader_of(copy).run(topics)
        with closing(open_for_reading(copy)) as connection:  # where it can be written it is read
            assert topics(connection) == 1

    def test_a_command_says_when_its_file_was_written_meanwhile(self, path: Path) -> None:
        with as_reader_of(path.parent):
            connection = open_for_reading(path)
        add(path, "late")
        with pytest.raises(StoreError, match="run it again"):
            connection.close()


class TestFileThatChanges:
    def test_what_is_committed_is_seen_and_nothing_is_left_beside_it(self, path: Path) -> None:
        reader = reader_of(path)
        assert reader.run(topics) == 0
        for count in (1, 2, 3):
            add(path, str(count))
            assert reader.run(topics) == count
        reader.close()
        assert names(path.parent) == ["news.db"]

    def test_a_read_that_was_overtaken_is_made_again(self, path: Path) -> None:
        calls = []

        def overtaken(connection: sqlite3.Connection) -> int:
            calls.append(topics(connection))
            if len(calls) == 1:
                add(path, "new")
            return calls[-1]

        assert reader_of(path).run(overtaken) == 1
        assert calls == [0, 1]

    def test_one_that_is_overtaken_every_time_ends_under_locks(self, path: Path) -> None:
        calls = []

        def always(connection: sqlite3.Connection) -> int:
            calls.append(topics(connection))
            add(path, str(len(calls)))
            return calls[-1]

        assert reader_of(path).run(always) == len(calls) - 1

    @pytest.mark.fault("D8")
    def test_another_file_in_its_place_is_read(self, path: Path) -> None:
        reader = reader_of(path)
        reader.run(topics)
        other = path.with_name("other.db")
        open_store(other).close()
        add(other, "other")
        other.replace(path)
        assert reader.run(topics) == 1
        path.unlink()
        with pytest.raises(FileNotFoundError):
            reader.run(topics)
        open_store(path).close()
        assert reader.run(topics) == 0

    @pytest.mark.fault("S16", "S17")
    @pytest.mark.parametrize(
        ("change", "kind"),
        [("application_id = 7", StoreError), ("user_version = 9999", NewerDatabase), ("user_version = 1", StoreError)],
    )
    def test_a_file_that_is_not_ours_is_refused_in_its_place(self, path: Path, change: str, kind: Any) -> None:
        reader = reader_of(path)
        reader.run(topics)
        other = path.with_name("other.db")
        shutil.copy(path, other)
        with closing(sqlite3.connect(other)) as connection:
            connection.execute(f"PRAGMA {change}")
        other.replace(path)
        with pytest.raises(kind):
            reader.run(topics)

    @pytest.mark.fault("D11")
    def test_many_readers_beside_a_writer_that_opens_and_closes(self, path: Path) -> None:
        add(path, "x")
        failed: list[BaseException] = []
        done = threading.Event()
        reader = reader_of(path)

        def sound(connection: sqlite3.Connection) -> None:
            assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)

        def read() -> None:
            try:
                while not done.is_set():
                    reader.run(sound)
            except BaseException as error:  # a failed assertion too
                failed.append(error)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(10):
            add(path, str(number))
        done.set()
        for thread in threads:
            thread.join()
        assert failed == []
        assert reader.run(topics) == 11
        reader.close()


@pytest.mark.fault("D6")
@pytest.mark.parametrize(
    "statement",
    ["ATTACH ':memory:' AS other", "DELETE FROM topics", "CREATE TABLE x (y)", "VACUUM INTO 'copy.db'",
     "SELECT zeroblob(100000000)", "SELECT load_extension('x')", "PRAGMA user_version = 7"],
)  # fmt: skip
def test_a_reader_can_only_read(path: Path, statement: str) -> None:
    before = path.read_bytes()
    with pytest.raises(sqlite3.Error):
        reader_of(path).run(lambda connection: connection.execute(statement).fetchall())
    assert path.read_bytes() == before
