"""Take an edited draft in: read the file, store what was changed in it, say what a person has to decide."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import StoreError, UsageError
from core.whole_files import write_whole
from db import digest_changes, due
from newsletter import changes
from newsletter.fields import item_key, key
from newsletter.importing import compare
from newsletter.issue import one_line, stories
from newsletter.markdown_file import read_markdown, write_markdown
from newsletter.present import present
from newsletter.sheet import sheet_of, with_remarks
from newsletter.table_file import read_csv, read_xlsx

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from db.store import Store
    from newsletter.changes import Applied, Edit, EditConflict
    from newsletter.findings import Findings
    from newsletter.issue import Newsletter
    from newsletter.present import Present
    from newsletter.sheet import ReadSheet, Sheet

MOST_BYTES = 20_000_000
ENDINGS = (".md", ".csv", ".xlsx")


@dataclass
class Intake:
    """Lines to report on a file, and lines about what a person has to decide."""

    notes: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)


def take_in(store: Store, newsletter: Newsletter, path: Path, by: str, at: str, *, partial: bool = False) -> Intake:
    """Store what a person changed in a draft's file, field by field against the draft as it stands.

    What was changed there as well is not stored: it is reported, and written to a file beside that can be edited and
    taken in. Raises UsageError naming file and line, and changes nothing, for a file that is none of the open draft.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    try:
        read = read_file(path.name, data)
        with store.transaction() as connection:
            bases = bases_of(connection, read, newsletter)
            now = present(connection, newsletter, at)
            found = compare(read, bases, now, due.merged_stories(connection), partial)
            applied = changes.apply(connection, newsletter, now.digest_id, found.edits, by, at, "file")
            conflicts = conflict_sheet(connection, newsletter, at, applied.conflicts)
    except UsageError as error:
        raise UsageError(f"{path.name}: {error}; nothing was changed") from error
    intake = Intake(notes_on(path.name, found, applied, now), [*found.spoiled, *found.gone])
    intake.undecided = [f"{path.name}: {line}" for line in intake.undecided]
    if conflicts is not None:
        aside = write_aside(path, write_markdown(conflicts))
        intake.undecided += [f"{path.name}: {_told(conflict)}" for conflict in applied.conflicts]
        intake.undecided.append(f"{aside}: holds what both of you changed: decide there, and take it in")
    return intake


def read_file(name: str, data: bytes) -> ReadSheet:
    """Read the stories of an editor's file. Raises UsageError naming the line."""
    ending = next((ending for ending in ENDINGS if name.lower().endswith(ending)), None)
    if ending is None:
        raise UsageError("a draft is a .md, .csv or .xlsx file")
    if len(data) > MOST_BYTES:
        raise UsageError(f"the file has {len(data)} bytes; a draft has at most {MOST_BYTES}")
    readers = {".md": read_markdown, ".csv": read_csv}
    read = readers[ending](decoded(data)) if ending in readers else read_xlsx(data)
    if not read.rows and not read.texts:
        raise UsageError("the file names no story of a draft")
    return read


def decoded(data: bytes) -> str:
    """Return the text of a file, UTF-8 or UTF-16 with its mark. Raises UsageError naming the line."""
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"line {line}: the file is not UTF-8: save it as CSV UTF-8, or give the .xlsx") from error


def bases_of(connection: sqlite3.Connection, read: ReadSheet, newsletter: Newsletter) -> dict[str, Any]:
    """Return what the file's rows were written from. Raises UsageError for one that was not written here."""
    found: dict[str, Any] = {}
    named = [(row.file, row.number) for row in read.rows]
    for file, number in named if named and not read.file else [(read.file, 1), *named]:
        if file in found:
            continue
        base = digest_changes.export(connection, file)
        if base is None:
            why = f"{file[:20]!r} is of no draft of this database" if file else "they are missing"
            raise UsageError(f"line {number}: the letters of the file tell which draft it was, but {why}")
        if base["newsletter"] != newsletter.id:
            raise UsageError(f"it is of the newsletter {base['newsletter']}: give its settings with --newsletter")
        if base["sealed_at"] is not None:
            raise UsageError(f"it is of {base['issue']}, which is sealed: it is no open draft any more")
        found[file] = json.loads(base["base"])
    return found


def conflict_sheet(
    connection: sqlite3.Connection, newsletter: Newsletter, at: str, conflicts: Sequence[EditConflict]
) -> Sheet | None:
    """Return the stories with conflicts as they stand now, and beside them what the file said."""
    if not conflicts:
        return None
    now = present(connection, newsletter, at)
    edits = [conflict.edit for conflict in conflicts]
    stories = {edit.story_id for edit in edits if edit.story_id is not None}
    items = {edit.item_id for edit in edits if edit.item_id is not None}
    texts = [edit.field for edit in edits if edit.story_id is None and edit.item_id is None]
    sheet = sheet_of(now, stories, texts, items)
    digest_changes.save_export(connection, sheet.file, now.digest_id, sheet.base, at)
    told: dict[str, list[str]] = {}
    for conflict in conflicts:
        told.setdefault(_key_of(conflict.edit, now.digest_id), []).append(_told(conflict))
    return with_remarks(sheet, told)


def _key_of(edit: Edit, digest_id: int) -> str:
    if edit.item_id is not None:
        return item_key(digest_id, edit.item_id)
    return key(digest_id, edit.story_id) if edit.story_id is not None else ""


def _told(conflict: EditConflict) -> str:
    who = f"{conflict.by} at {conflict.at}" if conflict.by else "a publisher or the machine"
    name = conflict.edit.field.replace("_", " ")
    edit = conflict.edit
    of = f"story {edit.story_id}, " if edit.story_id is not None else f"item {edit.item_id}, " if edit.item_id else ""
    return f"{of}{name}: yours {_quoted(conflict.edit.value)}; now {_quoted(conflict.now)}, by {who}"


def _quoted(text: str) -> str:
    return f"«{one_line(text)[:500]}»" if text else "(empty)"


def write_aside(path: Path, data: bytes) -> str:
    """Write the conflicts beside the file, never over another one; return the name."""
    number = 1
    while True:
        aside = path.with_name(f"{path.stem}.conflicts{'' if number == 1 else f'-{number}'}.md")
        if not aside.exists() or aside.read_bytes() == data:
            break
        number += 1
    try:
        write_whole(aside, data)
    except OSError as error:
        raise StoreError(f"{aside}: {error.strerror or error}; the other changes are stored") from error
    return str(aside)


def notes_on(name: str, found: Findings, applied: Applied, now: Present) -> list[str]:
    """Return what became of the file, in lines."""
    counts = Counter(change.field for change in applied.changes if change.field != "fixed" and change.became != "taken")
    taken = sum(change.became == "taken" and change.field == "decision" for change in applied.changes)
    notes = []
    if counts or (taken and not found.fixes):
        told = ", ".join(f"{count} {field.replace('_', ' ')}" for field, count in sorted(counts.items()))
        chosen = 0 if found.fixes else taken
        told += ("; " if told and chosen else "") + (f"{stories(chosen)} taken" if chosen else "")
        number = sum(counts.values()) + chosen
        notes.append(f"{name}: {number} {'change' if number == 1 else 'changes'} taken in: {told}")
    elif not (applied.changes or applied.conflicts or found.spoiled or found.gone):
        notes.append(f"{name}: nothing was changed in it")
    if found.fixes and taken:
        notes.append(f"{name}: the issue is its {stories(taken)} now; what comes later waits, undecided")
    if found.removed:
        notes.append(f"{stories(found.removed)} not in the file: back in the bin, undecided")
    if found.arrived:
        where = "they wait, undecided" if found.fixes or now.fixed else "they are in the issue as well"
        notes.append(f"{stories(found.arrived)} came since the file was written: {where}")
    if found.printed:
        notes.append(
            f"{len(found.printed)} texts differ only in quotes, dashes or blanks, as programs change them on their own:"
            f" not taken in ({'; '.join(found.printed[:5])}{' …' if len(found.printed) > 5 else ''})"
        )
    return notes
