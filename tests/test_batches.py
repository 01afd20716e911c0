"""Batches of one cost."""

from __future__ import annotations

import random

import pytest

from translations.engines.batching import batches


@pytest.mark.parametrize("number", [1, 2, 3, 20, 256, 1000])
@pytest.mark.parametrize("workers", [1, 2, 8])
def test_every_text_is_in_one_batch_and_no_batch_is_much_above_the_limit(number: int, workers: int) -> None:
    sizes = [random.Random(number).randint(2, 40) for _ in range(number)]
    parts = batches(sizes, 384, workers)
    assert sorted(place for part in parts for place in part) == list(range(number))
    assert max(sum(sizes[place] for place in part) for part in parts) <= 384 + 40
    assert len(parts) % workers == 0 or number < workers * 4


def test_texts_of_one_length_are_together_and_the_longest_come_first() -> None:
    assert batches([5, 20, 6, 21, 5, 6], 42, 1) == [[3, 1], [2, 5, 0, 4]]


def test_a_few_texts_are_work_for_every_core() -> None:
    assert [len(part) for part in batches([15] * 20, 384, 2)] == [10, 10]


def test_nothing_is_no_batch() -> None:
    assert batches([], 384, 2) == []
