"""Closed sets have one definition, in core/model.py, and the schema says the same."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from core import model

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = Path(__file__).parents[1] / "db" / "schema.sql"
DEFINED = {
    ("sources", "language"): model.Language,
    ("sources", "kind"): model.SourceKind,
    ("articles", "language"): model.Language,
    ("articles", "published_precision"): model.Precision,
    ("articles", "published_origin"): model.Origin,
    ("article_observations", "origin"): model.Origin,
    ("story_links", "verdict"): model.LinkVerdict,
    ("story_links", "decided_by"): model.DecidedBy,
    ("translations", "source_language"): model.Language,
    ("translations", "target_language"): model.Language,
    ("translations", "state"): model.TranslationState,
    ("places", "kind"): model.PlaceKind,
    ("source_runs", "state"): model.SourceState,
    ("digest_entries", "title_en_by"): model.EnglishBy,
    ("digest_entries", "lead_en_by"): model.EnglishBy,
    ("problems", "stage"): model.Stage,
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
    assert where in DEFINED, f"{where}: name its Literal of core/model.py here"
    assert sorted(words) == sorted(get_args(DEFINED[where]))


def test_every_closed_column_is_still_checked_by_the_schema() -> None:
    assert {where for where, _ in in_schema()} == set(DEFINED)
