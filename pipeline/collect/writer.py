"""The thread that stores what sources gave while others are still being read: one transaction after the other."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from db.store import Store

STEPS = 1000  # of SQLite's machine, between two looks at whether to stop: well under a millisecond


class Writer:
    """Alone it uses the store while it is open; leaving it rolls back the transaction that is not finished."""

    def __init__(self, store: Store) -> None:
        """Start the thread when there is something to do."""
        self._store = store
        self._stopped = threading.Event()
        self._thread = ThreadPoolExecutor(1, "storing")

    def __enter__(self) -> Self:
        self._store.connection.set_progress_handler(self._stopped.is_set, STEPS)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.shutdown(cancel_futures=True)
        self._store.connection.set_progress_handler(None, 0)

    async def do(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do the work in a transaction of its own, after what was asked for before."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._in_transaction, work)

    def _in_transaction(self, work: Callable[[sqlite3.Connection], None]) -> None:
        with self._store.transaction() as connection:
            work(connection)
