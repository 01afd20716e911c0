"""Find what a person changed in the editors' own items of a file. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from newsletter.changes import Edit
from newsletter.damage import damage
from newsletter.escape import from_office
from newsletter.fields import checked, is_same
from newsletter.sheet import ITEM_TEXTS, NO, YES, section_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from newsletter.findings import Findings
    from newsletter.present import Present
    from newsletter.sheet import ReadRow, ReadSheet


def require_only(fields: Collection[str], row: ReadRow) -> None:
    """Raise UsageError, naming the line, for a text that what stands there does not have."""
    for name, text in row.values.items():
        if name not in fields and text.strip():
            what = "an item of the editors" if name not in ITEM_TEXTS else "a story"
            raise UsageError(f"line {row.number}: {what} has no {name.replace('_', ' ')}")


def compare_items(read: ReadSheet, bases: Mapping[str, Any], now: Present, found: Findings, *, partial: bool) -> None:
    """Add the edits of the items. One that the file leaves out is removed, unless the file is a part of the draft.

    Raises UsageError naming the line.
    """
    known = {name: item for base in bases.values() for name, item in base.get("items", {}).items()}
    rows: dict[str, ReadRow] = {}
    for row in read.rows:
        if row.key in known and rows.setdefault(row.key, row) is not row:
            raise UsageError(f"line {row.number}: the item of line {rows[row.key].number} stands here again")
    places = {} if partial or read.is_table else _places(read, now)
    for name, row in rows.items():
        if now.items.get(known[name]["id"], {"removed": "1"})["removed"]:
            edits = _edits(row, known[name], now, {}, found, read.is_table)
            given = [text for field, _, text in edits if field in ITEM_TEXTS]
            found.gone += [f"line {row.number}: the item was removed meanwhile: {text[:200]}" for text in given]
            continue
        for field, was, value in _edits(row, known[name], now, places, found, read.is_table):
            try:
                found.edits.append(Edit(None, known[name]["id"], field, was, checked(field, value)))
            except UsageError as error:
                raise UsageError(f"line {row.number}: {error}") from error
    if not partial:
        left_out = (item["id"] for name, item in known.items() if name not in rows)
        found.edits += [Edit(None, item_id, "removed", "", "1") for item_id in left_out if item_id in now.items]


def _edits(
    row: ReadRow,
    base: Mapping[str, Any],
    now: Present,
    places: Mapping[str, tuple[int, bool]],
    found: Findings,
    is_table: bool,
) -> Iterator[tuple[str, str, str]]:
    """Yield field, base and value of what was changed in one item."""
    require_only(ITEM_TEXTS, row)
    if row.include not in (None, YES, NO):
        raise UsageError(f"line {row.number}: an item of the editors is in the issue or removed: yes or no")
    if row.include == NO:
        yield "removed", "", "1"
        return
    if row.section is not None and not is_same("section", row.section, base["section_name"]):
        yield "section", base["section"], section_id(row.section, now.issue.newsletter)
    place = _place(row, base, places, is_table)
    if place and place != base["position"]:
        yield "position", base["position"], place
    for name in ITEM_TEXTS:
        was, typed = base[name], row.values.get(name, base[name])
        if is_same(name, was, typed) or (is_table and is_same(name, from_office(was), typed)):
            continue
        if is_table and (why := damage(was, typed)):
            where = f"line {row.number}, {name.replace('_', ' ')}"
            found.spoiled.append(f"{where}: {why}: {typed[:40]!r}, it was {was[:40]!r}")
        else:
            yield name, was, typed


def _place(row: ReadRow, base: Mapping[str, Any], places: Mapping[str, tuple[int, bool]], is_table: bool) -> str:
    """Return the place that the file gives to an item; empty where it stands as it stood."""
    if is_table:
        return "" if row.order is None or row.order == float("inf") else f"{row.order:g}"
    at, is_last = places.get(row.key, (base["at"], base["last"]))
    stays = at == base["at"] or (is_last and base["last"])
    return "" if stays and is_same("section", row.section or "", base["section_name"]) else str(at)


def _places(read: ReadSheet, now: Present) -> dict[str, tuple[int, bool]]:
    """Return by key the place in its section of whatever the file has in the issue, and whether it is the last."""
    sections: dict[str, list[str]] = {}
    for row in read.rows:
        if row.include == YES:
            sections.setdefault(section_id(row.section or "", now.issue.newsletter), []).append(row.key)
    return {name: (place, place == len(held)) for held in sections.values() for place, name in enumerate(held, 1)}
