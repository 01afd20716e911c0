"""Which results are asked for again with patience."""

from __future__ import annotations

from translations.engines.low_confidence import MOST, least_confident


def test_results_far_below_the_others_are_least_confident_the_least_sure_first() -> None:
    scores = [-0.04 - 0.0001 * (number % 7) for number in range(100)]
    scores[17], scores[60] = -0.4, -0.9
    assert least_confident(scores) == [60, 17]


def test_where_all_are_about_equally_sure_none_is() -> None:
    assert least_confident([-0.06 - 0.001 * (number % 5) for number in range(100)]) == []


def test_failed_results_come_first_and_the_price_is_bounded() -> None:
    scores = [*(None for _ in range(5)), *(-0.05 - 0.0001 * number for number in range(95))]
    assert least_confident(scores) == [0, 1, 2]
    assert len(least_confident([None] * 200)) == MOST * 200


def test_of_a_few_texts_the_least_sure_one_is_least_confident() -> None:
    assert least_confident([-0.05, -0.3, -0.1]) == [1]
    assert least_confident([-0.05]) == [0]
    assert least_confident([]) == []
