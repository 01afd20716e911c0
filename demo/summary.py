"""The demo's summary of what happened, for the terminal. Reads the database, never writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo.scenario import DAYS, KYIV
from demo.verify import MENTORSHIP, READ_MORE, SCHOOL_BUS, SERVICE_CENTRE, english_of

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = ("listed", "new", "edited", "unchanged", "duplicate", "rejected")


def of_day(connection: sqlite3.Connection, day: int) -> str:
    """Return a line for each source of the last run, its problems, and who made the English."""
    date = DAYS[day - 1].astimezone(KYIV)
    runs = connection.execute(
        "SELECT * FROM source_runs WHERE run_id = (SELECT max(run_id) FROM source_runs) ORDER BY source_id"
    )
    problems = connection.execute(
        "SELECT source_id, stage, message FROM problems WHERE resolved_at IS NULL ORDER BY source_id, id"
    )
    english = connection.execute(
        "SELECT coalesce(title_en_by, 'not translated yet') AS by, title_en_state AS state, count(*) AS stories"
        " FROM news GROUP BY 1, 2 ORDER BY 3 DESC"
    )
    lines = [f"Day {day} · {date.day} {date:%B %Y}", ""]
    lines.append(f"  {'source':<17} {'state':<13}" + "".join(f"{name:>10}" for name in _COLUMNS))
    for row in runs:
        lines.append(f"  {row['source_id']:<17} {row['state']:<13}" + "".join(f"{row[c]:>10}" for c in _COLUMNS))
    lines.append("")
    lines += [f"  problem  {row['source_id']} ({row['stage']}): {row['message']}" for row in problems]
    lines.append("")
    for row in english:
        lines.append(f"  {row['stories']:>5} stories with English by {row['by']} ({row['state'] or 'none needed'})")
    return "\n".join([*lines, ""])


def of_stories(connection: sqlite3.Connection, machine_english: str | None) -> str:
    """Return a few stories that show what is done. `machine_english`: the school bus's headline after day 1."""
    bus = english_of(connection, SCHOOL_BUS)
    parts = (
        ["A headline that the publisher translated", *_both(english_of(connection, MENTORSHIP))],
        [
            "The publisher's own English takes the machine's place on day 2",
            f"  uk     {bus and bus['title_uk']}",
            f"  day 1  {machine_english} (machine, demonstration model)",
            f"  day 2  {bus and bus['title_en']} (publisher)",
        ],
        _edited(connection),
        [
            "Three neighbours of the first story; two of them stand in Ukrainian in the English edition",
            *(line for key in READ_MORE for line in _both(english_of(connection, ("decentralization", key)))),
        ],
        _withheld(connection),
        _of_several_sites(connection),
        _look_alikes(connection),
    )
    return "\n".join(line for part in parts if part for line in (*part, ""))


def _edited(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT v.title, v.first_seen_at, t.text FROM article_versions v JOIN articles a ON a.id = v.article_id"
        " LEFT JOIN translations t ON t.text_hash = v.title_hash AND t.state IN ('ok', 'flagged')"
        " WHERE a.source_id = ? AND a.key = ? AND a.language = ? ORDER BY v.id",
        SERVICE_CENTRE,
    )
    lines = (f"  {row['first_seen_at'][:10]}  {row['title']}\n              {row['text']}" for row in rows)
    return ["A headline that was edited; both wordings are kept", *lines]


def _withheld(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT DISTINCT t.source_text, t.reasons FROM translations t JOIN articles a ON a.title_hash = t.text_hash"
        " WHERE t.state = 'failed' ORDER BY t.id LIMIT 2"
    ).fetchall()
    lines = (f"  {row['source_text']}\n    refused: {', '.join(json.loads(row['reasons']))}" for row in rows)
    return ["Machine English that the checks refused; the original is shown", *lines] if rows else []


def _of_several_sites(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT coalesce(title_en, title_uk) AS title, sources FROM news WHERE json_array_length(sources) > 1"
        " ORDER BY json_array_length(sources) DESC, published_on DESC, title LIMIT 5"
    ).fetchall()
    lines = (f"  {row['title']}  [{', '.join(json.loads(row['sources']))}]" for row in rows)
    return ["Stories that several sites tell", *lines] if rows else []


def _look_alikes(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT min(published_on) AS published_on, title_uk FROM news"
        " WHERE title_uk LIKE 'Громади отримають % на проєкти відновлення'"
        " OR title_uk LIKE 'Львів і %стали містами-партнерами' GROUP BY title_uk ORDER BY title_uk LIMIT 8"
    )
    return ["Alike, and yet different stories", *(f"  {row['published_on']}  {row['title_uk']}" for row in rows)]


def _both(row: sqlite3.Row | None) -> list[str]:
    if row is None:
        return ["  (not in the database)"]
    return [f"  uk  {row['title_uk']}", f"  en  {row['title_en']} ({row['title_en_by'] or row['title_en_state']})"]
