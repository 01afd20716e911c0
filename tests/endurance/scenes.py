"""The commands that are killed, each with the folder in which it begins and the one in which it ends undisturbed."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from core.model import Text, Translation
from db.migrations import SCHEMA_VERSION
from db.store import APPLICATION_ID
from pipeline.translate import translate_chunk as REAL_CHUNK
from tests.endurance import processes
from tests.endurance.injector import Fault, Reached
from tests.endurance.site import Site, now
from tests.endurance.state import State, look
from tests.support.argos_packages import DEMO, install_demo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.model import Rendering
    from tests.endurance.processes import Ended

DB = ("--db", "news.db")
PACKAGES = "VISNYK_ARGOS_PACKAGES"
NOTHING = State()
HISTORY = processes.ROOT / "db" / "history"
OLDER = SCHEMA_VERSION - 1
EDITS = "source_text,text\nНемає такого заголовка,No such headline\nІ такого немає,Nor such a one\n"


@dataclass(frozen=True, slots=True)
class Scene:
    """One command."""

    name: str
    words: tuple[str, ...]
    begins: Path  # the folder that a trial copies
    day: int = 2  # of the site
    own_packages: bool = False  # the translation package lies in the trial's folder
    ended: Ended | None = None  # the undisturbed run
    state: State = NOTHING  # of the folder after it

    @property
    def usual(self) -> Reached:
        assert self.ended
        return self.ended.reached


class Recalled:
    """In place of the demonstration model: the rows of the ledger that it gave once."""

    engine = "argos"

    def __init__(self, model: str, rows: Sequence[Translation]) -> None:
        self.model, self.rows = model, {row.text.source_text: row for row in rows}

    def translate(self, texts: list[str]) -> list[Rendering]:
        raise AssertionError("rows are recalled whole")

    def chunk(self, chunk: Sequence[Text], *_: object) -> list[Translation]:
        """In place of `pipeline.translate.translate_chunk`."""
        return [self._row(text) for text in chunk]

    def _row(self, text: Text) -> Translation:
        if row := self.rows.get(text.source_text):
            return replace(row, text=text)
        return Translation(text, None, self.engine, self.model, "", "failed", ("not recalled",))


class Stage:
    """All scenes, in a folder of their own, and how one of them is run."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.site = folder, site
        self.packages = folder / "packages"
        install_demo(self.packages)
        os.environ[PACKAGES] = str(self.packages)
        self._warm_up()
        self.scenes: dict[str, Scene] = {}
        self._plan()

    def run(self, scene: Scene, folder: Path, fault: Fault | None = None) -> Ended:
        return self.start(scene, folder, fault).end()

    def start(self, scene: Scene, folder: Path, fault: Fault | None = None) -> processes.Running:
        return processes.start(scene.words, folder, fault, environment={PACKAGES: self._packages(scene, folder)})

    def start_for_real(self, scene: Scene, folder: Path, fault: Fault) -> processes.Running:
        """Start `python -m pipeline`, with the sandbox and the demonstration model."""
        return processes.start_for_real(scene.words, folder, {PACKAGES: self._packages(scene, folder)}, fault)

    def _packages(self, scene: Scene, folder: Path) -> str:
        return str(folder / "packages" if scene.own_packages else self.packages)

    def copy(self, scene: Scene, name: str) -> Path:
        """A folder for one trial, as the scene begins."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(scene.begins, folder)
        return folder

    def ends(self, scene: Scene) -> Path:
        """The folder in which the undisturbed run ended."""
        return self.folder / f"{scene.name}: ends"

    def _warm_up(self) -> None:
        """Load modules, tables and caches once, in this process: the children are forked with them."""
        from pipeline.__main__ import main

        processes.warm_up()
        folder = self.folder / "warm"
        folder.mkdir()
        database = ("--db", str(folder / "news.db"))
        _recall(Recalled("none", []))
        with processes.quiet():
            main(["ingest", *database, *self.site.options(1)])
            main(["digest", *database, "--now", now(1), "--out", str(folder / "digests")])

    def _plan(self) -> None:
        plain = self._begin("nothing")
        day_1, day_2 = self.site.options(1), self.site.options(2)
        first = self._add("ingest from nothing", ["ingest", *DB, "--no-translate", *day_1], plain, day=1)
        second = self._add("ingest", ["ingest", *DB, "--no-translate", *day_2], first)
        self._remember(second)
        translated = self._add("translate", ["translate", *DB, "--now", now(2, 1)], second)
        self._add("ingest and translate", ["ingest", *DB, *day_2], first)
        at = ("--now", now(2, 2), "--begin", "2026-02-01")
        drafted = self._add("draft", ["digest", *DB, *at], translated)
        edited = drafted / "edited" / "issue-1-draft.md"
        edited.parent.mkdir()
        text = (drafted / "digests" / "issue-1-draft.md").read_text(encoding="utf-8")
        edited.write_text(text.replace("- [x]", "- [ ]", 1).replace("- en:", "- en: Reworded:", 2), encoding="utf-8")
        taken = self._add("import", ["digest", *DB, *at, "--import", "edited/issue-1-draft.md"], drafted)
        sealed = self._add("seal", ["digest", *DB, *at, "--seal"], taken)
        again = self._begin("sealed without files", sealed)
        shutil.rmtree(again / "digests")
        self._add("export again", ["digest", *DB, *at, "--issue", "issue-1"], again)
        self._add("regroup", ["story", "regroup", *DB], translated)
        edits = self._begin("with edits", translated)
        (edits / "edits.csv").write_text(EDITS, encoding="utf-8")
        self._add("edit import", ["edit", "import", "edits.csv", *DB], edits)
        saved = self._add("backup", ["backup", "copy.db", "--force", *DB], translated)
        later = self._begin("with a backup", drafted)
        shutil.copy(saved / "copy.db", later)
        self._add("restore", ["restore", "copy.db", *DB], later)
        self._add("migrate", ["translate", *DB, "--now", now(2, 3)], self._older(translated))
        model = self._begin("with a package")
        install_demo(model / "packages")
        self._add("model import", ["model", "import", str(DEMO)], model, own_packages=True)

    def _begin(self, name: str, like: Path | None = None) -> Path:
        folder = self.folder / f"{name}: begins"
        if like:
            shutil.copytree(like, folder)
        else:
            folder.mkdir()
        return folder

    def _older(self, like: Path) -> Path:
        """A folder with the same news in a database of the schema before this one."""
        folder = self._begin("of an older version", like)
        (folder / "news.db").rename(folder / "newer")
        with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as connection:
            connection.executescript((HISTORY / f"{OLDER}.sql").read_text(encoding="utf-8"))
            for pragma in (f"application_id = {APPLICATION_ID}", f"user_version = {OLDER}", "journal_mode = WAL"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("ATTACH ? AS newer", (str(folder / "newer"),))
            tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'news_fts_%'"
            for (table,) in connection.execute(f"{tables} AND name NOT LIKE 'sqlite_%'").fetchall():
                columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
                columns += ", rowid" if table == "news_fts" else ""
                connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")
        (folder / "newer").unlink()
        return folder

    def _add(self, name: str, words: Sequence[str], begins: Path, *, day: int = 2, own_packages: bool = False) -> Path:
        """Run the scene undisturbed; return the folder in which it ends."""
        self.site.options(day)
        scene = Scene(name, tuple(words), begins, day, own_packages)
        folder = self.copy(scene, f"{name}: ends")
        ended = self.run(scene, folder, Fault())
        assert (ended.code, "Traceback" in ended.errors) == (0, False), (name, ended)
        self.scenes[name] = Scene(name, tuple(words), begins, day, own_packages, ended, look(folder))
        return folder

    def _remember(self, folder: Path) -> None:
        """Translate with the demonstration model once; from then on its rows are recalled."""
        from translations.engines import packages

        aside = self.folder / "remembered"
        shutil.copytree(folder, aside)
        ended = processes.run(
            ["translate", *DB, "--now", now(2, 1)], aside, prepare=partial(_note_rows, aside / "rows")
        )
        assert ended.code == 0, ended
        rows = pickle.loads((aside / "rows").read_bytes())
        _recall(Recalled(packages.find(self.packages).identity, rows))


def _recall(recalled: Recalled) -> None:
    from pipeline import translate
    from translations.engines import argos

    argos.load = lambda: recalled  # type: ignore[assignment,return-value]
    translate.translate_chunk = recalled.chunk  # type: ignore[assignment]


def _note_rows(file: Path) -> None:
    """In a child: use the real engine, and keep its rows in a file."""
    from pipeline import translate
    from translations.engines import argos, packages

    rows: list[Translation] = []

    def noted(chunk: Sequence[Text], *more: Any) -> list[Translation]:
        made = REAL_CHUNK(chunk, *more)
        rows.extend(made)
        file.write_bytes(pickle.dumps(rows))
        return made

    argos.load = lambda: argos.ArgosTranslator(packages.find())
    translate.translate_chunk = noted  # type: ignore[assignment]
