"""`names` and `check` on standard input."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable

Run = "Callable[..., tuple[int, list[Any], str]]"


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, list[Any], str]]:
    def run(command: str, *lines: bytes | str) -> tuple[int, list[Any], str]:
        raw = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="ascii"))
        code = main([command])
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err

    return run


def test_each_text_has_a_line_with_its_places(run: Callable[..., tuple[int, list[Any], str]]) -> None:
    code, found, _ = run("names", "\ufeffУ Савинцівській громаді", "", "Громади Житомирщини: Коростишів, Козятин")
    assert code == 0
    assert [[place["name_en"] for place in places] for places in found] == [
        ["Savyntsi community"],
        [],
        ["Zhytomyr region", "Korostyshiv community", "Koziatyn community"],
    ]
    assert (found[0][0]["id"], found[0][0]["kind"], found[0][0]["matched"]) == (
        "UA63040150000053402",
        "hromada",
        "Савинцівській громаді",
    )


def test_a_name_of_several_places_has_no_id_and_says_which_it_may_be(
    run: Callable[..., tuple[int, list[Any], str]],
) -> None:
    _, [[same], [different]], _ = run("names", "Семенівська громада", "Обухівська громада")
    assert (same["id"], same["name_en"]) == (None, "Semenivka community")
    assert (different["id"], different["name_en"]) == (None, None)
    assert len(different["ambiguous"]) == 2


def test_each_pair_has_a_line_with_the_rules_that_fire(run: Callable[..., tuple[int, list[Any], str]]) -> None:
    code, found, _ = run(
        "check",
        "Громада отримала 12 млн грн\tThe community received UAH 12 million",
        "Громада отримала 12 млн грн\tThe community received UAH 13 million",
        "Громада отримала кошти\tBulk received funds",
        "Громада\t",
    )
    assert code == 0
    assert found[0] == {"blocking": [], "flags": []}
    assert [reason.partition(":")[0] for reason in found[1]["blocking"]] == ["number_missing", "number_added"]
    assert found[2]["flags"] == ["hromada_lost: Bulk, громада"]
    assert found[3]["blocking"] == ["empty"]


@pytest.mark.parametrize(
    ("command", "line", "said"),
    [
        ("check", "no tab here", "line 2: expected source and target with a tab between"),
        ("check", b"\xff\t\xfe", "line 2: not UTF-8"),
        ("names", b"\xd0", "line 2: not UTF-8"),
    ],
)
def test_a_line_that_does_not_fit_is_named(
    run: Callable[..., tuple[int, list[Any], str]], command: str, line: bytes | str, said: str
) -> None:
    code, found, error = run(command, "Рада\tCouncil", line)
    assert code == 2
    assert len(found) == 1
    assert said in error
