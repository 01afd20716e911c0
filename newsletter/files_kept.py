"""Files of a sealed issue: made once, with the templates that it was sealed with, and kept. In a transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.errors import UsageError
from db import digests, sealed_issues

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from newsletter.issue import Issue

_MOST_TEMPLATES = 2_000_000  # characters of all of them together


def read_templates(folder: Path) -> dict[str, str]:
    """Return the texts of a folder of templates by name. Raises UsageError for what cannot be read or kept."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            try:
                found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture or the like: no template can show it
            except OSError as error:
                raise UsageError(f"{path}: {error.strerror or error}") from error
    if sum(map(len, found.values())) > _MOST_TEMPLATES:
        raise UsageError(
            f"{folder}: its files have more than {_MOST_TEMPLATES} characters: is it a folder of templates?"
        )
    return found


def files_of(
    connection: sqlite3.Connection, issue: Issue, formats: Iterable[str] | None = None, languages: str = ""
) -> dict[str, bytes]:
    """Return files of a sealed issue, format → bytes: as they were made first, whatever version made them.

    `formats`: None for all. One that was not made before is made with the issue's own templates, and kept.
    """
    from newsletter.render.formats import FORMATS, Renderer

    wanted = list(FORMATS) if formats is None else list(formats)
    asked = "" if languages == issue.newsletter.languages else languages
    kept = sealed_issues.kept_files(connection, issue.digest_id, wanted, asked)
    if len(kept) < len(wanted):
        renderer = Renderer(issue, asked, own_templates(connection, issue))
        made = {name: FORMATS[name][1](renderer) for name in wanted if name not in kept}
        sealed_issues.keep_files(connection, issue.digest_id, made, asked)
        kept |= made
    return {name: kept[name] for name in wanted}


def own_templates(connection: sqlite3.Connection, issue: Issue) -> dict[str, str]:
    """Return the editor's own templates that a sealed issue was sealed with, by name."""
    row = digests.issue_named(connection, issue.name)
    return dict(json.loads(row["templates"])) if row else {}
