"""Regrouping: groups the whole archive from scratch. Pure: what it reads and writes goes through the archive."""

from __future__ import annotations

import gc
from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING

from pipeline.stories.archive import GroupReport
from pipeline.stories.blocking import ALWAYS, MOST_FOUND, candidates
from pipeline.stories.clusters import Connections
from pipeline.stories.features import read_features
from pipeline.stories.grouping import MOST_TOGETHER, Grouping, postings
from pipeline.stories.judge import SAME
from pipeline.stories.places import find_places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.model import StoryLink, StoryText
    from pipeline.stories.archive import Archive
    from pipeline.stories.blocking import Posting
    from pipeline.stories.features import Annotate

_FEATURES_KEPT = 8_000  # bounds the memory; older ones are read again
_ROWS_AT_ONCE = 50_000
_LINKS_AT_ONCE = 2_000


def regroup_all(archive: Archive, annotate: Annotate = find_places) -> GroupReport:
    """Build the index again and judge every article against those that came before it.

    Editors' decisions stand as before, links are only added, story ids stay where their first article stays.
    Run it inside one transaction.
    """
    collecting = gc.isenabled()
    gc.disable()  # nothing here refers in circles, and looking for circles would take a quarter of the time
    try:
        return _Rebuild(archive, annotate).run()
    finally:
        if collecting:
            gc.enable()


class _Rebuild(Grouping):
    """A grouping of all articles by day, with the part of the index that they need in memory."""

    def __init__(self, archive: Archive, annotate: Annotate) -> None:
        super().__init__(archive, annotate)
        self.recent: OrderedDict[int, None] = OrderedDict()
        self.connections = Connections()
        self.pending: list[StoryLink] = []

    def run(self) -> GroupReport:
        self.archive.index.clear()
        window = _Window()
        rows: list[Posting] = []
        for text in self.archive.all_texts():
            rows += self.read(text, window)
            if len(rows) >= _ROWS_AT_ONCE:
                self.archive.index.post(rows)
                rows = []
        self.archive.index.post(rows)
        self.flush()
        touched, moved = self.divide_all()
        return GroupReport(tuple(sorted(touched)), tuple(sorted(moved)), self.links_written)

    def read(self, text: StoryText, window: _Window) -> list[Posting]:
        """Judge one article against what is in the window, and put it there; return its index rows."""
        article = text.article_id
        self.features[article] = read_features(text, self.annotate)
        self.recent[article] = None
        keys = self.keys(article)
        window.forget_before(keys.period - 1)
        near = candidates(keys, window, article)
        self.load(near)
        judged = self.judged(article, near)
        self.save_unmerged(article, judged)
        for other, verdict in judged:
            if verdict.verdict == SAME:
                self.connections.unite(article, other)
        self.verdicts.forget_pairs()
        while len(self.recent) > _FEATURES_KEPT:
            self.features.pop(self.recent.popitem(last=False)[0], None)
        found = list(postings(article, keys))
        window.post(found)
        return found

    def save(self, links: list[StoryLink]) -> None:
        """Collect links, and store them many at a time."""
        self.pending += links
        if len(self.pending) >= _LINKS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Store what was collected."""
        links, self.pending = self.pending, []
        super().save(links)

    def divide_all(self) -> tuple[set[int], set[int]]:
        """Divide everything that is connected by judgement, by story so far, by key or by an editor's decision."""
        for two in self.archive.ties():
            self.connections.unite(*two)
        touched: set[int] = set()
        moved: set[int] = set()
        for articles in self.connections.groups():
            if len(articles) == 1:
                continue
            for together in self.parts(articles, articles) if len(articles) > MOST_TOGETHER else [articles]:
                self.features.clear()
                self.recent.clear()
                self.verdicts.forget_pairs()
                stories, moves = self.divide(together)
                self.save_representatives(stories)
                touched |= stories
                moved |= moves
        self.flush()
        return touched, moved


class _Window:
    """The index of the spans that the next article may look into."""

    def __init__(self) -> None:
        self.spans: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))

    def found(self, period: int, key: int) -> list[tuple[int, int]]:
        """Return the articles under a key that were read last, each with the share that the key is of it."""
        articles = self.spans[period].get(key) if period in self.spans else None
        return articles[-MOST_FOUND:] if articles else []

    def post(self, rows: Iterable[Posting]) -> None:
        """Store rows."""
        for period, key, article, share in rows:
            self.spans[period][key].append((article, share))

    def forget_before(self, period: int) -> None:
        """Drop the spans that no later article looks into."""
        for span in [span for span in self.spans if ALWAYS < span < period]:
            del self.spans[span]
