"""Queries for many values at once, in batches below SQLite's limit of variables in old builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

_BATCH = 400


def select_in(
    connection: sqlite3.Connection, sql: str, values: Iterable[Any], *before: object
) -> Iterator[sqlite3.Row]:
    """Yield the rows of `sql`, in whose `IN ({})` the values stand; `before` fills the marks ahead of it."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        yield from connection.execute(sql.format(",".join("?" * len(batch))), [*before, *batch])
