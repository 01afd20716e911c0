"""Write the draft as files for an editor and read them back: Markdown, CSV, spreadsheet. Pure: bytes in, bytes out."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from newsletter.escape import from_cell, from_markdown, to_cell, to_markdown
from newsletter.issue import DraftLine, Entry, Issue, one_line, plain, safe_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NEEDED = ("include", "order", "section", "title_uk", "title_en", "note", "story_id", "check")
INFORMING = ("late", "correction_of", "published_on", "title_en_by", "withheld", "suggestion", "lead_uk", "lead_en",
        "sources", "places", "urls")  # fmt: skip
COLUMNS = NEEDED + INFORMING
MOST_BYTES = 20_000_000
YES, NO = {"yes", "y", "1", "x", "true", "так"}, {"no", "n", "0", "false", "ні", ""}

_STORY = re.compile(r"- \[([ xX])\] `?(\d{1,18})-([0-9a-f]+)`? ?(.*)")
_DETAIL = re.compile(r"\s+- (en|note|about):(.*)")
_HOW = """\
Change what you like and give the file back: `make digest IMPORT=FILE`.
`[x]` goes into the issue; `[ ]` is dropped for good, and its note is the reason. Move stories up and down, or under
another heading. Reword after `en:` and after the number; write a comment for the readers after `note:`.
Leave the numbers as they are. `about:` only informs."""


def check(issue: str, story_id: int) -> str:
    """Return the check that stands beside a story's number, so that a changed number is noticed."""
    return hashlib.sha256(f"{issue}\n{story_id}".encode()).hexdigest()[:6]


def in_file_order(issue: Issue) -> list[tuple[str, list[Entry]]]:
    """Return section names with their entries, dropped ones last."""
    found: dict[str, list[Entry]] = {}
    for entry in (*issue.entries, *issue.dropped):
        found.setdefault(issue.newsletter.section(entry.section).name_en, []).append(entry)
    return list(found.items())


# Markdown


def write_markdown(issue: Issue) -> bytes:
    """Return the draft as Markdown."""
    lines = [f"# Draft of {to_markdown(issue.name)}", "", _HOW]
    for name, entries in in_file_order(issue):
        lines += ["", f"## {to_markdown(name)}", ""]
        for entry in entries:
            story = entry.story
            number = f"{story.story_id}-{check(issue.name, story.story_id)}"
            addresses = "".join(f" · <{url}>" for link in story.links if (url := safe_url(link.url)))
            lines += [
                f"- [{'x' if entry.included else ' '}] `{number}` {to_markdown(story.title_uk)}".rstrip(),
                f"  - en: {to_markdown(story.title_en)}".rstrip(),
                f"  - note: {to_markdown(entry.note or entry.reason)}".rstrip(),
                f"  - about: {to_markdown(' · '.join(_about(entry)))}{addresses}",
            ]
    return ("\n".join(lines) + "\n").encode()


def _about(entry: Entry) -> Iterator[str]:
    details = _details(entry)
    yield details["published_on"] or "no date"
    yield details["sources"]
    if details["places"]:
        yield details["places"]
    yield f"English: {details['title_en_by'] or 'none'}" + (f" ({details['withheld']})" if details["withheld"] else "")
    yield from (name for name in ("late",) if details[name])
    if details["suggestion"]:
        yield f"the machine said: {details['suggestion']}"
    if entry.story.correction:
        yield f"corrects {details['correction_of']}: {entry.story.correction.was_uk or entry.story.correction.was_en}"


def read_markdown(data: bytes, issue: str) -> list[DraftLine]:
    """Read the stories of a Markdown draft. Raises UsageError naming the line."""
    section, found = "", list[dict[str, Any]]()
    for number, line in enumerate(_text(data).replace("\r\n", "\n").split("\n"), 1):
        if line.startswith("## "):
            section = one_line(from_markdown(line[3:]))
        elif story := _STORY.fullmatch(line):
            _require_number(issue, story[2], story[3], number)
            _require_section(section, number)
            given = {"number": number, "story_id": int(story[2]), "included": story[1] != " ", "section": section}
            found.append(
                {**given, "order": float(number), "title_uk": from_markdown(story[4]), "title_en": "", "note": ""}
            )
        elif (detail := _DETAIL.fullmatch(line)) and found:
            field = {"en": "title_en", "note": "note"}.get(detail[1])
            if field:
                found[-1][field] = from_markdown(detail[2])
        elif section and line.strip():
            raise UsageError(f"line {number}: this is neither a story, nor its en, note or about: {line.strip()[:60]}")
    return [DraftLine(**values) for values in found]


def _require_section(section: str, number: int) -> None:
    if not section:
        raise UsageError(f"line {number}: the story stands under no section")


# CSV and spreadsheet


def table(issue: Issue) -> list[list[str]]:
    """Return the draft as rows of texts, the first of them the names of the columns."""
    rows = [list(COLUMNS)]
    for name, entries in in_file_order(issue):
        for order, entry in enumerate(entries, 1):
            given = {
                "include": "yes" if entry.included else "no",
                "order": str(order),
                "section": name,
                "title_uk": entry.story.title_uk,
                "title_en": entry.story.title_en,
                "note": entry.note or entry.reason,
                "story_id": str(entry.story.story_id),
                "check": check(issue.name, entry.story.story_id),
                **_details(entry),
            }
            rows.append([plain(given[column]) for column in COLUMNS])
    return rows


def _details(entry: Entry) -> dict[str, str]:
    story = entry.story
    return {
        "late": "late" if entry.late else "",
        "correction_of": story.correction.issue if story.correction else "",
        "published_on": story.published_on or "",
        "title_en_by": story.title_en_by,
        "withheld": story.withheld,
        "suggestion": story.suggestion,
        "lead_uk": story.lead_uk,
        "lead_en": story.lead_en,
        "sources": ", ".join(dict.fromkeys(link.source for link in story.links)),
        "places": ", ".join(english for _, english in story.places),
        "urls": " ".join(filter(None, (safe_url(link.url) for link in story.links))),
    }


def write_csv(issue: Issue) -> bytes:
    """Return the draft as CSV, UTF-8 with a byte order mark, which spreadsheets need; no cell is a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([to_cell(cell) for cell in row] for row in table(issue))
    return out.getvalue().encode("utf-8-sig")


def read_csv(data: bytes, issue: str) -> list[DraftLine]:
    """Read the stories of a CSV draft, saved with commas, semicolons or tabs. Raises UsageError naming the line."""
    text = _text(data)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, begun = [], 1
    try:
        for row in reader:
            rows.append((begun, [from_cell(cell) for cell in row]))
            begun = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: {error}") from error
    return _lines(rows, issue)


def write_xlsx(issue: Issue) -> bytes:
    """Return the draft as a spreadsheet; every cell is a text."""
    from newsletter.render.office import write_workbook

    return write_workbook(table(issue))


def read_xlsx(data: bytes, issue: str) -> list[DraftLine]:
    """Read the stories of a spreadsheet draft. Raises UsageError naming the row."""
    from newsletter.render.office import read_workbook

    return _lines(read_workbook(data), issue)


def _lines(rows: Iterable[tuple[int, list[str]]], issue: str) -> list[DraftLine]:
    filled = [(number, row) for number, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise UsageError("line 1: the file is empty")
    head = [cell.strip().casefold() for cell in filled[0][1]]
    missing = [column for column in NEEDED if column not in head]
    if missing:
        raise UsageError(f"line {filled[0][0]}: there is no column {missing[0]}; needed: {', '.join(NEEDED)}")
    return [_line(number, dict(zip(head, row, strict=False)), issue) for number, row in filled[1:]]


def _line(number: int, cells: Mapping[str, str], issue: str) -> DraftLine:
    given = {column: plain(cells.get(column, "")) for column in NEEDED}
    included = given["include"].strip().casefold()
    if included not in YES | NO:
        raise UsageError(f"line {number}: include must be yes or no, not {given['include'][:40]!r}")
    story_id = given["story_id"].strip()
    _require_number(issue, story_id, given["check"].strip(), number)
    _require_section(given["section"].strip(), number)
    try:
        order = float(given["order"].strip().replace(",", ".") or "inf")
    except ValueError:
        order = math.nan
    if math.isnan(order):
        raise UsageError(f"line {number}: order must be a number, not {given['order'][:40]!r}")
    return DraftLine(
        number, int(story_id), included in YES, order, one_line(given["section"]),
        given["title_uk"], given["title_en"], given["note"],
    )  # fmt: skip


def _require_number(issue: str, story_id: str, given: str, number: int) -> None:
    if not (story_id.isascii() and story_id.isdecimal()) or check(issue, int(story_id[:18])) != given:
        raise UsageError(
            f"line {number}: story {story_id[:30]}-{given[:10]} is none of {issue}: "
            "its number was changed, or the file is of another issue"
        )


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise UsageError(f"the file has {len(data)} bytes; a draft has at most {MOST_BYTES}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"line {line}: the file is not UTF-8: save it as CSV UTF-8, or give the .xlsx") from error
