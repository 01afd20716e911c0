"""Terms of the reform in any form, with and without the optional dictionary; versions by content."""

from __future__ import annotations

import csv

import pytest

from language import phrases, stems
from translations import glossary
from translations.glossary import Glossary, Term
from translations.glossary import glossary as loaded


@pytest.fixture(params=["stems", "dictionary"], autouse=True)
def reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs by stems alone, and again with the dictionary where it is installed."""
    if request.param == "stems":
        monkeypatch.setattr(stems, "_analyser", lambda: None)
    elif stems._analyser() is None:
        pytest.skip(
            "pymorphy3 and pymorphy3-dicts-uk (the extra `morphology`) are not installed: stems alone are tested"
        )
    for cached in (stems.form_keys, stems.entry_keys, phrases._text_keys, loaded):
        cached.cache_clear()


def terms(text: str) -> list[str]:
    return [match.term.uk for match in glossary.find(text)]


FORMS = [
    ("громади громаді громаду громадою громад громадам громадами громадах", "громада"),
    ("субвенції субвенцію субвенцією субвенцій субвенціям субвенціями субвенціях", "субвенція"),
    ("старости старості старосту старостою старост старостам старостах", "староста"),
    ("законопроєкту законопроєктом законопроєкти законопроєктів законопроєктах законопроект", "законопроєкт"),
    ("районів району районом районах", "район"),
    ("області областю областей областям", "область"),
    ("сіл села селу селом селах", "село"),
    ("міста місту містом міст містам", "місто"),
    ("переселенця переселенці переселенців переселенцям", "переселенець"),
    ("стійкості стійкістю", "стійкість"),
    ("дотації дотацій дотаціями", "дотація"),
]


@pytest.mark.parametrize(("forms", "term"), FORMS)
def test_a_term_is_found_in_every_form(forms: str, term: str) -> None:
    assert {form: terms(form) for form in forms.split()} == {form: [term] for form in forms.split()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("нові ЦНАПи та ЦНАПів, у ЦНАПі, ЦНАП-ам", ["ЦНАП", "ЦНАП", "ЦНАП", "ЦНАП"]),
        ("послуги центрів надання адміністративних послуг", ["центр надання адміністративних послуг"]),
        ("посадових осіб місцевого самоврядування", ["посадова особа місцевого самоврядування"]),
        ("сільськими радами й міському голові", ["сільська рада", "міський голова"]),
        ("старостинських округів", ["старостинський округ"]),
        ("громадам-форпостам і місту-побратиму", ["громада-форпост", "місто-побратим"]),
        ("Міністерства розвитку громад і територій України", ["Міністерство розвитку громад та територій України"]),
        ("прем’єр-міністра", ["Прем’єр-міністр"]),
        ("перші місцеві вибори", ["перші місцеві вибори"]),
        ("загальної середньої освіти", []),
        ("закладу загальної середньої освіти", ["заклад загальної середньої освіти"]),
        ("освітньої субвенції", ["освітня субвенція"]),
        ("безбар’єрності", ["безбар’єрність"]),
        ("внутрішньо переміщених осіб", ["внутрішньо переміщена особа"]),
        ("у першому читанні", ["перше читання"]),
    ],
)
def test_terms_of_several_words_bend_as_a_whole(text: str, found: list[str]) -> None:
    if text.startswith("прем"):
        text = text.capitalize()
    assert terms(text) == found


@pytest.mark.parametrize(
    "text",
    ["громадський транспорт", "громадяни країни", "громадськість міркує", "районний", "він дуже рад", "субвенційний"],
)
def test_false_friends_are_left_alone(text: str) -> None:
    assert not {"громада", "район", "Рада", "субвенція"} & set(terms(text))


def test_council_of_europe_is_not_the_european_council() -> None:
    assert terms("Рада Європи і Європейська Рада") == ["Рада Європи", "Європейська Рада"]


def test_the_matched_words_are_those_of_the_text() -> None:
    text = "Про повноваження органів місцевого\u00a0самоврядування"
    match = glossary.find(text)[-1]
    assert text[match.start : match.end] == match.matched == "органів місцевого\u00a0самоврядування"


def test_only_hard_terms_are_expected_in_a_translation() -> None:
    source = "Область отримала субвенцію"
    assert [match.term.uk for match in glossary.expected(source)] == ["субвенція"]
    assert [match.term.uk for match in glossary.missing(source, "The region has got a prize")] == ["субвенція"]


@pytest.mark.parametrize(
    ("uk", "english", "said"),
    [
        ("субвенція", "Subventions for communities", True),
        ("субвенція", "A subsidy for communities", True),
        ("субвенція", "Money for communities", False),
        ("ЦНАП", "Administrative service centers", True),
        ("ЦНАП", "ASCs open", True),
        ("центр надання адміністративних послуг", "New ASC", True),
        ("громада", "communities", True),
        ("громада", "community's", True),
        ("громада", "communal", False),
        ("децентралізація", "Decentralization", True),
        ("розмежування повноважень", "the delineation of the powers", True),
        ("законопроєкт", "Bills", True),
    ],
)
def test_any_accepted_english_counts(uk: str, english: str, said: bool) -> None:
    term = next(term for term in loaded().terms if term.uk == uk)
    assert glossary.is_said(term, english) is said


def test_one_changed_entry_touches_exactly_the_texts_that_contain_a_form_of_it() -> None:
    texts = ["Громади отримають субвенції", "Нова субвенція", "Вибори старости", "Погода на завтра"]
    before = Glossary([Term("субвенція", "subvention"), Term("староста", "starosta"), Term("громада", "community")])
    after = Glossary([Term("субвенція", "grant"), Term("староста", "starosta"), Term("громада", "community")])
    assert before.version != after.version
    assert [before.version_for(text) != after.version_for(text) for text in texts] == [True, True, False, False]


def test_a_new_or_removed_entry_counts_as_a_change() -> None:
    before = Glossary([Term("громада", "community")])
    after = Glossary([Term("громада", "community"), Term("староста", "starosta")])
    assert before.version_for("Вибори старост") != after.version_for("Вибори старост")
    assert before.version_for("Громади") == after.version_for("Громади")


def test_the_version_does_not_depend_on_the_order_of_the_file() -> None:
    one = [Term("громада", "community"), Term("староста", "starosta")]
    assert Glossary(one).version == Glossary(one[::-1]).version


def test_the_file_is_complete_and_has_no_entry_twice() -> None:
    with glossary.FILE.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == len({row["term_uk"] for row in rows}) >= 330
    assert all(row["preferred_en"] and row["force"] in {"hard", "soft"} for row in rows)


def test_every_entry_finds_itself() -> None:
    lost = [term.uk for term in loaded().terms if term not in {match.term for match in glossary.find(term.uk)}]
    assert lost == []


def test_a_term_may_be_turned_round() -> None:
    source = "Бюджет громади зріс"
    assert glossary.missing(source, "The budget of the community grew") == ()
    assert [match.term.uk for match in glossary.missing(source, "The budget grew in the community")] == [
        "бюджет громади"
    ]
