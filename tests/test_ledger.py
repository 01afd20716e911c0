"""What a rendering is worth, and when a text is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.model import Rendering, Text
from translations import checks, ledger
from translations.checks import Verdict

NOW = datetime(2026, 2, 6, 12, tzinfo=UTC)
TEXT = Text("h1", "Громади отримають 987,1 млн грн на проєкти відновлення", "uk", "en", "title")


class Engine:
    engine, model = "argos", "translate-uk_en 1.9"

    def translate(self, texts: list[str]) -> list[Rendering]:
        raise AssertionError("judging calls no engine")


def clean(source: str, target: str) -> Verdict:
    return Verdict((), ())


def test_a_good_rendering_is_ok_and_says_who_made_it() -> None:
    row = ledger.judge(TEXT, Rendering("Communities to receive", -0.3), Engine(), clean, "g7")
    assert (row.state, row.result, row.reasons, row.score) == ("ok", "Communities to receive", (), -0.3)
    assert (row.text, row.engine, row.model, row.glossary) == (TEXT, "argos", "translate-uk_en 1.9", "g7")


def test_a_doubtful_rendering_is_kept_with_its_reasons() -> None:
    row = ledger.judge(TEXT, Rendering("Communities"), Engine(), lambda *_: Verdict((), ("too short",)))
    assert (row.state, row.result, row.reasons) == ("flagged", "Communities", ("too short",))


def test_a_blocked_rendering_is_no_translation() -> None:
    row = ledger.judge(TEXT, Rendering("Bulk bulk"), Engine(), lambda *_: Verdict(("loop",), ("too short",)))
    assert (row.state, row.result, row.reasons) == ("failed", None, ("loop", "too short"))


def test_a_failed_rendering_is_no_translation_and_is_not_checked() -> None:
    def unasked(*_: str) -> Verdict:
        raise AssertionError("nothing to check")

    row = ledger.judge(TEXT, Rendering(None, error="out of breath"), Engine(), unasked)
    assert (row.state, row.result, row.reasons) == ("failed", None, ("out of breath",))


@pytest.mark.parametrize(
    ("target", "state"),
    [
        ("Communities to receive UAH 987.1 million for restoration projects", "ok"),
        ("Communities to receive UAH 97.1 million for restoration projects", "failed"),
        ("Громади отримають 987,1 млн грн на проєкти відновлення", "failed"),
        ("", "failed"),
    ],
)
def test_with_the_real_checks(target: str, state: str) -> None:
    assert ledger.judge(TEXT, Rendering(target), Engine(), checks.check).state == state


@pytest.mark.parametrize(
    ("state", "attempts", "hours", "due"),
    [
        ("ok", 1, 9999, False),
        ("flagged", 1, 9999, False),
        ("stale", 1, 0, True),
        ("failed", 1, 0.5, False),
        ("failed", 1, 1, True),
        ("failed", 2, 11, False),
        ("failed", 2, 12, True),
        ("failed", 3, 71, False),
        ("failed", 3, 72, True),
        ("failed", 4, 14 * 24, True),
        ("failed", 5, 9999, False),
    ],
)
def test_a_failed_text_is_tried_again_ever_more_seldom_and_not_for_ever(
    state: str, attempts: int, hours: float, due: bool
) -> None:
    last_at = (NOW - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ledger.is_due(state, attempts, last_at, NOW) is due


def test_due_texts_come_once_titles_first_in_the_order_given() -> None:
    def text(text_hash: str, kind: str) -> Text:
        return Text(text_hash, text_hash, "uk", "en", kind)

    texts = [text("lead1", "lead"), text("b", "title"), text("a", "title"), text("b", "title"), text("done", "title"),
             text("waits", "lead")]  # fmt: skip
    rows = {"done": ("ok", 1, "2026-02-01T00:00:00Z"), "waits": ("failed", 1, "2026-02-06T11:59:00Z")}
    assert [each.text_hash for each in ledger.due(texts, rows, NOW)] == ["b", "a", "lead1"]
