"""Engines that fail in every way, from the ledger to what readers of the website and of the digest see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.model import Rendering
from pipeline.__main__ import main
from pipeline.commands.translate import work_off
from tests.support.fakes import Desk, open_desk, utc
from tests.support.newsroom import Website
from translations import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OPENED, BUDGET = "Теофіпольська громада відкрила ЦНАП: 142 послуги", "Бюджет громади зріс на 17 відсотків"
GOOD = {
    OPENED: "Teofipol community opens ASC: 142 services",
    BUDGET: "The budget of the community grew by 17 per cent",
}
Answer = "Callable[[str], str | None]"


def raising(text: str) -> str | None:
    raise OSError(f"cannot read {len(text)} letters")


def looping(_: str) -> str | None:
    return "the community and " * 12


ENGINES: dict[str, tuple[Callable[[str], str | None], str]] = {
    "echoes": (lambda text: text, "untranslated"),
    "gives nothing": (lambda _: None, "the engine gave no text"),
    "gives blanks": (lambda _: "  ", "empty"),
    "loops": (looping, "loop"),
    "drops a digit": (lambda text: GOOD[text].replace("142", "14").replace("17", "7"), "number_"),
    "loses the number": (lambda text: GOOD[text].replace("142", "many").replace("17", "many"), "number_missing"),
    "invents a number": (lambda text: f"{GOOD[text]} in 2031", "number_added"),
    "leaves Cyrillic": (lambda text: GOOD[text].replace("community", "громада"), "romanised"),
    "raises": (raising, "the engine raised OSError"),
}


class Fake:
    """An engine that answers with a function."""

    engine = "fake"

    def __init__(self, answer: Callable[[str], str | None], model: str = "fake 1") -> None:
        self.answer, self.model = answer, model
        self.asked: list[str] = []

    def translate(self, texts: list[str]) -> list[Rendering]:
        self.asked += texts
        return [Rendering(self.answer(text)) for text in texts]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    desk.site.publish(1, OPENED, day="2026-02-02")
    desk.site.publish(2, BUDGET, day="2026-02-03")
    desk.run()
    yield desk
    desk.store.close()


@pytest.fixture
def work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """A whole `translate` with this engine at a time; gives what the engine was asked for, once each."""

    def work(fake: Fake, at: str = "2026-02-05T16:00") -> list[str]:
        monkeypatch.setattr("translations.engines.argos.load", lambda: fake)
        monkeypatch.setattr(fingerprint, "maker", lambda: (fake.engine, fake.model))
        work_off(desk.store, lambda: utc(at), setup=False, limit=None)
        return sorted(set(fake.asked))

    return work


@pytest.mark.parametrize(("answer", "reason"), ENGINES.values(), ids=ENGINES)
@pytest.mark.fault("T4", "T5", "T6")
def test_no_row_is_ok_each_has_its_reason_and_readers_see_the_original_with_a_mark(
    desk: Desk,
    work: Callable[..., list[str]],
    answer: Callable[[str], str | None],
    reason: str,
    tmp_path: Path,
) -> None:
    work(Fake(answer))
    rows = desk.rows("SELECT source_text, state, reasons FROM translations")
    assert {row[0] for row in rows} == {OPENED, BUDGET}
    assert {row[1] for row in rows} <= {"failed", "flagged"}
    assert all(any(one.startswith(reason) for one in json.loads(str(row[2]))) for row in rows), rows
    site = Website(desk.store.path)
    front = site.get("/").text
    site.close()
    assert OPENED in front
    assert BUDGET in front
    assert front.count("badge-warn") == 2
    digest(desk, tmp_path)
    text = (tmp_path / "issue-1-draft.txt").read_text(encoding="utf-8")
    assert OPENED in text
    assert BUDGET in text
    assert not any(good in text for good in GOOD.values())
    assert text.count("the translation was withheld") + text.count("a check found a fault") == 2


def digest(desk: Desk, out: Path) -> None:
    begin = ("--begin", "2026-02-01", "--now", "2026-02-05T18:00:00Z")
    assert main(["digest", "--db", str(desk.store.path), "--out", str(out), "--format", "txt", *begin]) == 0


def test_the_next_run_asks_only_for_what_failed(desk: Desk, work: Callable[..., list[str]]) -> None:
    half = Fake(lambda text: GOOD[text] if text == BUDGET else None)
    assert work(half) == sorted(GOOD)
    assert work(Fake(GOOD.get), "2026-02-05T16:10") == []  # the first failure rests for an hour
    mended = Fake(GOOD.get)
    assert work(mended, "2026-02-05T18:00") == [OPENED]
    assert desk.rows("SELECT DISTINCT state FROM translations") == [("ok",)]
    assert work(Fake(GOOD.get), "2026-02-06T18:00") == []


def test_a_new_model_that_fails_everywhere_takes_no_english_away(desk: Desk, work: Callable[..., list[str]]) -> None:
    work(Fake(GOOD.get))
    for number, (answer, _) in enumerate(ENGINES.values(), 2):
        work(Fake(answer, f"fake {number}"))
        assert desk.rows("SELECT count(*) FROM news WHERE title_en IS NULL") == [(0,)]
