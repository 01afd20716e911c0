"""The stories that a newsletter may send: new ones, and corrections of what it sent. In a transaction; reads only."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from db import due, grouping_due
from language.letters import text_hash
from newsletter import choose
from newsletter.issue import Correction, Link, Story, plain

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.closed_sets import EnglishBy
    from newsletter.issue import Newsletter


def stories_due(
    connection: sqlite3.Connection, newsletter: Newsletter, at: str, *, ungrouped: bool = False
) -> list[Story]:
    """Return every story that is due, and every sent one that changed since.

    One that waits to be grouped may turn out to be part of a story that was sent: it is due when that is known, or
    at once with `ungrouped`.
    """
    waiting = set() if ungrouped else grouping_due.stories(connection)
    new = [story_id for story_id in due.eligible_stories(connection, newsletter.id) if story_id not in waiting]
    dropped = due.dropped_wordings(connection, newsletter.id)
    corrections = _corrections(connection, newsletter, at, dropped)
    rows = due.story_rows(connection, [*new, *(corrections.keys() - waiting)])
    stories = [_story(row, corrections.get(number)) for number, row in sorted(rows.items())]
    return [story for story in stories if story.correction is None or dropped.isdisjoint(wordings(story))]


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


def _corrections(
    connection: sqlite3.Connection, newsletter: Newsletter, at: str, dropped: set[str]
) -> dict[int, Correction]:
    """Return by story what of it was sent and is not so any more.

    The article whose headline was sent is asked, so another source that speaks for the story now corrects nothing.
    A change is told once, also where another article speaks for the story by now.
    """
    merged = due.merged_stories(connection)
    sent_marks = due.told_marks(connection) | dropped
    changed: dict[int, Correction] = {}
    for row in due.changed_entries(connection, newsletter.id, at):
        now = choose.root(merged, row["now_in"])
        lead = row["lead_uk"] if row["language"] == "uk" else row["lead_en"]
        differs = row["headline"] or row["english"] or row["reworded"]
        differs = differs or choose.has_other_numbers(lead or "", row["now_lead"], row["language"])
        if differs and row["mark"] not in sent_marks:
            before = changed[now].marks if now in changed else ()
            correction = Correction(row["digest_id"], row["issue"], row["title_uk"] or "", row["title_en"] or "")
            changed[now] = replace(correction, marks=(*before, row["mark"]))
    return changed


def _story(row: Mapping[str, Any], correction: Correction | None) -> Story:
    """Make a story of its row; English that no person wrote and that did not pass every check is withheld."""
    shown = row["title_en"] if row["title_en_state"] == "ok" else None
    by: EnglishBy | Literal[""] = (row["title_en_by"] or "") if shown else ""
    lead_shown = row["lead_en_state"] == "ok" and bool(by)
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
        correction=correction,
        published_uk=row["title_uk"] or "",
        articles=tuple(sorted(row["article_ids"])),
        lead_ids=(row["lead_uk_id"], row["lead_en_id"]),
        lead_hashes=(row["lead_uk_hash"], row["lead_en_hash"]),
    )
