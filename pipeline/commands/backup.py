"""`backup` and `restore`: the whole database into one file, and back."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.model import iso
from pipeline.commands import say
from pipeline.progress import bar_to

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from db.backup import Backup
    from db.copies import Progress


def backup(args: argparse.Namespace) -> int:
    """Write a checked copy of the database; silent in cron when it went well."""
    from db.backup import back_up

    with _pages("backup") as progress:
        made = back_up(Path(args.db), _file(args), force=args.force, progress=progress)
    say.result(args.json, _data(made), f"{made.file}: {made.stories} stories, {made.bytes / 1e6:.1f} MB, checked")
    return 0


def restore(args: argparse.Namespace) -> int:
    """Put a backup in the place of the database; say where the database of before is."""
    from db.backup import restore as put_back

    with _pages("restore") as progress:
        made = put_back(_file(args), Path(args.db), iso(datetime.now(UTC)), progress)
    kept = f"; what was there is kept as {made.kept}" if made.kept else ""
    say.always(args.json, _data(made), [f"{args.db}: {made.stories} stories from {made.file}{kept}"])
    return 0


def _file(args: argparse.Namespace) -> Path:
    if not args.file:
        raise UsageError("FILE is missing: where is the backup, or where shall it go?")
    return Path(args.file)


@contextlib.contextmanager
def _pages(label: str) -> Iterator[Progress]:
    with bar_to(label, "page") as moved:
        before = 0

        def progress(copied: int, total: int) -> None:
            nonlocal before
            moved(copied - before, total)
            before = copied

        yield progress


def _data(made: Backup) -> dict[str, object]:
    return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(made).items()}
