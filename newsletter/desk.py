"""Actions that the command line and the desk in the browser share: import, export, report."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from core.errors import StoreError, UsageError
from core.whole_files import write_whole
from db import digests, grouping_due
from newsletter import draft, sealing
from newsletter.merge import match, read

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from db.store import Store
    from newsletter.issue import Issue, Newsletter

MANY = 200  # stories; a first issue with more is hardly meant
EDITABLE = ("md", "csv", "xlsx")


def formats_from(text: str | None) -> list[str]:
    """Return the formats of a list such as `md,html`; all of them for None. Raises UsageError for an unknown one."""
    from newsletter.render.formats import FORMATS

    names = [name.strip().lower() for name in text.split(",") if name.strip()] if text is not None else list(FORMATS)
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise UsageError(f"--format {text}: {unknown[0] if unknown else 'nothing'} is none of {', '.join(FORMATS)}")
    return list(dict.fromkeys(names))


def issue_named(connection: sqlite3.Connection, newsletter: Newsletter, name: str, at: str) -> Issue:
    """Return the sealed issue of that name, or the open draft if it is called so."""
    row = digests.open_issue(connection, newsletter.id)
    if row is not None and row["name"] == name:
        return draft.next_issue(connection, newsletter, at)
    return sealing.sealed(connection, name)


def advice(connection: sqlite3.Connection, issue: Issue) -> list[str]:
    """Return what to know of a draft: what waits for the next issue, and that a first one would hold the archive."""
    waiting = len(grouping_due.stories(connection))
    notes = [f"{waiting} stories are not grouped yet and wait for the next issue"] if waiting else []
    if len(issue.entries) <= MANY or digests.sealed_issues(connection, issue.newsletter.id):
        return notes
    return [
        *notes,
        "no issue was sealed yet, so all of the archive is new: --begin 2026-02-16 puts what is older aside for good",
    ]


def import_file(store: Store, newsletter: Newsletter, path: Path, by: str, at: str) -> list[str]:
    """Import an edited draft; return lines to report. Raises UsageError naming file and line, and changes nothing."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    with store.transaction() as connection:
        row = digests.open_issue(connection, newsletter.id)
        if row is None:
            raise UsageError(f"{path}: no draft is open; the issue was sealed, or none was begun")
        lines = read(path.name, data, row["name"])
        issue = draft.next_issue(connection, newsletter, at)
        imported = match(path.name, lines, issue, draft.choices_of(connection, row["id"], at))
        draft.apply(connection, issue, imported, by, at)
    notes = [f"{path.name}: {len(imported.choices)} stories taken in, {len(imported.wordings)} reworded in English"]
    if imported.missing:
        notes.append(f"{imported.missing} stories are not in the file and wait for the next issue")
    return notes


def reopen(store: Store, newsletter: Newsletter) -> None:
    """Let what arrived after an imported draft into the issue again."""
    with store.transaction() as connection:
        row = digests.open_issue(connection, newsletter.id)
        if row is not None:
            digests.unfix(connection, row["id"])


def note_pending_files(connection: sqlite3.Connection, issue: Issue, formats: Iterable[str]) -> None:
    """Note which files are to be written, in the transaction that seals the issue; `unwritten` tells until they are."""
    from newsletter.render.formats import file_name

    digests.remember_exports(connection, issue.name, {file_name(issue, name): "" for name in formats})


def unwritten(connection: sqlite3.Connection) -> dict[str, str]:
    """Return sealed issue → a line for a person, where a run ended after sealing and before all files were there."""
    return {
        name: f"{name} is sealed, but not all of its files were written: `visnyk digest --issue {name}` writes them"
        for name in digests.unwritten_issues(connection)
    }


def export(
    store: Store, issue: Issue, made: Mapping[str, bytes], folder: Path, taken: Path | None = None
) -> tuple[list[str], list[str]]:
    """Write files (format → bytes), each whole or not at all; return their paths and lines to report.

    A draft that an editor changed since it was written is kept under another name, unless it is the file that was
    `taken` in.
    """
    from newsletter.render.formats import file_name

    paths = {folder / file_name(issue, name): (name, data) for name, data in made.items()}
    known = digests.exports(store.connection, issue.name)
    notes = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, (name, data) in paths.items():
            may_be_edited = name in EDITABLE and not issue.sealed and path != taken and path.exists()
            if may_be_edited and _hash(path.read_bytes()) not in (known.get(path.name), _hash(data)):
                number = 1
                while (aside := path.with_name(f"{path.stem}.edited-{number}{path.suffix}")).exists():
                    number += 1
                path.rename(aside)
                notes.append(f"your edited {path.name} is kept as {aside.name}")
            write_whole(path, data)
    except FileExistsError as error:
        raise StoreError(f"{folder} is a file: give the name of a folder") from error
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}") from error
    with store.transaction() as connection:
        digests.remember_exports(connection, issue.name, {path.name: _hash(data) for path, (_, data) in paths.items()})
    return [str(path) for path in paths], notes


def render(
    issue: Issue, formats: Iterable[str], languages: str = "", templates: Path | None = None
) -> dict[str, bytes]:
    """Return the issue in some formats: format → bytes."""
    from newsletter.render.formats import FORMATS, Renderer

    renderer = Renderer(issue, languages, templates)
    return {name: FORMATS[name][1](renderer) for name in formats}


def outcome(issue: Issue | None, files: Sequence[str], notes: Sequence[str]) -> dict[str, Any]:
    """Return what happened, for `--json`."""
    if issue is None:
        return {"issue": None, "sealed": False, "stories": 0, "sections": {}, "files": [], "notes": list(notes)}
    return {
        "issue": issue.name,
        "sealed": issue.sealed,
        "stories": len(issue.entries),
        "sections": dict(issue.counts()),
        "late": sum(entry.late for entry in issue.entries),
        "corrections": sum(entry.story.correction is not None for entry in issue.entries),
        "without_date": sum(entry.story.published_on is None for entry in issue.entries),
        "withheld": sum(not entry.story.title_en for entry in issue.entries),
        "dropped": len(issue.dropped),
        "waiting": issue.waiting,
        "files": list(files),
        "notes": list(notes),
    }


def report(issue: Issue | None, files: Sequence[str], notes: Sequence[str]) -> list[str]:
    """Return what happened in lines for a person: how many stories went where."""
    if issue is None:
        return list(notes)
    counts = outcome(issue, files, notes)
    state = "sealed" if issue.sealed else "draft"
    parts = [
        f"{counts[name]} {name.replace('_', ' ')}"
        for name in ("late", "corrections", "without_date", "withheld")
        if counts[name]
    ]
    head = f"{issue.name} ({state}): {counts['stories']} stories" + (f"; of these {', '.join(parts)}" if parts else "")
    lines = [head if issue.entries else f"{issue.name} ({state}): nothing new"]
    lines += [f"  {len(entries):>5}  {section.name_en}" for section, entries in issue.sections()]
    if issue.dropped:
        lines.append(f"  {len(issue.dropped):>5}  dropped by the editor")
    if issue.waiting:
        lines.append(f"  {issue.waiting:>5}  in the bin: they wait until they are taken (--reopen takes all)")
    return [*lines, *notes, *([f"written: {', '.join(files)}"] if files else [])]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
