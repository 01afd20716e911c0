"""Figures of listings' answers, and the answers that are held back: reads and writes.

Every function takes the connection; writes are made inside the caller's transaction. Times come in as ISO text.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.answers import HeldAnswer, ListingShape
from core.model import Item, Published

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from core.answers import JudgedAnswer

SHAPES_KEPT = 30  # of each listing, with which the next answer is compared: a month of a site that changes daily
ENDED_KEPT = 20  # held answers of an address that are no longer held, without their items


def load_shapes(connection: sqlite3.Connection, url: str) -> list[ListingShape]:
    """Return what the latest answers of a listing were like, the latest first."""
    rows = connection.execute(
        "SELECT shape FROM listing_shapes WHERE url = ? ORDER BY id DESC LIMIT ?", (url, SHAPES_KEPT)
    )
    return [_shape(row["shape"]) for row in rows]


def load(connection: sqlite3.Connection, url: str) -> HeldAnswer | None:
    """Return the answer of an address that is held back."""
    row = connection.execute("SELECT * FROM held_answers WHERE url = ? AND ended_at IS NULL", (url,)).fetchone()
    return _held(row) if row else None


def load_open(connection: sqlite3.Connection, source_id: str | None = None) -> list[HeldAnswer]:
    """Return all answers that are held back, or those of one source, the oldest first."""
    rows = connection.execute(
        "SELECT * FROM held_answers WHERE ended_at IS NULL AND (?1 IS NULL OR source_id = ?1) ORDER BY id", (source_id,)
    )
    return [_held(row) for row in rows]


def save(connection: sqlite3.Connection, source_id: str, run_id: int, judged: Iterable[JudgedAnswer], at: str) -> None:
    """Store the verdicts: shapes of what was applied, answers that are held back, the end of those that were."""
    for answer in judged:
        if answer.verdict == "held":
            hold(connection, source_id, answer, at)
            continue
        end(connection, source_id, answer, at)
        if answer.verdict != "fits":  # it is the new normal: nothing before it counts
            connection.execute("DELETE FROM listing_shapes WHERE url = ?", (answer.url,))
        if answer.shape:
            connection.execute(
                "INSERT INTO listing_shapes (source_id, url, run_id, at, shape) VALUES (?, ?, ?, ?, ?)",
                (source_id, answer.url, run_id, at, json.dumps(asdict(answer.shape), ensure_ascii=False)),
            )
            connection.execute(
                """DELETE FROM listing_shapes WHERE url = ?1 AND id NOT IN (
                       SELECT id FROM listing_shapes WHERE url = ?1 ORDER BY id DESC LIMIT ?2)""",
                (answer.url, SHAPES_KEPT),
            )


def hold(connection: sqlite3.Connection, source_id: str, answer: JudgedAnswer, at: str) -> None:
    """Keep an answer in place of the one of this address that is held back, and forget what the address answered.

    Without validators the next run gets a whole answer, whether it is in order again or not.
    """
    texts = [
        json.dumps(value, ensure_ascii=False)
        for value in (dict(answer.reasons), asdict(answer.shape or ListingShape()), [*map(asdict, answer.items)])
    ]
    connection.execute(
        """INSERT INTO held_answers (source_id, url, first_at, last_at, reasons, shape, items)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (url) WHERE ended_at IS NULL DO UPDATE SET
               times = CASE first_at WHEN excluded.first_at THEN times + 1 ELSE 1 END,
               reasons = CASE first_at WHEN excluded.first_at THEN json_patch(reasons, excluded.reasons)
                                       ELSE excluded.reasons END,
               first_at = excluded.first_at, last_at = excluded.last_at, shape = excluded.shape,
               items = excluded.items""",
        (source_id, answer.url, answer.first_at, at, *texts),
    )
    connection.execute("DELETE FROM validators WHERE url = ?", (answer.url,))


def end(connection: sqlite3.Connection, source_id: str, answer: JudgedAnswer, at: str) -> None:
    """End what is held back of the address of an answer that was applied, and resolve its problem."""
    ended = connection.execute(
        "UPDATE held_answers SET ended_at = ?, ended_by = ?, items = '[]' WHERE url = ? AND ended_at IS NULL",
        (at, "withdrawn" if answer.verdict == "fits" else answer.verdict, answer.url),
    )
    if ended.rowcount:
        connection.execute(
            """UPDATE problems SET resolved_at = ? WHERE source_id = ? AND stage = 'held' AND url = ?
               AND resolved_at IS NULL""",
            (at, source_id, answer.url),
        )
        connection.execute(
            """DELETE FROM held_answers WHERE url = ?1 AND ended_at IS NOT NULL AND id NOT IN (
                   SELECT id FROM held_answers WHERE url = ?1 ORDER BY id DESC LIMIT ?2)""",
            (answer.url, ENDED_KEPT),
        )


def _held(row: sqlite3.Row) -> HeldAnswer:
    return HeldAnswer(
        url=row["url"],
        first_at=row["first_at"],
        reasons=json.loads(row["reasons"]),
        source_id=row["source_id"],
        last_at=row["last_at"],
        times=row["times"],
        shape=_shape(row["shape"]),
        items=tuple(map(_item, json.loads(row["items"]))),
    )


def _shape(text: str) -> ListingShape:
    values = json.loads(text)
    return ListingShape(**values | {"top": tuple(values["top"])})


def _item(values: dict[str, Any]) -> Item:
    published = values["published"]
    lists = {name: tuple(values[name]) for name in ("tags", "oblasts")}
    return Item(**values | lists | {"published": Published(**published) if published else None})
