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


def _to_6(connection: sqlite3.Connection) -> None:
    """Let a draft remember who changed what, and let what was sent belong to articles and to one newsletter."""
    for statement in _NEW_IN_6:
        connection.execute(statement)
    connection.execute("ALTER TABLE digest_choices RENAME TO former_choices")
    connection.execute(_CHOICES_OF_6)
    connection.execute(
        """INSERT INTO digest_choices
               (digest_id, story_id, decision, reason, note, section, position, title_uk, title_en, articles)
           SELECT c.digest_id, c.story_id,
                  CASE WHEN NOT c.included THEN 'dropped' WHEN d.fixed_at IS NOT NULL THEN 'taken' END,
                  iif(c.included, '', c.note), iif(c.included, c.note, ''),
                  c.section, c.position, c.title_uk, c.title_en,
                  (SELECT json_group_array(id) FROM articles a WHERE a.story_id = c.story_id)
           FROM former_choices c JOIN digests d ON d.id = c.digest_id"""
    )
    connection.execute("DROP TABLE former_choices")
    for statement in (_SENT_IN_6, *_LEADS_IN_6):
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

_CHOICES_OF_6 = """
    CREATE TABLE digest_choices (
        digest_id INTEGER NOT NULL REFERENCES digests (id),
        story_id  INTEGER NOT NULL REFERENCES stories (id),
        decision  TEXT CHECK (decision IN ('taken', 'dropped', 'held')),
        until     TEXT NOT NULL DEFAULT '',
        reason    TEXT NOT NULL DEFAULT '',
        section   TEXT,
        position  INTEGER,
        title_uk  TEXT,
        title_en  TEXT,
        lead_uk   TEXT,
        lead_en   TEXT,
        note      TEXT NOT NULL DEFAULT '',
        remark    TEXT NOT NULL DEFAULT '',
        articles  TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(articles)),
        PRIMARY KEY (digest_id, story_id)
    ) STRICT, WITHOUT ROWID"""
_NEW_IN_6 = (
    "DROP INDEX digests_open",
    "DROP INDEX digest_entries_once",
    "ALTER TABLE sources ADD COLUMN name_en TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE digests ADD COLUMN newsletter TEXT NOT NULL DEFAULT 'bulletin'",
    "ALTER TABLE digests ADD COLUMN published_at TEXT",
    "ALTER TABLE digests ADD COLUMN templates TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(templates))",
    "ALTER TABLE digests ADD COLUMN last_edit INTEGER NOT NULL DEFAULT 0",
    "CREATE UNIQUE INDEX digests_open ON digests (newsletter) WHERE sealed_at IS NULL",
    """UPDATE digests SET last_edit = (
           SELECT coalesce(max(id), 0) FROM translation_edits e WHERE e.edited_at < digests.sealed_at)""",
    "UPDATE digests SET published_at = sealed_at",
    "ALTER TABLE digest_entries ADD COLUMN was_lead_uk TEXT",
    "ALTER TABLE digest_entries ADD COLUMN was_lead_en TEXT",
    "ALTER TABLE digest_entries ADD COLUMN approved INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1))",
    "ALTER TABLE digest_entries ADD COLUMN lead_uk_id INTEGER REFERENCES articles (id)",
    "ALTER TABLE digest_entries ADD COLUMN lead_uk_hash TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE digest_entries ADD COLUMN lead_en_id INTEGER REFERENCES articles (id)",
    "ALTER TABLE digest_entries ADD COLUMN lead_en_hash TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE digest_drops ADD COLUMN newsletter TEXT NOT NULL DEFAULT 'bulletin'",
    "ALTER TABLE digest_drops ADD COLUMN articles TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(articles))",
    # Of a story that was merged since, those of the other one; a dropped correction, of which the changes that it told
    # are kept as a list, settles no article.
    """UPDATE digest_drops SET articles = (
           WITH RECURSIVE followed(id) AS (
               SELECT digest_drops.story_id
               UNION SELECT merged_into FROM stories JOIN followed USING (id) WHERE merged_into IS NOT NULL)
           SELECT json_group_array(id) FROM articles WHERE story_id IN (SELECT id FROM followed))
       WHERE wording NOT LIKE '[%'""",
    """CREATE TABLE digest_articles (
           digest_id  INTEGER NOT NULL REFERENCES digests (id),
           article_id INTEGER NOT NULL REFERENCES articles (id),
           newsletter TEXT NOT NULL,
           story_id   INTEGER NOT NULL REFERENCES stories (id),
           correction INTEGER NOT NULL DEFAULT 0 CHECK (correction IN (0, 1)),
           PRIMARY KEY (digest_id, article_id)
       ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX digest_articles_article ON digest_articles (article_id, newsletter)",
    "CREATE UNIQUE INDEX digest_articles_once ON digest_articles (newsletter, article_id) WHERE correction = 0",
    """CREATE TABLE digest_items (
           id        INTEGER PRIMARY KEY AUTOINCREMENT,
           digest_id INTEGER NOT NULL REFERENCES digests (id),
           section   TEXT NOT NULL,
           position  INTEGER,
           title_uk  TEXT NOT NULL DEFAULT '',
           title_en  TEXT NOT NULL DEFAULT '',
           text_uk   TEXT NOT NULL DEFAULT '',
           text_en   TEXT NOT NULL DEFAULT '',
           url       TEXT NOT NULL DEFAULT '',
           removed   INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
       ) STRICT""",
    "CREATE INDEX digest_items_digest ON digest_items (digest_id)",
    """CREATE TABLE digest_changes (
           id        INTEGER PRIMARY KEY AUTOINCREMENT,
           digest_id INTEGER NOT NULL REFERENCES digests (id),
           story_id  INTEGER REFERENCES stories (id),
           item_id   INTEGER REFERENCES digest_items (id),
           field     TEXT NOT NULL,
           was       TEXT NOT NULL,
           became    TEXT NOT NULL,
           by        TEXT NOT NULL,
           at        TEXT NOT NULL,
           via       TEXT NOT NULL CHECK (via IN ('desk', 'file', 'command', 'undo')),
           undoes    INTEGER REFERENCES digest_changes (id),
           bulk      INTEGER NOT NULL
       ) STRICT""",
    "CREATE INDEX digest_changes_digest ON digest_changes (digest_id, id)",
    "CREATE INDEX digest_changes_bulk ON digest_changes (bulk)",
    """CREATE TABLE digest_exports (
           id        TEXT PRIMARY KEY,
           digest_id INTEGER NOT NULL REFERENCES digests (id),
           at        TEXT NOT NULL,
           base      TEXT NOT NULL CHECK (json_valid(base))
       ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX digest_exports_digest ON digest_exports (digest_id)",
    """CREATE TABLE digest_texts (
           digest_id INTEGER NOT NULL REFERENCES digests (id),
           field     TEXT NOT NULL,
           text      TEXT NOT NULL,
           PRIMARY KEY (digest_id, field)
       ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE digest_images (
           digest_id INTEGER PRIMARY KEY REFERENCES digests (id),
           kind      TEXT NOT NULL CHECK (kind IN ('png', 'jpeg')),
           width     INTEGER NOT NULL,
           height    INTEGER NOT NULL,
           content   BLOB NOT NULL
       ) STRICT""",
    """CREATE TABLE digest_files (
           digest_id INTEGER NOT NULL REFERENCES digests (id),
           format    TEXT NOT NULL,
           languages TEXT NOT NULL,
           content   BLOB NOT NULL,
           PRIMARY KEY (digest_id, format, languages)
       ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE digest_handovers (
           id         INTEGER PRIMARY KEY AUTOINCREMENT,
           digest_id  INTEGER NOT NULL REFERENCES digests (id),
           service    TEXT NOT NULL,
           begun_at   TEXT NOT NULL,
           done_at    TEXT,
           by         TEXT NOT NULL,
           remote_id  TEXT NOT NULL DEFAULT '',
           remote_url TEXT NOT NULL DEFAULT '',
           error      TEXT NOT NULL DEFAULT '',
           UNIQUE (digest_id, service)
       ) STRICT""",
    """CREATE TABLE digest_visits (
           digest_id INTEGER NOT NULL REFERENCES digests (id),
           editor    TEXT NOT NULL,
           change_id INTEGER NOT NULL,
           at        TEXT NOT NULL,
           PRIMARY KEY (digest_id, editor)
       ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE translation_approvals (
           id          INTEGER PRIMARY KEY AUTOINCREMENT,
           text_hash   TEXT NOT NULL,
           text        TEXT NOT NULL,
           approved_by TEXT NOT NULL,
           approved_at TEXT NOT NULL
       ) STRICT""",
    "CREATE INDEX translation_approvals_text ON translation_approvals (text_hash, id)",
)
_SENT_IN_6 = """
    INSERT OR IGNORE INTO digest_articles (digest_id, article_id, newsletter, story_id, correction)
    SELECT e.digest_id, a.id, 'bulletin', e.story_id, e.correction_of IS NOT NULL
    FROM digest_entries e JOIN digests d ON d.id = e.digest_id AND d.sealed_at IS NOT NULL
    JOIN articles a ON a.id IN (e.article_id, e.english_id)
        OR a.id IN (SELECT u.article_id FROM json_each(e.links) l JOIN article_urls u ON u.url = l.value ->> 2)
    ORDER BY e.digest_id"""
# The lead that was sent is of that article of the story of which it was the lead once.
_LEADS_IN_6 = [
    f"""UPDATE digest_entries SET lead_{language}_id = v.article_id, lead_{language}_hash = v.lead_hash
        FROM digest_articles d JOIN articles a ON a.id = d.article_id AND a.language = '{language}'
        JOIN article_versions v ON v.article_id = d.article_id
        WHERE d.digest_id = digest_entries.digest_id AND d.story_id = digest_entries.story_id
          AND v.lead = digest_entries.lead_{language}"""
    for language in ("uk", "en")
]

# version reached → the step that reaches it from the version before
STEPS: Mapping[int, Step] = {2: _to_2, 3: _to_3, 4: _to_4, 5: _to_5, 6: _to_6}
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
