"""Which pieces a result may be made of."""

from __future__ import annotations

from translations.engines.shortlist import table


def rows(text: str) -> dict[str, list[str]]:
    return {source: targets.split() for source, _, targets in (line.partition("\t") for line in text.splitlines())}


def test_english_pieces_are_always_possible_and_cyrillic_ones_only_where_the_source_has_them() -> None:
    shared = ["</s>", "the", "12@@", "гро@@", "ма@@", "U-LEAD", "—"]
    found = rows(table(shared, shared))
    assert sorted(found[""]) == sorted(["</s>", "the", "12@@", "U-LEAD", "—"])
    assert {source: targets for source, targets in found.items() if source} == {"гро@@": ["гро@@"], "ма@@": ["ма@@"]}


def test_two_vocabularies_share_only_what_the_model_can_write() -> None:
    assert rows(table(["▁рада", "▁OK"], ["▁council", "▁OK"])) == {"": ["▁OK", "▁council"]}


def test_a_piece_with_a_space_in_it_would_break_the_table_and_is_left_out() -> None:
    assert rows(table([], ["good", "bad one", ""])) == {"": ["good"]}
