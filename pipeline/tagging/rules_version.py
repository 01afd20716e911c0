"""The version of what places and topics are told by, without loading any of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import language
from language.dictionary import has_dictionary

DATA = Path(__file__).parent / "data"
_LANGUAGE = Path(language.__file__).parent
# A change in how the tables are read counts like a changed table.
_READERS = (
    *sorted((_LANGUAGE / "places").glob("*.py")),
    *(
        _LANGUAGE / f"{name}.py"
        for name in ("dictionary", "letters", "phrases", "romanise", "spelling", "stems", "words")
    ),
    Path(__file__).with_name("matching.py"),
)


def version() -> str:
    """Return what differs whenever a table or a reader is another, or the dictionary of word forms comes or goes.

    What was tagged under another version is tagged again.
    """
    digest = hashlib.sha256(str(has_dictionary()).encode())
    tables = (*sorted((_LANGUAGE / "places" / "data").glob("*.csv")), *sorted(DATA.glob("*.csv")))
    for file in (*tables, *_READERS):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
