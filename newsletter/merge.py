"""Compare an editor's file with the draft: what it changes, or why it does not fit. Pure."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Literal

from core.errors import UsageError
from core.lengths import TITLE_LIMIT
from newsletter.fields import is_same
from newsletter.files import read_csv, read_markdown, read_xlsx
from newsletter.issue import Choice, DraftLine, Entry, ImportedDraft, Issue, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MergeVerdict = Literal["nothing", "edit", "conflict"]


def three_way(field: str, base: str, now: str, value: str) -> MergeVerdict:
    """Decide on a value that was made from `base`, while the field is `now`."""
    if is_same(field, value, base) or is_same(field, value, now):
        return "nothing"
    return "edit" if is_same(field, base, now) else "conflict"


def put_at(order: Sequence[int], one: int, place: int) -> list[int]:
    """Return the order with one of it at a place from 1, at most the last."""
    rest = [other for other in order if other != one]
    return [*rest[: place - 1], one, *rest[place - 1 :]]


def positions(order: Sequence[int], natural: Mapping[int, Any]) -> dict[int, int | None]:
    """Return the place that each must have by number; None for the last ones that stand in their natural order."""
    end = len(order)
    while end and (end == len(order) or natural[order[end - 1]] <= natural[order[end]]):
        end -= 1
    return {one: place if place <= end else None for place, one in enumerate(order, 1)}


def moved(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Return those of `after` that a person moved, in its order: all but a longest run that kept its order.

    What stands in only one of the two was not moved.
    """
    places = {one: place for place, one in enumerate(before)}
    common = [one for one in after if one in places]
    ends: list[int] = []  # the smallest last place of a rising run of each length
    lengths = []
    for one in common:
        length = bisect_left(ends, places[one])
        ends[length : length + 1] = [places[one]]
        lengths.append(length + 1)
    kept, wanted = set(), len(ends)
    for one, length in zip(reversed(common), reversed(lengths), strict=True):
        if length == wanted:
            kept.add(one)
            wanted -= 1
    return [one for one in common if one not in kept]


NOTE_LIMIT, SECTION_LIMIT = 4000, 80
READERS = {".md": read_markdown, ".csv": read_csv, ".xlsx": read_xlsx}


def read(name: str, data: bytes, issue: str) -> list[DraftLine]:
    """Read the stories of an editor's file. Raises UsageError naming file and line."""
    ending = next((ending for ending in READERS if name.lower().endswith(ending)), None)
    if ending is None:
        raise UsageError(f"{name}: a draft is a .md, .csv or .xlsx file")
    try:
        return READERS[ending](data, issue)
    except UsageError as error:
        raise UsageError(f"{name}: {error}; nothing was changed") from error


def match(name: str, lines: Sequence[DraftLine], issue: Issue, choices: Mapping[int, Choice]) -> ImportedDraft:
    """Return what the lines say about the stories of the draft. Raises UsageError naming file and line."""
    known = {entry.story.story_id: entry for entry in (*issue.entries, *issue.dropped)}
    seen: dict[int, int] = {}
    sections = {
        name.casefold(): section.id
        for section in issue.newsletter.sections
        for name in (section.name_uk, section.name_en, section.id)
    }
    found: list[Choice] = []
    wordings: list[tuple[str, str]] = []
    places: dict[str, int] = {}
    for line in lines:
        if line.story_id in seen:
            raise _misfit(name, line, f"story {line.story_id} stands in line {seen[line.story_id]} already")
        if line.story_id not in known:
            raise _misfit(name, line, f"story {line.story_id} is not in the draft of {issue.name}")
        for what, text, limit in (
            ("title_uk", line.title_uk, TITLE_LIMIT),
            ("title_en", line.title_en, TITLE_LIMIT),
            ("note", line.note, NOTE_LIMIT),
            ("section", line.section, SECTION_LIMIT),
        ):
            if len(text) > limit:
                raise _misfit(name, line, f"{what} has {len(text)} characters; {limit} are the limit")
        if not line.title_uk.strip() and not line.title_en.strip():
            raise _misfit(name, line, f"story {line.story_id} has no headline left")
        seen[line.story_id] = line.number
    for line in sorted(lines, key=lambda one: one.order):
        section = sections.get(line.section.casefold(), line.section)
        places[section] = places.get(section, 0) + 1
        choice, english = decide(line, known[line.story_id], choices.get(line.story_id), section, places[section])
        found.append(choice)
        wordings += english
    return ImportedDraft(tuple(found), tuple(wordings), missing=len(known) - len(seen))


def decide(
    line: DraftLine, entry: Entry, before: Choice | None, section: str, position: int
) -> tuple[Choice, list[tuple[str, str]]]:
    """Return one story's decision, and the English wording that is new (published Ukrainian headline, English).

    A new English headline belongs to the Ukrainian wording; where there is none, it holds for this issue only.
    """
    story = entry.story
    title_en, wordings = before.title_en if before else None, []
    english = plain(line.title_en).strip()
    if english != story.title_en.strip():
        if english and story.published_uk:
            title_en, wordings = None, [(story.published_uk, english)]
        else:
            title_en = english
    ukrainian = plain(line.title_uk)
    own = None if ukrainian == plain(story.published_uk) else ukrainian
    remark = plain(line.note)
    choice = Choice(
        story.story_id,
        decision="taken" if line.included else "dropped",
        reason="" if line.included else remark,
        section=section,
        position=position,
        title_uk=own,
        title_en=title_en,
        note=remark if line.included else "",
    )
    return choice, wordings


def _misfit(name: str, line: DraftLine, why: str) -> UsageError:
    return UsageError(f"{name}: line {line.number}: {why}; nothing was changed")
