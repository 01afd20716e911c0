"""The evidence that people read: every number, word and address that both have, each in the words of both sides."""

from __future__ import annotations

import pytest

from core.model import StoryLink, StoryText
from pipeline.stories.evidence import weigh
from pipeline.stories.explain import sentence
from pipeline.stories.features import read_features
from pipeline.stories.judge import judge


def text(title: str, lead: str = "", language: str = "uk", **fields: str) -> StoryText:
    return StoryText(0, fields.pop("source_id", "one"), "", language, title, lead, "2026-03-03", **fields)  # type: ignore[arg-type]


def other(title: str, lead: str = "", language: str = "uk", **fields: str) -> StoryText:
    return text(title, lead, language, source_id="two", **fields)


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        ("Розпочалася III фаза Програми «Міцні села»", other("Розпочалася 3 фаза Програми «Міцні села»"), "3"),
        ("9 громад Сумщини отримали автобуси", other("Автобуси отримали 9 громад Сумщини"), "9"),
        ("Бюджети за лютий: надходження", other("Budgets for February: revenue", language="en"), "February"),
        ("Надходження бюджетів за лютий", other("Надходження бюджетів на 28 лютого"), "February"),
        ("Держбюджет-2026: субвенції громадам", other("State budget 2026: subventions", language="en"), "2026"),
    ],
)
def test_small_numbers_months_and_years_are_shown_and_do_not_count(first: str, second: StoryText, number: str) -> None:
    assert number in judge(text(first), second).evidence["numbers"]
    assert weigh(read_features(text(first)), read_features(second)).numbers == ()


def test_what_tells_most_stands_first_and_nothing_twice() -> None:
    first, second = (
        "До 5 травня 2026 року 92 громади отримають 3 млн грн",
        "3 млн грн до 5 травня 2026 року: 92 громади",
    )
    assert judge(text(first), other(second)).evidence["numbers"] == ("3 million", "92", "05.05", "2026")


def test_words_that_mean_the_same_are_shown_in_the_words_of_both() -> None:
    first = text("Мінрегіон роз’яснив порядок оренди комунального майна")
    second = other("Ministry for Development of Communities explains lease of municipal property", language="en")
    verdict = judge(first, second)
    assert {"мінрегіон = ministry", "оренди = lease", "майна = property"} <= set(verdict.evidence["meanings"])
    said = sentence(StoryLink(1, 2, verdict.verdict, verdict.method, verdict.score, verdict.evidence))
    assert "(words мінрегіон = ministry, розяснив = explains, оренди = lease, " in said


def test_a_word_in_another_case_form_needs_no_second_spelling() -> None:
    found = judge(text("Громада оновила оренду майна"), other("Громади: оренду майна оновили")).evidence
    assert "оренду" in found["words"]
    assert "meanings" not in found


def test_the_address_that_a_text_gives_is_evidence_and_stands_in_the_sentence() -> None:
    lead = "Детальніше: https://www.towns.test/novyna/strok-zapytiv?utm_source=x"
    first = text("Громади просять більше часу на подання запитів", lead)
    title = "Місцеве самоврядування потребує подовження строків бюджетних запитів громад"
    verdict = judge(first, other(title, url="https://towns.test/novyna/strok-zapytiv"))
    assert verdict.method == "mentioned_address"
    assert verdict.evidence["address"] == ("towns.test/novyna/strok-zapytiv",)
    said = sentence(StoryLink(1, 2, verdict.verdict, verdict.method, verdict.score, verdict.evidence))
    assert said.startswith("One text gives the address of the other, towns.test/novyna/strok-zapytiv (words ")
    assert sentence(StoryLink(1, 2, "same", "mentioned_address", 1.0, {})) == "One text gives the address of the other."
