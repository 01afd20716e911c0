"""A bar on a terminal, nothing in cron."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pipeline.progress import bar, bar_to

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("translating", 10, "text") as moved:
        moved(10)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with bar_to("model.argosmodel", "B") as moved:
        moved(30_000_000, 60_000_000)
    assert "model.argosmodel" in terminal.getvalue()
    assert "30.0M/60.0M" in terminal.getvalue()
