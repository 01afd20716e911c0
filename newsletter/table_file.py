"""The draft as a table for an editor, CSV or spreadsheet, there and back. Pure: bytes in, bytes out."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

from core.errors import UsageError
from newsletter.escape import from_draft_cell, to_cell, to_draft_cell
from newsletter.issue import one_line, plain
from newsletter.sheet import ITEM_TEXTS, TEXT_FIELDS, ReadRow, ReadSheet, include_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.sheet import Sheet

TABLE_TEXTS = (*TEXT_FIELDS, *(name for name in ITEM_TEXTS if name not in TEXT_FIELDS))
EDITED = ("include", "order", "section", *TABLE_TEXTS)
NEEDED = ("key", "file")
INFORMING = ("late", "correction_of", "published_on", "title_en_by", "withheld", "suggestion", "sources", "places",
        "two_scripts", "urls")  # fmt: skip
TABLE_COLUMNS = (*EDITED, *NEEDED, *INFORMING)


def table(sheet: Sheet) -> list[list[str]]:
    """Return the draft as rows of texts, the first of them the names of the columns."""
    rows = [list(TABLE_COLUMNS)]
    for row in sheet.rows:
        given = {
            **row.values,
            **row.facts,
            "include": row.include,
            "order": row.place,
            "section": row.section,
            "key": row.key,
            "file": sheet.file,
        }
        rows.append([plain(given.get(column, "")) for column in TABLE_COLUMNS])
    return rows


def write_csv(sheet: Sheet) -> bytes:
    """Return the draft as CSV, UTF-8 with a byte order mark, which spreadsheets need.

    No cell is a formula, and none looks like a number or day, which a spreadsheet would write in its own way.
    """
    out = io.StringIO(newline="")
    head, *rows = table(sheet)
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow(
            to_draft_cell(cell) if name in TABLE_TEXTS else to_cell(cell) for name, cell in zip(head, row, strict=True)
        )
    return out.getvalue().encode("utf-8-sig")


def read_csv(text: str) -> ReadSheet:
    """Read a CSV draft, saved with commas, semicolons or tabs. Raises UsageError naming the line."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, begun = [], 1
    try:
        for row in reader:
            rows.append((begun, [from_draft_cell(cell) for cell in row]))
            begun = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: {error}") from error
    return _read(rows)


def write_xlsx(sheet: Sheet) -> bytes:
    """Return the draft as a spreadsheet; every cell is a text."""
    from newsletter.render.office import write_workbook

    return write_workbook(table(sheet))


def read_xlsx(data: bytes) -> ReadSheet:
    """Read a spreadsheet draft. Raises UsageError naming the row."""
    from newsletter.render.office import read_workbook

    return _read(read_workbook(data))


def _read(rows: Iterable[tuple[int, list[str]]]) -> ReadSheet:
    filled = [(number, row) for number, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise UsageError("the file is empty")
    head = [cell.strip().casefold() for cell in filled[0][1]]
    missing = [column for column in NEEDED if column not in head]
    if missing:
        raise UsageError(
            f"line {filled[0][0]}: there is no column {missing[0]}; the columns {' and '.join(NEEDED)} tell what each "
            "row is, so the file must have them as they were"
        )
    lines = [_row(number, dict(zip(head, row, strict=False))) for number, row in filled[1:]]
    return ReadSheet(rows=lines, is_table=True)


def _row(number: int, cells: Mapping[str, str]) -> ReadRow:
    given = {column: plain(cells[column]) for column in TABLE_COLUMNS if column in cells}
    row = ReadRow(number, given["key"].strip(), given["file"].strip())
    if "include" in given:
        row.include = include_word(given["include"])
        if row.include is None:
            raise UsageError(f"line {number}: include must be yes, no, held or empty, not {given['include'][:40]!r}")
    if "section" in given:
        row.section = one_line(given["section"])
        if not row.section:
            raise UsageError(f"line {number}: the story stands under no section")
    if "order" in given:
        try:
            row.order = float(given["order"].strip().replace(",", ".") or "inf")
        except ValueError:
            row.order = math.nan
        if math.isnan(row.order):
            raise UsageError(f"line {number}: order must be a number, not {given['order'][:40]!r}")
    row.values = {name: given[name] for name in TABLE_TEXTS if name in given}
    return row
