"""Datasette as we serve it: with or without a desk, and reading its file as db/reading.py does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from db.reading import Reader
from db.store import require_schema
from db.website import COUNTING, cheaper

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from pipeline.editors import DeskAccess

PRINTER = "datasette.handle_exception"  # prints a traceback, with what variables held, beside the answer of mistakes.py
COUNT_LIMIT_MS = 200  # a page without its total is better than a page that waits for it


class ServedSite(Datasette):  # type: ignore[misc]
    """Datasette with a desk for editors, which our plug-ins find here and no page shows; None for the public."""

    def __init__(self, files: list[str], desk: DeskAccess | None, **options: Any) -> None:
        """Have the desk before Datasette asks the plug-ins."""
        if pm.has_plugin(PRINTER):
            pm.unregister(name=PRINTER)
        self.desk = desk
        super().__init__(files, secret=desk.sessions.secret if desk else None, **options)


class ServedFile(Database):  # type: ignore[misc]
    """Never writes, whoever asks. Its queries raise OSError or StoreError while there is no database of ours."""

    def __init__(self, datasette: Any, path: Path) -> None:
        """Open nothing yet; each of Datasette's threads opens its own connection."""
        super().__init__(datasette, str(path), is_mutable=True)
        self._reader = Reader(path, self._prepare)

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: ARG002
        """Refuse a connection beside those of the reader, and any for writing."""
        raise PermissionError("the website only reads")

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Return what `fn` gives, in a thread of Datasette's."""
        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, self._reader.run, fn)

    async def get_all_foreign_keys(self) -> dict[str, Any]:
        """Return which tables refer to which; to the public, as if those for editors only were not there.

        Datasette counts the rows that refer to a row without asking who may see them.
        """
        found = await super().get_all_foreign_keys()
        if self.ds.desk is not None:  # nobody but editors gets in there
            return found  # type: ignore[no-any-return]  # of Datasette
        tables = self.ds.metadata("tables", database=self.name, fallback=False) or {}
        closed = {name for name, about in tables.items() if "allow" in about}
        return {
            table: {way: [key for key in keys if key["other_table"] not in closed] for way, keys in ways.items()}
            for table, ways in found.items()
            if table not in closed
        }

    async def execute(self, sql: str, *given: Any, **options: Any) -> Any:
        """Return what a query finds, by a cheaper one with the same rows where there is one.

        Counts of rows get a shorter time limit, and what visitors ask wrongly does not fill the log.
        """
        if sql.startswith(COUNTING):
            options.setdefault("custom_time_limit", COUNT_LIMIT_MS)
        return await super().execute(cheaper(sql), *given, **options | {"log_sql_errors": False})

    def close(self) -> None:
        """Close the connections of all threads."""
        self._reader.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        require_schema(connection, Path(self.path))
        self.ds._prepare_connection(connection, self.name)
