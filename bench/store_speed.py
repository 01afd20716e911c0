"""Row `store`: new articles saved with their versions, addresses and observations, in one transaction."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bench.inputs.made_archive import AT, archive, decisions, sources
from bench.ratios import by_turns, paired
from db import articles, reference
from db.store import Store, open_store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from bench.ratios import Options, Ratio
    from core.model import Decision

BOUND = 12


def measure(options: Options) -> list[Ratio]:
    """Return our saving of new articles against two bare statements that hold the same stories and articles."""
    size, rounds = options.pick(20, 500, 5000), options.pick(1, 7, 9)
    ours_in, plain_in = (_opened(options, name) for name in ("ours", "plain"))
    made = archive((rounds + 1) * size)
    batches = [decisions(islice(made, size), number * size) for number in range(rounds + 1)]
    ours_left, plain_left = iter(batches), iter(batches)

    def ours() -> None:
        with ours_in.transaction() as connection:
            articles.save(connection, next(ours_left), AT)

    def plain() -> None:
        with plain_in.transaction() as connection:
            _insert(connection, next(plain_left))

    times = paired(by_turns(ours, plain, rounds))
    for store in (ours_in, plain_in):
        store.close()
    against = "executemany of the same stories and articles, nothing looked up, no version or address kept"
    return [times.row("store", "ms an article", per=1000 / size, bound=BOUND, against=against)]


def _opened(options: Options, name: str) -> Store:
    store = open_store(options.folder / f"{name}.db")
    with store.transaction() as connection:
        reference.save_sources(connection, sources())
    return store


def _insert(connection: sqlite3.Connection, met: Sequence[Decision]) -> None:
    (first,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM stories").fetchone()
    stories = range(first, first + len(met))
    connection.executemany("INSERT INTO stories (id, first_seen_at) VALUES (?, ?)", [(story, AT) for story in stories])
    connection.executemany(
        """INSERT INTO articles (source_id, key, language, url, title, lead, title_hash, lead_hash, published_at,
               published_precision, published_origin, published_on, first_seen_at, last_seen_at, content_hash, story_id)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'day', 'listing', ?, ?, ?, '', ?)""",
        [
            (*article.identity, article.url, article.title, article.lead, article.title_hash, article.lead_hash,
             article.published.at, article.published.at, AT, AT, story)
            for story, article in zip(stories, (decision.article for decision in met), strict=True)
            if article.published
        ],
    )  # fmt: skip
