"""`edit` and `glossary`: the wordings of people, which every run leaves alone, and what they teach."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import clock_from
from core.errors import UsageError
from core.model import iso
from db import edits, ledger
from db.store import clear_errors, open_for_reading, working_on
from pipeline import wordings
from pipeline.commands import say

if TYPE_CHECKING:
    import argparse
    import sqlite3

    from pipeline.wordings import Wording


def edit(args: argparse.Namespace) -> int:
    """Export, import, or list the edits whose headline or lead has changed."""
    if args.action == "import":
        return _import(args)
    path = Path(args.db)
    connection = open_for_reading(path)
    with clear_errors(path):
        rows = edits.wordings(connection)
    connection.close()
    return _list_stale(args, rows) if args.action == "stale" else _export(args, rows)


def _export(args: argparse.Namespace, rows: list[sqlite3.Row]) -> int:
    text = wordings.to_csv(rows)
    if not args.file or args.file == "-":
        sys.stdout.write(text)
        return 0
    try:
        Path(args.file).write_text(f"\ufeff{text}", encoding="utf-8", newline="")  # spreadsheets know UTF-8 by the mark
    except OSError as error:
        raise UsageError(f"{args.file} cannot be written: {error.strerror}") from error
    say.result(args.json, {"wordings": len(rows), "file": args.file}, f"{len(rows)} headlines and leads in {args.file}")
    return 0


def _list_stale(args: argparse.Namespace, rows: list[sqlite3.Row]) -> int:
    stale = [row for row in rows if not row["current"]]
    data = [{name: row[name] for name in ("source_text", "text", "edited_by", "edited_at")} for row in stale]
    lines = [f"{row['source_text']}\n  {row['text']} ({row['edited_by']}, {row['edited_at'][:10]})" for row in stale]
    say.always(args.json, {"stale": data}, lines or ["every edit is in use"])
    return 0


def _import(args: argparse.Namespace) -> int:
    found = _read(args.file)
    path = Path(args.db)
    open_for_reading(path).close()  # an import makes no database
    with working_on(path) as store, store.transaction() as connection:
        fresh, unused = _save(connection, found, args.by, iso(clock_from(None)()))
    data = {"edits": fresh, "unchanged": len(found) - fresh, "unused": unused}
    line = f"{fresh} new wordings, {len(found) - fresh} as they were"
    say.result(args.json, data, line + (f"; {unused} belong to no present headline or lead" if unused else ""))
    return 0


def _read(file: str | None) -> list[Wording]:
    if not file:
        raise UsageError("edit import needs a file")
    try:
        return wordings.from_csv(file, Path(file).read_bytes())
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error


def _save(connection: sqlite3.Connection, found: list[Wording], by: str, at: str) -> tuple[int, int]:
    """How many wordings are new, and how many of these no story shows."""
    from db.stories import StoryArchive
    from pipeline.stories.update import show_anew

    known = edits.latest(connection)
    fresh = [wording for wording in found if known.get(wording.text_hash) != wording.text]
    edits.save(connection, [(w.source_text, w.text_hash, w.text, w.edited_by or by) for w in fresh], at)
    unused = 0
    for wording in fresh:
        stories = ledger.stories_showing(connection, [wording.text_hash])
        unused += not stories
        show_anew(StoryArchive(connection, at), connection, stories)
    return len(fresh), unused


def glossary(args: argparse.Namespace) -> int:
    """What people keep changing in the machine's English, as candidates for the glossary."""
    from translations.suggestions import suggestions

    path = Path(args.db)
    connection = open_for_reading(path)
    with clear_errors(path):
        found = suggestions(edits.pairs(connection))
    connection.close()
    lines = [
        f"{each.times:4} × {each.machine} → {each.person}" + (f"  («{each.ukrainian}»)" if each.ukrainian else "")
        for each in found
    ]
    say.always(args.json, {"suggestions": [asdict(each) for each in found]}, lines or ["nothing recurs"])
    return 0
