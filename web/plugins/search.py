"""Full-text queries that cannot fail, made from what a reader types into the search box."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pluggy import HookimplMarker

if TYPE_CHECKING:
    import sqlite3

hookimpl = HookimplMarker("datasette")

PART = re.compile(r'"([^"]*)"|([^\s"]+)')
LETTER = re.compile(r"[^\W_]")
NOTHING = '""'  # a query that FTS5 reads and that finds nothing


def query(typed: str) -> str:
    """Return the FTS5 query for what was typed.

    Every word must occur; words in quotes must stand together; `громад*` finds every word that begins so.
    Other characters that FTS5 gives a meaning have none.
    """
    phrases = []
    for quoted, word in PART.findall(typed.replace("\0", " ")):
        begins = word.rstrip("*")
        if begins == word and (quoted or word).strip():
            phrases.append(f'"{quoted or word}"')
        elif begins != word and LETTER.search(begins):
            phrases.append(f'"{begins}"*')
    return " ".join(phrases) or NOTHING


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Take the place of Datasette's `escape_fts`, which makes an error of a lone quotation mark."""
    conn.create_function("escape_fts", 1, query, deterministic=True)
