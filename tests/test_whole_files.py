"""A file is the old one or the new one, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import pytest

from core.whole_files import write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.fault("S2", "O8")
@pytest.mark.parametrize(("module", "call"), [("os", "fsync"), ("pathlib.Path", "replace"), ("pathlib.Path", "open")])
def test_a_failing_call_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, call: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "issue-1.md"
    write_whole(path, b"old")
    monkeypatch.setattr(f"{module}.{call}", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new, and longer")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["issue-1.md"]


@pytest.mark.fault("O9")
def test_a_death_leaves_the_old_file_and_the_next_writer_tidies_up(tmp_path: Path) -> None:
    path = tmp_path / "issue-1.md"
    write_whole(path, b"old")
    child = os.fork()
    if not child:
        Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign,assignment]
        write_whole(path, b"new")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == [f".issue-1.md.visnyk-{child}", "issue-1.md"]
    write_whole(tmp_path / "issue-2.md", b"another")
    assert names(tmp_path) == ["issue-1.md", "issue-2.md"]


def test_what_a_living_process_has_aside_and_files_of_others_stay(tmp_path: Path) -> None:
    kept = [f".issue-1.md.visnyk-{os.getppid()}", ".notes.visnyk-mine", ".visnyk"]
    for name in kept:
        (tmp_path / name).touch()
    write_whole(tmp_path / "issue-1.md", b"new")
    assert names(tmp_path) == sorted([*kept, "issue-1.md"])


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert names(tmp_path) == ["pipe"]
