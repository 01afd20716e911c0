"""Rows `group`, `group, growth`, `regroup, growth`, `group, equal headlines`: articles put into stories."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from bench.inputs.made_archive import AT, archive, fill
from bench.ratios import Paired, cpu_seconds, paired
from db import grouping_due
from db.store import Store, open_store
from db.stories import StoryArchive
from pipeline.group import group_due
from pipeline.stories.blocking import blocking_keys
from pipeline.stories.features import read_features
from pipeline.stories.grouping import group, postings
from pipeline.stories.judge import judge_features
from pipeline.stories.places import find_places, no_places
from pipeline.stories.regroup import regroup_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.inputs.made_archive import MadeArticle
    from bench.ratios import Options, Ratio
    from pipeline.stories.features import Features

GROWTH = 4  # the larger archive is so many times the smaller
BOUND, GROWTH_BOUND, REGROUP_BOUND, EQUAL_BOUND = 0.25, 2, 2, 1


def measure(options: Options) -> list[Ratio]:
    """Return the cost of an article against judging it with all others, and against that in a smaller archive.

    The last row groups whole archives from nothing; of the full size, 100,000 articles.
    """
    size, added = options.pick(60, 2500, 250_000), options.pick(3, 15, 25)
    rounds, judged = options.pick(1, 5, 5), options.pick(1, 2, 2)
    made = archive(GROWTH * size + 2 * rounds * (added + judged) + added)
    store = open_store(options.folder / "news.db")
    _fill(store, made, size)
    _group(store, made, added)  # reads the word lists
    texts = StoryArchive(store.connection, AT).texts(range(1, size + 1)).values()
    others = [read_features(text, no_places) for text in texts]
    small = [(_group(store, made, added), _judge_all(store, made, judged, others)) for _ in range(rounds)]
    _fill(store, made, GROWTH * size - size)
    large = [_group(store, made, added) for _ in range(rounds)]
    store.close()
    grown = paired(list(zip(large, (ours for ours, _ in small), strict=True)))
    grown = Paired(grown.ours, grown.plain, grown.ours / grown.plain)  # the rounds are no pairs: of the medians
    return [
        paired(small).row(
            "group", "ms an article", per=1000, bound=BOUND, against=f"judging it with each of {size:,} articles"
        ),
        grown.row(
            "group, growth", "ms an article", per=1000, bound=GROWTH_BOUND,
            against=f"the same in an archive of {size:,} articles, here {GROWTH * size:,}",
        ),
        _regroup(options),
        _equal(options),
    ]  # fmt: skip


def _regroup(options: Options) -> Ratio:
    size = options.pick(20, 750, 25_000)
    seconds = {}
    for articles in (size, GROWTH * size):
        store = open_store(options.folder / f"{articles}.db")
        fill(store, archive(articles))
        with store.transaction() as connection:
            seconds[articles] = cpu_seconds(partial(regroup_all, StoryArchive(connection, AT))) / articles
        store.close()
    smaller, larger = seconds.values()
    return Paired(larger, smaller, larger / smaller).row(
        "regroup, growth", "ms an article", per=1000, bound=REGROUP_BOUND,
        against=f"an archive of {size:,} articles from nothing, here {GROWTH * size:,}",
    )  # fmt: skip


def _equal(options: Options) -> Ratio:
    """Measure a flood: as many articles with one headline, grouped as `ingest` does it, and as many with their own."""
    size = options.pick(10, 500, 2000)
    different = list(archive(size))
    equal = [replace(one, source="site0", title=different[0].title, lead="", day="2000-01-03") for one in different]
    seconds = {}
    for name, made in (("different", different), ("equal", equal)):
        store = open_store(options.folder / f"{name}.db")
        fill(store, made)
        with store.transaction() as connection:
            grouping_due.add(connection, range(1, size + 1), AT)
        seconds[name] = cpu_seconds(partial(group_due, store, AT)) / size
        store.close()
    return Paired(seconds["equal"], seconds["different"], seconds["equal"] / seconds["different"]).row(
        "group, equal headlines", "ms an article", per=1000, bound=EQUAL_BOUND,
        against=f"{size:,} articles with different headlines, here {size:,} with one",
    )  # fmt: skip


def _fill(store: Store, made: Iterator[MadeArticle], size: int) -> None:
    """Save articles and index them for grouping, each in a story of its own."""
    after = _last(store)
    fill(store, islice(made, size), after + 1)
    with store.transaction() as connection:
        stories = StoryArchive(connection, AT)
        for number, text in stories.texts(range(after + 1, _last(store) + 1)).items():
            stories.index.post(postings(number, blocking_keys(read_features(text, no_places))))


def _group(store: Store, made: Iterator[MadeArticle], added: int) -> float:
    """Return the CPU seconds for one of some new articles."""
    after = _last(store)
    fill(store, islice(made, added), after + 1)
    began = time.process_time()
    with store.transaction() as connection:
        group(StoryArchive(connection, AT), range(after + 1, after + added + 1))
    return (time.process_time() - began) / added


def _judge_all(store: Store, made: Iterator[MadeArticle], judged: int, others: list[Features]) -> float:
    """Return the CPU seconds for one of some new articles, compared with all others."""
    stories = StoryArchive(store.connection, AT)
    after = _last(store)
    fill(store, islice(made, judged), after + 1)
    texts = stories.texts(range(after + 1, after + judged + 1)).values()
    began = time.process_time()
    for text in texts:
        new = read_features(text, find_places)
        for other in others:
            judge_features(new, other, thorough=False)
    return (time.process_time() - began) / judged


def _last(store: Store) -> int:
    return int(store.connection.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0])
