"""The draft of a newsletter's next issue, and the editors' decisions about it. `at` is passed in.

Every function works inside the caller's transaction (`Store.transaction()`).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from core.clock import kyiv_day
from core.errors import UsageError
from db import digest_changes, digests, due, sealed_issues
from newsletter import choose
from newsletter.issue import Choice, FreeItem, Issue, Newsletter
from newsletter.pictures import Picture
from newsletter.sent import stories_due, wordings

if TYPE_CHECKING:
    import sqlite3

_NAME = re.compile(r"[^\W_][\w.-]{0,59}")
_ITEM = ("section", "position", "title_uk", "title_en", "text_uk", "text_en", "url")
BEFORE = "published before the newsletter began"


def next_issue(connection: sqlite3.Connection, newsletter: Newsletter, at: str, name: str | None = None) -> Issue:
    """Return the next issue as it stands; begin it if none is open. `name`, if given, becomes its name.

    Raises UsageError for a name that is taken or that no file can bear.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise UsageError(f"an issue cannot be called {name!r}: letters, digits, '.', '_' and '-', at most 60")
    row = digests.open_issue(connection, newsletter.id)
    if name is not None and (row is None or row["name"] != name) and digests.issue_named(connection, name):
        raise UsageError(f"there is an issue {name} already")
    if row is None:
        begin(connection, newsletter, at, name)
    elif name is not None:
        digests.rename(connection, row["id"], name)
    row = digests.open_issue(connection, newsletter.id)
    assert row is not None
    before = digests.last_sealed_at(connection, newsletter.id, at)
    begun = min(row["started_at"], at)  # a clock that was ahead gives no issue its day
    given = choose.IssueContext(
        name=row["name"],
        moment=begun,
        day=kyiv_day(begun),
        last_sealed_day=kyiv_day(before) if before else None,
        fixed=row["fixed_at"] is not None,
        digest_id=row["id"],
    )
    found = choose.build(stories_due(connection, newsletter), choices_of(connection, row["id"], at), newsletter, given)
    return with_parts(connection, found)


def begin(connection: sqlite3.Connection, newsletter: Newsletter, at: str, name: str | None = None) -> None:
    """Begin the draft of the next issue: what is held beyond today stays held, and remarks stay."""
    before = digests.newest_sealed(connection, newsletter.id)
    draft_id = digests.begin_issue(connection, newsletter.id, name, at)
    if before is not None:
        digests.carry(connection, before, draft_id, kyiv_day(at))


def with_parts(connection: sqlite3.Connection, issue: Issue) -> Issue:
    """Return the issue with its texts, the editors' own items, and its image."""
    image = digests.image(connection, issue.digest_id)
    items = [dict(row) for row in digest_changes.items(connection, issue.digest_id)]
    return replace(
        issue,
        texts=digest_changes.texts(connection, issue.digest_id),
        items=tuple(
            FreeItem(item_id=item["id"], **{name: item[name] for name in _ITEM})
            for item in items
            if not item["removed"]
        ),
        image=Picture(**dict(image)) if image else None,
    )


def choices_of(connection: sqlite3.Connection, digest_id: int, at: str) -> dict[int, Choice]:
    """Return the editors' decisions by story; one on a story that was merged or split counts for what it became.

    What was held until today or before is undecided again.
    """
    found = {}
    for row in digests.choices(connection, digest_id):
        values = {name: row[name] for name in row.keys() if name != "digest_id"}  # noqa: SIM118
        choice = Choice(**{**values, "articles": tuple(json.loads(row["articles"]))})
        found[row["story_id"]] = choose.released(choice, kyiv_day(at))
    if not found:
        return found
    decided_on = {article_id for choice in found.values() for article_id in choice.articles}
    return choose.followed(found, due.merged_stories(connection), due.now_in(connection, decided_on))


def begin_with(connection: sqlite3.Connection, newsletter: Newsletter, day: str, at: str) -> int:
    """Begin the newsletter with `day` (Kyiv): put due stories that are older aside for good; return how many.

    Those of the open draft about which an editor decided something stay.
    """
    row = digests.open_issue(connection, newsletter.id)
    decided = {one.story_id for one in choices_of(connection, row["id"], at).values() if one.decision} if row else set()
    new = [story for story in stories_due(connection, newsletter, ungrouped=True) if story.correction is None]
    older = [
        story for story in new if story.published_on and story.published_on < day and story.story_id not in decided
    ]
    rows = [(story.story_id, None, wordings(story)[0], BEFORE, story.articles) for story in older]
    sealed_issues.drop(connection, newsletter.id, rows, at)
    return len(older)
