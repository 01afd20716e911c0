"""`story`: an editor asks why, splits and joins, and later runs obey."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from db.store import open_store
from pipeline.__main__ import main
from tests.support.fakes import Desk, open_desk

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND = (
    "Коростишівська громада отримала 12 млн грн на школу",
    "Коростишівська громада отримала 12 млн грн на школу (ВІДЕО)",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    desk = open_desk(tmp_path / "news.db")
    desk.site.publish(1, FIRST, lead="Кошти підуть на ремонт даху і котельні ліцею.")
    desk.site.publish(2, SECOND, lead="Кошти підуть на ремонт даху і котельні ліцею.")
    desk.site.publish(3, "Уряд затвердив перелік гірських населених пунктів")
    desk.run()
    desk.store.close()
    return tmp_path / "news.db"


def ask(capsys: pytest.CaptureFixture[str], path: Path, *words: str) -> dict[str, Any]:
    assert main(["story", *words, "--db", str(path), "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def groups(path: Path) -> list[list[str]]:
    store = open_store(path)
    rows = store.connection.execute(
        "SELECT group_concat(key) FROM (SELECT * FROM articles ORDER BY key) GROUP BY story_id"
    )
    found = sorted(row[0].split(",") for row in rows)
    store.close()
    return found


def run_again(path: Path, days: float) -> None:
    desk = Desk(open_store(path))
    desk.site.publish(1, FIRST, lead="Кошти підуть на ремонт даху і котельні ліцею.")
    desk.site.publish(2, SECOND + " оновлено", lead="Кошти підуть на ремонт даху і котельні ліцею.")
    desk.run(days=days)
    desk.store.close()


def test_why_is_told_in_a_sentence(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert groups(path) == [["1", "2"], ["3"]]
    story = ask(capsys, path, "show", "1")
    assert {article["key"] for article in story["articles"]} == {"1", "2"}
    assert [link["verdict"] for link in story["links"]] == ["same"]
    assert story["links"][0]["reason"].endswith(".")
    assert main(["story", "show", "1", "--db", str(path)]) == 0
    assert story["links"][0]["reason"] in capsys.readouterr().out


def test_only_the_word_that_stands_is_shown_of_each_pair(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, verdict in ((("split", "2"), "different"), (("join", "1"), "same")):
        ask(capsys, path, *words, *([str(_story_of(path, "2"))] if words[0] == "join" else []))
        shown = ask(capsys, path, "show", "1")["links"]
        pairs = [(link["article_id"], link["other_id"]) for link in shown]
        assert len(pairs) == len(set(pairs))
        assert [link["verdict"] for link in shown if link["decided_by"] == "editor"] == [verdict]


def test_a_verdict_that_no_longer_holds_is_not_shown(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(path)
    store.connection.execute(
        """INSERT INTO story_links
               (article_id, other_id, verdict, method, score, evidence, reason, decided_by, decided_at)
           VALUES (1, 2, 'related', 'group_vetoed', 0.9, '{}', 'Once apart.', 'machine', '2026-02-01T06:00:00Z')"""
    )
    store.connection.commit()
    store.close()
    assert [link["verdict"] for link in ask(capsys, path, "show", "1")["links"]] == ["same"]


def _story_of(path: Path, key: str) -> int:
    store = open_store(path)
    (story,) = store.connection.execute("SELECT story_id FROM articles WHERE key = ?", (key,)).fetchone()
    store.close()
    return int(story)


def test_a_split_outlives_later_runs_and_regrouping(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(capsys, path, "split", "2")
    for days in (1, 2, 3):
        assert groups(path) == [["1"], ["2"], ["3"]]
        run_again(path, days)
    ask(capsys, path, "regroup")
    assert groups(path) == [["1"], ["2"], ["3"]]


def test_a_join_outlives_regrouping_and_both_numbers_lead_to_the_story(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(path)
    stories = [row[0] for row in store.connection.execute("SELECT DISTINCT story_id FROM articles ORDER BY key")]
    store.close()
    ask(capsys, path, "join", str(stories[0]), str(stories[-1]))
    ask(capsys, path, "regroup")
    assert groups(path) == [["1", "2", "3"]]
    shown = [ask(capsys, path, "show", str(number))["story_id"] for number in stories]
    assert len(set(shown)) == 1


def test_two_stories_that_an_editor_joins_are_one_with_all_their_articles(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, third = _story_of(path, "1"), _story_of(path, "3")
    ask(capsys, path, "join", str(third), str(first))
    assert groups(path) == [["1", "2", "3"]]
    reasons = {link["reason"] for link in ask(capsys, path, "show", str(first))["links"]}
    assert "An editor put them into one story." in reasons
    assert main(["story", "join", str(third), str(first), "--db", str(path)]) == 2
    assert f"stories {third} and {first} are one story already" in capsys.readouterr().err


BEYOND = str(10**22)  # more than a row number can be


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["show", "99"], "no story 99"),
        (["split", "99"], "no article 99"),
        (["join", "1", "99"], "no story 99"),
        (["join", "1", "1"], "two stories are needed, and 1 is one"),
    ],
)
def test_what_does_not_exist_is_named(
    path: Path, words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["story", *words, "--db", str(path)]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("words", [["show", BEYOND], ["split", BEYOND], ["join", BEYOND, "1"]])
def test_what_cannot_be_a_row_number_is_wrong_usage(
    path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["story", *words, "--db", str(path)])
    assert f"'{BEYOND}' is not a number of 1 or more" in capsys.readouterr().err


def test_pairs_are_judged_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = ({"source": name, "language": "uk", "title": FIRST, "published_on": "2026-02-01"} for name in "xy")
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"a": first, "b": second}) + "\nnonsense\n"))
    assert main(["story", "compare"]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["verdict"] == "same"
    assert "line 2" in captured.err
