"""Prepare what the desk's templates show. Pure: the draft as it was read, and an address, give words and links."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from newsletter.bin import CHANGES, LANGUAGES, LOOKS, PAGE, chosen, page_of, tally
from newsletter.fields import item_key
from newsletter.issue import put_items
from newsletter.issue_image import hash_of
from newsletter.pictures import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.bin import DeskRow, Wanted
    from newsletter.issue import Newsletter, Section
    from web.desk.desk_view import View

CHIPS = {"withheld": "no English", "unsure": "unsure English", "retitled": "retitled", "scripts": "two scripts",
         "undated": "no date", "unlinked": "no link", "correction": "correction"}  # fmt: skip
ITEM_LABELS = (
    ("title_uk", "Ukrainian title", "uk", 0),
    ("title_en", "English title", "en", 0),
    ("text_uk", "Ukrainian text (Markdown)", "uk", 2),
    ("text_en", "English text (Markdown)", "en", 2),
    ("url", "Link", "", 0),
    ("position", "Place in the section", "", 0),
)


MOST_OPEN = 60  # rows of the issue that are not folded away where there are no scripts


class Mark(NamedTuple):
    """One word about a story beside its headline."""

    words: str
    warns: bool = False


@dataclass(frozen=True)
class ItemRow:
    """An item of the editors' own among the stories."""

    key: str
    title: str
    fields: tuple[dict[str, Any], ...]
    item: bool = True


class Fold(NamedTuple):
    """Some rows of a section; closed ones are folded away where there are no scripts."""

    first: int
    rows: Sequence[DeskRow | ItemRow]
    closed: bool


def folds(rows: Sequence[DeskRow | ItemRow], before: int) -> list[Fold]:
    """Return the rows of a section in parts of a page each; `before`: how many rows stand before the section."""
    parts = [(at, rows[at : at + PAGE]) for at in range(0, len(rows), PAGE)]
    return [Fold(at + 1, part, before + at + len(part) > MOST_OPEN) for at, part in parts]


@dataclass(frozen=True)
class Part:
    """A section of the issue, with what stands in it."""

    section: Section
    anchor: str
    rows: list[DeskRow | ItemRow]
    folds: list[Fold]
    text_uk: str
    text_en: str


@dataclass
class Shown:
    """The desk for the templates, where it is called `desk`."""

    view: View
    wanted: Wanted
    newsletters: Sequence[Newsletter]
    path: Callable[[str], str]  # an address of this site
    token: str
    topics: Mapping[str, str]
    sources: Mapping[str, str]
    formats: Sequence[str] = ()
    unseen: int = 0  # changes of others since this editor looked
    last: Mapping[str, Any] | None = None
    silent: Sequence[str] = ()
    rows: list[DeskRow] = field(init=False)
    pages: int = field(init=False)
    found: int = field(init=False)
    page_size: int = PAGE

    def __post_init__(self) -> None:
        """Choose the rows of this page."""
        self.newsletter, self.seq, now = self.view.newsletter, self.view.seq, self.view.now.issue
        self.image, self.image_hash, self.most_bytes = now.image, hash_of(now.image), MOST_BYTES
        self.name, self.texts = self.view.now.issue.name, self.view.now.texts
        self.counts, self.everything = self.view.counts(), self.view.sides.everything
        found = chosen(self.view.sides.bin, self.wanted)
        self.found = len(found)
        self.year = max((row.story.published_on or "" for row in self.view.sides.rows()), default="")[:4]
        self.rows, self.pages = page_of(found, self.wanted.page, through=self.wanted.through)
        self.page = min(max(self.wanted.page, 1), self.pages)
        self.sections = self.newsletter.sections
        self.back = self.address()[len(self.path("/desk")) :]

    # addresses

    def address(self, **more: object) -> str:
        """Return the desk's address with the filters as they are, but for `more`."""
        now = {name: getattr(self.wanted, name) for name in ("q", "topic", "oblast", "source", "language", "changed")}
        flags = {"look": int(self.wanted.look), "faded": int(self.wanted.faded)}
        page = {"page": self.wanted.page} if self.wanted.page > 1 else {}
        return self._address({**now, **flags, **page, **more})

    def plain_address(self, **more: object) -> str:
        """Return the desk's address with no other filters than `more`."""
        return self._address(more)

    def _address(self, given: Mapping[str, object]) -> str:
        asked = {"newsletter": self.newsletter.id, **{name: value for name, value in given.items() if value}}
        return f"{self.path('/desk')}?{urlencode(asked)}"

    # words

    @property
    def is_filtered(self) -> bool:
        """True if the bin shows less than it has."""
        return self.address(page="", faded="") != self.plain_address()

    @property
    def counts_line(self) -> str:
        """Return the numbers of the draft in one line."""
        counts = self.counts
        parts = [f"{counts['issue']} in the issue", f"{counts['bin']} in the bin"]
        parts += [f"{counts[name]} {name}" for name in ("faded", "held", "dropped") if counts[name]]
        parts.append(f"to look at: {counts['look_issue']} of the issue, {counts['look_bin']} of the bin")
        return ", ".join(parts)

    def day_of(self, published_on: str) -> str:
        """Return the day of a story in short, with the year if it is not that of the newest."""
        day = date.fromisoformat(published_on)
        return f"{day.day} {day:%b}" + (f" {day.year}" if str(day.year) != self.year else "")

    def marks(self, row: DeskRow) -> list[Mark]:
        """Return the words beside a headline: what needs a look first."""
        found = [Mark(CHIPS[name], warns=True) for name in row.looks]
        by = row.story.title_en_by
        if by == "machine":
            found.append(Mark("approved" if row.noticed.approved else "machine"))
        elif by == "editor":
            found.append(Mark("editor"))
        found += [Mark(CHANGES[name]) for name in sorted(row.noticed.changes - {"retitled"} - set(row.looks))]
        found += [Mark("late")] if row.entry.late else []
        found += [Mark("note")] if row.choice.note else []
        found += [Mark("remark")] if row.choice.remark else []
        if row.decision == "held":
            found.append(Mark(f"held until {row.choice.until}" if row.choice.until else "held for the next issue"))
        if row.decision in ("held", "dropped") and row.choice.reason:
            found.append(Mark(row.choice.reason))
        return found

    def where(self, row: DeskRow) -> str:
        """Return on which side a story stands, in words."""
        if row.decision == "taken":
            return f"In the issue, {self.newsletter.section(row.entry.section).name_en}, place {row.entry.position}"
        return {"dropped": "Dropped", "held": "Held"}.get(row.decision, "In the bin")

    def english_by(self, row: DeskRow) -> str:
        """Return who made the English of a headline, or why there is none."""
        return row.story.title_en_by or f"none: {LOOKS['withheld']}"

    def sections_with(self, section_id: str) -> list[Section]:
        """Return the sections to choose from, among them one that an editor typed into a file."""
        known = list(self.sections)
        return known if any(one.id == section_id for one in known) else [*known, self.newsletter.section(section_id)]

    # parts of the page

    @property
    def filters(self) -> list[dict[str, Any]]:
        """Return the filters of the bin, each with its values and how many stories each would show."""
        counted = tally(self.view.sides.bin, self.wanted)
        words: dict[str, tuple[str, Mapping[str, str]]] = {
            "topic": ("Topic", self.topics),
            "oblast": ("Region", {}),
            "source": ("Source", self.sources),
            "language": ("Language", LANGUAGES),
            "changed": ("Since the last issue", CHANGES),
        }
        return [
            {
                "name": name,
                "label": label,
                "chosen": getattr(self.wanted, name),
                "values": [
                    {"id": value, "words": known.get(value, value), "count": counted[name][value]}
                    for value in sorted({*counted[name], *filter(None, [getattr(self.wanted, name)])})
                ],
            }
            for name, (label, known) in words.items()
        ]

    @property
    def changes_since(self) -> list[dict[str, Any]]:
        """Return what happened since the last issue: words and how many stories of the bin."""
        rows = [row for row in self.view.sides.bin if not row.faded]
        counts = {name: sum(name in row.noticed.changes for row in rows) for name in CHANGES}
        return [{"id": name, "words": words, "count": counts[name]} for name, words in CHANGES.items() if counts[name]]

    @property
    def aside(self) -> list[dict[str, Any]]:
        """Return what was held and dropped."""
        sides = self.view.sides
        return [
            {"name": name, "rows": rows} for name, rows in (("Held", sides.held), ("Dropped", sides.dropped)) if rows
        ]

    @property
    def parts(self) -> list[Part]:
        """Return the sections of the issue that hold something, in order."""
        found: dict[str, list[DeskRow | ItemRow]] = {}
        for row in self.view.sides.issue:
            found.setdefault(row.entry.section, []).append(row)
        now = self.view.now
        put_items(found, [(item, self._item(item.item_id, now.items[item.item_id])) for item in now.issue.items])
        order = self.newsletter.in_order(found)
        before = dict(zip(order, accumulate((len(found[one]) for one in order), initial=0), strict=False))
        return [
            Part(
                self.newsletter.section(section_id),
                f"part-{number}",
                found[section_id],
                folds(found[section_id], before[section_id]),
                now.texts.get(f"section_text_uk:{section_id}", ""),
                now.texts.get(f"section_text_en:{section_id}", ""),
            )
            for number, section_id in enumerate(order, 1)
        ]

    def _item(self, item_id: int, values: Mapping[str, str]) -> ItemRow:
        fields = tuple(
            {"name": name, "label": label, "lang": lang, "rows": rows, "value": values[name]}
            for name, label, lang, rows in ITEM_LABELS
        )
        key = item_key(self.view.now.digest_id, item_id)
        return ItemRow(key, values["title_uk"] or values["title_en"], fields)
