"""Write the files of an issue, and report on it: for the command line and the desk in the browser."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from core.errors import StoreError, UsageError
from core.whole_files import write_whole
from db import digest_changes, digests, grouping_due
from newsletter import changes, draft, sealing
from newsletter.files_kept import files_of, own_templates, read_templates
from newsletter.issue import stories
from newsletter.present import present
from newsletter.sheet import sheet_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from db.store import Store
    from newsletter.issue import Issue, Newsletter
    from newsletter.sheet import Sheet

MANY = 200  # stories; a first issue with more is hardly meant
EDITABLE = ("md", "csv", "xlsx")
_NUMBERED = re.compile(r"-draft-(\d+)\.(?:md|csv|xlsx)$")


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


def draft_sheet(connection: sqlite3.Connection, newsletter: Newsletter, at: str) -> Sheet:
    """Return the open draft for an editor's file, and keep what the file is written from."""
    now = present(connection, newsletter, at)
    sheet = sheet_of(now)
    digest_changes.save_export(connection, sheet.file, now.digest_id, sheet.base, at)
    return sheet


def sheet_named(connection: sqlite3.Connection, newsletter: Newsletter, name: str, at: str) -> Sheet | None:
    """Return the open draft for an editor's file if it is called so, as `draft_sheet` does."""
    row = digests.issue_named(connection, name)
    is_open = row is not None and row["sealed_at"] is None and row["newsletter"] == newsletter.id
    return draft_sheet(connection, newsletter, at) if is_open else None


def kept_sheet(store: Store, newsletter: Newsletter, issue: Issue, formats: Iterable[str], at: str) -> Sheet | None:
    """Return what `sheet_named` does, where one of the formats can be given back."""
    if issue.sealed or not any(name in EDITABLE for name in formats):
        return None
    with store.transaction() as connection:
        return sheet_named(connection, newsletter, issue.name, at)


def reopen(store: Store, newsletter: Newsletter, by: str, at: str) -> None:
    """Let everything that is due into the open draft again."""
    with store.transaction() as connection:
        digest_id = present(connection, newsletter, at).digest_id
        changes.reopen(connection, newsletter, digest_id, by, at, "command")


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

    A draft's file that an editor may have changed, or that was `taken` in, stays as it is: the draft goes to a new
    name, all of its editable files to the same one.
    """
    known = digests.exports(store.connection, issue.name)
    notes = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = _free_number(issue, made, folder, known, taken)
        paths = {folder / _draft_name(issue, name, number): data for name, data in made.items()}
        for path, data in paths.items():
            write_whole(path, data)
    except FileExistsError as error:
        raise StoreError(f"{folder} is a file: give the name of a folder") from error
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}") from error
    latest = [path.name for path in paths if path.suffix[1:] in EDITABLE]
    if number > 1 and latest:
        notes.append(f"the latest draft is in {', '.join(latest)}; earlier files stay as they are")
    with store.transaction() as connection:
        digests.remember_exports(connection, issue.name, {path.name: _hash(data) for path, data in paths.items()})
    return [str(path) for path in paths], notes


def _free_number(
    issue: Issue, made: Mapping[str, bytes], folder: Path, known: Mapping[str, str], taken: Path | None
) -> int:
    """Return the number of the draft's files: that of the latest ones, or the next if one of these may hold work."""
    if issue.sealed:
        return 1
    formats = [name for name in made if name in EDITABLE]
    numbers = [int(found[1]) for name in known if (found := _NUMBERED.search(name))]
    number = max(numbers, default=1)

    def is_kept(path: Path) -> bool:
        if not path.exists():
            return False
        is_taken = taken is not None and taken.exists() and path.samefile(taken)
        return is_taken or _hash(path.read_bytes()) not in (known.get(path.name), _hash(made[path.suffix[1:]]))

    while any(is_kept(folder / _draft_name(issue, name, number)) for name in formats):
        number += 1
    return number


def _draft_name(issue: Issue, name: str, number: int) -> str:
    from newsletter.render.formats import file_name

    plain = file_name(issue, name)
    if number == 1 or name not in EDITABLE:
        return plain
    return f"{plain.removesuffix(f'.{name}')}-{number}.{name}"


def render(
    issue: Issue,
    formats: Iterable[str],
    languages: str = "",
    templates: Path | None = None,
    sheet: Sheet | None = None,
) -> dict[str, bytes]:
    """Return the issue in some formats: format → bytes. `sheet`: the draft for files that can be given back."""
    from newsletter.render.formats import FORMATS, Renderer

    renderer = Renderer(issue, languages, templates, sheet)
    return {name: FORMATS[name][1](renderer) for name in formats}


def made(
    store: Store,
    newsletter: Newsletter,
    issue: Issue,
    formats: Sequence[str],
    languages: str,
    templates: Path | None,
    at: str,
) -> dict[str, bytes]:
    """Return the files of an issue: format → bytes. Those of a sealed one are kept from the first time on.

    With other `templates` than it was sealed with they are made anew, and not kept.
    """
    if not issue.sealed:
        return render(issue, formats, languages, templates, kept_sheet(store, newsletter, issue, formats, at))
    with store.transaction() as connection:
        if templates and read_templates(templates) != own_templates(connection, issue):
            return render(issue, formats, languages, templates)
        return files_of(connection, issue, formats, languages)


def outcome(issue: Issue | None, files: Sequence[str], notes: Sequence[str]) -> dict[str, Any]:
    """Return what happened, for `--json`."""
    if issue is None:
        return {"issue": None, "sealed": False, "stories": 0, "sections": {}, "files": [], "notes": list(notes)}
    return {
        "issue": issue.name,
        "sealed": issue.sealed,
        "published": bool(issue.published_at),
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
    state = "sealed and published" if issue.published_at else "sealed" if issue.sealed else "draft"
    parts = [
        f"{counts[name]} {name.replace('_', ' ')}"
        for name in ("late", "corrections", "without_date", "withheld")
        if counts[name]
    ]
    head = f"{issue.name} ({state}): {stories(counts['stories'])}" + (f"; of these {', '.join(parts)}" if parts else "")
    lines = [head if issue.entries else f"{issue.name} ({state}): nothing new"]
    lines += [f"  {len(entries):>5}  {section.name_en}" for section, entries in issue.sections()]
    if issue.dropped:
        lines.append(f"  {len(issue.dropped):>5}  dropped by the editor")
    if issue.waiting:
        lines.append(f"  {issue.waiting:>5}  in the bin: they wait until they are taken (--reopen takes all)")
    return [*lines, *notes, *([f"written: {', '.join(files)}"] if files else [])]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
