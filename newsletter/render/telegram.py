"""An issue as messages for Telegram: as few as hold it, split between stories, numbered. Pure."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_TELEGRAM = 4096  # UTF-16 units of one message, after its markup was read
MOST_MESSAGES = 10  # of one issue; what does not fit is on its page
CUT = "\x1e"  # stands in the templates where a message may end; no text from outside can hold it
_NUMBER = 8  # units of "\n\n10/10"
_TAG = re.compile(r"<[^>]*>")
_BREAKS = ("\n\n", "\n", " ")


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def units_of_html(text: str) -> int:
    """Return the length of marked text as Telegram counts it."""
    return units(unescape(_TAG.sub("", text)))


def messages(text: str, *, marked: bool = False) -> list[str]:
    """Return the text of a template as messages; `marked`: it is HTML."""
    measure = units_of_html if marked else units
    blocks = [block for block in text.split(CUT) if block.strip()]
    whole = "".join(blocks).strip()
    if measure(whole) <= MOST_TELEGRAM:
        return [whole]
    found, length = [""], 0
    for block in blocks:
        for piece in _pieces(block, MOST_TELEGRAM - _NUMBER, measure, marked=marked):
            size = measure(piece)
            if length + size > MOST_TELEGRAM - _NUMBER:
                found.append("")
                length = 0
            found[-1] += piece
            length += size
    return [f"{one.strip()}\n\n{number}/{len(found)}" for number, one in enumerate(found, 1)]


def as_text(found: list[str]) -> bytes:
    """Return messages as a text file, a form feed between two of them."""
    return "\n\f\n".join(found).encode()


def as_requests(found: list[str]) -> bytes:
    """Return messages in HTML as bodies for `sendMessage` of the Bot API, which lack nothing but the `chat_id`."""
    bodies = [{"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}} for text in found]
    return (json.dumps(bodies, ensure_ascii=False, indent=1) + "\n").encode()


def _pieces(block: str, most: int, measure: Callable[[str], int], *, marked: bool) -> Iterator[str]:
    """Yield a block in pieces that fit; one that is too long loses its markup, and is cut between lines or words."""
    if measure(block) <= most:
        yield block
        return
    rest = unescape(_TAG.sub("", block)) if marked else block
    while rest:
        end = min(len(rest), most)
        while units(rest[:end]) > most:
            end -= max(1, (units(rest[:end]) - most) // 2)
        places = [at for gap in _BREAKS if (at := rest.rfind(gap, most // 4, end)) > 0]
        at = places[0] if end < len(rest) and places else end
        yield escape(rest[:at], quote=False) if marked else rest[:at]
        rest = rest[at:].lstrip()
