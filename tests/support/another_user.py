"""A folder that cannot be written: by permission, and for the superuser by being somebody else for a while."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@contextlib.contextmanager
def open_to_others() -> Iterator[Path]:
    """Make a folder that other users may read; pytest's own are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="visnyk-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@contextlib.contextmanager
def as_reader_of(folder: Path) -> Iterator[None]:
    """Be, inside, somebody who may read all that is in `folder`, and write nothing."""
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o755)
