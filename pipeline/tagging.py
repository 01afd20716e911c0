"""Which places and topics stored articles are about: kept in line with their wording and with the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import tags
from translations import tagging
from translations.gazetteer import gazetteer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

AT_ONCE = 500  # older articles looked at again in one go after the rules changed: about half a second


def tag_stories(connection: sqlite3.Connection, story_ids: Iterable[int]) -> int:
    """Tags the articles of stories that were just stored, and some of those whose rules have changed since.

    Gives how many articles have other tags than before. Run it inside the transaction that stored the articles.
    """
    version = _ready(connection)
    return _tag(connection, tags.of_stories(connection, story_ids), version) + _tag_outdated(connection, version)


def tag_outdated(connection: sqlite3.Connection, limit: int = AT_ONCE) -> int | None:
    """Tags at most `limit` articles that were tagged under other rules, newest first; None when none was left.

    Gives how many of them have other tags than before; the rows of the others are not written.
    """
    version = tagging.rules_version()
    if not tags.outdated(connection, version, 1):
        return None
    return _tag_outdated(connection, _ready(connection), limit)


def _ready(connection: sqlite3.Connection) -> str:
    """The version of the rules; places and topics are in the tables when this returns."""
    version = tagging.rules_version()
    if not tags.is_known(connection, version):
        tags.note_untagged(connection)
        known = gazetteer().places.values()
        tags.save_places(connection, [(p.id, p.kind, p.name_uk, p.name_en, p.oblast_id) for p in known])
        tags.save_topics(connection, [(t.id, t.label_uk, t.label_en) for t in tagging.all_topics()])
    return version


def _tag_outdated(connection: sqlite3.Connection, version: str, limit: int = AT_ONCE) -> int:
    return _tag(connection, tags.outdated(connection, version, limit), version)


def _tag(connection: sqlite3.Connection, articles: Iterable[tags.Labelled], version: str) -> int:
    changed = 0
    for article in articles:
        places = tagging.places(article.title, article.lead, article.tags, article.regions)
        topics = tagging.topics(article.title, article.lead, article.tags)
        changed += tags.save(connection, article.article_id, dict(places), dict(topics), version)
    return changed
