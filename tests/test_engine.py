"""Texts through the real Argos tokenizers and the real CTranslate2."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sentencepiece

from core.errors import ModelError
from tests.support.argos_packages import ROOT, chain_package, install_demo
from translations.engines import argos, packages
from translations.engines.sentences import prepare, segments

if TYPE_CHECKING:
    from collections.abc import Callable

    from translations.engines.packages import Package


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return install_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def translator(demo: Package) -> argos.ArgosTranslator:
    return argos.ArgosTranslator(demo, threads=1)


# What a text is before it is translated


@pytest.mark.parametrize(
    ("written", "prepared"),
    [
        ("12\u00a0500\u202fгрн", "12 500 грн"),
        ("об’єднання, обʼєднання, об`єднання", "об'єднання, об'єднання, об'єднання"),
        ("гро\u00adмада\u200b", "громада"),
        ("Украї\u0301на", "Україна"),
        ("и\u0306 і\u0308", "й ї"),
        ("и\u0301\u0306", "й"),
        ("  два\n\tслова ", "два слова"),
        ("онлайн\u2011форум", "онлайн-форум"),
        ("", ""),
    ],
)
def test_a_text_is_prepared(written: str, prepared: str) -> None:
    assert prepare(written) == prepared


@pytest.mark.parametrize(
    ("lead", "parts"),
    [
        ("Рада ухвалила бюджет. Громада отримає кошти.", 2),
        ("Форум пройшов у м. Буча. Громади обмінялися досвідом.", 2),
        ("Школу в с. Курне Житомирської обл. Коростишівського р-н. відновили.", 1),
        ("Виділено 1,2 млн. грн. на школу по вул. Шевченка.", 1),
        ("Про це сказав О. Петренко на сесії.", 1),
        ("Закон діє з 2026 р. Уряд затвердив порядок.", 2),
        ("Навіщо це громаді? Пояснює експерт!", 2),
        ("«Це наш шанс.» Так каже голова громади.", 2),
        ("Обладнання, меблі, техніка і т.д. Усе це отримали громади.", 2),
        ("Діє ст. 5 закону.", 1),
    ],
)
def test_a_lead_is_cut_into_sentences_but_not_at_abbreviations(lead: str, parts: int) -> None:
    found = segments(lead)
    assert len(found) == parts
    assert " ".join(found) == lead


def test_a_headline_stays_whole() -> None:
    assert segments("Що змінилося? Пояснення для громад") == ["Що змінилося? Пояснення для громад"]
    assert segments("") == []
    assert len(segments("Перше речення довгого тексту. " * 10 + "Без крапки")) == 11


# A byte-pair package


def test_headlines_come_back_in_order(translator: argos.ArgosTranslator) -> None:
    texts = ["Савинська громада оптимізує мережу шкіл", "Президент підписав закон про медичну реформу"]
    assert [rendering.text for rendering in translator.translate(texts)] == [
        "Savyntsi community optimises its school network",
        "President signs law on medical reform",
    ]


def test_a_lead_is_translated_sentence_by_sentence(translator: argos.ArgosTranslator) -> None:
    lead = "Про це повідомив Уряд. Учасники обговорили відкриті дані та медичну реформу."
    (rendering,) = translator.translate([lead])
    assert rendering.text == (
        "This was reported by the Government. The participants discussed open data and medical reform."
    )
    assert rendering.score is not None
    assert -1.5 < rendering.score < 0


@pytest.mark.fault("T8")
def test_spaces_apostrophes_and_invisible_characters_do_not_change_the_result(
    translator: argos.ArgosTranslator,
) -> None:
    plain = "Знам'янська громада прийняла 12 500 переселенців"
    odd = "Знам’янська  гро\u00adмада прийняла 12\u00a0500 переселенців"
    first, second = translator.translate([plain, odd])
    assert first.text == second.text == "Znamianka community receives 12,500 internally displaced persons"


def test_hyphens_are_split_and_joined_again(translator: argos.ArgosTranslator) -> None:
    (rendering,) = translator.translate(["Громади Івано-Франківської області: Івано-Франківськ"])
    assert "Ivano-Frankivsk" in (rendering.text or "")
    assert "@" not in (rendering.text or "")


def test_a_text_with_nothing_in_it_fails_alone(translator: argos.ArgosTranslator) -> None:
    empty, good = translator.translate(["\u200b ", "Президент підписав закон про медичну реформу"])
    assert (empty.text, empty.error) == (None, "nothing to translate in this text")
    assert good.text == "President signs law on medical reform"
    assert translator.translate([]) == []


@pytest.mark.fault("T6")
def test_a_text_far_beyond_any_headline_is_bounded(translator: argos.ArgosTranslator) -> None:
    (rendering,) = translator.translate(["громада отримає кошти на школу " * 300])
    assert rendering.text is None or len(rendering.text) < 20_000


def test_many_texts_equal_one_by_one(translator: argos.ArgosTranslator) -> None:
    texts = [f"У {name} громаді завершили ремонт доріг" for name in ("Коростишівській", "Курненській", "Шумській")]
    together = [rendering.text for rendering in translator.translate(texts * 40)]
    assert together == [translator.translate([text])[0].text for text in texts] * 40


def test_it_says_what_it_is(translator: argos.ArgosTranslator) -> None:
    assert translator.engine == "argos"
    assert translator.model == "translate-uk_en-demo 0.1 (demonstration model, controlled vocabulary)"


# A SentencePiece package


def test_a_sentencepiece_package_translates(tmp_path: Path) -> None:
    package = packages.read(chain_package(tmp_path / "translate-uk_en-2_0", "Communities receive funds"))
    translator = argos.ArgosTranslator(package, threads=1)
    assert translator.model == "translate-uk_en 2.0"
    results = translator.translate(["Громади отримають кошти", "Рада ухвалила рішення. Громади отримають кошти."])
    assert [rendering.text for rendering in results] == [
        "Communities receive funds",
        "Communities receive funds Communities receive funds",
    ]


def test_a_package_needs_the_tokenizer_of_its_source_side_only(tmp_path: Path) -> None:
    path = chain_package(tmp_path / "translate-uk_en-2_0", "Communities receive funds")
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["Громади отримають кошти", "Рада ухвалила рішення"] * 20),
        model_writer=trained, vocab_size=26, hard_vocab_limit=False, minloglevel=2, num_threads=1,
    )  # fmt: skip
    (path / "sentencepiece.model").write_bytes(trained.getvalue())
    (rendering,) = argos.ArgosTranslator(packages.read(path), threads=1).translate(["Громади отримають кошти"])
    assert rendering.text == "Communities receive funds"


@pytest.mark.fault("T5", "T6")
def test_output_without_end_is_a_failure_with_a_reason(tmp_path: Path) -> None:
    package = packages.read(chain_package(tmp_path / "loop", "Communities", ends=False))
    (rendering,) = argos.ArgosTranslator(package, threads=1).translate(["Громади отримають кошти"])
    assert rendering.text is None
    assert re.fullmatch(r"the engine did not come to an end within \d+ tokens", rendering.error or "")


# Damage


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.999])
@pytest.mark.fault("T2")
def test_a_cut_model_is_a_clear_error(demo: Package, tmp_path: Path, kept: float) -> None:
    copy = install_demo(tmp_path)
    whole = (demo.model / "model.bin").read_bytes()
    (copy.model / "model.bin").write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(ModelError, match=r"cannot be loaded.*visnyk model install"):
        argos.ArgosTranslator(copy)


@pytest.mark.parametrize("junk", [b"\xff\xfe junk", b"one two three four\n"], ids=["bytes", "words"])
@pytest.mark.parametrize("name", ["bpe.model", "model/config.json", "model/shared_vocabulary.json"])
@pytest.mark.fault("T2")
def test_a_file_of_junk_is_a_clear_error(
    tmp_path: Path, name: str, junk: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = install_demo(tmp_path)
    (copy.path / name).write_bytes(junk)
    with pytest.raises(ModelError, match=str(copy.path)):
        argos.ArgosTranslator(copy)


@pytest.mark.fault("T1")
def test_no_package_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISNYK_ARGOS_PACKAGES", str(tmp_path))
    with pytest.raises(ModelError, match=r"no translation package uk→en.*model install"):
        argos.load()


# The tokenizer of the package that users have


def real_package() -> Path | None:
    """The real package's tokenizer and vocabulary, beside the repository where a developer keeps shared files."""
    named = os.environ.get("VISNYK_REAL_PACKAGE")
    path = Path(named) if named else ROOT.parent / "shared" / "translation" / "argos-uk_en-1_9"
    return path if (path / "bpe.model").exists() else None


def test_the_tokenizer_repairs_what_argos_would_damage(
    demo: Package, record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    real = real_package()
    package = packages.read(real) if real else demo
    record_property("tokenizer", package.identity)
    with capsys.disabled():
        if real is None:
            print("\n(tokenizer test: the real package is not at hand; the demonstration package stands in)")
    codec = argos.codec_of(package)
    assert _words(codec, "чат-бот 12\u00a0500") == ["чат", "@-@", "бот", "12", "500"]
    assert _words(codec, "об’єднання") == ["об", "&apos;", "єднання"]
    vocabulary = set(json.loads((package.model / "shared_vocabulary.json").read_text(encoding="utf-8")))
    assert set(codec.encode(prepare("На Івано-Франківщині обрали 12 старост"))) <= vocabulary
    text = 'Ivano-Frankivsk community: UAH 1.2 million for "recovery" (region), 45%'
    assert codec.decode(codec.encode(text)) == text


def _words(codec: argos.Codec, text: str) -> list[str]:
    return " ".join(codec.encode(prepare(text))).replace("@@ ", "").split()
