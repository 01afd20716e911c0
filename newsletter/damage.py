"""Tell what a program did to a cell: a number, a day, a cut text, other letters. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?[\d\s.,'’]*\d(?:[eE][+-]?\d+)?\s*%?")
_DAY = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?"
)
_ERROR = re.compile(r"#(?:NAME\?|REF!|VALUE!|N/A|NULL!|DIV/0!|NUM!|#+)|Err:\d{3}")
_CUT_AT = (255, 256, 1023, 1024, 32766, 32767)  # where spreadsheets and their older formats end a cell
_TRUTH = ("true", "false", "yes", "no", "wahr", "falsch", "1", "0", "істина", "хибність")
_ENCODINGS = ("cp1252", "cp1251", "latin-1", "cp437", "cp866")


def damage(was: str, now: str) -> str:
    """Return how a program changed a cell, in words; empty where the change looks like a person's."""
    typed, before = now.strip(), was.strip()
    had_digits = any(letter.isdigit() for letter in before)
    was_number = bool(_NUMBER.fullmatch(before) or _DAY.fullmatch(before))
    signs = {
        "a spreadsheet's error stands here": bool(_ERROR.fullmatch(typed)),
        "letters were lost when it was saved in another encoding": "\ufffd" in now and "\ufffd" not in was,
        "it was saved or opened in another encoding": is_mojibake(was, now),
        "the text was cut": len(now) in _CUT_AT and was.startswith(now),
        "a spreadsheet made a day or a time of it": had_digits and bool(_DAY.fullmatch(typed)),
        "a spreadsheet wrote the number in its own way": was_number and bool(_NUMBER.fullmatch(typed)),
        "a spreadsheet made a truth value of it": before.casefold() in _TRUTH and typed.casefold() in _TRUTH,
    }
    return next((words for words, is_so in signs.items() if is_so), "")


def is_mojibake(was: str, now: str) -> bool:
    """Tell whether `now` is `was` read or written in another encoding."""
    if was.isascii():
        return False
    if now in {re.sub(r"[^\x00-\x7f]", mark, was) for mark in ("?", "_", "")} and not now.isspace():
        return True
    for encoding in _ENCODINGS:
        if now in (was.encode().decode(encoding, "replace"), was.encode().decode(encoding, "ignore")):
            return True
        if now == was.encode(encoding, "replace").decode(encoding):
            return True
    return False
