"""The draft as it stands: every field of its stories, of its items and of the issue. In the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import UsageError
from db import digest_changes, digests
from newsletter import draft
from newsletter.fields import FIXED, ISSUE_FIELDS, ITEM_FIELDS, normal, story_values

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from newsletter.issue import Choice, Entry, Issue, Newsletter


@dataclass(frozen=True)
class Present:
    """The open draft with the values of all fields; `stories` also has what was dropped, held or is in the bin."""

    digest_id: int
    issue: Issue
    entries: Mapping[int, Entry]
    choices: Mapping[int, Choice]
    stories: dict[int, dict[str, str]]
    items: dict[int, dict[str, str]]
    texts: dict[str, str]  # fields of the issue
    fixed: bool
    newest: int  # number of the newest change


def present(connection: sqlite3.Connection, newsletter: Newsletter, at: str) -> Present:
    """Return the open draft of the newsletter; it is begun if there is none."""
    issue = draft.next_issue(connection, newsletter, at)
    row = digests.issue_named(connection, issue.name)
    assert row is not None
    choices = draft.choices_of(connection, row["id"], at)
    entries = {entry.story.story_id: entry for entry in all_entries(issue)}
    approved = digest_changes.approved(connection, entries)
    return Present(
        digest_id=row["id"],
        issue=issue,
        entries=entries,
        choices=choices,
        stories={
            number: story_values(entry, choices.get(number), approved.get(number, ""))
            for number, entry in entries.items()
        },
        items={
            item["id"]: {field: normal(field, _text(item[field])) for field in ITEM_FIELDS}
            for item in digest_changes.items(connection, row["id"])
        },
        texts={
            **dict.fromkeys(ISSUE_FIELDS, ""),
            **digest_changes.texts(connection, row["id"]),
            "name": issue.name,
            FIXED: row["fixed_at"] or "",
        },
        fixed=row["fixed_at"] is not None,
        newest=digest_changes.newest(connection, row["id"]),
    )


def all_entries(issue: Issue) -> tuple[Entry, ...]:
    """Return the stories of the draft: in the issue, in the bin, held, dropped."""
    return (*issue.entries, *issue.bin, *issue.held, *issue.dropped)


def require_open(now: Present, digest_id: int) -> None:
    """Raise UsageError if the draft is not the one of that number."""
    if now.digest_id != digest_id:
        raise UsageError(f"the issue was sealed meanwhile; {now.issue.name} is open now; nothing was changed")


def _text(value: object) -> str:
    return str(value) if value else ""
