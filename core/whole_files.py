"""Files that are written whole or not at all, whatever happens in the middle."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING

from core.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_MARK = "visnyk-"  # before the number of the process that writes


def write_whole(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write aside, wait for the disk, rename: `path` is the old file or the new one at any moment. Raises OSError.

    It gets `mode`, less the umask. What other processes left aside in the folder when they were killed is removed. A
    pipe or a device is written to.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    remove_left_over(path.parent)
    aside = path.with_name(f".{path.name}.{_MARK}{os.getpid()}")
    try:
        aside.unlink(missing_ok=True)
        aside.touch(mode, exist_ok=False)
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the first error is the one to tell
            aside.unlink()
        raise


def private_text(path: Path) -> str:
    """Return what stands in a file that only its owner can read, at most 1 MB of it.

    Raise OSError, and StoreError for a file that others can read, or that is none.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), errors="replace") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_mode & 0o077:
            raise StoreError(f"{path} must be a file that nobody else can read: delete it, or chmod 600 it")
        return file.read(1_000_000)


def remove_left_over(folder: Path) -> None:
    """Remove what processes that were killed while they wrote left aside in the folder. Raises OSError."""
    for left_over in folder.glob(f".*.{_MARK}*"):
        if not _is_running(left_over.name.rpartition("-")[2]):
            left_over.unlink(missing_ok=True)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (ValueError, OverflowError, PermissionError):  # a name that is not ours, or a process of another user
        return True
    return True
