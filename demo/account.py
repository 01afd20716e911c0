"""The demo's account of what happened, for the terminal. Reads the database, never writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo.checks import MENTORSHIP, READ_MORE, SCHOOL_BUS, SERVICE_CENTRE, english_of
from demo.scenario import DAYS, KYIV

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = ("listed", "new", "edited", "unchanged", "duplicate", "rejected")


def of_day(connection: sqlite3.Connection, day: int) -> str:
    """One line for each source of the last run, then what the run makes a person look at."""
    date = DAYS[day - 1].astimezone(KYIV)
    lines = [f"Day {day} · {date.day} {date:%B %Y}", "", *_table(connection), ""]
    lines += [f"  problem  {row['source_id']} ({row['stage']}): {row['message']}" for row in _problems(connection)]
    return "\n".join([*lines, "", *_texts(connection), ""])


def of_stories(connection: sqlite3.Connection, machine_english: str | None) -> str:
    """A few stories that show what is done. `machine_english`: what the school bus was called after day 1."""
    parts = (
        _pair(connection),
        _replaced(connection, machine_english),
        _edited(connection),
        _untranslated(connection),
        _refused(connection),
        _gathered(connection),
        _alike(connection),
    )
    return "\n".join(line for part in parts if part for line in (*part, ""))


def _table(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT * FROM source_runs WHERE run_id = (SELECT max(run_id) FROM source_runs) ORDER BY source_id"
    ).fetchall()
    head = f"  {'source':<17} {'state':<13}" + "".join(f"{name:>10}" for name in _COLUMNS)
    return [
        head,
        *(f"  {row['source_id']:<17} {row['state']:<13}" + "".join(f"{row[c]:>10}" for c in _COLUMNS) for row in rows),
    ]


def _problems(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT source_id, stage, message FROM problems WHERE resolved_at IS NULL ORDER BY source_id, id"
    ).fetchall()


def _texts(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT coalesce(title_en_by, 'not translated yet') AS by, title_en_state AS state, count(*) AS stories"
        " FROM news GROUP BY 1, 2 ORDER BY 3 DESC"
    )
    return [
        f"  {row['stories']:>5} stories with English by {row['by']} ({row['state'] or 'none needed'})" for row in rows
    ]


def _pair(connection: sqlite3.Connection) -> list[str]:
    return ["A headline that the publisher translated", *_both(english_of(connection, MENTORSHIP))]


def _replaced(connection: sqlite3.Connection, machine_english: str | None) -> list[str]:
    row = english_of(connection, SCHOOL_BUS)
    title = row and row["title_uk"]
    english = row and row["title_en"]
    return [
        "The publisher's own English takes the machine's place on day 2",
        f"  uk     {title}",
        f"  day 1  {machine_english} (machine, demonstration model)",
        f"  day 2  {english} (publisher)",
    ]


def _edited(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT v.title, v.first_seen_at, t.text FROM article_versions v JOIN articles a ON a.id = v.article_id"
        " LEFT JOIN translations t ON t.text_hash = v.title_hash AND t.state IN ('ok', 'flagged')"
        " WHERE a.source_id = ? AND a.key = ? AND a.language = ? ORDER BY v.id",
        SERVICE_CENTRE,
    )
    lines = (f"  {row['first_seen_at'][:10]}  {row['title']}\n              {row['text']}" for row in rows)
    return ["A headline that was edited; both wordings are kept", *lines]


def _untranslated(connection: sqlite3.Connection) -> list[str]:
    lines = [line for key in READ_MORE for line in _both(english_of(connection, ("decentralization", key)))]
    return ["Three neighbours of the first story; two of them stand in Ukrainian in the English edition", *lines]


def _refused(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT DISTINCT t.source_text, t.reasons FROM translations t JOIN articles a ON a.title_hash = t.text_hash"
        " WHERE t.state = 'failed' ORDER BY t.id LIMIT 2"
    ).fetchall()
    lines = (f"  {row['source_text']}\n    refused: {', '.join(json.loads(row['reasons']))}" for row in rows)
    return ["Machine English that the checks refused; the original is shown", *lines] if rows else []


def _gathered(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT coalesce(title_en, title_uk) AS title, sources FROM news WHERE json_array_length(sources) > 1"
        " ORDER BY json_array_length(sources) DESC, published_on DESC LIMIT 5"
    ).fetchall()
    lines = (f"  {row['title']}  [{', '.join(json.loads(row['sources']))}]" for row in rows)
    return ["Stories that several sites tell", *lines] if rows else []


def _alike(connection: sqlite3.Connection) -> list[str]:
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
