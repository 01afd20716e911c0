"""The grammar of bilingual headlines: right forms, the same for the same seed, held-out combinations apart."""

from __future__ import annotations

import re

import pytest

from demo import headlines, wordforms
from demo.headlines import compose

MANY = headlines.generate(7, 4_000)


def test_the_same_seed_gives_the_same_pairs() -> None:
    assert headlines.generate(3, 50) == headlines.generate(3, 50)
    assert headlines.generate(3, 50) != headlines.generate(4, 50)


def test_held_out_combinations_are_never_generated() -> None:
    held_out = {pair.uk for pair in headlines.held_out(1, 400)}
    assert len(held_out) == 400
    assert not held_out & {pair.uk for pair in MANY}
    assert not any(headlines.is_held_out(pair) for pair in MANY)


def test_every_pattern_is_complete_in_both_languages() -> None:
    assert len(headlines.patterns()) >= 250
    assert {pair.pattern for pair in MANY} == set(headlines.patterns())
    for pair in MANY:
        assert not re.search(r"[{}]|  ", pair.uk + pair.en), pair
        assert not re.search(r"[а-яіїєґ]", pair.en, re.IGNORECASE), pair
        assert pair.uk[0] == pair.uk[0].upper()
        assert pair.en.endswith(".") == (pair.kind == "lead")


@pytest.mark.parametrize(
    ("pattern", "slots", "uk", "en"),
    [
        (
            "money-title-05",
            {"h": "Korostyshiv", "money": "nearly 1.2 million UAH", "p": "repair of roads"},
            "Коростишівська громада отримає майже 1,2 млн грн на ремонт доріг",
            "Korostyshiv community to receive nearly UAH 1.2 million for the repair of roads",
        ),
        (
            "money-title-02",
            {"n": 3, "money": "450 thousand EUR"},
            "3 громади отримають 450 тис. євро на відновлення",
            "3 communities to receive EUR 450,000 for restoration",
        ),
        (
            "money-title-02",
            {"n": 12, "money": "2 billion UAH"},
            "12 громад отримають 2 млрд грн на відновлення",
            "12 communities to receive UAH 2 billion for restoration",
        ),
        (
            "services-title-01",
            {"h": "Izium"},
            "В Ізюмській громаді відкрили новий ЦНАП",
            "New administrative service centre opens in the Izium community",
        ),
        (
            "partner-title-05",
            {"f": "Lund", "h": "Opishnia", "g": "a school bus"},
            "Лунд передав Опішнянській громаді шкільний автобус",
            "Lund hands over a school bus to the Opishnia community",
        ),
        (
            "law-title-02",
            {"org": "Verkhovna Rada", "law": 12283},
            "Верховна Рада підтримала законопроєкт №12283",
            "Verkhovna Rada supports draft law No. 12283",
        ),
        (
            "services-lead-03",
            {"big": 12500},
            "Послугами центру скористалися 12 500 жителів громади.",
            "The services of the centre were used by 12,500 residents of the community.",
        ),
        (
            "partner-title-13",
            {"date": "02-26", "c": "Odesa"},
            "Форум муніципальних партнерств відбудеться 26 лютого в Одесі",
            "Forum of municipal partnerships to take place in Odesa on 26 February",
        ),
    ],
)
def test_words_stand_in_the_form_that_the_sentence_asks_for(
    pattern: str, slots: dict[str, headlines.Value], uk: str, en: str
) -> None:
    pair = compose(pattern, **slots)
    assert (pair.uk, pair.en) == (uk, en)


@pytest.mark.parametrize(
    ("pattern", "slots", "message"),
    [
        ("money-title-99", {}, "no such pattern"),
        ("services-title-01", {}, "needs h"),
        ("services-title-01", {"h": "Atlantis"}, "not in the vocabulary"),
        ("money-title-02", {"n": 21, "money": "2 billion UAH"}, "must not end in one"),
        ("services-lead-03", {"big": 503}, "must not end in"),
        ("money-title-02", {"n": 5, "money": "lots"}, "not a sum of money"),
    ],
)
def test_words_that_do_not_fit_are_refused(pattern: str, slots: dict[str, headlines.Value], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compose(pattern, **slots)


def test_every_region_has_communities_and_every_community_its_region() -> None:
    assert len(wordforms.oblasts()) == 24
    assert {word.en["obl"] for word in wordforms.hromadas().values()} == set(wordforms.oblasts())
    assert wordforms.oblasts()["Volyn"].uk["in"] == "на Волині"
    assert wordforms.oblasts()["Zaporizhzhia"].uk["in"] == "на Запоріжжі"


def test_sentences_join_to_a_lead() -> None:
    lead = headlines.join(compose("law-lead-02"), compose("election-lead-02", pct="41.5"))
    assert lead.kind == "lead"
    assert lead.uk.endswith("самоврядування. Явка виборців становила 41,5%.")
    assert lead.en.endswith("bodies. Voter turnout was 41.5%.")
