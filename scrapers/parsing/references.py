"""Character references that no character can stand for (`&#xD800;`, `&#99999999999;`, `&#0;`). Pure."""

from __future__ import annotations

import re

FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"  # in XML, and of no use in HTML
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")


def without_impossible(markup: str) -> str:
    """Return the markup without such references: one parser raises at them, another shows a broken letter."""
    return _REFERENCE.sub(_possible, markup) if "&#" in markup else markup


def _possible(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if len(digits.lstrip("0")) > 7:
        return ""
    code = int(digits, 16 if match[1] else 10)
    if code > 0x10FFFF or re.match(FORBIDDEN, chr(code)):
        return ""
    return match[0]
