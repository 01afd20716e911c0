"""Find what a person changed in a file, against what the file was written from and the draft as it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from newsletter.changes import Edit
from newsletter.choose import root
from newsletter.damage import damage
from newsletter.escape import from_office
from newsletter.fields import checked, day, is_alike, is_same
from newsletter.findings import UNSEEN, Findings
from newsletter.importing_items import compare_items, require_only
from newsletter.merge import moved, put_at
from newsletter.sheet import DECISIONS, HEAD_FIELDS, TEXT_FIELDS, UNDECIDED, YES, section_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.present import Present
    from newsletter.sheet import ReadRow, ReadSheet

PRINTED = ("title_uk", "title_en", "lead_uk", "lead_en")  # where programs change quotes on their own
Changed = dict[tuple[int | None, str], str]  # story and field → what the file makes of it


@dataclass(frozen=True)
class Line:
    """A row of the file with its story and base."""

    row: ReadRow
    base: Mapping[str, Any]
    story_id: int  # as it lives on
    is_gone: bool  # no story of the draft, or one that was joined with another of the file


def compare(
    read: ReadSheet, bases: Mapping[str, Any], now: Present, merged: Mapping[int, int], partial: bool
) -> Findings:
    """Return the edits of a file; `bases`: letters of a file → what it was written from.

    Raises UsageError, naming the line, for a file that does not fit: of another draft, with a row twice, with fewer
    than half of the stories unless it is `partial`.
    """
    lines = _lines(read, bases, now, merged)
    partial = partial or any(base["part"] for base in bases.values())
    known = {name: story for base in bases.values() for name, story in base["stories"].items()}
    missing = [name for name in known if name not in {line.row.key for line in lines}]
    left_out = [name for name in missing if known[name]["include"] == YES]
    expected = [name for name, story in known.items() if story["include"] == YES] or list(known)
    if not partial and 2 * len([name for name in expected if name in missing]) > len(expected):
        raise UsageError(
            f"the file names {len(expected) - len(left_out)} of the {len(expected)} stories that it was written with: "
            "with --partial only what it names is changed"
        )
    found = Findings()
    found.arrived = len(now.stories.keys() - {root(merged, story["id"]) for story in known.values()})
    fixed = any(base["fixed"] for base in bases.values())
    for line in lines:
        _compare_line(line, read.is_table, now, found)
    if partial and not now.fixed:
        found.stay_undecided()
    if not partial:
        _leave_out([known[name] for name in left_out], fixed, now, merged, found)
        _fix(lines, fixed, now, found)
    _compare_texts(read, bases, found)
    compare_items(read, bases, now, found, partial=partial)
    found.edits += _moves(lines, now, found, {base["since"] for base in bases.values()})
    return found


def _lines(read: ReadSheet, bases: Mapping[str, Any], now: Present, merged: Mapping[int, int]) -> list[Line]:
    """Return the rows with their stories."""
    seen: dict[str, int] = {}
    found = []
    for row in read.rows:
        written = bases.get(row.file, {"stories": {}})
        if row.key in written.get("items", {}):
            continue
        base = written["stories"].get(row.key)
        if base is None:
            raise UsageError(
                f"line {row.number}: {row.key[:20] or 'a row without letters'} is no story of this file: "
                "its letters were changed, or the row is of another file"
            )
        if row.key in seen:
            raise UsageError(f"line {row.number}: the story of line {seen[row.key]} stands here again")
        seen[row.key] = row.number
        found.append((row, base, root(merged, base["id"])))
    own = {base["id"] for _, base, _ in found}
    return [
        Line(row, base, living, living not in now.stories or (living != base["id"] and living in own))
        for row, base, living in found
    ]


def _compare_line(line: Line, is_table: bool, now: Present, found: Findings) -> None:
    """Add the edits of one story."""
    row, base = line.row, line.base
    require_only(TEXT_FIELDS, row)
    if not any(row.values.get(name, base.get(name, "")).strip() for name in ("title_uk", "title_en")):
        raise UsageError(f"line {row.number}: the story has no headline left")
    given: list[tuple[str, str, str]] = []
    if row.include is not None and row.include != base["include"]:
        was = base.get("decision", "")
        is_unseen = not was and base["include"] == YES and row.include == UNDECIDED
        given.append(("decision", UNSEEN if is_unseen else was, DECISIONS[row.include]))
    if row.section is not None and not is_same("section", row.section, base["section_name"]):
        given.append(("section", base["section"], section_id(row.section, now.issue.newsletter)))
    for name in TEXT_FIELDS:
        if name not in row.values:
            continue
        was, typed = base.get(name, ""), row.values[name]
        typed = day(typed) if name == "until" else typed
        if is_same(name, was, typed) or (is_table and is_same(name, from_office(was), typed)):
            continue  # LibreOffice writes `_x0041_` of a text as if it were a letter's number
        where = f"line {row.number}, {name.replace('_', ' ')}"
        if name in PRINTED and is_alike(was, typed):
            found.printed.append(where)
        elif is_table and (why := damage(was, typed)):
            found.spoiled.append(f"{where}: {why}: {typed[:40]!r}, it was {was[:40]!r}")
        else:
            given.append((name, was, typed))
    for name, was, value in given:
        if line.is_gone:
            found.gone.append(f"line {row.number}: the story is not in the draft any more; {name}: {value[:200]}")
            continue
        try:
            found.edits.append(Edit(line.story_id, None, name, was, checked(name, value)))
        except UsageError as error:
            raise UsageError(f"line {row.number}: {error}") from error


def _leave_out(
    stories: Iterable[Mapping[str, Any]], fixed: bool, now: Present, merged: Mapping[int, int], found: Findings
) -> None:
    """Put stories of the issue that the file leaves out back into the bin."""
    for base in stories:
        story_id = root(merged, base["id"])
        if story_id not in now.stories or story_id != base["id"]:
            continue
        found.removed += 1
        was = base.get("decision", "")
        if was or now.fixed:
            found.edits.append(Edit(story_id, None, "decision", was if was or fixed else UNSEEN, ""))


def _fix(lines: Sequence[Line], fixed: bool, now: Present, found: Findings) -> None:
    """Take the stories of the file by name once it chooses among them, where nothing was chosen before.

    Else what arrives later would be in the issue although no person chose it.
    """
    chooses = found.removed or any(edit.field == "decision" for edit in found.edits)
    if fixed or now.fixed or not chooses:
        return
    found.fixes = True
    decided = {edit.story_id for edit in found.edits if edit.field == "decision"}
    takes = [
        Edit(line.story_id, None, "decision", "", "taken")
        for line in lines
        if line.base["include"] == YES and not line.is_gone and line.story_id not in decided
        and not now.stories[line.story_id]["decision"]
    ]  # fmt: skip
    found.edits = [edit for edit in found.edits if edit.base != UNSEEN]
    found.edits[:0] = takes


def _compare_texts(read: ReadSheet, bases: Mapping[str, Any], found: Findings) -> None:
    base = bases[read.file]["texts"] if read.file else {}
    for name in HEAD_FIELDS:
        if name in read.texts and name in base and not is_same(name, read.texts[name], base[name]):
            found.edits.append(Edit(None, None, name, base[name], checked(name, read.texts[name])))


def _moves(lines: Sequence[Line], now: Present, found: Findings, since: set[int]) -> list[Edit]:
    """Return moves to places, for the stories that the person moved; each place counts after the moves before it."""
    changed: Changed = {(edit.story_id, edit.field): edit.value for edit in found.edits}
    sections: dict[str, list[Line]] = {}
    for line in sorted(lines, key=_order):
        if line.is_gone or line.row.order is None:
            continue
        if _stays(line.story_id, now, found, changed):
            section = changed.get((line.story_id, "section"), now.stories[line.story_id]["section"])
            sections.setdefault(section, []).append(line)
    edits = []
    for section, held in sections.items():
        order = _order_now(section, now, found, changed)
        came = {
            line.story_id: (line.story_id, "section") in changed
            for line in held
            if (line.story_id, "section") in changed or (line.story_id, "decision") in changed
        }
        for story_id, place in _places(held, order, section, came):
            base = next(line.base for line in held if line.story_id == story_id)
            edits.append(Edit(story_id, None, "position", base.get("position", ""), str(place), min(since)))
    return edits


def _order_now(section: str, now: Present, found: Findings, changed: Changed) -> list[int]:
    """Return the stories of a section as they would stand without moves."""
    order = []
    for entry in now.issue.entries:
        story_id = entry.story.story_id
        if _stays(story_id, now, found, changed) and changed.get((story_id, "section"), entry.section) == section:
            order.append(story_id)
    return order


def _stays(story_id: int, now: Present, found: Findings, changed: Changed) -> bool:
    """Tell whether a story is in the issue once the file is taken in."""
    decision = changed.get((story_id, "decision"), now.stories[story_id]["decision"])
    return decision == "taken" or (not decision and not now.fixed and not found.fixes)


def _places(held: Sequence[Line], order: list[int], section: str, came: Mapping[int, bool]) -> list[tuple[int, int]]:
    """Return story → place in turn; a story stands behind the one that is before it in the file.

    `came`: stories that the file brings into the section; False for those of the bin, which stand last in the file
    unless the person gave them a place.
    """
    wanted = [line.story_id for line in held]
    were = {
        line.story_id: int(line.base["position"])
        for line in held
        if line.base.get("position") and line.base["section"] == section
    }
    shifted = set(moved(sorted(were, key=were.__getitem__), [one for one in wanted if one in were]))
    last_known = max((place for place, one in enumerate(wanted) if one in were and one not in shifted), default=-1)
    places = []
    for place, story_id in enumerate(wanted):
        is_placed = story_id not in were and story_id in came and (came[story_id] or place < last_known)
        if story_id not in shifted and not is_placed:
            continue
        before = next((one for one in reversed(wanted[:place]) if one in order), None)
        rest = [one for one in order if one != story_id]
        order[:] = put_at(order, story_id, rest.index(before) + 2 if before in rest else 1)
        places.append((story_id, order.index(story_id) + 1))
    return places


def _order(line: Line) -> tuple[float, int, int]:
    """Return where a story stands: by its number. Of equal ones a changed number is where the person wants it."""
    order = line.row.order if line.row.order is not None else float("inf")
    was = float(line.base.get("position") or "inf")
    return (order, (order > was) - (order < was), line.row.number)
