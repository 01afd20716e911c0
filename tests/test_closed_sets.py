"""Closed sets have one definition, in core/closed_sets.py, and the schema says the same."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from core import closed_sets

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = Path(__file__).parents[1] / "db" / "schema.sql"
DEFINED = {
    ("sources", "language"): closed_sets.Language,
    ("sources", "kind"): closed_sets.SourceKind,
    ("articles", "language"): closed_sets.Language,
    ("articles", "published_precision"): closed_sets.Precision,
    ("articles", "published_origin"): closed_sets.Origin,
    ("article_observations", "origin"): closed_sets.Origin,
    ("story_links", "verdict"): closed_sets.LinkVerdict,
    ("story_links", "decided_by"): closed_sets.DecidedBy,
    ("translations", "source_language"): closed_sets.Language,
    ("translations", "target_language"): closed_sets.Language,
    ("translations", "state"): closed_sets.TranslationState,
    ("places", "kind"): closed_sets.PlaceKind,
    ("source_runs", "state"): closed_sets.SourceState,
    ("digest_choices", "decision"): closed_sets.Decision,
    ("digest_changes", "via"): closed_sets.ChangedVia,
    ("digest_images", "kind"): closed_sets.ImageKind,
    ("digest_entries", "title_en_by"): closed_sets.EnglishBy,
    ("digest_entries", "lead_en_by"): closed_sets.EnglishBy,
    ("problems", "stage"): closed_sets.Stage,
    ("held_answers", "ended_by"): closed_sets.HeldEnd,
}


def in_schema() -> Iterator[tuple[tuple[str, str], list[str]]]:
    """((table, column), words) of every CHECK that lists words."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA.read_text(encoding="utf-8"))
    tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    for table, sql in tables:
        for column, listed in re.findall(r"CHECK\s*\((\w+) IN\s*\(([^)]*)\)\s*\)", sql or ""):
            words = re.findall(r"'([^']*)'", listed)
            if words:
                yield (table, column), words


@pytest.mark.parametrize(("where", "words"), [*in_schema()], ids=".".join)
def test_a_closed_column_holds_what_its_type_lists(where: tuple[str, str], words: list[str]) -> None:
    assert where in DEFINED, f"{where}: name its Literal of core/closed_sets.py here"
    assert sorted(words) == sorted(get_args(DEFINED[where]))


def test_every_closed_column_is_still_checked_by_the_schema() -> None:
    assert {where for where, _ in in_schema()} == set(DEFINED)
