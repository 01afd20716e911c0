"""Datasette on a made archive, as we serve it and as it comes, asked in this process."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from bench.inputs.made_archive import archive, fill
from db.store import open_store
from pipeline.serve import ROOT, build

if TYPE_CHECKING:
    from pathlib import Path

    from datasette.app import Datasette


def made_file(path: Path, size: int) -> Path:
    """Return `path`, where a database with `size` articles was written."""
    store = open_store(path)
    fill(store, archive(size))
    store.close()
    return path


def served(path: Path) -> Datasette:
    """Return Datasette as we serve the file."""
    return build(path)


def stock(path: Path) -> Datasette:
    """Return Datasette as it comes; of our metadata it only knows which full-text index the view has."""
    from pipeline.served import ServedSite

    metadata = json.loads((ROOT / "datasette_metadata.json").read_text(encoding="utf-8"))
    news = metadata["databases"]["news"]["tables"]["news"]
    known = {"fts_table": news["fts_table"], "fts_pk": news["fts_pk"]}
    settings = {"default_page_size": 25, "suggest_facets": False}
    # our plug-ins stand in this process for good, and look for a desk
    return ServedSite(
        [str(path)], None, metadata={"databases": {"news": {"tables": {"news": known}}}}, settings=settings
    )


async def _asked(datasette: Datasette, addresses: list[str]) -> list[str]:
    await datasette.invoke_startup()
    return [(await datasette.client.get(address)).raise_for_status().text for address in addresses]


def ask(datasette: Datasette, addresses: list[str]) -> list[str]:
    """Return the bodies of some pages. Raises httpx.HTTPStatusError for a page that cannot be had."""
    return asyncio.run(_asked(datasette, addresses))


def close(datasette: Datasette) -> None:
    """End the threads of a website and close its databases."""
    datasette.executor.shutdown()
    for database in datasette.databases.values():
        database.close()
