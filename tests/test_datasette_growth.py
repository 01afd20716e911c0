"""What a page costs as the archive grows, counted in SQLite's own steps; the cheaper queries give the same rows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.newsroom import Newsroom, Website

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

STEP = 20  # SQLite tells of every 20 steps
SEARCH = "where story_id in (select rowid from news_fts where news_fts match escape_fts(:search)) "
COLUMNS = "story_id, published_on, title_uk, title_en, sources, oblasts"


def grown(path: Path, stories: int) -> Website:
    room = Newsroom(path)
    room.source("portal")
    for n in range(stories):
        rare = "Чугуїв" if n % 50 == 0 else ""
        room.story(f"Новина {n} {rare}", published_on=f"20{10 + n % 15}-01-{1 + n % 28:02}" if n % 7 else None)
    merged = room.db.execute("UPDATE stories SET merged_into = 1 WHERE id % 11 = 0")
    assert merged.rowcount > 0
    return room.done()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Website]]:
    folder = tmp_path_factory.mktemp("growth")
    made = {size: grown(folder / f"{size}.db", size) for size in (200, 2000)}
    yield made
    for site in made.values():
        site.close()


def steps(site: Website, address: str) -> int:
    """Steps that SQLite takes for one page, all its queries together; connections and caches are warm."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += STEP
        return 0

    async def counting(function: Callable[[Any], Any]) -> Any:
        def run(connection: sqlite3.Connection) -> Any:
            connection.set_progress_handler(count, STEP)
            return function(Counted(connection))

        return await execute(run)

    site.get(address)
    database = site.datasette.get_database("news")
    execute = database.execute_fn
    database.execute_fn = counting
    try:
        assert site.get(address).status_code == 200
    finally:
        database.execute_fn = execute
    return taken


class Counted:
    """A connection whose progress handler stays ours."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def set_progress_handler(self, _handler: object, _steps: int) -> None:
        """Datasette's time limit; ours counts instead."""


@pytest.mark.parametrize("address", ["/", "/news/news?_nofacet=1", "/news/articles?_nofacet=1", "/news/stories/5"])
def test_ten_times_the_archive_is_about_the_same_page(sites: dict[int, Website], address: str) -> None:
    small, large = steps(sites[200], address), steps(sites[2000], address)
    counting = 4 * 2000  # counting the stories on their index is all that may grow
    assert large < 1.5 * small + counting


def test_the_last_page_costs_little_more_than_the_first(sites: dict[int, Website]) -> None:
    first, last = (steps(sites[2000], f"/news/news?_nofacet=1&_next={next}") for next in (25, 1775))
    assert last < first + 10 * 2000


def test_counts_of_facets_stop_at_the_newest(sites: dict[int, Website]) -> None:
    facets = sites[2000].json("/news/news.json")["facet_results"]
    assert facets["sources"]["results"][0]["count"] == 500
    assert "in the newest 500" in sites[2000].get("/news/news").text
    assert sites[200].json("/news/news.json")["facet_results"]["sources"]["results"][0]["count"] == 182


@pytest.mark.parametrize(
    "statement",
    [
        "select count(*) from news ",
        f"select count(*) from news {SEARCH}",
        "select count(*) from news where title_en is null",
        f"select {COLUMNS} from news  limit 26",
        f"select {COLUMNS} from news  limit 26 offset 150",
        f"select {COLUMNS} from news {SEARCH} limit 3",
        f"select {COLUMNS} from news {SEARCH} limit 3 offset 2",
        f"select {COLUMNS} from news {SEARCH}limit 500",
        f"select {COLUMNS} from news where published_on > '2015' limit 26 offset 3",
        f"select {COLUMNS} from news order by story_id limit 26",
        f"select {COLUMNS} from (select * from news limit 5)",
    ],
)
def test_the_cheaper_form_gives_the_same_rows(sites: dict[int, Website], statement: str) -> None:
    database = sites[200].datasette.get_database("news")
    parameters = {"search": "Чугуїв"} if ":search" in statement else {}

    async def both() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        ours = await database.execute(statement, parameters)
        plain = await super(type(database), database).execute(statement, parameters)
        return [tuple(row) for row in ours.rows], [tuple(row) for row in plain.rows]

    ours, plain = asyncio.run(both())
    assert ours == plain
    assert ours
