"""The second loop: stored articles → stories. It may be stopped at any batch; what was not grouped stays due.

Importing this module, and asking when nothing waits, loads nothing of the judge.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db import grouping_due

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from db.store import Store

# Of processor time, of one run: a first ingest of 1,800 ordinary articles takes 10 to 20 s, 2,000 nearly equal ones of
# one feed up to 40; sources take turns, so that a flood does not hold up the others.
GROUP_SECONDS = 60.0
ARCHIVE_SECONDS = 90.0  # the same for a walk through archives, which brings thousands
AT_ONCE = 48  # articles of one transaction: what is divided at once (`MOST_DIVIDED`), and soon over


@dataclass(frozen=True, slots=True)
class Grouped:
    """Result of grouping what was due."""

    due: int = 0  # articles that waited
    left: int = 0  # of these, those that wait for the next run


def group_due(
    store: Store, at: str, seconds: float | None = None, timer: Callable[[], float] = time.process_time
) -> Grouped:
    """Group the articles that wait, in transactions of AT_ONCE; none is begun when `seconds` are over.

    An article is a story of its own until then. It may be killed at any moment: each batch is stored whole, with what
    its stories show, or waits on.
    """
    began, due = timer(), grouping_due.waiting(store.connection)
    for start in range(0, len(due), AT_ONCE):
        if seconds is not None and timer() - began >= seconds:
            return Grouped(len(due), len(due) - start)
        with store.transaction() as connection:
            _group(connection, due[start : start + AT_ONCE], at)
    return Grouped(len(due))


def _group(connection: sqlite3.Connection, article_ids: Sequence[int], at: str) -> None:
    from db.stories import StoryArchive
    from pipeline.stories.grouping import group
    from pipeline.stories.update import refresh_stories

    archive = StoryArchive(connection, at)
    refresh_stories(archive, connection, group(archive, article_ids).stories)
    grouping_due.remove(connection, article_ids)
