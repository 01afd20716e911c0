"""The stories that a newsletter may send: new ones, and corrections of what it sent. In a transaction; reads only."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from core.errors import UsageError
from db import desk_facts, digest_changes, due, grouping_due
from language.letters import text_hash
from language.places.names import oblasts_of_label
from newsletter.corrections import corrected
from newsletter.issue import Link, Story, plain

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.closed_sets import EnglishBy
    from newsletter.issue import Newsletter


def stories_due(connection: sqlite3.Connection, newsletter: Newsletter, *, ungrouped: bool = False) -> list[Story]:
    """Return every story that is new to the newsletter, and what of those that it sent is to be corrected.

    One that waits to be grouped may turn out to be part of a story that was sent: it is due when that is known, or
    at once with `ungrouped`.
    """
    waiting = set() if ungrouped else grouping_due.stories(connection)
    eligible = due.eligible_stories(connection, newsletter.id, about(connection, newsletter))
    new = [story_id for story_id in eligible if story_id not in waiting]
    changed = [row for row in due.changed_entries(connection, newsletter.id) if row["now_in"] not in waiting]
    rows = due.story_rows(connection, [*new, *(row["now_in"] for row in changed)])
    approved = digest_changes.approved(connection, rows)
    stories = {story_id: _story(row, approved.get(story_id)) for story_id, row in rows.items()}
    found = {story_id: stories[story_id] for story_id in new if story_id in stories}
    dropped = due.dropped_wordings(connection, newsletter.id)
    for row in changed:  # of two changes of one story the older is told first, the other one with the next issue
        correction = corrected(row, stories[row["now_in"]], newsletter.languages)
        if correction is not None and dropped.isdisjoint(wordings(correction)):
            found.setdefault(row["now_in"], correction)
    return [story for _, story in sorted(found.items())]


def about(connection: sqlite3.Connection, newsletter: Newsletter) -> dict[str, tuple[str, ...]]:
    """Return the newsletter's filter with ids of oblasts. Raises UsageError for what no oblast, topic or source is."""
    for kind, known in zip(("topics", "sources"), desk_facts.labels(connection), strict=True):
        if unknown := [one for one in getattr(newsletter.filter, kind) if known and one not in known]:
            ids = ", ".join(sorted(known))
            raise UsageError(f"newsletter {newsletter.id}: filter.{kind}: {unknown[0]!r} is none of {ids}")
    oblasts: set[str] = set()
    for name in newsletter.filter.oblasts:
        found = oblasts_of_label(name)
        if not found:
            raise UsageError(f"newsletter {newsletter.id}: filter.oblasts: no oblast is called {name!r}")
        oblasts |= found
    return asdict(newsletter.filter) | {"oblasts": tuple(sorted(oblasts))}


def wordings(story: Story) -> tuple[str, ...]:
    """Return what is remembered of a dropped story: of a correction the changes that it tells, else its wording."""
    if story.correction is not None and story.correction.marks:
        return story.correction.marks
    english = story.title_en if story.title_en_by in ("publisher", "editor") else ""
    parts = [str(story.article_id), story.title_hash, story.english_hash, text_hash(english), story.lead_uk]
    return (hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32],)


def settled(story: Story) -> tuple[int, ...]:
    """Return the articles that dropping the story settles for good: none for a correction, which may change again."""
    return () if story.correction is not None else story.articles


def _story(row: Mapping[str, Any], approved: str | None) -> Story:
    """Make a story of its row; English that no person wrote and that did not pass every check is withheld."""
    shown = row["title_en"] if row["title_en_state"] == "ok" else None
    by: EnglishBy | Literal[""] = (row["title_en_by"] or "") if shown else ""
    # what an editor worded is there without a headline too: it would be lost from sight, and overwritten unseen
    lead_shown = row["lead_en_state"] == "ok" and (bool(by) or row["lead_en_by"] == "editor")
    return Story(
        story_id=row["story_id"],
        title_uk=plain(row["title_uk"]),
        title_en=plain(shown),
        title_en_by=by,
        withheld="" if shown else row["title_en_state"] or "due",
        suggestion="" if shown else plain(row["title_en"]),
        lead_uk=plain(row["lead_uk"]),
        lead_en=plain(row["lead_en"]) if lead_shown else "",
        lead_en_by=(row["lead_en_by"] or "") if lead_shown else "",
        published_on=row["published_on"],
        links=tuple(Link(*link) for link in row["links"]),
        places=tuple(row["places"]),
        topics=frozenset(row["topic_ids"]),
        tags=frozenset(row["tags"]),
        article_id=row["shown_id"],
        title_hash=row["shown_hash"],
        english_id=row["english_id"] if by == "publisher" else None,
        english_hash=row["english_hash"] if by == "publisher" else "",
        published_uk=row["title_uk"] or "",
        articles=tuple(sorted(row["article_ids"])),
        lead_ids=(row["lead_uk_id"], row["lead_en_id"]),
        lead_hashes=(row["lead_uk_hash"], row["lead_en_hash"]),
        approved=by == "machine" and approved == shown,
    )
