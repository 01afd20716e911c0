"""Which command is struck in which folder. A plan is made when its scene is first asked for, and names others."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from db.store import APPLICATION_ID
from tests.endurance import issue_plans, processes
from tests.endurance.scenes import DB, Scene
from tests.endurance.site import now
from tests.support.argos_packages import DEMO, install_demo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.endurance.scenes import Stage

# May be killed, and be struck by failing calls.
PLANS: dict[str, Callable[[Stage], Scene]] = {**issue_plans.ISSUE_PLANS}
ONLY_STOPPED: dict[str, Callable[[Stage], Scene]] = {}  # that change nothing, or go on until they are told to end
HISTORY = processes.ROOT / "db" / "history"
EDITS = "source_text,text\nНемає такого заголовка,No such headline\nІ такого немає,Nor such a one\n"
READ = ("ingest", *DB, "--no-translate")
AGAIN = (0, 2)  # once it is done, there is nothing to do
TWO_STORIES = "SELECT id FROM stories WHERE merged_into IS NULL ORDER BY id LIMIT 2"
OF_TWO = "SELECT id FROM articles WHERE story_id IN (SELECT story_id FROM articles GROUP BY 1 HAVING count(*) > 1)"


def _plan(name: str, plans: dict[str, Callable[[Stage], Scene]] = PLANS) -> Callable[[Callable[[Stage], Scene]], None]:
    return lambda made: plans.update({name: made})


@_plan("ingest from nothing")
def _first(stage: Stage) -> Scene:
    name = "ingest from nothing"
    return Scene(name, (*READ, *stage.site.options("1")), stage.begin(name), "1")


@_plan("ingest")
def _second(stage: Stage) -> Scene:
    return Scene("ingest", (*READ, *stage.site.options("2")), stage.ends("ingest from nothing"))


@_plan("ingest and translate")
def _whole(stage: Stage) -> Scene:
    stage.remember()
    words = ("ingest", *DB, *stage.site.options("2"))
    return Scene("ingest and translate", words, stage.ends("ingest from nothing"))


@_plan("ingest with a backlog")
def _backlog(stage: Stage) -> Scene:
    name = "ingest with a backlog"
    return Scene(name, (*READ, *stage.site.options("2")), _ungrouped(stage, name))


@_plan("translate")
def _translate(stage: Stage) -> Scene:
    stage.remember()
    return Scene("translate", ("translate", *DB, "--now", now(2, 1)), stage.ends("ingest"))


@_plan("translate with a backlog")
def _translate_backlog(stage: Stage) -> Scene:
    stage.remember()
    name = "translate with a backlog"
    return Scene(name, ("translate", *DB, "--now", now(2, 1)), _ungrouped(stage, name))


@_plan("ingest of a wrong list")
def _wrong_list(stage: Stage) -> Scene:
    words = (*READ, *stage.site.options("2 wrong"))
    return Scene("ingest of a wrong list", words, stage.ends("ingest from nothing"), "2 wrong")


@_plan("ingest beside a held answer")
def _beside(stage: Stage) -> Scene:
    words = (*READ, *stage.site.options("2"))
    return Scene("ingest beside a held answer", words, stage.ends("ingest of a wrong list"))


@_plan("sources accept")
def _accept(stage: Stage) -> Scene:
    stage.remember()
    words, then = ("sources", "accept", "auc", *DB, "--now", now(2, 1)), ("translate", *DB, "--now", now(2, 2))
    return Scene("sources accept", words, stage.ends("ingest of a wrong list"), codes=AGAIN, then=then)


@_plan("regroup")
def _regroup(stage: Stage) -> Scene:
    return Scene("regroup", ("story", "regroup", *DB), stage.ends("translate"))


@_plan("split")
def _split(stage: Stage) -> Scene:
    folder = stage.ends("translate")
    return Scene("split", ("story", "split", str(_numbers(folder, OF_TWO)[0]), *DB), folder, codes=AGAIN)


@_plan("join")
def _join(stage: Stage) -> Scene:
    folder = stage.ends("translate")
    return Scene("join", ("story", "join", *map(str, _numbers(folder, TWO_STORIES)), *DB), folder, codes=AGAIN)


@_plan("edit import")
def _edits(stage: Stage) -> Scene:
    folder = stage.begin("edit import", "translate")
    (folder / "edits.csv").write_text(EDITS, encoding="utf-8")
    return Scene("edit import", ("edit", "import", "edits.csv", *DB), folder)


@_plan("edit export")
def _edit_export(stage: Stage) -> Scene:
    return Scene("edit export", ("edit", "export", "edits-out.csv", *DB), stage.ends("edit import"), reads=True)


@_plan("backup")
def _backup(stage: Stage) -> Scene:
    return Scene("backup", ("backup", "copy.db", "--force", *DB), stage.ends("translate"), reads=True)


@_plan("restore")
def _restore(stage: Stage) -> Scene:
    folder = stage.begin("restore", "draft")
    shutil.copy(stage.ends("backup") / "copy.db", folder)
    return Scene("restore", ("restore", "copy.db", *DB), folder)


@_plan("model import")
def _model(stage: Stage) -> Scene:
    folder = stage.begin("model import")
    install_demo(folder / "packages")
    return Scene("model import", ("model", "import", str(DEMO)), folder, own_packages=True)


def _migrate(version: int) -> None:
    name = f"migrate from {version}"

    @_plan(name)
    def _(stage: Stage) -> Scene:
        return Scene(name, ("translate", *DB, "--now", now(2, 3)), _older(stage.begin(name, "translate"), version))


_migrate(3)
_migrate(4)


def _stopped(name: str, words: Sequence[str], like: str = "translate", **more: Any) -> None:
    """Plan a command that only signals strike."""

    @_plan(name, ONLY_STOPPED)
    def _(stage: Stage) -> Scene:
        return Scene(name, tuple(words), stage.begin(name, like), reads=True, **more)


_stopped("evaluate", ("evaluate", *DB), for_real=True)
_stopped("check-database", ("check-database", *DB))
_stopped("health", ("health", *DB, "--now", now(2, 1)), codes=(3,))
_stopped("sources list", ("sources", "list", *DB))
_stopped("sources check", ("sources", "check", *DB))
_stopped("sources held", ("sources", "held", *DB), "ingest of a wrong list")
_stopped("story show", ("story", "show", "1", *DB))
_stopped("edit stale", ("edit", "stale", *DB))
_stopped("glossary", ("glossary", "suggest", *DB))
_stopped("model status", ("model", "status"), "")


@_plan("serve", ONLY_STOPPED)
def _serve(stage: Stage) -> Scene:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Scene(
        "serve", ("serve", *DB, "--port", str(port)), stage.begin("serve", "translate"), endless=1.5, reads=True
    )


@_plan("demo", ONLY_STOPPED)
def _demo(stage: Stage) -> Scene:
    return Scene("demo", ("demo", "--out", "demo", "--no-serve"), stage.begin("demo"), for_real=True, unending=20.0)


def _ungrouped(stage: Stage, name: str) -> Path:
    """A folder in which the second day was read, and no time was left to group its articles."""
    from pipeline.commands import ingest

    folder = stage.begin(name, "ingest from nothing")
    words = [*READ, *stage.site.options("2")]
    ended = processes.run(words, folder, prepare=lambda: setattr(ingest, "GROUP_SECONDS", 0.0))
    assert (ended.code, bool(_numbers(folder, "SELECT article_id FROM grouping_due"))) == (0, True), ended
    return folder


def _numbers(folder: Path, query: str) -> list[int]:
    with closing(sqlite3.connect(folder / "news.db")) as connection:
        return [row[0] for row in connection.execute(query)]


def _older(folder: Path, version: int) -> Path:
    """Give the folder the same news in a database of an older schema."""
    (folder / "news.db").rename(folder / "newer")
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as connection:
        connection.executescript((HISTORY / f"{version}.sql").read_text(encoding="utf-8"))
        for pragma in (f"application_id = {APPLICATION_ID}", f"user_version = {version}", "journal_mode = WAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS newer", (str(folder / "newer"),))
        tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'news_fts_%'"
        for (table,) in connection.execute(f"{tables} AND name NOT LIKE 'sqlite_%'").fetchall():
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            columns += ", rowid" if table == "news_fts" else ""
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")
    (folder / "newer").unlink()
    return folder
