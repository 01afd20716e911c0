"""The draft as a list for an editor's file, and the base that is kept of it. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from language.scripts import mixed
from newsletter.fields import FIXED, ISSUE_FIELDS, key, letters, story_values
from newsletter.issue import safe_url

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from newsletter.issue import Entry, Issue
    from newsletter.present import Present

# What an editor may change of a story in a file, beside `include`, `section` and the order.
TEXT_FIELDS = ("title_uk", "title_en", "lead_uk", "lead_en", "note", "reason", "until", "remark")
HEAD_FIELDS = tuple(name for name in ISSUE_FIELDS if name not in ("name", "image_alt_uk", "image_alt_en"))
YES, NO, HELD, UNDECIDED = "yes", "no", "held", ""
INCLUDE = {"taken": YES, "dropped": NO, "held": HELD}
DECISIONS = {word: decision for decision, word in INCLUDE.items()} | {UNDECIDED: ""}
_INCLUDE_WORDS = {
    YES: ("yes", "y", "1", "x", "true", "taken", "так", "ja", "wahr", "істина"),
    NO: ("no", "n", "0", "false", "dropped", "ні", "nein", "falsch", "хибність"),
    HELD: ("held", "hold", "later", "пізніше", "відкласти"),
    UNDECIDED: ("", "?"),
}
_WORDS = {typed: word for word, all_typed in _INCLUDE_WORDS.items() for typed in all_typed}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A story in the file."""

    key: str
    include: str  # yes, no, held; empty: undecided
    section: str  # its name
    place: str  # in its section; empty: it is not in the issue
    values: Mapping[str, str]
    facts: Mapping[str, str]  # only to inform
    remarks: tuple[str, ...] = ()  # lines for a person


@dataclass(frozen=True, slots=True)
class Sheet:
    """The draft as it goes into a file."""

    name: str
    file: str  # letters by which its base is found; empty: it cannot be taken in again
    texts: Mapping[str, str]
    rows: tuple[SheetRow, ...]  # those of the issue in its order, then the others
    base: Mapping[str, Any]
    remarks: tuple[str, ...] = ()  # lines at its head


@dataclass(slots=True)
class ReadRow:
    """A story in a file that came back; what the file does not say is left out or None."""

    number: int  # of the line or row
    key: str
    file: str
    include: str | None = None
    section: str | None = None
    order: float | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ReadSheet:
    """A file that came back."""

    texts: dict[str, str] = field(default_factory=dict)
    rows: list[ReadRow] = field(default_factory=list)
    file: str = ""  # of a file whose letters stand once
    is_table: bool = False


def include_word(typed: str) -> str | None:
    """Return yes, no, held or an empty text for what an editor typed; None for anything else."""
    return _WORDS.get(typed.strip().casefold())


def sheet_of(now: Present, only: Collection[int] | None = None, texts: Collection[str] = HEAD_FIELDS) -> Sheet:
    """Return the draft for a file; with `only` just these stories of it. `texts`: fields of the issue."""
    rows, base = [], {}
    for entry in sorted(now.entries.values(), key=lambda entry: entry.position == 0):
        story_id = entry.story.story_id
        if only is not None and story_id not in only:
            continue
        values = now.stories[story_id]
        row = _row(key(now.digest_id, story_id), entry, values, now.issue, fixed=now.fixed)
        rows.append(row)
        fields = {name: values[name] for name in (*TEXT_FIELDS, "decision", "section", "position") if values[name]}
        base[row.key] = {"id": story_id, "include": row.include, "section_name": row.section, **fields}
    head = {name: now.texts.get(name, "") for name in texts}
    whole = {
        "stories": base,
        "texts": head,
        "fixed": bool(now.texts[FIXED]),
        "since": now.newest,
        "part": only is not None,
    }
    file = letters(json.dumps([now.digest_id, whole], ensure_ascii=False, sort_keys=True))
    return Sheet(now.issue.name, file, head, tuple(rows), whole)


def with_remarks(sheet: Sheet, told: Mapping[int | None, list[str]]) -> Sheet:
    """Return the sheet with lines for a person: by story, and under None at its head."""
    keys = {story["id"]: name for name, story in sheet.base["stories"].items()}
    by_key = {keys[story_id]: lines for story_id, lines in told.items() if story_id in keys}
    rows = tuple(replace(row, remarks=tuple(by_key.get(row.key, ()))) for row in sheet.rows)
    return replace(sheet, rows=rows, remarks=tuple(told.get(None, ())))


def bare_sheet(issue: Issue) -> Sheet:
    """Return an issue as a sheet that cannot be taken in."""
    entries: Iterable[Entry] = (*issue.entries, *issue.dropped)
    rows = [_row("", entry, story_values(entry, None) | {"note": entry.note}, issue, fixed=False) for entry in entries]
    return Sheet(issue.name, "", {}, tuple(rows), {})


def _row(name: str, entry: Entry, values: Mapping[str, str], issue: Issue, *, fixed: bool) -> SheetRow:
    undecided = UNDECIDED if fixed or not entry.position else YES
    return SheetRow(
        name,
        INCLUDE.get(values["decision"], undecided),
        issue.newsletter.section(values["section"]).name_en,
        values["position"],
        values,
        facts(entry),
    )


def facts(entry: Entry) -> dict[str, str]:
    """Return what a file tells of a story only to inform."""
    story = entry.story
    texts = (story.title_uk, story.title_en, story.lead_uk, story.lead_en)
    return {
        "late": "late" if entry.late else "",
        "correction_of": story.correction.issue if story.correction else "",
        "was": (story.correction.was_uk or story.correction.was_en) if story.correction else "",
        "published_on": story.published_on or "",
        "title_en_by": story.title_en_by + (", approved" if story.english_by == "approved" else ""),
        "withheld": story.withheld,
        "suggestion": story.suggestion,
        "sources": ", ".join(dict.fromkeys(link.source for link in story.links)),
        "two_scripts": ", ".join(mixed(" ".join(filter(None, texts)))),
        "places": ", ".join(english for _, english in story.places),
        "urls": " ".join(filter(None, (safe_url(link.url) for link in story.links))),
    }
