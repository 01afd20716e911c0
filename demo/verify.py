"""Comparison of the database with what the replica published. Reads the database, never writes."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from demo import expected
from demo.expected import plain
from demo.scenario import SITES

if TYPE_CHECKING:
    from pathlib import Path

MENTORSHIP = ("decentralization", "90386")  # the ten communities
SCHOOL_BUS = ("decentralization", "90402")  # its English comes on day 2
SERVICE_CENTRE = ("decentralization", "90399", "uk")  # its headline is edited on day 2
# Publications that look alike and are different stories, whatever else is gathered into one.
LOOK_ALIKES = (
    (("decentralization", "90360"), ("decentralization", "90318")),  # the same city, another partner
    (("decentralization", "90390"), ("decentralization", "90366")),  # another sum
    (("hromady", "41603"), ("hromady", "41590")),  # the same words, another sum
    (("hromady", "41609"), ("hromady", "41540")),  # the same words, another draft law
    (("decentralization", "90310"), ("decentralization", "90316")),  # part 1, part 2
    (("decentralization", "90337"), ("decentralization", "90396")),  # one series, another month
    (("decentralization", "90333"), ("decentralization", "90394")),
    (("decentralization", "90378"), ("decentralization", "90393")),  # announcement, report
    (("decentralization", "90286"), ("decentralization", "90297")),  # decision, reaction
)
READ_MORE = ("90388", "90389", "90390")
_SHOWN = 5


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database for reading only."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def of_day(connection: sqlite3.Connection, day: int) -> list[str]:
    """Return the differences between the database after a day and what it should hold, a line each."""
    rows = connection.execute("SELECT source_id, key, count(DISTINCT story_id) FROM articles GROUP BY 1, 2")
    torn = [f"{row[0]} {row[1]}: its editions are {row[2]} stories" for row in rows if row[2] > 1]
    alike = [f"{a} and {b} are one story" for a, b in LOOK_ALIKES if _story(connection, a) == _story(connection, b)]
    wrong = [*_articles(connection, day), *_states(connection, day), *torn, *alike]
    displayed, wanted = english_of(connection, SCHOOL_BUS), "machine" if day == 1 else "publisher"
    if displayed is None or displayed["title_en_by"] != wanted:
        wrong.append(f"the school bus: English by {displayed and displayed['title_en_by']}, expected {wanted}")
    mixed = connection.execute(
        "SELECT count(*) FROM translations t JOIN articles a ON a.title_hash = t.text_hash WHERE a.language = 'en'"
    ).fetchone()[0]
    return [*wrong, f"{mixed} English headlines were given to the engine"] if mixed else wrong


def of_repetition(connection: sqlite3.Connection) -> list[str]:
    """Return what the run after the last day found although nothing had changed, a line a source."""
    rows = connection.execute(
        "SELECT source_id, new, edited FROM source_runs WHERE run_id = (SELECT max(run_id) FROM source_runs)"
    )
    return [
        f"a repeated run: {row['source_id']} new {row['new']}, edited {row['edited']}"
        for row in rows
        if row[1] or row[2]
    ]


def _articles(connection: sqlite3.Connection, day: int) -> list[str]:
    wanted = expected.stored(day)
    rows = connection.execute("SELECT source_id, key, language, title, published_on FROM articles")
    found = {(row[0], row[1], row[2]): (row["title"], row["published_on"]) for row in rows}
    wrong = [f"missing: {_named(identity)}" for identity in wanted.keys() - found.keys()]
    wrong += [f"not expected: {_named(identity)}" for identity in found.keys() - wanted.keys()]
    for identity in wanted.keys() & found.keys():
        title, published = found[identity]
        if plain(title) != plain(wanted[identity].title):
            wrong.append(f"{_named(identity)}: title {title!r}, expected {wanted[identity].title!r}")
        if published != wanted[identity].day:
            wrong.append(f"{_named(identity)}: dated {published}, expected {wanted[identity].day}")
    return sorted(wrong)


def _states(connection: sqlite3.Connection, day: int) -> list[str]:
    rows = connection.execute(
        "SELECT source_id, state, new, edited FROM source_runs WHERE run_id = (SELECT max(run_id) FROM source_runs)"
    )
    found = {row["source_id"]: (row["state"], row["new"], row["edited"]) for row in rows}
    wrong = []
    for source in SITES:
        edits = len([key for key in expected.edited() if key[0] == source]) if day > 1 else 0
        wanted = (expected.state(source, day), expected.new(source, day), edits)
        if found.get(source) != wanted:
            wrong.append(f"{source}: state, new, edited are {found.get(source)}, expected {wanted}")
    return wrong


def _story(connection: sqlite3.Connection, key: tuple[str, str]) -> int | tuple[str, str]:
    row = connection.execute("SELECT story_id FROM articles WHERE source_id = ? AND key = ?", key).fetchone()
    return int(row[0]) if row else key


def english_of(connection: sqlite3.Connection, key: tuple[str, str]) -> sqlite3.Row | None:
    """Return the row of `news` for the story of one publication."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT news.* FROM news WHERE story_id = (SELECT coalesce(s.merged_into, s.id) FROM articles a"
        " JOIN stories s ON s.id = a.story_id WHERE a.source_id = ? AND a.key = ? ORDER BY a.id LIMIT 1)",
        key,
    ).fetchone()
    return row


def _named(identity: expected.Identity) -> str:
    return " ".join(identity)
