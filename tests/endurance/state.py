"""State of a run's folder: sound, nothing half, and a dump in which ids give way to keys so that histories compare."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db.copies import faults
from db.migrations import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# What tells of runs and not of news: two histories that end alike differ in it.
OF_RUNS = ("runs", "source_runs", "requests", "listing_shapes", "evaluations", "sqlite_sequence")
# Columns that count or time attempts, by a clock that runs on from --now, and ids that are replaced by keys.
UNSEEN = ("id", "run_id", "times", "attempts", "created_at", "edited_at", "decided_at")
TIMES = ("_at", "since", "exported")  # columns with a moment in them, or hashes of files that name one
JSON_TEXT = re.compile(r"\{.*\}|\[.*\]", re.DOTALL)
WAL = ("news.db-wal", "news.db-shm")  # of a run that could not tidy up at its end; the next one does
HALF = {
    "an article without a version": "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM article_versions)",
    "an article without an address": "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM article_urls)",
    "an article whose wording is not its latest version":
        """SELECT a.id FROM articles a JOIN article_versions v ON v.article_id = a.id
           WHERE v.id = (SELECT max(id) FROM article_versions WHERE article_id = a.id)
             AND (v.title, v.lead) <> (a.title, a.lead)""",
    "an article that was not tagged": "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM article_rules)",
    "an article in a story that lives on elsewhere":
        "SELECT a.id FROM articles a JOIN stories s ON s.id = a.story_id WHERE s.merged_into IS NOT NULL",
    "an article that nothing finds":
        """SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM story_words)
             AND id NOT IN (SELECT article_id FROM grouping_due)""",
    "a story without an article":
        "SELECT id FROM stories WHERE merged_into IS NULL AND id NOT IN (SELECT story_id FROM articles)",
    "a story that shows nothing":
        """SELECT id FROM stories WHERE merged_into IS NULL AND uk_article_id IS NULL AND en_article_id IS NULL""",
    "a story that search does not know":
        "SELECT id FROM stories WHERE merged_into IS NULL AND id NOT IN (SELECT rowid FROM news_fts)",
    "a story in search that lives on elsewhere":
        "SELECT rowid FROM news_fts WHERE rowid IN (SELECT id FROM stories WHERE merged_into IS NOT NULL)",
    "a sealed issue without its settings": "SELECT id FROM digests WHERE sealed_at IS NOT NULL AND settings IS NULL",
    "a sealed issue without entries":
        "SELECT id FROM digests WHERE sealed_at IS NOT NULL AND id NOT IN (SELECT digest_id FROM digest_entries)",
    "a sealed issue without files":
        "SELECT id FROM digests WHERE sealed_at IS NOT NULL AND id NOT IN (SELECT digest_id FROM digest_files)",
    "half a seal":
        """SELECT id FROM digests WHERE sealed_at IS NULL AND (published_at IS NOT NULL OR settings IS NOT NULL
             OR id IN (SELECT digest_id FROM digest_entries UNION SELECT digest_id FROM digest_articles
                       UNION SELECT digest_id FROM digest_files UNION SELECT digest_id FROM digest_handovers))""",
    "an entry of which nothing is known to be sent":
        """SELECT story_id FROM digest_entries e WHERE NOT EXISTS (
             SELECT 1 FROM digest_articles s WHERE s.digest_id = e.digest_id AND s.story_id = e.story_id)""",
    "an article that was sent in no entry":
        """SELECT article_id FROM digest_articles s WHERE NOT EXISTS (
             SELECT 1 FROM digest_entries e WHERE s.digest_id = e.digest_id AND s.story_id = e.story_id)""",
    "an article that was sent as new twice":
        """SELECT article_id FROM digest_articles WHERE correction = 0 GROUP BY newsletter, article_id
             HAVING count(*) > 1""",
    "a decision that is not as its last change left it":
        """SELECT c.id FROM digest_changes c JOIN digests d ON d.id = c.digest_id
           LEFT JOIN digest_choices h ON h.digest_id = c.digest_id AND h.story_id = c.story_id
           WHERE c.story_id IS NOT NULL AND c.id IN (
                 SELECT max(id) FROM digest_changes GROUP BY digest_id, story_id, field)
             AND c.became <> CASE c.field WHEN 'decision' THEN coalesce(h.decision, '') WHEN 'until' THEN h.until
                 WHEN 'reason' THEN h.reason WHEN 'note' THEN h.note WHEN 'remark' THEN h.remark
                 WHEN 'title_uk' THEN coalesce(h.title_uk, c.became) ELSE c.became END""",
    "a text that is not as its last change left it":
        """SELECT c.id FROM digest_changes c LEFT JOIN digest_texts t USING (digest_id, field)
           WHERE c.story_id IS NULL AND c.item_id IS NULL AND c.field NOT IN ('name', 'fixed', 'image', 'state')
             AND c.became <> coalesce(t.text, '')
             AND c.id IN (
                 SELECT max(id) FROM digest_changes WHERE story_id IS NULL GROUP BY digest_id, item_id, field)""",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """Everything in the folder that must be the same after two histories."""

    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # path → hash of its bytes

    def differs(self, other: State, ignored: Iterable[str] = ()) -> str:
        """Where the two differ but in the ignored files, in a few words; empty when they do not."""
        for table in sorted({*self.tables, *other.tables}):
            ours, theirs = self.tables.get(table, ()), other.tables.get(table, ())
            if ours != theirs:
                lost, added = sorted(set(theirs) - set(ours)), sorted(set(ours) - set(theirs))
                sample = changed(lost[0], added[0]) if lost and added else next(iter(lost + added), "")
                return f"{table}: {len(ours)} rows and not {len(theirs)}; {len(lost)} lost, {len(added)} new: {sample}"
        files = {(name, what) for name, what in self.files.items() ^ other.files.items() if name not in ignored}
        return f"files: {sorted(files)}" if files else ""


def changed(before: str, after: str) -> str:
    """What two rows differ in."""
    old, new = json.loads(before), json.loads(after)
    return "; ".join(f"{name} {old[name]!r} → {new.get(name)!r}" for name in old if old[name] != new.get(name))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    return connection


def broken(path: Path) -> list[str]:
    """What is broken or half in the database; a file that is not there is whole."""
    if not path.exists():
        return []
    with closing(_open(path)) as connection:
        found = faults(connection)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for what, query in HALF.items() if version == SCHEMA_VERSION else ():  # an older one is whole in its own way
            if rows := connection.execute(query).fetchall():
                found.append(f"{what}: {len(rows)}, the first {rows[0][0]}")
        return [*found, *other_files(connection)] if version == SCHEMA_VERSION else found


def other_files(connection: sqlite3.Connection) -> list[str]:
    """What of the kept files of sealed issues is not as the entries of the issue give it."""
    from newsletter.files_kept import own_templates
    from newsletter.render.formats import FORMATS, Renderer
    from newsletter.sealing import sealed

    found = []
    for issue_id, name in connection.execute("SELECT id, name FROM digests WHERE sealed_at IS NOT NULL").fetchall():
        issue = sealed(connection, name)
        renderer = Renderer(issue, "", own_templates(connection, issue))
        rows = connection.execute(
            "SELECT format, content FROM digest_files WHERE digest_id = ? AND languages = ''", (issue_id,)
        )
        found += [
            f"{name}: its {row['format']} is another one"
            for row in rows
            if FORMATS[row["format"]][1](renderer) != zlib.decompress(row["content"])
        ]
    return found


def open_runs(folder: Path) -> tuple[int, int]:
    """How many rows `runs` has, and how many of them are of runs that seem to be still at work."""
    if not (path := folder / "news.db").exists():
        return 0, 0
    with closing(_open(path)) as connection:
        rows = [dict(row) for row in connection.execute("SELECT * FROM runs")]
    return len(rows), sum(row["finished_at"] is None and row.get("error", "of an older one") is None for row in rows)


def negative_times(path: Path) -> list[str]:
    """What took less than no time."""
    queries = {
        "runs": "SELECT count(*) FROM runs WHERE finished_at < started_at",
        "source_runs": "SELECT count(*) FROM source_runs WHERE seconds < 0",
        "requests": "SELECT count(*) FROM requests WHERE seconds < 0",
    }
    with closing(_open(path)) as connection:
        return [
            f"negative times in {name}" for name, query in queries.items() if connection.execute(query).fetchone()[0]
        ]


def look(folder: Path, *, timeless: bool = False) -> State:
    """The state of the folder. The database's own files are looked into, its lock is nothing."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(("news.db", "copy.db")):
            files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        elif name.startswith("news.db.replaced-") and name.endswith(("-wal", "-shm")):
            continue  # of a database that could not be read when it was put aside
        elif kept := re.fullmatch(r"(news\.db\.v\d+|news\.db\.replaced-|copy\.db).*", name):
            # how often a database was put aside, and when, may differ
            files[kept[1]] = max(_copy(path), files.get(kept[1], ""))
        elif name.startswith("news.db") and name not in ("news.db", "news.db.lock"):
            files[name] = "is there"
    tables = tables_of(folder / "news.db", timeless=timeless) if (folder / "news.db").exists() else {}
    return State(tables, files)


def _copy(path: Path) -> str:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
            return "; ".join(faults(connection)[:1]) or "a sound copy"
    except sqlite3.DatabaseError as error:
        return f"no sound copy: {error}"


def tables_of(path: Path, *, timeless: bool = False) -> dict[str, tuple[str, ...]]:
    with closing(_open(path)) as connection:
        keys = _Keys(connection, timeless=timeless)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        wanted = [name for name in names if name not in OF_RUNS and not name.startswith("news_fts_")]
        return {name: keys.rows(name) for name in wanted}


class _Keys:
    """Numbers of articles, stories and issues as what they stand for."""

    def __init__(self, connection: sqlite3.Connection, *, timeless: bool) -> None:
        self.connection, self.timeless = connection, timeless
        self.articles = {
            row["id"]: f"{row['source_id']}/{row['key']}/{row['language']}"
            for row in connection.execute("SELECT id, source_id, key, language FROM articles")
        }
        members: dict[int, list[str]] = {}
        for row in connection.execute("SELECT id, story_id FROM articles"):
            members.setdefault(row["story_id"], []).append(self.articles[row["id"]])
        self.stories = {story: " + ".join(sorted(keys)) for story, keys in members.items()}
        for row in connection.execute("SELECT id, merged_into FROM stories WHERE merged_into IS NOT NULL"):
            self.stories[row["id"]] = f"now in {self.stories.get(row['merged_into'], row['merged_into'])}"
        self.digests = {row["id"]: row["name"] for row in connection.execute("SELECT id, name FROM digests")}

    def rows(self, table: str) -> tuple[str, ...]:
        found = []
        for row in self.connection.execute(
            f"SELECT {'rowid AS story_id, ' if table == 'news_fts' else ''}* FROM {table}"
        ):
            if table == "digests" and row["sealed_at"] is None and row["exported"] == "{}":
                continue  # a draft that was begun and never written says nothing
            values = {name: self._value(name, row[name]) for name in set(row.keys()) - {*UNSEEN}}
            if table == "digest_changes":  # SQLite counts on after a transaction that was undone
                values |= {name: row[name] is not None for name in ("bulk", "undoes", "item_id")}
            if self.timeless:
                values = {name: value for name, value in values.items() if not name.endswith(TIMES)}
            if table == "ledger_basis":  # when it was gone through, by a clock that runs on from --now
                del values["at"]
            if table == "stories":
                values["is"] = self.stories.get(row["id"])
            if table == "story_links":  # which of the two came second is an accident
                values |= dict(
                    zip(("article_id", "other_id"), sorted((values["article_id"], values["other_id"])), strict=True)
                )
            found.append(json.dumps(values, ensure_ascii=False, sort_keys=True))
        return tuple(sorted(found))

    def _value(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, bytes):
            return hashlib.sha256(value).hexdigest()
        if name.endswith("_at") and name != "published_at":
            return str(value)[: len("2026-02-20T14")]  # --now is where the clock begins: it runs on
        if name in ("story_id", "merged_into"):
            return self.stories.get(value, value)
        if name in ("digest_id", "correction_of"):
            return self.digests.get(value, value)
        if name in ("article_id", "other_id", "english_id") or name.endswith(("_article_id", "_lead_id", "_link_id")):
            return self.articles.get(value, value)
        return json.loads(value) if JSON_TEXT.fullmatch(str(value)) else value
