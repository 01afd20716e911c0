"""After articles were stored: which story they belong to, what each story shows, and its words in the search index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import articles, ledger
from db.stories import StoryArchive
from pipeline.stories.grouping import group
from pipeline.stories.representatives import save_representatives

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


def group_articles(
    connection: sqlite3.Connection, article_ids: Sequence[int], story_ids: Iterable[int], at: str
) -> tuple[int, ...]:
    """Groups articles that are new, reworded or newly translated, and refreshes every story that this or a change of
    `story_ids` touches; gives their ids. Run it inside the transaction that stored the change.
    """
    archive = StoryArchive(connection, at)
    touched = dict.fromkeys(story_ids)
    if article_ids:
        touched |= dict.fromkeys(group(archive, article_ids).stories)
    show_anew(archive, connection, touched)
    return tuple(touched)


def show_anew(archive: StoryArchive, connection: sqlite3.Connection, story_ids: Iterable[int]) -> None:
    """Chooses what each story shows, indexes its words, has its texts looked at. In the caller's transaction."""
    ids = tuple(story_ids)
    save_representatives(archive, ids)
    articles.index_words(connection, ids)
    ledger.mark_waiting(connection, ids)
    ledger.settle(connection)
