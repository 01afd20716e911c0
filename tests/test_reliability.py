"""The catalogue of faults is whole, and docs/reliability.md tells what the tests show."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.support import reliability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIZES = {"N": 34, "C": 46, "S": 20, "P": 15, "T": 12, "O": 14, "D": 13}


@pytest.fixture(scope="module")
def marks() -> Mapping[str, Sequence[str]]:
    return reliability.marks()


def test_the_catalogue_has_every_row_once() -> None:
    rows = [row.id for row in reliability.catalogue()]
    assert rows == [f"{letter}{number}" for letter, size in SIZES.items() for number in range(1, size + 1)]


def test_every_row_says_what_happens() -> None:
    assert [row.id for row in reliability.catalogue() if not (row.fault and row.happens)] == []


def test_every_mark_names_a_row(marks: Mapping[str, Sequence[str]]) -> None:
    assert set(marks) <= {row.id for row in reliability.catalogue()}


def test_every_row_has_a_test_or_a_reason_why_not(marks: Mapping[str, Sequence[str]]) -> None:
    assert [row.id for row in reliability.catalogue() if row.id not in marks and not row.untested] == []


def test_no_row_with_a_test_says_that_it_has_none(marks: Mapping[str, Sequence[str]]) -> None:
    assert [row.id for row in reliability.catalogue() if row.untested and row.id in marks] == []


def test_marks_are_found_wherever_they_stand() -> None:
    module = ast.parse(
        "CASES = [pytest.param(1, marks=pytest.mark.fault('N1'))]\n"
        "@pytest.mark.fault('N2', 'N3')\ndef test_a(): pass\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.fault('N4'))])\ndef test_b(x): pass\n"
        "class TestAll:\n    @pytest.mark.fault('N6')\n    def test_c(self): default('N5')\n"
    )
    assert list(reliability.marks_in(module)) == [
        *(("", "N1"), ("test_a", "N2"), ("test_a", "N3"), ("test_b", "N4"), ("test_c", "N6")),
    ]  # fmt: skip


def test_the_document_is_what_the_tests_give(marks: Mapping[str, Sequence[str]]) -> None:
    made = reliability.page(reliability.catalogue(), marks)
    assert reliability.PAGE.read_text(encoding="utf-8") == made, "run: python -m tests.support.reliability"
    named = re.findall(r"\| ([A-Z]\d+) \|", made)
    assert len(named) == sum(SIZES.values())
