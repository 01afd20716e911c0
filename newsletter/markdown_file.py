"""The draft as Markdown for an editor, there and back. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.errors import UsageError
from newsletter.escape import from_markdown, from_markdown_block, to_markdown, to_markdown_block
from newsletter.fields import KEY, SEVERAL_LINES
from newsletter.issue import one_line
from newsletter.sheet import (
    HEAD_FIELDS,
    HELD,
    ITEM_TEXTS,
    NO,
    TEXT_FIELDS,
    UNDECIDED,
    YES,
    ReadRow,
    ReadSheet,
    include_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.sheet import Sheet, SheetRow

_BOX = {YES: "x", NO: " ", HELD: "later", UNDECIDED: "?"}
_WORD_OF = {box: word for word, box in _BOX.items()}
_LABELS = {
    "title_en": "en",
    "lead_uk": "lead",
    "lead_en": "lead en",
    "text_uk": "text",
    "url": "link",
}  # of the others: the field, `_` as a blank
_FIELD_OF = {label: field for field, label in _LABELS.items()}
_TEXTS = {*TEXT_FIELDS, *ITEM_TEXTS}
_IN_STORY = {*_TEXTS, "about"}
_MAY_BE_LEFT_OUT = ("lead_uk", "lead_en", "reason", "until", "remark")  # not written while they are empty

_STORY = re.compile(r"- \[([^\]]{0,20})\] `?([a-z]{4,20})`? ?(.*)")
_DETAIL = re.compile(r"(?: {1,3}|\t)- ([a-z]+(?: [a-z]+)?):(.*)")
_HEAD = re.compile(r"- ([a-z]+(?: [a-z]+){0,2}):(.*)")
_MORE = re.compile(r"(?: {4}|\t\t? {0,3})(.*)")
_FILE = re.compile(f"file `({KEY.pattern})`")
_HOW = """\
Change what you like and give the file back: `make digest IMPORT=FILE`. What you leave as it is stays as it is in the
draft, whatever happens there meanwhile.

`[x]` goes into the issue; `[ ]` is dropped for good; `[?]` is not decided; `[later]` is held for another issue. Move
stories up and down, or under another heading. Reword after the letters, `en:`, `lead:` and `lead en:`; write to the
readers after `note:`. You may add lines `- reason:` (why it is dropped or held), `- until:` (2026-03-31) and
`- remark:` (for the editors only). A text goes on in lines that begin with four blanks or more. A line that you leave
out stays as it was; a story that you leave out is not in the issue. Leave the letters as they are. `about:` only
informs.

Items of your own stand among the stories, with `text:`, `text en:` and `link:`; one that you leave out or mark `[ ]`
is removed. New ones are made at the desk."""


def write_markdown(sheet: Sheet) -> bytes:
    """Return the draft as Markdown."""
    lines = [f"# Draft of {to_markdown(sheet.name)}", "", *([_HOW, ""] if sheet.file else [])]
    lines += [f"This is file `{sheet.file}`.", ""] if sheet.file else []
    for remark in sheet.remarks:
        lines += [to_markdown(one_line(remark)), ""]
    for field, text in sheet.texts.items():
        lines += _labelled("- ", field, text)
    issue = [row for row in sheet.rows if row.is_in_issue]
    lines += _sections(issue)
    others = [row for row in sheet.rows if not row.is_in_issue]
    if others:
        lines += ["", "# Not in the issue", *_sections(others)]
    return ("\n".join(lines) + "\n").encode()


def _sections(rows: Iterable[SheetRow]) -> Iterator[str]:
    found: dict[str, list[SheetRow]] = {}
    for row in rows:
        found.setdefault(row.section, []).append(row)
    for name, held in found.items():
        yield from ("", f"## {to_markdown(name)}", "")
        for row in held:
            yield from _story(row)


def _story(row: SheetRow) -> Iterator[str]:
    name = f"`{row.key}` " if row.key else ""
    yield f"- [{_BOX[row.include]}] {name}{to_markdown(row.values['title_uk'])}".rstrip()
    if row.is_item:
        for field in ITEM_TEXTS[1:]:
            yield from _labelled("  - ", field, row.values[field])
        yield "  - about: an item of the editors' own"
        yield from (f"  - about: {to_markdown(one_line(remark))}" for remark in row.remarks)
        return
    for field in ("title_en", "lead_uk", "lead_en", "note", "reason", "until", "remark"):
        wanted = field == "reason" and row.include in (NO, HELD)
        if row.values[field] or wanted or field not in _MAY_BE_LEFT_OUT:
            yield from _labelled("  - ", field, row.values[field])
    addresses = "".join(f" · <{url}>" for url in row.facts["urls"].split())
    yield f"  - about: {to_markdown(' · '.join(_about(row.facts)))}{addresses}"
    yield from (f"  - about: {to_markdown(one_line(remark))}" for remark in row.remarks)


def _labelled(begin: str, field: str, text: str) -> Iterator[str]:
    """Yield a text behind its label; further lines stand four blanks deeper."""
    label = _LABELS.get(field, field.replace("_", " "))
    if not _is_source(field):
        yield f"{begin}{label}: {to_markdown(text)}".rstrip()
        return
    first, *rest = to_markdown_block(text).split("\n")
    yield f"{begin}{label}: {first}".rstrip()
    yield from (f"{' ' * (len(begin) + 2)}{line}" if line else "" for line in rest)


def _is_source(field: str) -> bool:
    """Tell whether a text stands in the file as it is: Markdown of a person, or an address."""
    return field == "url" or (field in SEVERAL_LINES and not field.startswith("lead"))


def _about(facts: Mapping[str, str]) -> Iterator[str]:
    yield facts["published_on"] or "no date"
    yield facts["sources"]
    if facts["places"]:
        yield facts["places"]
    yield f"English: {facts['title_en_by'] or 'none'}" + (f" ({facts['withheld']})" if facts["withheld"] else "")
    yield from (name for name in ("late",) if facts[name])
    if facts["two_scripts"]:
        yield f"letters of two scripts: {facts['two_scripts']}"
    if facts["suggestion"]:
        yield f"the machine said: {facts['suggestion']}"
    if facts["correction_of"]:
        yield f"corrects {facts['correction_of']}: {facts['was']}"


def read_markdown(text: str) -> ReadSheet:
    """Read a Markdown draft. Raises UsageError naming the line."""
    return MarkdownReader().read(text)


class MarkdownReader:
    """One pass over the lines; `into` is where further lines of a text go."""

    def __init__(self) -> None:
        self.found = ReadSheet()
        self.file, self.section = "", ""
        self.into: tuple[dict[str, str], str] | None = None
        self.blank = 0

    def read(self, text: str) -> ReadSheet:
        """Return what the text holds."""
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            if not line.strip():
                self.blank += 1
            elif not (self._further(line) or self._begins(line, number)) and self.section:
                raise UsageError(f"line {number}: this is neither a story, nor a line of one: {line.strip()[:60]}")
            if line.strip():
                self.blank = 0
        for row in self.found.rows:
            row.values = {name: _decoded(name, value) for name, value in row.values.items() if name in _TEXTS}
        self.found.texts = {name: _decoded(name, value) for name, value in self.found.texts.items()}
        return self.found

    def _further(self, line: str) -> bool:
        """Add a line to the text above it."""
        more = _MORE.match(line)
        if self.into is None or not more:
            return False
        values, field = self.into
        indent = 6 if self.section else 4
        rest = line[indent:] if line[:indent].isspace() else more[1].lstrip()
        values[field] += "\n" * (1 + self.blank) + rest
        return True

    def _begins(self, line: str, number: int) -> bool:
        if line.startswith("#"):
            self.section = one_line(from_markdown(line[3:])) if line.startswith("## ") else ""
            self.into = None
            return True
        if (story := _STORY.fullmatch(line)) is not None:
            self._story(story, number)
            return True
        detail = (_DETAIL if self.section else _HEAD).fullmatch(line)
        if detail is None:
            if not self.section and (found := _FILE.search(line)):
                self.file = self.found.file = found[1]
            return False
        field = _FIELD_OF.get(detail[1], detail[1].replace(" ", "_"))
        if field not in (_IN_STORY if self.section else HEAD_FIELDS):
            return False
        values = self.found.rows[-1].values if self.section and self.found.rows else self.found.texts
        self.into = (values, field)
        values[field] = detail[2]
        return True

    def _story(self, story: re.Match[str], number: int) -> None:
        if not self.section:
            raise UsageError(f"line {number}: the story stands under no section")
        box = story[1].strip().casefold()
        include = _WORD_OF.get(box or " ", include_word(box))
        if include is None:
            raise UsageError(f"line {number}: [{story[1][:20]}] must be [x], [ ], [?] or [later]")
        row = ReadRow(number, story[2], self.file, include, self.section, float(number), {"title_uk": story[3]})
        self.found.rows.append(row)
        self.into = None


def _decoded(field: str, text: str) -> str:
    if _is_source(field):
        return from_markdown_block(text)
    return from_markdown(text)
