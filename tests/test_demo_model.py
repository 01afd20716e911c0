"""The demonstration model really translates combinations that it was never shown."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from demo import headlines
from tests.support.argos_packages import DEMO, install_demo
from translations.engines import argos

if TYPE_CHECKING:
    from core.model import Rendering

PAIRS = headlines.held_out(20260206, 200)


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> argos.ArgosTranslator:
    return argos.ArgosTranslator(install_demo(tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def renderings(translator: argos.ArgosTranslator) -> list[Rendering]:
    return translator.translate([pair.uk for pair in PAIRS])


def test_at_least_nine_in_ten_unseen_combinations_are_exactly_right(renderings: list[Rendering]) -> None:
    wrong = [(p.uk, r.text) for p, r in zip(PAIRS, renderings, strict=True) if r.text != p.en]
    assert len(wrong) <= 0.1 * len(PAIRS), wrong


def test_numbers_come_through(renderings: list[Rendering]) -> None:
    number = re.compile(r"\d[\d.,]*")
    kept = [
        sorted(number.findall(p.en)) == sorted(number.findall(r.text or ""))
        for p, r in zip(PAIRS, renderings, strict=True)
    ]
    assert kept.count(False) <= 0.03 * len(kept)


SEED = {
    "Korostyshiv": "Zhytomyr", "Koziatyn": "Vinnytsia", "Kurne": "Zhytomyr", "Kushuhum": "Zaporizhzhia",
    "Novoukrainka": "Kirovohrad", "Opishnia": "Poltava", "Rozdilna": "Odesa", "Savyntsi": "Kharkiv",
    "Teofipol": "Khmelnytskyi", "Zavodske": "Ternopil",
}  # fmt: skip


@pytest.mark.parametrize(("community", "region"), SEED.items())
def test_the_ten_communities_have_their_names_and_regions(
    translator: argos.ArgosTranslator, community: str, region: str
) -> None:
    pair = headlines.compose("community-title-02", h=community, t="open data")
    (rendering,) = translator.translate([pair.uk])
    assert rendering.text == f"{community} community of the {region} region introduces open data"


@pytest.mark.parametrize(
    ("uk", "en"),
    [
        (
            "Десять громад отримають менторську підтримку в розвитку міжнародного співробітництва",
            "Ten communities to gain mentoring support in developing international cooperation",
        ),
        (
            "Олексій Рябикін: схвалений Урядом законопроєкт закладає європейські правила розмежування повноважень",
            "Oleksii Riabykin: draft law approved by the Government lays down European rules for the delineation of"
            " powers",
        ),
        (
            "Цифровий контроль ДІАМ: як «Прозоре будівництво» змінює правила гри для громад",
            'DIAM digital control: how "Transparent Construction" changes the rules of the game for communities',
        ),
        (
            "Громади отримають майже 1 млрд грн на проєкти відновлення",
            "Communities to receive nearly UAH 1 billion for restoration projects",
        ),
    ],
)
def test_the_headlines_of_the_seed_page(translator: argos.ArgosTranslator, uk: str, en: str) -> None:
    assert translator.translate([uk])[0].text == en


def test_the_package_says_what_it_is_and_is_small() -> None:
    assert DEMO.stat().st_size <= 8_000_000
    with zipfile.ZipFile(DEMO) as archive:
        names = [name.split("/", 1)[1] for name in archive.namelist()]
        top = archive.namelist()[0].split("/")[0]
        about = json.loads(archive.read(f"{top}/metadata.json"))
        readme = archive.read(f"{top}/README.md").decode()
        config = json.loads(archive.read(f"{top}/model/config.json"))
        merges = archive.read(f"{top}/bpe.model").decode()
    assert {"metadata.json", "README.md", "bpe.model", "model/model.bin", "model/shared_vocabulary.json"} <= {*names}
    assert (about["from_code"], about["to_code"], about["package_version"]) == ("uk", "en", "0.1")
    assert about["description"] == "demonstration model, controlled vocabulary"
    assert "DEMONSTRATION" in readme
    assert "controlled vocabulary" in readme
    assert merges.startswith("#version: 0.2\n")
    assert (config["decoder_start_token"], config["add_source_eos"]) == ("<s>", True)
