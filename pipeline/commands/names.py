"""`names` and `check`: what we know of any text or translation, one JSON value for each line of standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UsageError
from pipeline.commands.lines import standard_input
from pipeline.streams import as_json, put

if TYPE_CHECKING:
    import argparse


def names(_args: argparse.Namespace) -> int:
    """Print for each text the list of its places; `id` is null where several have the name and nothing tells which."""
    from language.places.names import find

    for _, text in standard_input():
        places = []
        for mention in find(text):
            found: dict[str, object] = {
                "id": mention.place_id or None,
                "kind": mention.kind,
                "name_en": mention.name_en or None,
                "name_uk": mention.name_uk,
                "matched": mention.matched,
                "start": mention.start,
                "end": mention.end,
            }
            places.append(found | ({} if mention.is_certain else {"ambiguous": mention.ambiguous}))
        _print(places)
    return 0


def check(_args: argparse.Namespace) -> int:
    """Print for each `source⇥target` the rules that fire. Raise UsageError naming a line without a tab."""
    from translations import checks

    for number, line in standard_input():
        source, tab, target = line.partition("\t")
        if not tab:
            raise UsageError(f"standard input, line {number}: expected source and target with a tab between")
        found = checks.check(source, target)
        _print({"blocking": found.blocking, "flags": found.flags})
    return 0


def _print(value: object) -> None:
    put(as_json(value))
