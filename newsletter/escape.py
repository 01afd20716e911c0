"""Text inside Markdown and inside a spreadsheet's cell, there and back without loss. Pure."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"""[\\`*_\[\]<>&|~$^@]|:(?=//)|(?<=[wW]{3})\.""")
_BY_NUMBER = re.compile(r"&#(\d{1,7});")
_WRITTEN = re.compile(rf"""{_BY_NUMBER.pattern}|\\([!-/:-@\[-`{{-~])""")

# Marks of direction, odd blanks and line ends; the joiner inside emoji may stay.
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp", "Zs")

# What a spreadsheet may take for a formula, also behind blanks and apostrophes; full-width forms are folded by some.
_FORMULA = re.compile("['\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@\t\r\n|%＝＋－＠]")


def to_markdown(text: str) -> str:
    """Escape a text so that Markdown shows it as it is; line breaks, marks of direction and odd blanks as `&#…;`."""
    escaped = _SPECIAL.sub(lambda match: f"\\{match.group()}", text)
    shown = escaped
    if not escaped.isprintable():
        odd = {one for one in escaped if unicodedata.category(one) in _INVISIBLE and one not in "\u200d "}
        shown = "".join(f"&#{ord(letter)};" if letter in odd else letter for letter in escaped)
    for end in (r"^ ", r" $"):
        shown = re.sub(end, "&#32;", shown)
    return shown.replace("  ", " &#32;")


def from_markdown(text: str) -> str:
    """Return what `to_markdown` was given; what an editor typed without escapes is taken as it stands."""

    return _WRITTEN.sub(lambda match: match[2] or _letter(match), text.strip(" \t\r\n"))


def to_cell(text: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet might take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def from_cell(cell: str) -> str:
    """Return what `to_cell` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def to_markdown_block(text: str) -> str:
    """Return Markdown of a person as it goes into a file: as it is, marks of direction and odd blanks as `&#…;`."""
    kept = text.replace("&#", "&#38;#")
    return "".join(
        f"&#{ord(one)};" if unicodedata.category(one) in _INVISIBLE and one not in "\u200d \n" else one for one in kept
    )


def from_markdown_block(text: str) -> str:
    """Return what `to_markdown_block` was given."""

    return _BY_NUMBER.sub(_letter, text.strip(" \t\r\n"))


def _letter(match: re.Match[str]) -> str:
    number = int(match[1])
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else match[0]


def from_office(text: str) -> str:
    """Return the text of a spreadsheet's cell, where `_x0041_` stands for a letter."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


# What a spreadsheet takes for a number, a sum, a day, a time or a truth: few letters, or a word of its own.
_TRUTHS = frozenset(("true", "false", "wahr", "falsch", "істина", "хибність", "правда", "брехня"))
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_NUMBER = 60


def is_converted(text: str) -> bool:
    """Tell whether a spreadsheet may take the text for something else and write it differently."""
    bare = text.lstrip("' \t")
    if len(bare) > _LONGEST_NUMBER:
        return False
    return bare.strip().casefold() in _TRUTHS or (
        any(letter.isdigit() for letter in bare) and len(_WORD.findall(bare)) <= 2
    )


def to_draft_cell(text: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet might take for a formula, a number or a day."""
    return f"'{text}" if _FORMULA.match(text) or is_converted(text) else text


def from_draft_cell(cell: str) -> str:
    """Return what `to_draft_cell` was given."""
    return cell[1:] if cell.startswith("'") and (_FORMULA.match(cell[1:]) or is_converted(cell[1:])) else cell
