"""Runs, their figures, requests and problems, and what the sites asked of us: reads and writes.

Every function takes the connection; writes are made inside the caller's transaction. Times come in as ISO text.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from core.model import Exchange, HostState, ListingState, Problem, Seen, SourceStatistics, Validators, iso

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from core.closed_sets import SourceState, Stage


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """Facts about the runs of one source: a row of the view `source_facts`. Times are UTC ISO 8601."""

    source_id: str
    name: str
    state: SourceState | None  # of its latest run that asked the site; None: never read
    first_run_at: str | None
    last_success_at: str | None  # when it was last read well
    last_new_at: str | None  # when it last had something new
    expected_every_hours: int  # a longer silence than this needs a look
    open_problem: str | None = None  # the newest one
    new: int | None = None  # articles of its latest run
    edited: int | None = None
    last_run_at: str | None = None  # of the latest run that asked the site; later moments of others are void


WITHOUT_NOTICE = "it ended without notice: killed, or the machine stopped"

# The fields of `SourceFacts`, in order, by the name of the source.
SOURCE_FACTS = f"SELECT {', '.join(field.name for field in fields(SourceFacts))} FROM source_facts ORDER BY name"


def start_run(connection: sqlite3.Connection, command: str, at: str, version: str) -> int:
    """Add a row to `runs` and return its id."""
    row = connection.execute(
        "INSERT INTO runs (command, started_at, version) VALUES (?, ?, ?) RETURNING id", (command, at, version)
    ).fetchone()
    return int(row[0])


def finish_run(connection: sqlite3.Connection, run_id: int, at: str, exit_code: int, error: str = "") -> None:
    """Mark the run as ended; `error` is the line with which it ended before its time."""
    connection.execute(
        "UPDATE runs SET finished_at = max(?, started_at), exit_code = ?, error = ? WHERE id = ?",
        (at, exit_code, error or None, run_id),
    )


def close_abandoned(connection: sqlite3.Connection) -> None:
    """Mark runs that were killed: nobody knows when. Call it under the lock of the database, with no run at work."""
    connection.execute("UPDATE runs SET error = ? WHERE finished_at IS NULL AND error IS NULL", (WITHOUT_NOTICE,))


def save_statistics(connection: sqlite3.Connection, run_id: int, statistics: SourceStatistics, at: str) -> None:
    """Store the source's figures of this run so far; they must balance (the table checks it)."""
    s = statistics
    connection.execute(
        """INSERT OR REPLACE INTO source_runs (run_id, source_id, state, listed, new, edited, unchanged, duplicate,
                                               rejected, requests, bytes, seconds, at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (run_id, s.source_id, s.state, s.listed, s.new, s.edited, s.unchanged, s.duplicate, s.rejected, s.requests,
         s.bytes, round(s.seconds, 3), at),
    )  # fmt: skip


def save_exchanges(connection: sqlite3.Connection, run_id: int, exchanges: Iterable[Exchange]) -> None:
    """Store the requests of the run."""
    connection.executemany(
        """INSERT INTO requests (run_id, source_id, url, status, bytes, seconds, error, at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        [(run_id, e.source_id, e.url, e.status, e.bytes, round(e.seconds, 3), e.error, _iso(e.at)) for e in exchanges],
    )


def save_problems(connection: sqlite3.Connection, problems: Iterable[Problem], at: str) -> None:
    """Store one row for each distinct open problem; seen again it counts up."""
    connection.executemany(
        """INSERT INTO problems (source_id, stage, url, message, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (coalesce(source_id, ''), stage, url, message) WHERE resolved_at IS NULL
           DO UPDATE SET last_at = excluded.last_at, times = times + 1""",
        [(t.source_id, t.stage, t.url, t.message, at, at) for t in dict.fromkeys(problems)],
    )


def resolve_problems(connection: sqlite3.Connection, source_id: str | None, stages: Iterable[Stage], at: str) -> None:
    """Resolve what was open in stages that went well."""
    connection.executemany(
        "UPDATE problems SET resolved_at = ? WHERE source_id IS ? AND stage = ? AND resolved_at IS NULL",
        [(at, source_id, stage) for stage in stages],
    )


def resolve_outdated(connection: sqlite3.Connection, source_id: str, urls: Iterable[str], at: str) -> None:
    """Resolve what was open about pages that were read again and was not met again."""
    connection.executemany(
        """UPDATE problems SET resolved_at = ?1 WHERE source_id = ?2 AND url = ?3
           AND stage IN ('parse', 'drift', 'moved', 'held') AND resolved_at IS NULL AND last_at <> ?1""",
        [(at, source_id, url) for url in urls],
    )


def save_seen(connection: sqlite3.Connection, source_id: str, seen: Iterable[Seen]) -> None:
    """Store what the addresses answered, with the articles that came with it."""
    connection.executemany(
        """INSERT INTO validators (url, source_id, etag, last_modified, body_hash, full_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
               body_hash = excluded.body_hash, full_at = excluded.full_at""",
        [(s.url, source_id, s.validators.etag, s.validators.last_modified, s.body_hash, s.full_at) for s in seen],
    )


def load_seen(connection: sqlite3.Connection, url: str) -> Seen | None:
    """Return what the address answered last."""
    row = connection.execute(
        "SELECT etag, last_modified, body_hash, full_at FROM validators WHERE url = ?", (url,)
    ).fetchone()
    return Seen(url, Validators(row["etag"], row["last_modified"]), row["body_hash"], row["full_at"]) if row else None


def save_progress(connection: sqlite3.Connection, source_id: str, states: Iterable[ListingState]) -> None:
    """Store how far back the listings were read."""
    connection.executemany(
        """INSERT INTO listing_progress (url, source_id, pages_due, next_page) VALUES (?, ?, ?, ?)
           ON CONFLICT (url) DO UPDATE SET pages_due = excluded.pages_due, next_page = excluded.next_page""",
        [(s.url, source_id, s.pages_due, s.next_page) for s in states],
    )


def load_progress(connection: sqlite3.Connection, url: str) -> ListingState:
    """Return how far back the listing was read."""
    row = connection.execute("SELECT pages_due, next_page FROM listing_progress WHERE url = ?", (url,)).fetchone()
    return ListingState(url, row["pages_due"], row["next_page"]) if row else ListingState(url)


def save_hosts(connection: sqlite3.Connection, states: Iterable[HostState]) -> None:
    """Store what the hosts asked of us."""
    connection.executemany(
        """INSERT INTO hosts (host, not_before, robots, robots_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (host) DO UPDATE SET not_before = excluded.not_before, robots = excluded.robots,
               robots_at = excluded.robots_at""",
        [(s.host, _iso(s.not_before), s.robots, _iso(s.robots_at)) for s in states],
    )


def load_hosts(connection: sqlite3.Connection) -> dict[str, HostState]:
    """Return what the hosts asked of us in earlier runs."""
    rows = connection.execute("SELECT host, not_before, robots, robots_at FROM hosts")
    return {
        row["host"]: HostState(row["host"], _time(row["not_before"]), row["robots"], _time(row["robots_at"]))
        for row in rows
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def source_facts(connection: sqlite3.Connection) -> list[SourceFacts]:
    """Return what is known of each source that is read, by id."""
    return sorted((SourceFacts(*row) for row in connection.execute(SOURCE_FACTS)), key=lambda facts: facts.source_id)


def count_runs(connection: sqlite3.Connection, command: str) -> int:
    """Return how often the command was run on this database."""
    return int(connection.execute("SELECT count(*) FROM runs WHERE command = ?", (command,)).fetchone()[0])
