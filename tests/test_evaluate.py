"""`evaluate`: the machine against the publishers' own English."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.model import Rendering
from pipeline.__main__ import main
from tests.support.fakes import Desk, Echo, open_desk
from translations.evaluate import Compared, ours, report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    yield desk
    desk.store.close()


def test_a_perfect_machine_has_full_marks() -> None:
    text = "Korostyshiv community in the Zhytomyr region receives a subvention of UAH 12 million"
    source = "Коростишівська громада Житомирської області отримує субвенцію 12 млн грн"
    found = report([Compared(source, text, text)] * 3)
    assert found.chrf is not None
    assert found.bleu is not None
    assert (round(found.chrf.score), round(found.bleu.score)) == (100, 100)
    assert (found.headlines, found.withheld, found.flags_per_100) == (3, 0, 0.0)
    for accuracy in (found.names, found.regions, found.numbers, found.terms):
        assert accuracy.expected == accuracy.right >= 3


def test_what_is_wrong_or_withheld_is_counted_apart() -> None:
    found = report(
        [
            Compared("Коростишівська громада отримує 12 млн", "Root community receives 13 million", "Korostyshiv"),
            Compared("Громади Сумщини мають субвенцію", "Communities have a subvention", "Communities"),
            Compared("Нові школи", None, "New schools"),
        ]
    )
    assert (found.headlines, found.withheld) == (3, 1)
    assert (found.names.expected, found.names.right) == (1, 0)
    assert (found.regions.expected, found.regions.right) == (1, 0)
    assert (found.numbers.expected, found.numbers.right) == (1, 0)
    assert found.terms.right == found.terms.expected == 4
    assert found.flags_per_100 == 100.0


def test_a_nearer_wording_scores_more_and_lies_in_its_interval() -> None:
    reference = "Communities to receive new schools and hospitals this year"
    near = report([Compared("x", "Communities will receive new schools and hospitals", reference)] * 20)
    far = report([Compared("x", "A wholly different matter", reference)] * 20)
    assert near.chrf is not None
    assert far.chrf is not None
    assert far.chrf.score < near.chrf.low <= near.chrf.score <= near.chrf.high <= 100


def test_without_anything_shown_there_is_no_score() -> None:
    found = report([Compared("Школи", None, "Schools")])
    assert (found.chrf, found.bleu, found.flags_per_100) == (None, None, 0.0)


def test_a_publisher_s_old_spelling_is_no_error_of_the_machine() -> None:
    assert ours("Mayor of Kiev and Kharkov") == "Mayor of Kyiv and Kharkiv"


def test_cyrillic_letters_in_a_publisher_s_english_are_no_error_of_the_machine() -> None:
    assert ours("Decentralіsation: highlights") == "Decentralisation: highlights"


def test_the_command_translates_measures_by_month_and_stores(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for key, uk, en, day in (
        (1, "Громади отримали субвенцію", "Communities received a subvention", "2026-01-10"),
        (2, "Громади мають 25 шкіл", "Communities have 25 schools", "2026-02-02"),
        (3, "Громади будують", "Communities are building", "2026-02-03"),
    ):
        desk.site.publish(key, uk, day=day)
        desk.site.publish(key, en, day=day, edition="/en")
    desk.run()
    echo = Echo(
        answers={
            "Громади отримали субвенцію": Rendering("Communities received a subvention"),
            "Громади мають 25 шкіл": Rendering("Communities have 52 schools"),
            "Громади будують": Rendering("Communities build"),
        }
    )
    monkeypatch.setattr("translations.engines.argos.load", lambda: echo)
    assert main(["evaluate", "--db", str(desk.store.path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["evaluations"]
    assert [(row["month"], row["headlines"], row["withheld"]) for row in rows] == [
        (None, 3, 1),
        ("2026-02", 2, 1),
        ("2026-01", 1, 0),
    ]
    assert rows[2]["chrf"] == 100.0
    assert rows[1]["chrf"] < 100.0
    stored = desk.rows("SELECT month, model, chrf, withheld FROM evaluations ORDER BY id")
    assert stored == [(row["month"], "fake 1", row["chrf"], row["withheld"]) for row in rows]
    assert desk.rows("SELECT DISTINCT title_en_by FROM news") == [("publisher",)]
    asked = len(echo.calls)
    assert main(["evaluate", "--db", str(desk.store.path), "--limit", "1"]) == 0
    assert len(echo.calls) == asked
    assert capsys.readouterr().out.startswith("all          1 headlines, 0 withheld: chrF ")


def test_without_pairs_or_a_model_it_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VISNYK_ARGOS_PACKAGES", str(tmp_path / "none"))
    assert main(["evaluate", "--db", str(desk.store.path)]) == 0
    assert capsys.readouterr().out == "no headline in both languages yet\n"
    desk.site.publish(1, "Громади навчаються")
    desk.site.publish(1, "Communities are learning", edition="/en")
    desk.run()
    assert main(["evaluate", "--db", str(desk.store.path)]) == 1
    assert "model install" in capsys.readouterr().err
    assert main(["evaluate", "--db", str(tmp_path / "none.db")]) == 1
