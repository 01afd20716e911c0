"""Tables that mirror the code and its data files: written when they differ, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from core.model import Source


def save_sources(connection: sqlite3.Connection, sources: Iterable[Source]) -> None:
    """Bring the table `sources` in line. Rows of sources that no longer exist stay, disabled.

    Call it in a transaction: one that sqlite-utils opens itself would not wait for another writer.
    """
    wanted = {source.id: source_row(source) for source in sources}
    stored = {row["id"]: dict(row) for row in connection.execute("SELECT * FROM sources")}
    gone = {id: {**row, "enabled": 0} for id, row in stored.items() if id not in wanted}
    changed = [row for id, row in (wanted | gone).items() if row != stored.get(id)]
    if not changed:
        return
    from sqlite_utils import Database

    database = Database(connection)
    with database.atomic():
        database["sources"].upsert_all(changed, pk="id")  # type: ignore[union-attr]


def source_row(source: Source) -> dict[str, object]:
    """Return the row of one source."""
    return {
        "id": source.id,
        "name": source.name,
        "homepage": source.homepage,
        "publisher": source.publisher,
        "language": source.language,
        "kind": source.kind,
        "licence": source.licence,
        "licence_url": source.licence_url,
        "expected_every_hours": source.expected_every_hours,
        "min_items": source.listings[0].min_items,
        "enabled": int(source.enabled),
        "name_en": source.name_en or source.name,
    }
