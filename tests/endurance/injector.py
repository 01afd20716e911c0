"""Builds `injector.c` and says to it where a run is to fail or to die; reads how far the run had got."""

from __future__ import annotations

import ctypes
import mmap
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("injector.c")
KINDS = ("open", "read", "write", "sync", "truncate", "rename", "unlink", "mkdir", "mmap")
CHANGING = ("open", "write", "sync", "truncate", "rename", "unlink", "mkdir")
COUNT, FAIL_ONCE, FAIL_ON, DIE, DIE_HALFWAY, SET_CLOCK = range(6)
LIBRARY = "VISNYK_INJECTOR"  # where the library lies, for the process that was started with it


class _Reached(ctypes.Structure):
    _fields_ = (
        ("calls", ctypes.c_long * len(KINDS)),
        ("chosen", ctypes.c_long),
        ("hits", ctypes.c_long),
        ("last", ctypes.c_char * 160),
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """The `nth` call of the kinds below the run's folder fails with `error`, or is the last one.

    For SET_CLOCK `error` is by how many seconds the clock of the day jumps there; steady clocks go on."""

    kinds: tuple[str, ...] = KINDS
    nth: int = 0
    deed: int = COUNT
    error: int = 0

    @property
    def mask(self) -> int:
        return sum(1 << KINDS.index(kind) for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a run had got: its calls by kind, those of the chosen kinds, and where the fault struck."""

    calls: dict[str, int]
    chosen: int
    hits: int
    last: str


class Counters:
    """Memory that a run shares with us, so that it outlives it."""

    def __init__(self) -> None:
        with tempfile.NamedTemporaryFile(prefix="counts-", delete=False) as file:
            file.truncate(ctypes.sizeof(_Reached))
            self.path = Path(file.name)
            self._memory = mmap.mmap(file.fileno(), ctypes.sizeof(_Reached))
        self.shared = _Reached.from_buffer(self._memory)

    def arm(self, fault: Fault, folder: Path) -> None:
        """In the child: from now on the fault waits for its call."""
        library = ctypes.CDLL(os.environ[LIBRARY])
        library.injector_arm(ctypes.byref(self.shared), os.fsencode(folder), ctypes.c_uint(fault.mask),
                             ctypes.c_long(fault.nth), fault.deed, fault.error)  # fmt: skip

    def told(self, fault: Fault, folder: Path) -> dict[str, str]:
        """The variable that arms a process which is started and not forked."""
        return {"VISNYK_FAULT": f"{fault.mask}:{fault.nth}:{fault.deed}:{fault.error}:{self.path}:{folder}"}

    def reached(self) -> Reached:
        """What the run has left; to be asked for once, at its end."""
        self.path.unlink(missing_ok=True)
        calls = dict(zip(KINDS, self.shared.calls, strict=True))
        return Reached(calls, self.shared.chosen, self.shared.hits, bytes(self.shared.last).decode(errors="replace"))


def why_not() -> str:
    """Why faults cannot be injected here; empty when they can."""
    if sys.platform != "linux":
        return "faults are injected through LD_PRELOAD, on Linux only"
    return "" if shutil.which("cc") else "there is no C compiler (cc) to build tests/endurance/injector.c"


def environment(folder: Path) -> dict[str, str]:
    """The environment of a process into which faults can be injected; the library is built in `folder`."""
    library = folder / "injector.so"
    build = ["cc", "-O2", "-Wall", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(build, check=True, capture_output=True)
    return {**os.environ, "LD_PRELOAD": str(library), LIBRARY: str(library)}
