"""The draft as a list for an editor's file, and the base that is kept of it. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from language.scripts import mixed
from newsletter.fields import FIXED, ISSUE_FIELDS, item_key, key, letters, story_values
from newsletter.issue import safe_url

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from newsletter.issue import Entry, Issue, Newsletter
    from newsletter.present import Present

# What an editor may change of a story in a file, beside `include`, `section` and the order.
TEXT_FIELDS = ("title_uk", "title_en", "lead_uk", "lead_en", "note", "reason", "until", "remark")
ITEM_TEXTS = ("title_uk", "title_en", "text_uk", "text_en", "url")  # of an item of the editors' own
HEAD_FIELDS = tuple(name for name in ISSUE_FIELDS if name != "name")
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
    """A story in the file, or an item of the editors' own."""

    key: str
    include: str  # yes, no, held; empty: undecided
    section: str  # its name
    place: str  # in its section; empty: it is not in the issue
    values: Mapping[str, str]
    facts: Mapping[str, str]  # only to inform
    remarks: tuple[str, ...] = ()  # lines for a person
    is_item: bool = False

    @property
    def is_in_issue(self) -> bool:
        """Tell whether it stands in the issue."""
        return bool(self.place) or self.is_item


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
    """A story or an item in a file that came back; what the file does not say is left out or None."""

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


def section_id(name: str, newsletter: Newsletter) -> str:
    """Return the id of a section by either of its names; one that an editor made up is its own id."""
    for section in newsletter.sections:
        if name.casefold() in (section.name_uk.casefold(), section.name_en.casefold(), section.id):
            return section.id
    return name


def sheet_of(
    now: Present,
    only: Collection[int] | None = None,
    texts: Collection[str] = HEAD_FIELDS,
    only_items: Collection[int] = (),
) -> Sheet:
    """Return the draft for a file; with `only` just these stories and items of it. `texts`: fields of the issue."""
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
    ids = {
        item_key(now.digest_id, item_id): item_id
        for item_id, values in now.items.items()
        if not values["removed"] and (only is None or item_id in only_items)
    }
    placed = with_items(rows, [_item_row(name, now.items[item_id], now.issue) for name, item_id in ids.items()])
    head = {name: now.texts.get(name, "") for name in texts}
    if now.issue.image is None:
        head = {name: text for name, text in head.items() if text or not name.startswith("image_alt")}
    whole = {
        "stories": base,
        "items": {name: {"id": ids[name], **item} for name, item in _item_bases(placed).items()},
        "texts": head,
        "fixed": bool(now.texts[FIXED]),
        "since": now.newest,
        "part": only is not None,
    }
    file = letters(json.dumps([now.digest_id, whole], ensure_ascii=False, sort_keys=True))
    return Sheet(now.issue.name, file, head, tuple(placed), whole)


def with_items(rows: Sequence[SheetRow], items: Iterable[SheetRow]) -> list[SheetRow]:
    """Return the rows with the items in their places among the stories of their sections, as the issue has them."""
    sections: dict[str, list[SheetRow]] = {}
    for row in rows:
        if row.is_in_issue:
            sections.setdefault(row.values["section"], []).append(row)
    for item in sorted(items, key=lambda item: int(item.place or 0) or float("inf")):
        held = sections.setdefault(item.values["section"], [])
        held.insert(int(item.place) - 1 if item.place else len(held), item)
    return [*(row for held in sections.values() for row in held), *(row for row in rows if not row.is_in_issue)]


def with_remarks(sheet: Sheet, told: Mapping[str, list[str]]) -> Sheet:
    """Return the sheet with lines for a person: by key of a story or item, and under an empty one at its head."""
    rows = tuple(replace(row, remarks=tuple(told.get(row.key, ()))) for row in sheet.rows)
    return replace(sheet, rows=rows, remarks=tuple(told.get("", ())))


def bare_sheet(issue: Issue) -> Sheet:
    """Return an issue as a sheet that cannot be taken in."""
    entries: Iterable[Entry] = (*issue.entries, *issue.dropped)
    rows = [_row("", entry, story_values(entry, None) | {"note": entry.note}, issue, fixed=False) for entry in entries]
    if issue.sealed:
        rows = [replace(row, facts={**row.facts, "two_scripts": ""}) for row in rows]  # of no use to readers
    items = (
        {name: str(getattr(item, name) or "") for name in ("section", "position", *ITEM_TEXTS)} for item in issue.items
    )
    return Sheet(issue.name, "", {}, tuple(with_items(rows, [_item_row("", item, issue) for item in items])), {})


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


def _item_row(name: str, values: Mapping[str, str], issue: Issue) -> SheetRow:
    section = issue.newsletter.section(values["section"]).name_en
    return SheetRow(name, YES, section, values["position"], values, {}, is_item=True)


def _item_bases(rows: Iterable[SheetRow]) -> dict[str, dict[str, Any]]:
    """Return by key what an item is and where it stands in its section, stories and items counted."""
    sections: dict[str, list[SheetRow]] = {}
    for row in rows:
        if row.is_in_issue:
            sections.setdefault(row.values["section"], []).append(row)
    return {
        row.key: {
            "section_name": row.section,
            "at": place,
            "last": place == len(held),
            **{name: row.values[name] for name in ("section", "position", *ITEM_TEXTS)},
        }
        for held in sections.values()
        for place, row in enumerate(held, 1)
        if row.is_item
    }


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
