"""Places and topics of articles, kept in line with their wording and with the rules.

Importing this module, and asking whether all is in line, reads neither the rules nor the places.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from db import tags
from pipeline.tagging import rules_version

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from db.store import Store

AT_ONCE = 500  # articles looked at again in one transaction: about half a second


def tag_stories(connection: sqlite3.Connection, story_ids: Iterable[int]) -> int:
    """Tag the articles of stories that were just stored; return how many have other tags than before.

    Run it inside the transaction that stored the articles.
    """
    version = rules_version.version()
    _make_ready(connection, version)
    return _tag(connection, tags.of_stories(connection, story_ids), version)


def tag_outdated(store: Store, seconds: float | None = None, timer: Callable[[], float] = time.monotonic) -> int:
    """Tag again whatever was tagged under other rules, newest first, in transactions of AT_ONCE articles.

    Returns how many articles have other tags than before; the rows of the others are not written. It may be stopped
    at any article; no transaction is begun when `seconds` are over, and the next run goes on.
    """
    version = rules_version.version()
    if tags.are_all_tagged(store.connection, version):
        return 0
    changed, began, left = 0, timer(), True
    while left and (seconds is None or timer() - began < seconds):
        with store.transaction() as connection:
            _make_ready(connection, version)
            articles = tags.outdated(connection, version, AT_ONCE)
            changed += _tag(connection, articles, version)
            left = len(articles) == AT_ONCE
    return changed


def _make_ready(connection: sqlite3.Connection, version: str) -> None:
    """Put places and topics into the tables, and make every article count as tagged under some rules."""
    if tags.is_known(connection, version):
        return
    from language.places.gazetteer import gazetteer
    from pipeline.tagging.matching import all_topics

    tags.note_untagged(connection)
    known = gazetteer().places.values()
    tags.save_places(connection, [(p.id, p.kind, p.name_uk, p.name_en, p.oblast_id) for p in known])
    tags.save_topics(connection, [(t.id, t.label_uk, t.label_en) for t in all_topics()])


def _tag(connection: sqlite3.Connection, articles: Iterable[tags.Labelled], version: str) -> int:
    from pipeline.tagging import matching

    changed = 0
    for article in articles:
        found = matching.read_places(article.title, article.lead, article.tags, article.regions)
        about = tags.About(
            places=dict(found.places),
            topics=dict(matching.topics(article.title, article.lead, article.tags)),
            unclear={mention.matched: mention.ambiguous for mention in found.unclear},
        )
        changed += tags.save(connection, article.article_id, about, version)
    return changed
