"""`health`, `sources`, `check-database`: questions about the state of things."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db.store import clear_errors, open_for_reading
from pipeline import report
from pipeline.commands import say

if TYPE_CHECKING:
    import argparse

NEEDS_A_PERSON = 3


def health(args: argparse.Namespace) -> int:
    """One line for each source; exit code 3 when a person should look."""
    path = Path(args.db)
    connection = open_for_reading(path)
    with clear_errors(path):
        rows = [dict(row) for row in connection.execute("SELECT * FROM source_health ORDER BY source_id")]
    connection.close()
    say.always(args.json, {"sources": rows}, report.health_lines(rows))
    return NEEDS_A_PERSON if any(row["actionable"] for row in rows) else 0


def sources(args: argparse.Namespace) -> int:
    """The list of sources, or a check of their parsers against the recordings."""
    from db.reference import source_row
    from scrapers.registry import all_sources

    if args.action == "check":
        return _check_recordings(args)
    rows = [source_row(source) for source in all_sources()]
    say.always(args.json, {"sources": rows}, [f"{row['id']!s:18} {row['kind']!s:5} {row['homepage']}" for row in rows])
    return 0


def _check_recordings(args: argparse.Namespace) -> int:
    """Whether the sources fit their recordings, and every recording parses to what is written beside it."""
    from pipeline import recordings as bless

    faults = bless.faults()
    differing = [one.file for one in bless.RECORDINGS if one.parsed() != bless.blessed(one.source_id).get(one.file)]
    lines = faults + [
        f"{file}: parses otherwise than it was blessed (python -m pipeline.recordings)" for file in differing
    ]
    data = {"recordings": len(bless.RECORDINGS), "faults": faults, "differing": differing}
    say.always(args.json, data, lines or [f"{len(bless.RECORDINGS)} recordings parse as they were blessed"])
    return 1 if lines else 0


def check_database(args: argparse.Namespace) -> int:
    """Runs SQLite's integrity and foreign key checks."""
    path = Path(args.db)
    connection = open_for_reading(path)
    with clear_errors(path):
        faults = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        faults += [f"broken reference in table {row[0]}" for row in connection.execute("PRAGMA foreign_key_check")]
    connection.close()
    lines = faults or [f"{path} is sound"]
    say.always(args.json, {"faults": faults}, lines)
    return 1 if faults else 0
