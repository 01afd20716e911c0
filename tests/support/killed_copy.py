"""`python -m tests.support.killed_copy TASK FOLDER DEATHS`: backups, restores, migrations, killed at other lines each.

The first, `FOLDER/whole`, is not disturbed. Then DEATHS of them die at as many lines of our code spread over all that
run, each in a process and a folder of its own (`FOLDER/0` and so on). Prints how each ended: 0, or the signal.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from db import backup, copies
from db.store import open_store
from tests.support.older_files import filled_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from _typeshed import TraceFunction

WATCHED = ("backup.py", "copies.py", "migrations.py", "store.py")
AT = "2026-03-01T06:00:00Z"


def make_backup(folder: Path) -> None:
    """Replaces an older backup."""
    backup.back_up(folder / "news.db", folder / "backup.db", force=True)


def put_back(folder: Path) -> None:
    """Puts the backup, of the same or an older schema, in the place of the database."""
    backup.restore(folder / "backup.db", folder / "news.db", AT)


def migrate(folder: Path) -> None:
    """Opens a database of the oldest released version."""
    open_store(folder / "news.db").close()


TASKS: dict[str, Callable[[Path], None]] = {"backup": make_backup, "restore": put_back, "migrate": migrate}


def prepare(task: str, folder: Path) -> None:
    """What is there before: an old and a new database, told apart by a story more or less."""
    folder.mkdir()
    filled_by(folder / "news.db", 3)
    if task == "migrate":
        return
    shutil.copy(folder / "news.db", folder / "backup.db")
    store = open_store(folder / "news.db")
    store.connection.execute("INSERT INTO stories (first_seen_at) VALUES (?)", (AT,))
    store.close()
    (folder / "news.db.v3").unlink()


def run(task: str, folder: Path, deadly: int) -> int:
    """Does the task, with death at the line that was asked for; gives how many lines were run."""
    count = 0

    def traced(frame: FrameType, event: str, _: object) -> TraceFunction | None:
        nonlocal count
        if not frame.f_code.co_filename.endswith(WATCHED):
            return None
        if event == "line":
            count += 1
            if count == deadly:
                os.kill(os.getpid(), signal.SIGKILL)
        return traced

    copies.PAGES_AT_ONCE = 10
    sys.settrace(traced)
    TASKS[task](folder)
    sys.settrace(None)
    return count


def main() -> None:
    """Runs as often as was asked for."""
    task, folder, deaths = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    prepare(task, folder / "before")
    shutil.copytree(folder / "before", folder / "whole")
    lines = run(task, folder / "whole", 0)
    for share in range(deaths):
        shutil.copytree(folder / "before", folder / str(share))
        child = os.fork()
        if not child:
            run(task, folder / str(share), 1 + share * (lines - 1) // (deaths - 1))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
