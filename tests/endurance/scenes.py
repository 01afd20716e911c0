"""The commands that are struck: each is run undisturbed once, when it is first asked for."""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.endurance import processes, recalled
from tests.endurance.injector import Fault, Reached
from tests.endurance.site import Site, now
from tests.endurance.state import State, look, open_runs
from tests.support.argos_packages import install_demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


DB = ("--db", "news.db")
PACKAGES = "VISNYK_ARGOS_PACKAGES"
NOTHING = State()


@dataclass(frozen=True, slots=True)
class Scene:
    """One command."""

    name: str
    words: tuple[str, ...]
    begins: Path  # the folder that a trial copies
    shows: str = "2"  # what the site shows: a day, and whether a source has lost its character
    own_packages: bool = False  # the translation package lies in the trial's folder
    play: Callable[[list[str]], int] | None = None  # in place of the command line
    codes: tuple[int, ...] = (0,)  # with which it may end; of the undisturbed run the first one
    unending: float = 0.0  # seconds of it in which it is struck; it is never run to its end
    for_real: bool = False  # it has no use for what is loaded or recalled
    reads: bool = False  # it changes nothing in the database, and so does not tidy up after another run either
    fresh: Callable[[], None] = lambda: None  # what lies outside the folder is as it was before a trial
    check: Callable[[Path], list[str]] = lambda _: []  # what is wrong with a folder, beside what is wrong with any
    then: tuple[str, ...] = ()  # a command that comes after it, and is never struck
    endless: float = 0.0  # it serves until a signal comes, and is up after so many seconds
    ended: processes.Ended | None = None  # the undisturbed run
    state: State = NOTHING  # of the folder after it
    keeps_runs: bool = False  # the undisturbed run leaves a row of `runs`

    @property
    def usual(self) -> Reached:
        assert self.ended
        return self.ended.reached

    def look(self, folder: Path) -> State:
        """The state of the folder; times are of no use where the command goes by the clock of the day."""
        return look(folder, timeless="--now" not in self.words and self.play is None)


class Stage:
    """All scenes, in a folder of their own, and how one of them is run."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.site = folder, site
        self.packages = folder / "packages"
        install_demo(self.packages)
        os.environ[PACKAGES] = str(self.packages)
        self._scenes: dict[str, Scene] = {}
        self._warm_up()

    def scene(self, name: str) -> Scene:
        """The scene with its undisturbed end; the site shows what it reads."""
        if name not in self._scenes:
            from tests.endurance.plans import ONLY_STOPPED, PLANS

            self._scenes[name] = self._undisturbed((PLANS | ONLY_STOPPED)[name](self))
        self.site.show(self._scenes[name].shows)
        return self._scenes[name]

    def ends(self, name: str) -> Path:
        """The folder in which the undisturbed run of a scene ended."""
        self.scene(name)
        return self.folder / f"{name}: ends"

    def begin(self, name: str, like: str = "") -> Path:
        """A new folder in which a scene begins, as another scene ended."""
        folder = self.folder / f"{name}: begins"
        if like:
            shutil.copytree(self.ends(like), folder)
        else:
            folder.mkdir()
        return folder

    def run(self, scene: Scene, folder: Path, fault: Fault | None = None) -> processes.Ended:
        running = self.start(scene, folder, fault)
        return running.end(after=scene.endless, with_signal=signal.SIGTERM) if scene.endless else running.end()

    def run_on(self, scene: Scene, folder: Path) -> processes.Ended:
        """Run it to its end, and the command that comes after it."""
        ended = self.run(scene, folder)
        if scene.then and ended.code in scene.codes:
            after = processes.run(scene.then, folder)
            return after if after.code else ended
        return ended

    def start(self, scene: Scene, folder: Path, fault: Fault | None = None) -> processes.Running:
        if scene.for_real:
            return self.start_for_real(scene, folder, fault or Fault())
        environment = {PACKAGES: self._packages(scene, folder)}
        return processes.start(scene.words, folder, fault, environment=environment, play=scene.play)

    def start_for_real(self, scene: Scene, folder: Path, fault: Fault) -> processes.Running:
        """Start `python -m pipeline`, with the sandbox and the demonstration model."""
        return processes.start_for_real(scene.words, folder, {PACKAGES: self._packages(scene, folder)}, fault)

    def _packages(self, scene: Scene, folder: Path) -> str:
        return str(folder / "packages" if scene.own_packages else self.packages)

    def copy(self, scene: Scene, name: str) -> Path:
        """A folder for one trial, as the scene begins."""
        folder = self.folder / name
        scene.fresh()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(scene.begins, folder)
        return folder

    def remember(self) -> None:
        """From now on the demonstration model is recalled, and not asked."""
        if not (aside := self.folder / "remembered").exists():
            shutil.copytree(self.ends("ingest"), aside)
            recalled.remember(aside, self.packages, ["translate", *DB, "--now", now(2, 1)])

    def _warm_up(self) -> None:
        """Load modules, tables and caches once, in this process: the children are forked with them."""
        from pipeline.__main__ import main

        processes.warm_up()
        folder = self.folder / "warm"
        folder.mkdir()
        database = ("--db", str(folder / "news.db"))
        recalled.recall(recalled.Recalled("none", []))
        with processes.quiet():
            main(["ingest", *database, *self.site.options("1")])
            main(["digest", *database, "--now", now(1), "--out", str(folder / "digests")])

    def _undisturbed(self, scene: Scene) -> Scene:
        if scene.unending:
            return replace(scene, ended=processes.Ended(0, "", scene.unending, Reached({}, 0, 0, "")))
        self.site.show(scene.shows)
        folder = self.copy(scene, f"{scene.name}: ends")
        before = open_runs(folder)[0]
        ended = self.run(scene, folder, Fault())
        assert (ended.code, "Traceback" in ended.errors) == (scene.codes[0], False), (scene.name, ended)
        keeps_runs = open_runs(folder)[0] > before
        if scene.then:
            assert processes.run(scene.then, folder).code == 0
        return replace(scene, ended=ended, state=scene.look(folder), keeps_runs=keeps_runs)
