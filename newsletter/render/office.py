"""Spreadsheet of the draft, written and read, and document of the issue. Equal input gives equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from core.errors import UsageError
from newsletter.escape import from_office
from newsletter.settings import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from newsletter.pictures import Picture
    from newsletter.render.display import DisplayedIssue

# What openpyxl lets through when a part of the archive is missing or is not what it should be.
_BROKEN = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError, EOFError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_THEN = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip archive can hold
_MOST_UNPACKED = 200_000_000  # bytes
_WIDTHS = {"title_uk": 60, "title_en": 60, "note": 40, "section": 24, "lead_uk": 40, "lead_en": 40}
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_WORD_PARTS = {"/word/document.xml": "wordprocessingml.document.main", "/word/styles.xml": "wordprocessingml.styles"}
EMUS = 9525  # of a pixel: the unit of lengths in a document
_SHEET_PARTS = {
    "/xl/workbook.xml": "spreadsheetml.sheet.main",
    "/xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
    "/xl/styles.xml": "spreadsheetml.styles",
}
# A spreadsheet reads `_x0041_` in a cell as a letter; so the underscore is written as its own number.
_UNDERSCORE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def write_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows of texts as an .xlsx; no cell is a formula, whatever it begins with, nor becomes one when edited."""
    lines = ""
    for number, row in enumerate(rows, 1):
        style = 1 if number == 1 else 2  # the head; a text that stays a text
        cells = "".join(
            f'<c r="{chr(ord("A") + place)}{number}" s="{style}" t="inlineStr"><is>'
            f'<t xml:space="preserve">{escape(_UNDERSCORE.sub("_x005F_", text))}</t></is></c>'
            for place, text in enumerate(row)
        )
        lines += f'<row r="{number}">{cells}</row>'
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_WIDTHS.get(name, 12)}" customWidth="1"/>'
        for place, name in enumerate(rows[0], 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    sheet = (
        f'{_DECLARED}<worksheet xmlns="{_SHEET}">'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{lines}</sheetData></worksheet>"
    )
    book = (
        f'{_DECLARED}<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}">'
        '<sheets><sheet name="draft" sheetId="1" r:id="sheet"/></sheets></workbook>'
    )
    targets = [("sheet", "worksheet", "worksheets/sheet1.xml", ""), ("styles", "styles", "styles.xml", "")]
    return _zipped(
        [
            ("[Content_Types].xml", _content_types(_SHEET_PARTS)),
            ("_rels/.rels", _relations([("book", "officeDocument", "xl/workbook.xml", "")])),
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", _relations(targets)),
            ("xl/worksheets/sheet1.xml", sheet),
            ("xl/styles.xml", (TEMPLATES / "sheet_styles.xml").read_text(encoding="utf-8")),
        ]
    )


def read_workbook(data: bytes) -> list[tuple[int, list[str]]]:
    """Read row numbers and texts of the first sheet. Raises UsageError for no spreadsheet, or one with a formula."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except _BROKEN as error:
        raise UsageError("this is no spreadsheet (.xlsx)") from error
    if size > _MOST_UNPACKED:
        raise UsageError(f"the spreadsheet unpacks to {size} bytes; {_MOST_UNPACKED} are the limit")
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    except (*_BROKEN, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise UsageError(f"this is no spreadsheet that can be read ({type(error).__name__}: {error})") from error
    return [(row[0].row, [_cell(cell) for cell in row]) for row in sheet.iter_rows()]


def write_document(shown: DisplayedIssue, pictures: Mapping[str, Picture], render: Callable[..., str]) -> bytes:
    """Return the issue as a .docx. `render(shown, link=…, emus=…)` gives its XML, with each picture under its name."""
    addresses: dict[str, str] = {}

    def link(url: str) -> str:
        return addresses.setdefault(url, f"link{len(addresses) + 1}")

    styles = (TEMPLATES / "styles.xml").read_text(encoding="utf-8").replace("ACCENT", shown.colours["accent"][1:])
    body = render(shown, link=link, emus=lambda pixels: pixels * EMUS).lstrip()
    files = {name: f"media/{name}.{picture.kind}" for name, picture in pictures.items()}
    targets = [
        ("styles", "styles", "styles.xml", ""),
        *((name, "image", file, "") for name, file in files.items()),
        *((key, "hyperlink", url, "External") for url, key in addresses.items()),
    ]
    return _zipped(
        [
            ("[Content_Types].xml", _content_types(_WORD_PARTS, {picture.kind for picture in pictures.values()})),
            ("_rels/.rels", _relations([("document", "officeDocument", "word/document.xml", "")])),
            ("word/document.xml", body),
            ("word/styles.xml", styles),
            ("word/_rels/document.xml.rels", _relations(targets)),
            *((f"word/{files[name]}", picture.content) for name, picture in pictures.items()),
        ]
    )


def _content_types(kinds: Mapping[str, str], pictures: Iterable[str] = ()) -> str:
    parts = "".join(f'<Override PartName="{name}" ContentType="{_OFFICE}.{kind}+xml"/>' for name, kind in kinds.items())
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    ) + "".join(f'<Default Extension="{kind}" ContentType="image/{kind}"/>' for kind in sorted(pictures))
    return f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">{defaults}{parts}</Types>'


def _relations(targets: Iterable[tuple[str, str, str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="{key}" Type="{_RELATIONS}/{kind}" Target="{escape(target, {chr(34): "&quot;"})}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for key, kind, target, mode in targets
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _zipped(parts: Iterable[tuple[str, str | bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            data = part.encode() if isinstance(part, str) else part
            archive.writestr(zipfile.ZipInfo(name, _THEN), data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def _cell(cell: Any) -> str:
    if cell.data_type in ("f", "e"):
        raise UsageError(f"line {cell.row}: cell {cell.coordinate} holds a formula")
    value = cell.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else from_office(str(value))
