"""Changes of a draft, field by field, each with what it was made from: apply, undo, history. In one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.errors import UsageError
from db import digest_changes
from newsletter.draft_editor import DraftEditor
from newsletter.fields import FIXED, IMAGE, STATE, checked, require_field
from newsletter.merge import three_way
from newsletter.present import present, require_open

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from core.closed_sets import ChangedVia
    from newsletter.issue import Newsletter


@dataclass(frozen=True, slots=True)
class Edit:
    """A person's value for one field; without story and item it is a field of the issue."""

    story_id: int | None
    item_id: int | None
    field: str  # as `newsletter.fields` has them
    base: str  # what the person saw when they began
    value: str
    since: int | None = None  # newest change that the person had seen; tells whether a story was moved meanwhile


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the draft's history."""

    id: int
    story_id: int | None
    item_id: int | None
    field: str
    was: str
    became: str
    by: str
    at: str
    via: ChangedVia
    undoes: int | None = None  # the change that it takes back
    bulk: int = 0  # the same number in all changes that were made together


@dataclass(frozen=True, slots=True)
class EditConflict:
    """An edit of something that was changed meanwhile: nothing was stored, a person has to decide."""

    edit: Edit
    now: str
    by: str  # who changed it, empty: a publisher or the machine
    at: str


@dataclass(frozen=True, slots=True)
class Applied:
    """Edits that were stored, and those that were not."""

    changes: tuple[Change, ...]
    conflicts: tuple[EditConflict, ...]


def apply(
    connection: sqlite3.Connection,
    newsletter: Newsletter,
    digest_id: int,
    edits: Iterable[Edit],
    by: str,
    at: str,
    via: ChangedVia,
) -> Applied:
    """Store the edits that fit the draft as it stands now, and return those that do not.

    An edit that leaves a value as the person saw it, or as it is by now, changes nothing. Raises UsageError, and
    changes nothing, for a value that the field cannot hold and for a draft that is sealed.
    """
    return _apply(connection, newsletter, digest_id, [(edit, None) for edit in edits], by, at, via)


def undo(
    connection: sqlite3.Connection, newsletter: Newsletter, change_id: int, by: str, at: str, *, together: bool = False
) -> Applied:
    """Take a change back, with `together` all that were made with it; what was changed again since is a conflict.

    Raises UsageError for a change of an issue that is sealed, and for one that does not exist.
    """
    rows = digest_changes.together_with(connection, change_id)
    if not together:
        rows = [row for row in rows if row["id"] == change_id]
    if not rows:
        raise UsageError(f"there is no change {change_id}")
    if any(row["field"] == IMAGE for row in rows):
        raise UsageError("a former image is not kept: choose it again")
    if any(row["field"] == STATE for row in rows):
        raise UsageError("that an issue was sealed is undone where past issues are listed, or with --unseal")
    edits = [
        (Edit(row["story_id"], row["item_id"], row["field"], row["became"], row["was"], row["id"]), row["id"])
        for row in reversed(rows)
    ]
    return _apply(connection, newsletter, rows[0]["digest_id"], edits, by, at, "undo")


def history(
    connection: sqlite3.Connection, digest_id: int, since: int = 0, story_id: int | None = None
) -> list[Change]:
    """Return the changes of a draft after number `since`, oldest first; of one story, if that is given."""
    return [_change(row) for row in digest_changes.since(connection, digest_id, since, story_id)]


def add_item(
    connection: sqlite3.Connection,
    newsletter: Newsletter,
    digest_id: int,
    section: str,
    by: str,
    at: str,
    via: ChangedVia,
) -> Change:
    """Make an item of the editors' own, still without texts, in a section of the draft; return the change.

    Its `item_id` names the item; undoing it removes the item.
    """
    require_open(present(connection, newsletter, at), digest_id)
    item_id = digest_changes.add_item(connection, digest_id, checked("section", section))
    return _record(connection, digest_id, [Change(0, None, item_id, "removed", "1", "", by, at, via)])[0]


def reopen(
    connection: sqlite3.Connection, newsletter: Newsletter, digest_id: int, by: str, at: str, via: ChangedVia
) -> Applied:
    """Let the draft hold everything that is due again; decisions stay."""
    fixed = present(connection, newsletter, at).texts[FIXED]
    return apply(connection, newsletter, digest_id, [Edit(None, None, FIXED, fixed, "")], by, at, via)


def note_image(
    connection: sqlite3.Connection, digest_id: int, was: str, became: str, by: str, at: str, via: ChangedVia
) -> Change:
    """Write into the history that the image of an issue was changed; an image is named by its hash."""
    return _record(connection, digest_id, [Change(0, None, None, IMAGE, was, became, by, at, via)])[0]


def _apply(
    connection: sqlite3.Connection,
    newsletter: Newsletter,
    digest_id: int,
    edits: Sequence[tuple[Edit, int | None]],
    by: str,
    at: str,
    via: ChangedVia,
) -> Applied:
    """Store edits, each with the number of the change that it takes back."""
    now = present(connection, newsletter, at)
    require_open(now, digest_id)
    editor = DraftEditor(connection, newsletter, now, by, at, undoing=via == "undo")
    changes: list[Change] = []
    conflicts: list[EditConflict] = []
    for given, undoes in edits:
        edit = replace(given, story_id=editor.living(given.story_id), value=checked(given.field, given.value))
        require_field(edit.field, edit.story_id, edit.item_id)
        values = editor.values(edit.story_id, edit.item_id)
        before = values.get(edit.field, "")
        last = digest_changes.latest(connection, digest_id, edit.story_id, edit.item_id, edit.field)
        if edit.field == "position" and edit.story_id is not None:
            moved = (last["id"], last["was"], last["became"], last["by"]) if last else None
            verdict = editor.verdict_on_move(edit.story_id, edit.base, edit.value, edit.since, moved)
        else:
            verdict = three_way(edit.field, edit.base, before, edit.value)
        if verdict == "conflict":
            theirs = last is not None and last["became"] == before
            conflicts.append(EditConflict(edit, before, *((last["by"], last["at"]) if last and theirs else ("", ""))))
        if verdict != "edit":
            continue
        for field, was, became in editor.set(edit.story_id, edit.item_id, edit.field, edit.value):
            if was != became:
                story_id, item_id = (None, None) if field == FIXED else (edit.story_id, edit.item_id)
                changes.append(Change(0, story_id, item_id, field, was, became, by, at, via, undoes))
    editor.store()
    return Applied(tuple(_record(connection, digest_id, changes)), tuple(conflicts))


def _record(connection: sqlite3.Connection, digest_id: int, changes: Sequence[Change]) -> list[Change]:
    rows = [
        {
            "digest_id": digest_id,
            **{name: getattr(change, name) for name in Change.__dataclass_fields__ if name not in ("id", "bulk")},
        }
        for change in changes
    ]
    found = digest_changes.add(connection, rows)
    return [replace(change, id=number, bulk=found[0]) for change, number in zip(changes, found, strict=True)]


def _change(row: sqlite3.Row) -> Change:
    return Change(**{name: row[name] for name in Change.__dataclass_fields__})
