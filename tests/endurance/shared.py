"""Runs side by side on one database, and runs on a disk that is too small."""

from __future__ import annotations

import os
import select
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from tests.endurance import processes
from tests.endurance.injector import Fault
from tests.endurance.scenes import DB
from tests.endurance.site import now
from tests.endurance.state import broken
from tests.endurance.trials import Trial, after_failure, judged

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from tests.endurance.scenes import Scene, Stage

BUSY = 75
LOCKING = ("ingest from nothing", "ingest", "translate", "ingest and translate")
SECONDS_TO_LEAVE = 1.0
READ = "SELECT count(*), max(title_en) FROM news"


def two_at_once(stage: Stage, scene: Scene, _: random.Random) -> Trial:
    """Start the command twice: one works, the other leaves within a second with its own code."""
    folder = stage.copy(scene, "trial")
    pair = [stage.start(scene, folder, Fault()) for _ in range(2)]
    ended = sorted((running.end() for running in processes.first_ended(pair)), key=lambda each: each.code)
    wrong = []
    if [each.code for each in ended] != [0, BUSY]:
        wrong.append(f"they ended with {[each.code for each in ended]}: {[each.errors[-200:] for each in ended]}")
    elif ended[1].seconds > SECONDS_TO_LEAVE:
        wrong.append(f"the second one left after {ended[1].seconds:.2f} s")
    return judged(stage, scene, folder, ended[0], "two at once", "", struck=ended[1].code == BUSY, wrong=wrong)


def all_at_once(stage: Stage, scene: Scene, _: random.Random) -> Trial:
    """Read, translate, draft, edit at once, and a reader throughout: nobody meets an error."""
    folder = stage.copy(scene, "trial")
    (folder / "edits.csv").write_text("source_text,text\nНемає такого заголовка,No such headline\n", encoding="utf-8")
    commands = {
        "translate": ["translate", *DB, "--now", now(2, 1)],
        "draft": ["digest", *DB, "--now", now(2, 2), "--format", "md"],
        "edit": ["edit", "import", "edits.csv", *DB],
    }
    with reader(folder / "news.db") as found:
        running = {"ingest": stage.start(scene, folder, Fault())}
        running |= {name: processes.start(words, folder) for name, words in commands.items()}
        ended = {name: each.end() for name, each in running.items()}
    wrong = [f"the reader met {error}" for error in found]
    for name, each in ended.items():
        if each.code not in (0, BUSY) or "Traceback" in each.errors:
            wrong.append(f"{name} ended with {each.code}: {each.errors[-200:]}")
    wrong += broken(folder / "news.db")
    codes = ", ".join(f"{name} {each.code}" for name, each in ended.items())
    return Trial(
        scene.name, "all at once", codes, struck=True, share=1.0, where="", code=0, errors="", wrong=tuple(wrong)
    )


@contextmanager
def reader(path: Path) -> Iterator[list[str]]:
    """Read all the while, as the website does, in a process of its own; gives the errors that it met, at the end."""
    met: list[str] = []
    answers, answer = os.pipe()
    go_on, stop = os.pipe()
    child = os.fork()
    if not child:
        os.close(stop)
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            while not select.select([go_on], [], [], 0.002)[0]:
                try:
                    connection.execute(READ).fetchall()
                except sqlite3.Error as error:
                    os.write(answer, f"{error}\n".encode())
        os._exit(0)
    os.close(answer)
    try:
        yield met
    finally:
        os.close(stop)
        with os.fdopen(answers, encoding="utf-8") as lines:
            met += [line.strip() for line in lines]
        os.waitpid(child, 0)
        os.close(go_on)


def can_mount() -> bool:
    """Whether this process may lay a small disk over a folder."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A memory disk of so many bytes at `folder`."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def full_disk(stage: Stage, scene: Scene, rng: random.Random) -> Trial:
    """Run where there is too little room beyond what the scene begins with; then with room enough."""
    folder = stage.folder / "small"
    scene.fresh()
    size = rng.randint(0, max(64, _bytes(stage.ends(scene.name)) - _bytes(scene.begins)) * 3)
    with small_disk(folder, size + _bytes(scene.begins) + 4096):
        for path in scene.begins.iterdir():
            (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
        ended = stage.run(scene, folder, Fault())
        subprocess.run(["mount", "-o", "remount,size=200m", str(folder)], check=True, capture_output=True)
        wrong = after_failure(scene, folder, ended)
        said = f"{size >> 10} KB of room"
        return judged(stage, scene, folder, ended, "full disk", said, struck=ended.code != 0, wrong=wrong)


def _bytes(folder: Path) -> int:
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*") if path.is_file())
