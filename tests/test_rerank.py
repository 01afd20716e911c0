"""Choosing, asking again, and what a bad engine comes to: nothing of it is `ok`, and everything has its reason."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from core.errors import ModelError
from core.model import Rendering, Text
from tests.support.fakes import Echo
from translations import assess, checks
from translations.rerank import with_reranking


@dataclass
class Engine:
    """Gives for each text the answers that are laid out for it, or for a question without repeats."""

    answers: dict[str, list[str | None]]
    calm: dict[str, list[str | None]] = field(default_factory=dict)
    signs: tuple[str, ...] = ("A1", "A2")
    engine: str = "fake"
    model: str = "fake 1"
    asked: list[list[str]] = field(default_factory=list)
    writes_out: bool = False

    def should_write_out(self, written: str, full: str) -> bool:
        return self.writes_out

    def hypotheses(self, texts: list[str], *, no_repeats: bool = False) -> list[list[Rendering]]:
        self.asked.append(texts)
        laid_out = self.calm if no_repeats else self.answers
        return [[Rendering(answer, -0.1 * (at + 1)) for at, answer in enumerate(laid_out[text])] for text in texts]


SOURCE = "Коростишівська громада отримала 12 млн гривень"


def test_the_first_sound_result_is_taken() -> None:
    engine = Engine({SOURCE: ["Korostyshiv community received UAH 12 million", "something else"]})
    (done,) = with_reranking(engine).translate([SOURCE])
    assert (done.text, done.score, done.steps) == ("Korostyshiv community received UAH 12 million", -0.1, ())
    assert engine.asked == [[SOURCE]]


@pytest.mark.parametrize(
    ("results", "chosen"),
    [
        (["Korostyshiv community received UAH 13 million", "Kitchen community received UAH 12 million"], 1),
        (["Kitchen community received UAH 12 million", "Korostyshiv community received UAH 12 million"], 1),
        (["Korostyshiv received UAH 12 million", "Kitchen community received UAH 12 million"], 0),
        (["Kitchen community received UAH 12 million", "Garden community received UAH 12 million"], 0),
        ([None, "Korostyshiv community received UAH 12 million"], 1),
    ],
    ids=["number before name", "name", "name before term", "surer", "failed"],
)
def test_the_best_result_is_chosen(results: list[str | None], chosen: int) -> None:
    (done,) = with_reranking(Engine({SOURCE: results}, signs=())).translate([SOURCE])
    assert done.text == results[chosen]
    assert done.steps == ((f"result {chosen + 1} of the engine",) if chosen else ())


def test_a_missing_name_goes_through_as_a_placeholder() -> None:
    engine = Engine(
        {
            SOURCE: ["Root community received UAH 12 million"],
            "A1 отримала 12 млн гривень": ["A1 received UAH 12 million"],
        }
    )
    engine.answers = {text.replace("млн", "мільйонів"): found for text, found in engine.answers.items()}
    engine.writes_out = True
    (done,) = with_reranking(engine).translate([SOURCE])
    assert done.text == "Korostyshiv community received UAH 12 million"
    assert done.steps == ("abbreviations written out", "carried: Korostyshiv community")


@pytest.mark.parametrize("lost", ["received UAH 12 million", "A1 and A1 received UAH 12 million"])
def test_a_placeholder_that_is_lost_or_doubled_changes_nothing(lost: str) -> None:
    source = SOURCE.replace("млн", "мільйонів")
    engine = Engine({source: ["Root community received UAH 12 million"], "A1 отримала 12 мільйонів гривень": [lost]})
    (done,) = with_reranking(engine).translate([source])
    assert (done.text, done.steps) == ("Root community received UAH 12 million", ())


def test_a_loop_is_asked_for_again_with_repetition_held_down() -> None:
    source = "Громади отримають нові школи"
    loop = "communities communities communities communities"
    engine = Engine({source: [loop]}, calm={source: ["Communities will receive new schools"]})
    (done,) = with_reranking(engine).translate([source])
    assert (done.text, done.steps) == ("Communities will receive new schools", ("repetition held down",))
    (done,) = with_reranking(Engine({source: [loop]}, calm={source: [loop]})).translate([source])
    assert assess.assess(text(source), done, Echo(), checks.check).state == "failed"


@pytest.mark.fault("T7")
def test_a_headline_in_capitals_is_asked_for_in_small_letters() -> None:
    engine = Engine({"Громади отримають нові школи": ["Communities will receive new schools"]})
    (done,) = with_reranking(engine).translate(["ГРОМАДИ ОТРИМАЮТЬ НОВІ ШКОЛИ"])
    assert (done.text, done.steps) == ("Communities will receive new schools", ("capitals made small",))


def test_a_lead_is_withheld_when_one_sentence_must_be() -> None:
    first, second = "Громади отримають нові школи.", "На це дали 25 мільйонів."
    good = "Communities will receive new schools."
    engine = Engine({first: [good], second: ["They gave 25 million for this."]})
    assert with_reranking(engine).translate([f"{first} {second}"])[0].text == f"{good} They gave 25 million for this."
    (done,) = with_reranking(Engine({first: [good], second: ["They gave 52 million for this."]})).translate(
        [f"{first} {second}"]
    )
    assert done.text is None
    assert done.error == "in one sentence: number_missing: 25"


def text(source: str) -> Text:
    return Text("h", source, "uk", "en", "title")


HEADLINE = "Уряд дав громадам 25 мільйонів на школи"


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (HEADLINE, "failed", "untranslated"),
        ("", "failed", "empty"),
        (None, "failed", "gave up"),
        ("The Government gave gave gave gave communities 25 million for schools", "failed", "loop"),
        ("The Government gave communities 2 million for schools", "failed", "number_missing"),
        ("The Government gave communities 25 million for 17 schools", "failed", "number_added"),
        ("The Government gave communities 25 million for школи", "flagged", "romanised: школи"),
        ("The Government gave Kiev communities 25 million for schools", "flagged", "russian_spelling"),
    ],
    ids=["echo", "nothing", "error", "loop", "drops", "invents", "Cyrillic", "spelling"],
)
def test_a_bad_engine_s_results_are_never_ok(answer: str | None, state: str, reason: str) -> None:
    echo = Echo(answers={HEADLINE: Rendering(answer, error=None if answer is not None else "gave up")})
    (done,) = with_reranking(echo).translate([HEADLINE])
    row = assess.assess(text(HEADLINE), done, echo, checks.check)
    assert row.state == state
    assert any(reason in each for each in row.reasons)
    assert (row.result is None) == (state == "failed")


class Raises(Echo):
    def translate(self, texts: list[str]) -> list[Rendering]:
        if any("пада" in text for text in texts):
            raise IndexError("list index out of range")
        return super().translate(texts)


def test_a_text_at_which_the_engine_raises_fails_alone_with_its_reason() -> None:
    good, bad = with_reranking(Raises()).translate(["Громади", "Усе падає"])
    assert good.text == "English of 7 letters"
    assert (bad.text, bad.error) == (None, "the engine raised IndexError: list index out of range")


def test_an_engine_that_gives_too_few_results_is_asked_one_by_one() -> None:
    class Short(Echo):
        def translate(self, texts: list[str]) -> list[Rendering]:
            return super().translate(texts)[:1]

    assert [done.text for done in with_reranking(Short()).translate(["Громади", "Нові громади"])] == [
        "English of 7 letters",
        "English of 12 letters",
    ]


def test_a_model_that_broke_as_a_whole_is_no_text_s_fault() -> None:
    class Broken(Echo):
        def translate(self, texts: list[str]) -> list[Rendering]:
            raise ModelError("out of memory")

    with pytest.raises(ModelError):
        with_reranking(Broken()).translate(["Громади"])
