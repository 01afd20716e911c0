"""How well and how fast articles are put into stories: `python -m bench.stories [pairs|groups|scratch|growth] …`.

`pairs` judges the labelled pairs beside three plain methods; `groups` puts all labelled articles into one archive and
asks which pairs are in one story; `scratch N` groups N articles from nothing; `growth N …`
adds 50 articles to archives of the given sizes. Everything happens in a temporary folder.
"""

from __future__ import annotations

import resource
import sqlite3
import sys
import tempfile
import time
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

from bench._baselines import exact_title, jaccard, minhash
from bench.story_corpus import archive, fill
from db.migrations import SCHEMA
from db.stories import StoryArchive
from pipeline.stories.blocking import blocking_keys
from pipeline.stories.features import read_features
from pipeline.stories.grouping import group, postings
from pipeline.stories.judge import judge
from pipeline.stories.places import no_places
from pipeline.stories.regroup import regroup_all
from tests.support.story_room import Newsroom, score_in_one_archive
from tests.support.story_scores import DECEIVING, FRESH, RETOLD, fresh, labelled, retold, score

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.model import StoryText

AT = "2026-02-03T06:00:00Z"
ADDED = 50


def pairs() -> None:
    """The labelled pairs, ours and three plain methods in one table."""
    methods: dict[str, Callable[[StoryText, StoryText], bool]] = {
        "ours": lambda a, b: judge(a, b).verdict == "same",
        "exact title": lambda a, b: exact_title(a.title, b.title),
        "Jaccard 0.5": lambda a, b: jaccard(a.title, b.title),
        "MinHash 64, 0.5": lambda a, b: minhash(a.title, b.title),
    }
    print(f"{'set':8} {'half':9} {'method':16} precision  within  across  with machine English")
    sets = {"labelled": labelled(), "fresh": fresh(), "retold": retold()}
    for which, half in product(sets, ("tuned", "held_out")):
        chosen = [two for two in sets[which] if two.half == half]
        for name, same in methods.items():
            reached = score(chosen, same)
            recall = [reached.recall[group] for group in ("within", "across", "machine")]
            row = "  ".join(f"{share:6.2f}" for share in recall)
            print(f"{which:8} {half:9} {name:16} {reached.precision:9.3f}  {row}")
    deceiving = labelled(DECEIVING)
    for name, same in methods.items():
        taken = sum(same(two.a, two.b) for two in deceiving)
        print(f"look-alikes made to deceive: {name} takes {taken} of {len(deceiving)} for one story")


def groups() -> None:
    """The labelled pairs once more, each set in one archive: what stories make of what the judge decides."""
    print(f"{'set':8} {'articles':>8} {'stories':>8} precision  within  across  with machine English")
    for name, chosen in {"labelled": labelled(), "fresh": labelled(FRESH), "retold": labelled(RETOLD)}.items():
        room = Newsroom()
        reached = score_in_one_archive(chosen, room)
        recall = "  ".join(f"{reached.recall[group]:6.2f}" for group in ("within", "across", "machine"))
        articles = room.rows("SELECT id FROM articles")
        print(f"{name:8} {len(articles):8} {len(room.stories()):8} {reached.precision:9.3f}  {recall}")


def scratch(size: int) -> None:
    """Group `size` articles from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        connection = _database(Path(folder))
        fill(connection, archive(size))
        started, worked = time.perf_counter(), time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        report = regroup_all(StoryArchive(connection, AT))
        connection.execute("COMMIT")
        seconds, busy = time.perf_counter() - started, time.process_time() - worked
        print(
            f"{size:,} articles from scratch: {seconds:.1f} s ({busy:.1f} s of this process), "
            f"{len(report.moved):,} joined another's story, {report.links:,} links, {_megabytes():.0f} MB"
        )


def growth(sizes: list[int]) -> None:
    """Add 50 articles to archives of several sizes. Only their index is made beforehand, not their stories."""
    with tempfile.TemporaryDirectory() as folder:
        connection = _database(Path(folder))
        source = archive(max(sizes) + ADDED * len(sizes))
        first, stored = 0.0, 0
        for size in sorted(sizes):
            fill(connection, islice(source, size - stored))
            _index(connection, stored)
            fill(connection, islice(source, ADDED))
            added = [row[0] for row in connection.execute(f"SELECT id FROM articles ORDER BY id DESC LIMIT {ADDED}")]
            started = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            group(StoryArchive(connection, AT), added)
            connection.execute("COMMIT")
            seconds = time.perf_counter() - started
            first, stored = first or seconds, size + ADDED
            print(
                f"{ADDED} into {size:>9,}: {seconds:.2f} s, {seconds / ADDED * 1000:.1f} ms each, "
                f"× {seconds / first:.2f}, {_megabytes():.0f} MB"
            )


def _index(connection: sqlite3.Connection, after: int) -> None:
    """Posts the keys of all articles from an id on."""
    stories = StoryArchive(connection, AT)
    connection.execute("BEGIN")
    ids = [row[0] for row in connection.execute("SELECT id FROM articles WHERE id > ?", (after,))]
    for start in range(0, len(ids), 1000):
        texts = stories.texts(ids[start : start + 1000])
        stories.index.post(
            row
            for number, text in texts.items()
            for row in postings(number, blocking_keys(read_features(text, no_places)))
        )
    connection.execute("COMMIT")


def _database(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "news.db", isolation_level=None)
    connection.executescript(SCHEMA.read_text(encoding="utf-8"))
    connection.execute("PRAGMA journal_mode = WAL")
    return connection


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str]) -> None:
    """All measurements, or the one that is named."""
    what, sizes = (arguments[0], [int(size) for size in arguments[1:]]) if arguments else ("all", [])
    if what in ("all", "pairs"):
        pairs()
    if what in ("all", "groups"):
        groups()
    if what in ("all", "growth"):
        growth(sizes or [10_000, 100_000, 1_000_000])
    if what in ("all", "scratch"):
        scratch(*(sizes or [100_000]))


if __name__ == "__main__":
    main(sys.argv[1:])
