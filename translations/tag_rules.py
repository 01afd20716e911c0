"""What places and topics are told by: the version of it, without loading any of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from translations.inflection import has_dictionary

DATA = Path(__file__).parent / "data"
TABLES = ("topics", "topic_rules", "oblasts", "raions", "hromadas", "renamings", "overrides", "cautions", "given_names")
# A change in how they are read counts like a changed table.
READERS = (
    *("declension", "gazetteer", "heads", "inflection", "mentions", "mentions_en", "mentions_uk", "names", "phrases"),
    *("surroundings", "tagging", "words"),
)


def version() -> str:
    """Differs whenever a table or a reader is another, or the dictionary of word forms comes or goes.

    What was tagged under another version is tagged again.
    """
    digest = hashlib.sha256(str(has_dictionary()).encode())
    for name in TABLES:
        digest.update((DATA / f"{name}.csv").read_bytes())
    for name in READERS:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.hexdigest()[:12]
