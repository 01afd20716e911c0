"""A database for the website's tests, written by plain SQL, and a way to look at its pages without a port."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db.migrations import SCHEMA_VERSION
from db.store import APPLICATION_ID
from pipeline.serve import ROOT, build

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = (ROOT / "db" / "schema.sql").read_text(encoding="utf-8")
NOON = "2026-02-20T12:00:00Z"
EVENING = "2026-02-20T18:00:00Z"  # when the website is looked at


def rows(connection: sqlite3.Connection, table: str, **values: Any) -> int:
    """Insert one row; gives its id."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    cursor = connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
    return cursor.lastrowid or 0


@dataclass
class Newsroom:
    """Fills a fresh database: sources, stories in one or two languages, translations, runs."""

    path: Path
    db: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self.db = sqlite3.connect(self.path)
        self.db.executescript(SCHEMA)
        self.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self.db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self.db.execute("PRAGMA journal_mode = WAL")

    def source(self, source_id: str, name: str = "") -> None:
        home = f"https://{source_id}.example/"
        rows(self.db, "sources", id=source_id, name=name or source_id.title(), homepage=home, publisher="Publisher",
             language="uk", kind="html", expected_every_hours=48, min_items=5)  # fmt: skip

    def article(self, story: int, language: str, title: str, **changes: Any) -> int:
        given = {
            "source_id": "portal",
            "key": f"{story}-{title}",
            "url": f"https://portal.example/{language}/news/{story}",
            "lead": "",
            "published_on": "2026-02-20",
        } | changes
        day = given["published_on"]
        return rows(
            self.db, "articles", language=language, title=title, title_hash=f"h:{title}",
            lead_hash=f"h:{given['lead']}" if given["lead"] else "", published_at=day and f"{day}T12:00:00Z",
            published_precision=day and "minute", published_origin=day and "page", first_seen_at=NOON,
            last_seen_at=NOON, content_hash="c", story_id=story, **given,
        )  # fmt: skip

    def story(self, uk: str = "", en: str = "", **changes: Any) -> int:
        """One story with a Ukrainian article, an English one, or both."""
        day = changes.get("published_on", "2026-02-20")
        story = rows(self.db, "stories", published_on=day, first_seen_at=NOON)
        uk_id = self.article(story, "uk", uk, **changes) if uk else None
        en_id = self.article(story, "en", en, **changes) if en else None
        self.db.execute("UPDATE stories SET uk_article_id = ?, en_article_id = ? WHERE id = ?", (uk_id, en_id, story))
        rows(self.db, "news_fts", rowid=story, title_uk=uk, title_en=en, lead_uk=changes.get("lead", ""), lead_en="")
        return story

    def translation(
        self,
        source: str,
        text: str | None,
        state: str = "ok",
        model: str = "translate-uk_en 1.9",
        reasons: tuple[str, ...] = (),
    ) -> None:
        rows(self.db, "translations", text_hash=f"h:{source}", source_text=source, source_language="uk",
             target_language="en", text=text, engine="argos", model=model, state=state, created_at=NOON,
             reasons=json.dumps(reasons, ensure_ascii=False))  # fmt: skip

    def run(self, source_id: str, state: str = "ok", new: int = 0) -> None:
        run = rows(self.db, "runs", command="ingest", started_at=NOON, finished_at=NOON, exit_code=0, version="0.1.0")
        rows(self.db, "source_runs", run_id=run, source_id=source_id, state=state, listed=new, new=new, at=NOON)

    def done(self, now: str = EVENING) -> Website:
        """Write it down and open it as we serve it, at the moment `now`."""
        self.db.commit()
        self.db.close()
        return Website(self.path, now)


class Website:
    """The website on a database, asked in this process."""

    def __init__(self, path: Path, now: str = EVENING) -> None:
        self.datasette = build(path, {"clock": {"now": now}})
        self.connections: list[sqlite3.Connection] = []
        prepare = self.datasette._prepare_connection

        def remembered(connection: sqlite3.Connection, database: str) -> None:
            self.connections.append(connection)
            prepare(connection, database)

        self.datasette._prepare_connection = remembered

    def get(self, address: str, method: str = "GET", **options: Any) -> Any:
        async def ask() -> Any:
            await self.datasette.invoke_startup()
            return await self.datasette.client.request(method, address, **options)

        return asyncio.run(ask())

    def json(self, address: str) -> Any:
        response = self.get(address)
        assert response.status_code == 200, response.text
        return response.json()

    def titles(self, address: str) -> list[str]:
        """Ukrainian or English headlines of the stories that a JSON address gives."""
        return [row["title_uk"] or row["title_en"] for row in self.json(f"{address}&_shape=objects")["rows"]]

    def close(self) -> None:
        """Ends the threads, and closes what they opened: Datasette itself forgets its databases in memory."""
        self.datasette.executor.shutdown()
        for database in self.datasette.databases.values():
            database.close()
        for connection in self.connections:
            connection.close()
