"""Brings older files to schema.sql, version by version. Append only: a step that was released never changes.

A step changes tables; views hold nothing, so all are dropped before the steps and made anew from schema.sql after them.
Tests hold that every released file (db/history/N.sql) ends in the shape of a new one.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Step = Callable[[sqlite3.Connection], object]

SCHEMA = Path(__file__).with_name("schema.sql")


def _to_2(connection: sqlite3.Connection) -> None:
    """Add names of which it is not clear which place they mean."""
    connection.execute(
        """CREATE TABLE article_unclear_places (
               article_id INTEGER NOT NULL REFERENCES articles (id),
               matched    TEXT NOT NULL,
               place_ids  TEXT NOT NULL CHECK (json_valid(place_ids)),
               PRIMARY KEY (article_id, matched)
           ) STRICT, WITHOUT ROWID"""
    )


def _to_3(connection: sqlite3.Connection) -> None:
    """Let a story's lead and address be of other articles than its headline, and keep the share of each search key.

    `story regroup` fills in the shares of what is there already.
    """
    for name in ("uk_lead_id", "en_lead_id", "uk_link_id", "en_link_id"):
        connection.execute(f"ALTER TABLE stories ADD COLUMN {name} INTEGER REFERENCES articles (id)")
    connection.execute("ALTER TABLE story_words ADD COLUMN share INTEGER NOT NULL DEFAULT 0")
    connection.execute(
        """UPDATE stories SET published_on = (SELECT min(published_on) FROM articles a WHERE a.story_id = stories.id)
           WHERE merged_into IS NULL"""
    )


def _to_4(_: sqlite3.Connection) -> None:
    """Add the views `shown_translations` and `source_facts`; new files also check more columns that are closed sets."""


def _to_5(connection: sqlite3.Connection) -> None:
    """Add what bounds the work and holds answers back; let a source be `suspicious` and a machine `overloaded`."""
    connection.execute("ALTER TABLE runs ADD COLUMN error TEXT")
    for table, statement in _TABLES_OF_5.items():
        connection.execute(f"ALTER TABLE {table} RENAME TO former_{table}")
        connection.execute(statement)
        columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info(former_{table})"))
        connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM former_{table}")
        connection.execute(  # so that ids are not used again
            """REPLACE INTO sqlite_sequence (rowid, name, seq)
               SELECT (SELECT rowid FROM sqlite_sequence WHERE name = ?1), ?1, seq FROM sqlite_sequence
               WHERE name = 'former_' || ?1""",
            (table,),
        )
        connection.execute(f"DROP TABLE former_{table}")
    for statement in _NEW_IN_5:
        connection.execute(statement)


_TABLES_OF_5 = {
    "source_runs": """
        CREATE TABLE source_runs (
            run_id    INTEGER NOT NULL REFERENCES runs (id),
            source_id TEXT NOT NULL REFERENCES sources (id),
            state     TEXT NOT NULL CHECK (state IN ('ok', 'not_modified', 'empty', 'structure_missing',
                'fields_missing', 'blocked', 'unreachable', 'skipped', 'suspicious', 'overloaded')),
            listed    INTEGER NOT NULL DEFAULT 0,
            new       INTEGER NOT NULL DEFAULT 0,
            edited    INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0,
            duplicate INTEGER NOT NULL DEFAULT 0,
            rejected  INTEGER NOT NULL DEFAULT 0,
            requests  INTEGER NOT NULL DEFAULT 0,
            bytes     INTEGER NOT NULL DEFAULT 0,
            seconds   REAL NOT NULL DEFAULT 0,
            at        TEXT NOT NULL,
            PRIMARY KEY (run_id, source_id),
            CHECK (listed = new + edited + unchanged + duplicate + rejected)
        ) STRICT, WITHOUT ROWID""",
    "problems": """
        CREATE TABLE problems (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,
            source_id   TEXT REFERENCES sources (id),
            stage       TEXT NOT NULL CHECK (stage IN ('fetch', 'moved', 'parse', 'normalise', 'drift', 'held',
                'article', 'model')),
            url         TEXT NOT NULL DEFAULT '',
            message     TEXT NOT NULL,
            first_at    TEXT NOT NULL,
            last_at     TEXT NOT NULL,
            times       INTEGER NOT NULL DEFAULT 1,
            resolved_at TEXT
        ) STRICT""",
}
_NEW_IN_5 = (
    "DROP INDEX story_links_article",
    "DROP INDEX story_links_other",
    "CREATE INDEX story_links_article ON story_links (article_id, other_id)",
    "CREATE INDEX story_links_other ON story_links (other_id, article_id)",
    "CREATE INDEX source_runs_source ON source_runs (source_id, at)",
    """CREATE UNIQUE INDEX problems_open ON problems (coalesce(source_id, ''), stage, url, message)
       WHERE resolved_at IS NULL""",
    """CREATE TABLE grouping_due (
           article_id INTEGER PRIMARY KEY REFERENCES articles (id),
           since      TEXT NOT NULL
       ) STRICT""",
    """CREATE TABLE listing_shapes (
           id        INTEGER PRIMARY KEY AUTOINCREMENT,
           source_id TEXT NOT NULL REFERENCES sources (id),
           url       TEXT NOT NULL,
           run_id    INTEGER NOT NULL REFERENCES runs (id),
           at        TEXT NOT NULL,
           shape     TEXT NOT NULL CHECK (json_valid(shape))
       ) STRICT""",
    "CREATE INDEX listing_shapes_url ON listing_shapes (url, id)",
    """CREATE TABLE held_answers (
           id        INTEGER PRIMARY KEY AUTOINCREMENT,
           source_id TEXT NOT NULL REFERENCES sources (id),
           url       TEXT NOT NULL,
           first_at  TEXT NOT NULL,
           last_at   TEXT NOT NULL,
           times     INTEGER NOT NULL DEFAULT 1,
           reasons   TEXT NOT NULL CHECK (json_valid(reasons)),
           shape     TEXT NOT NULL CHECK (json_valid(shape)),
           items     TEXT NOT NULL CHECK (json_valid(items)),
           ended_at  TEXT,
           ended_by  TEXT CHECK (ended_by IN ('accepted', 'confirmed', 'withdrawn'))
       ) STRICT""",
    "CREATE UNIQUE INDEX held_answers_open ON held_answers (url) WHERE ended_at IS NULL",
)


# version reached → the step that reaches it from the version before
STEPS: Mapping[int, Step] = {2: _to_2, 3: _to_3, 4: _to_4, 5: _to_5}
SCHEMA_VERSION = max(STEPS)  # PRAGMA user_version, at offset 60 of the file


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    version: int,
    target: int,
    steps: Mapping[int, Step] = STEPS,
    *,
    keep: bool = True,
) -> None:
    """Take the file from `version` to `target` in one transaction; `keep`: a copy stays as `<name>.v<version>`.

    Raises StoreError if a step is missing, if the file is damaged, or if a step leaves broken references; the file is
    then as it was. Does nothing when another process was quicker.
    """
    from db.copies import copy_checked, part_file

    missing = [number for number in range(version + 1, target + 1) if number not in steps]
    if missing:
        raise StoreError(f"{path} has schema {version}, which cannot be brought to {target}: no step to {missing[0]}")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == version:
            if keep:  # of exactly what is migrated: nobody else can write any more
                with (
                    contextlib.closing(sqlite3.connect(path)) as before,
                    part_file(path.with_name(f"{path.name}.v{version}"), path.stat().st_mode) as copy,
                ):
                    copy_checked(before, path, copy)
                    copy.move_in()
            _take_steps(connection, path, [steps[number] for number in range(version + 1, target + 1)])
            connection.execute(f"PRAGMA user_version = {target}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _take_steps(connection: sqlite3.Connection, path: Path, steps: Sequence[Step]) -> None:
    for (view,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        connection.execute(f"DROP VIEW {view}")
    for step in steps:
        step(connection)
    for statement in re.findall(r"^CREATE VIEW .*?;$", SCHEMA.read_text(encoding="utf-8"), re.M | re.S):
        connection.execute(statement)
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise StoreError(
            f"{path}: the migration would leave a broken reference in table {broken[0]}; nothing was changed"
        )
