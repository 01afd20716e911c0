"""Output of the commands: JSON or one line; a quiet success under cron."""

from __future__ import annotations

import sys

from pipeline import streams


def result(as_json: bool, data: object, line: str) -> None:
    """Print one JSON object, or `line` if someone is watching the terminal."""
    if as_json:
        streams.answer(streams.as_json(data))
    elif line and sys.stdout.isatty():
        streams.answer(line)


def always(as_json: bool, data: object, lines: list[str]) -> None:
    """Print the answer of a command that was asked a question, wherever it goes."""
    streams.answer(streams.as_json(data) if as_json else "\n".join(lines))


def problems(lines: list[str]) -> None:
    """Print lines for a person, on standard error."""
    for line in lines:
        streams.say(line)
