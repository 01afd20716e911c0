"""A person's English for a headline or lead: where it is kept, and as whose. In the caller's transaction.

A text that a publisher or the machine wrote is never stored as a person's: typed as it is, it withdraws the person's
wording before it, or approves the machine's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from core.errors import UsageError
from db import digest_changes, edits
from language.letters import text_hash
from newsletter.fields import is_same, normal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.closed_sets import TextPart


@dataclass(frozen=True, slots=True)
class Rewording:
    """Fields that changed, and what the issue keeps for itself: None the shown English, False leaves it as it is."""

    fields: Mapping[str, str]
    own: str | Literal[False] | None


def approve(connection: sqlite3.Connection, row: Mapping[str, Any], value: str, by: str, at: str) -> Rewording:
    """Note that the machine's headline is right as it is, or with an empty value that it is not.

    `row` is the story's row of `news`. Raises UsageError where the machine says something else by now.
    """
    digest = text_hash(row["title_uk"] or "")
    machine = normal("title_en", digest_changes.machine_english(connection, digest))
    if value and not is_same("title_en", value, machine):
        raise UsageError("the machine's English is another by now: look at it again")
    digest_changes.approve(
        connection, digest, digest_changes.machine_english(connection, digest) if value else "", by, at
    )
    shown = {"title_en": machine} if value and row["title_en_by"] in (None, "machine") else {}
    return Rewording({"approved": value, **shown}, False)


def reword(
    connection: sqlite3.Connection,
    row: Mapping[str, Any],
    part: TextPart,
    value: str,
    by: str,
    at: str,
    *,
    undoing: bool = False,
) -> Rewording:
    """Store English for a story, of which `row` is its row of `news`.

    Without English by a person's wish it is so in this issue only; with `undoing` the person's wording is withdrawn.
    """
    field, source = f"{part}_en", row[f"{part}_uk"] or ""
    changed = {field: value}
    shown = normal(field, row[field] or "") if row[f"{field}_state"] == "ok" else ""
    withdraws = source and row[f"{field}_by"] == "editor" and undoing and not value
    if not withdraws and (not value or not source or is_same(field, value, shown)):
        return Rewording(changed, None if shown and is_same(field, value, shown) else value)
    others = digest_changes.english_of_others(connection, row["story_id"])
    if value and not any(is_same(field, value, text) for text in others):
        edits.save(connection, [(source, text_hash(source), value, by)], at)
        return Rewording(changed, None)
    if row[f"{field}_by"] == "editor":
        edits.save(connection, [(source, text_hash(source), "", by)], at)
        return Rewording(changed, None)
    machine = digest_changes.machine_english(connection, text_hash(source))
    if part == "title" and is_same(field, value, machine):
        return approve(connection, row, value, by, at)
    return Rewording(changed, value)
