"""What a rendering is worth."""

from __future__ import annotations

import pytest

from core.model import Rendering, Text
from translations import assess, checks
from translations.checks import CheckResult

TEXT = Text("h1", "Громади отримають 987,1 млн грн на проєкти відновлення", "uk", "en", "title")


class Engine:
    engine, model = "argos", "translate-uk_en 1.9"

    def translate(self, texts: list[str]) -> list[Rendering]:
        raise AssertionError("judging calls no engine")


def clean(source: str, target: str) -> CheckResult:
    return CheckResult((), ())


def test_a_good_rendering_is_ok_and_says_who_made_it() -> None:
    row = assess.assess(TEXT, Rendering("Communities to receive", -0.3), Engine(), clean, "g7")
    assert (row.state, row.result, row.reasons, row.score) == ("ok", "Communities to receive", (), -0.3)
    assert (row.text, row.engine, row.model, row.glossary) == (TEXT, "argos", "translate-uk_en 1.9", "g7")


def test_a_flagged_rendering_is_kept_with_its_reasons() -> None:
    row = assess.assess(TEXT, Rendering("Communities"), Engine(), lambda *_: CheckResult((), ("too short",)))
    assert (row.state, row.result, row.reasons) == ("flagged", "Communities", ("too short",))


def test_a_blocked_rendering_is_no_translation() -> None:
    row = assess.assess(TEXT, Rendering("Bulk bulk"), Engine(), lambda *_: CheckResult(("loop",), ("too short",)))
    assert (row.state, row.result, row.reasons) == ("failed", None, ("loop", "too short"))


def test_a_failed_rendering_is_no_translation_and_is_not_checked() -> None:
    def unasked(*_: str) -> CheckResult:
        raise AssertionError("nothing to check")

    row = assess.assess(TEXT, Rendering(None, error="out of breath"), Engine(), unasked)
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
    assert assess.assess(TEXT, Rendering(target), Engine(), checks.check).state == state


def test_what_the_engine_s_keeper_flags_is_flagged_and_what_was_done_is_told() -> None:
    rendering = Rendering("Communities", flags=("romanised: Дія",), steps=("repaired: currency",))
    row = assess.assess(TEXT, rendering, Engine(), lambda *_: CheckResult((), ("too short",)))
    assert (row.state, row.reasons, row.steps) == ("flagged", ("too short", "romanised: Дія"), ("repaired: currency",))
