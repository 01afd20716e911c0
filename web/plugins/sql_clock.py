"""The clock of SQLite, by which views go. A test, or a demo of past days, may set another one."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Any

from pluggy import HookimplMarker

hookimpl = HookimplMarker("datasette")


@hookimpl
def prepare_connection(conn: sqlite3.Connection, datasette: Any) -> None:
    """With the setting `clock: {"now": "2026-02-20T12:00:00Z"}`, make that moment SQLite's 'now', in views too."""
    now = (datasette.plugin_config("clock") or {}).get("now")

    def at(name: str, *given: Any) -> Any:
        values = [now if value == "now" else value for value in given]
        plain = sqlite3.connect(":memory:")  # its own is hidden by ours
        try:
            return plain.execute(f"SELECT {name}({', '.join('?' * len(values))})", values).fetchone()[0]
        finally:
            plain.close()

    if now:
        for name in ("date", "julianday"):  # those that our views use
            conn.create_function(name, -1, partial(at, name))
