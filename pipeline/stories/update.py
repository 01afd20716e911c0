"""Stories that changed: the articles that represent them, and their words in the search index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import articles, ledger
from pipeline.stories.representatives import save_representatives

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from db.stories import StoryArchive


def refresh_stories(archive: StoryArchive, connection: sqlite3.Connection, story_ids: Iterable[int]) -> None:
    """Choose what each story shows, index its words, queue its texts for translation. In the caller's transaction."""
    ids = tuple(story_ids)
    save_representatives(archive, ids)
    articles.index_words(connection, ids)
    ledger.mark_waiting(connection, ids)
    ledger.settle(connection)
