"""`health`, `sources`, `check-database`: questions about the state of things."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import clock_from
from core.errors import UsageError
from db import runs
from db.copies import faults
from db.store import clear_errors, open_for_reading
from pipeline.commands import say
from pipeline.health import judge, unread_days

if TYPE_CHECKING:
    import argparse

NEEDS_A_PERSON = 3


def health(args: argparse.Namespace) -> int:
    """Print one line for each source, first one for all if nothing was read; exit code 3 when a person should look."""
    path, now = Path(args.db), clock_from(args.now)()
    with closing(open_for_reading(path)) as connection, clear_errors(path):
        facts = runs.source_facts(connection)
    rows = [
        {
            "source_id": source.source_id,
            "state": source.state,
            "last_success_at": source.last_success_at,
            "last_new_at": source.last_new_at,
            "silent_hours": judged.silent_hours,
            "expected_every_hours": source.expected_every_hours,
            "actionable": int(judged.is_actionable),
            "message": judged.message,
        }
        for source in facts
        for judged in [judge(source, now)]
    ]
    lines = [
        f"{'!' if row['actionable'] else ' '} {row['source_id']!s:18} {row['state'] or '-'!s:18} {row['message']}"
        for row in rows
    ]
    days = unread_days(facts, now)
    if days:
        lines.insert(0, f"! nothing was read for {days} days: does whatever starts `ingest` (cron, systemd) still run?")
    say.always(args.json, {"sources": rows, "unread_days": days}, lines)
    return NEEDS_A_PERSON if days or any(row["actionable"] for row in rows) else 0


def sources(args: argparse.Namespace) -> int:
    """Print the list of sources, check their parsers against the recordings, or see to answers that are held back."""
    from db.reference import source_row
    from scrapers.registry import all_sources

    if args.id and args.action != "accept":
        raise UsageError(f"`sources {args.action}` takes no ID")
    if args.action in ("held", "accept"):
        from pipeline.commands import held

        return held.accept(args) if args.action == "accept" else held.show(args)
    if args.action == "check":
        return check_recordings(args)
    rows = [source_row(source) for source in all_sources()]
    say.always(args.json, {"sources": rows}, [f"{row['id']!s:18} {row['kind']!s:5} {row['homepage']}" for row in rows])
    return 0


def check_recordings(args: argparse.Namespace) -> int:
    """Check that the sources fit their recordings, and that each parses to what is written beside it."""
    from pipeline import recordings as bless

    known, faults = bless.recordings(), bless.faults()
    differing = [one.file for one in known if not faults and one.parsed() != bless.blessed(one.source_id).get(one.file)]
    lines = faults + [
        f"{file}: parses otherwise than it was blessed (python -m pipeline.recordings)" for file in differing
    ]
    data = {"recordings": len(known), "faults": faults, "differing": differing}
    say.always(args.json, data, lines or [f"{len(known)} recordings parse as they were blessed"])
    return 1 if lines else 0


def check_database(args: argparse.Namespace) -> int:
    """Run SQLite's integrity and foreign key checks."""
    path = Path(args.db)
    with closing(open_for_reading(path)) as connection, clear_errors(path):
        found = faults(connection)
    say.always(args.json, {"faults": found}, found or [f"{path} is sound"])
    return 1 if found else 0
