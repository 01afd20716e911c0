"""The file of editors' English: a CSV keyed by the Ukrainian wording, there and back. Pure."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.lengths import LEAD_LIMIT, TITLE_LIMIT
from language.letters import text_hash
from newsletter.escape import from_cell, to_cell

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

COLUMNS = ("source_text", "text", "edited_by", "edited_at", "part", "status", "machine", "machine_state", "reasons",
           "published_on", "url")  # fmt: skip
NEEDED = ("source_text", "text")
IN_USE, STALE, NONE = "in use", "stale: no headline or lead has this wording any more", ""


@dataclass(frozen=True, slots=True)
class Wording:
    """An editor's English for one Ukrainian wording, a headline's or a lead's."""

    source_text: str
    text_hash: str
    text: str
    edited_by: str  # empty: the file does not say


def to_csv(rows: Iterable[Mapping[str, Any] | sqlite3.Row]) -> str:
    """Return the CSV of `db.edits.wordings`; read again are `source_text`, `text`, `edited_by` and `part`."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        status = (IN_USE if row["current"] else STALE) if row["text"] else NONE
        reasons = "; ".join(json.loads(row["reasons"]))
        cells = (row["source_text"], row["text"], row["edited_by"], row["edited_at"], row["part"], status,
                 row["machine"], row["state"], reasons, row["published_on"], row["url"])  # fmt: skip
        writer.writerow([to_cell(cell or "") for cell in cells])
    return file.getvalue()


def from_csv(name: str, data: bytes) -> list[Wording]:
    """Return the wordings of an editor's file, rows without English left out. Raise UsageError naming file and row."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: not UTF-8 at byte {error.start}; save it as CSV UTF-8") from error
    try:
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)  # spreadsheets write what their country uses
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        missing = [column for column in NEEDED if column not in (rows.fieldnames or ())]
        if missing:
            raise UsageError(f"{name}: no column {missing[0]}; needed are {' and '.join(NEEDED)}")
        found: dict[str, Wording] = {}
        for row in rows:
            where = f"{name}, line {rows.line_num}"
            wording = _wording(where, row)
            if wording and found.setdefault(wording.text_hash, wording).text != wording.text:
                raise UsageError(f"{where}: another English for the same text stands above")
        return list(found.values())
    except csv.Error as error:
        raise UsageError(f"{name}: no CSV: {error}; nothing was changed") from error


def _wording(where: str, row: Mapping[str, str | None]) -> Wording | None:
    source, text, by = (" ".join(from_cell(row.get(column) or "").split()) for column in (*NEEDED, "edited_by"))
    if not text:
        return None
    if not source:
        raise UsageError(f"{where}: English without the Ukrainian text that it belongs to; nothing was changed")
    limit = LEAD_LIMIT if row.get("part") == "lead" or len(source) > TITLE_LIMIT else TITLE_LIMIT
    if len(text) > limit:
        raise UsageError(f"{where}: longer than {limit} characters; nothing was changed")
    if not any(letter.isalpha() and letter.isascii() for letter in text):
        raise UsageError(f"{where}: no English: {text[:60]}; nothing was changed")
    return Wording(source, text_hash(source), text, by)
