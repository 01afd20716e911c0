"""Output of the commands: JSON or one line; a quiet success under cron."""

from __future__ import annotations

import json
import sys


def result(as_json: bool, data: object, line: str) -> None:
    """Print one JSON object, or `line` if someone is watching the terminal."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False))
    elif line and sys.stdout.isatty():
        print(line)


def always(as_json: bool, data: object, lines: list[str]) -> None:
    """Print the answer of a command that was asked a question, wherever it goes."""
    print(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(lines))


def problems(lines: list[str]) -> None:
    """Print lines for a person, on standard error."""
    for line in lines:
        print(line, file=sys.stderr)
