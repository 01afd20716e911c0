"""`edit` and `glossary`: the wordings of people, which every run leaves alone, and what they teach."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import clock_from
from core.errors import UsageError
from core.model import iso
from core.whole_files import write_whole
from db import edits, ledger
from db.store import clear_errors, open_for_reading, working_on
from pipeline import wordings
from pipeline.commands import say
from pipeline.streams import put

if TYPE_CHECKING:
    import argparse


def edit(args: argparse.Namespace) -> int:
    """Export, import, or list the edits whose headline or lead has changed."""
    if args.action == "import":
        return _import(args)
    path = Path(args.db)
    with closing(open_for_reading(path)) as connection, clear_errors(path):
        rows = edits.wordings(connection)
    if args.action == "stale":
        stale = [row for row in rows if not row["current"]]
        data = [{name: row[name] for name in ("source_text", "text", "edited_by", "edited_at")} for row in stale]
        lines = [f"{one['source_text']}\n  {one['text']} ({one['edited_by']}, {one['edited_at'][:10]})" for one in data]
        say.always(args.json, {"stale": data}, lines or ["every edit is in use"])
        return 0
    text, file = wordings.to_csv(rows), args.file
    if not file or file == "-":
        put(text, end="")
        return 0
    try:
        write_whole(Path(file), text.encode("utf-8-sig"))  # spreadsheets know UTF-8 by the mark
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from error
    say.result(args.json, {"wordings": len(rows), "file": file}, f"{len(rows)} headlines and leads in {file}")
    return 0


def _import(args: argparse.Namespace) -> int:
    from db.stories import StoryArchive
    from pipeline.stories.update import refresh_stories

    if not args.file:
        raise UsageError("edit import needs a file")
    try:
        found = wordings.from_csv(args.file, Path(args.file).read_bytes())
    except OSError as error:
        raise UsageError(f"{args.file} cannot be read: {error.strerror}") from error
    path, at, unused = Path(args.db), iso(clock_from(None)()), 0
    open_for_reading(path).close()  # an import makes no database
    with working_on(path) as store, store.transaction() as connection:
        known = edits.latest(connection)
        fresh = [wording for wording in found if known.get(wording.text_hash) != wording.text]
        edits.save(connection, [(w.source_text, w.text_hash, w.text, w.edited_by or args.by) for w in fresh], at)
        for wording in fresh:
            stories = ledger.stories_showing(connection, [wording.text_hash])
            unused += not stories
            refresh_stories(StoryArchive(connection, at), connection, stories)
    data = {"edits": len(fresh), "unchanged": len(found) - len(fresh), "unused": unused}
    line = f"{len(fresh)} new wordings, {len(found) - len(fresh)} as they were"
    say.result(args.json, data, line + (f"; {unused} belong to no present headline or lead" if unused else ""))
    return 0


def glossary(args: argparse.Namespace) -> int:
    """Print what people keep changing in the machine's English, as candidates for the glossary."""
    from translations.suggestions import suggestions

    path = Path(args.db)
    with closing(open_for_reading(path)) as connection, clear_errors(path):
        found = suggestions(edits.pairs(connection))
    lines = [
        f"{each.times:4} × {each.machine} → {each.person}" + (f"  («{each.ukrainian}»)" if each.ukrainian else "")
        for each in found
    ]
    say.always(args.json, {"suggestions": [asdict(each) for each in found]}, lines or ["nothing recurs"])
    return 0
