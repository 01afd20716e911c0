"""Stories of articles that were stored: grouping, what each story shows, and its words in the search index."""

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
    """Group articles that are new, reworded or newly translated; return the ids of all stories that changed.

    These, and `story_ids`, which changed already, are refreshed. Run it inside the transaction that stored the change.
    """
    archive = StoryArchive(connection, at)
    touched = dict.fromkeys(story_ids)
    if article_ids:
        touched |= dict.fromkeys(group(archive, article_ids).stories)
    refresh_stories(archive, connection, touched)
    return tuple(touched)


def refresh_stories(archive: StoryArchive, connection: sqlite3.Connection, story_ids: Iterable[int]) -> None:
    """Choose what each story shows, index its words, queue its texts for translation. In the caller's transaction."""
    ids = tuple(story_ids)
    save_representatives(archive, ids)
    articles.index_words(connection, ids)
    ledger.mark_waiting(connection, ids)
    ledger.settle(connection)
