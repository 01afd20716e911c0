"""What the checks withhold, what they flag, and what they let pass."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.places import spellings
from translations.checks import CheckResult, check, is_shouted


def rules(found: tuple[str, ...]) -> set[str]:
    return {reason.partition(":")[0] for reason in found}


GOOD = [
    (
        "Уряд розподілив 987,1 млн грн на відновлення громад",
        "Government allocates UAH 987.1 million for the recovery of communities",
    ),
    ("Громади отримали 12 500 грн", "Communities received UAH 12,500"),
    ("Громади отримали 12\u00a0500 грн", "Communities received UAH 12,500"),
    ("До 20.02.2026 триває набір", "Applications are open until 20 February 2026"),
    ("Вебінар почнеться о 15:00", "The webinar starts at 3 p.m."),
    ("Бюджет на 2025/2026 роки", "Budget for 2025-26"),
    ("Три громади та двадцять п’ять сіл", "3 communities and 25 villages"),
    ("28-й форум громад", "Twenty-eighth forum of communities"),
    ("2,5 тис. учасників з громад", "2,500 participants from communities"),
    ("Понад тисячу громад із 24 областей", "More than 1,000 communities from 24 regions"),
    ("Півтора мільйона гривень для громад", "UAH 1.5 million for communities"),
    ("1 500 000 грн на укриття в громаді", "UAH 1.5 million for shelters in the community"),
    ("Прийом з 10.00 до 17:30 у громадах", "Reception from 10 a.m. to 5:30 p.m. in communities"),
    ("Набір триває до 01.07.2025", "Applications are open until July 1, 2025"),
    ("Ставка зросла на 12 345 678,90 грн", "The rate has risen by UAH 12,345,678.90"),
    ("Реформа 90-х років у громадах", "The reform of the 1990s in communities"),
    ("Збори VIII скликання", "Meeting of the 8th convocation"),
    ("Програма «U-LEAD з Європою» триває", "U-LEAD with Europe Programme continues"),
    ("Cities4Cities", "Cities4Cities"),
    ("Хмельницька область готує бюджети", "Khmelnytskyi region prepares budgets"),
    (
        "Верховна Рада України: комітет Верховної Ради України",
        "Verkhovna Rada of Ukraine: committee of the Verkhovna Rada of Ukraine",
    ),
    ("ЦНАП", "Administrative service centre"),
]


@pytest.mark.parametrize(("source", "target"), GOOD)
def test_a_good_translation_passes_every_rule(source: str, target: str) -> None:
    assert check(source, target) == CheckResult()


BAD = [
    ("untranslated", "Громади отримають субвенцію", "Громади отримають субвенцію"),
    ("untranslated", "Громади отримають субвенцію", "«громади отримають субвенцію»."),
    ("untranslated", "Громади отримають субвенцію", "..."),
    ("untranslated", "Громади отримають субвенцію", "Громади отримають subvention"),
    ("number_missing", "Форум-2026 у Києві", "Forum in Kyiv"),
    ("number_missing", "Форум-2026 у Києві", "Forum 206 in Kyiv"),
    ("number_missing", "Громада отримала 12 500 грн", "The community received UAH 12.500"),
    ("number_missing", "Громада отримала 987,1 млн грн", "The community received UAH 987.1 billion"),
    ("number_missing", "Громада отримала 987,1 млн грн", "The community received UAH 987.1"),
    ("number_missing", "Громада отримала 2,5 тис. грн", "The community received UAH 2.5"),
    ("number_missing", "До 20.02.2026 триває набір", "Applications are open until 20 March 2026"),
    ("number_missing", "Громада отримала 987,1 млн грн", "The community received UAH 98.71 million"),
    ("number_added", "Форум громад у Києві", "Forum of 120 communities in Kyiv"),
    ("number_added", "Форум 15 громад у Києві", "Forum of 15 communities in Kyiv 2026"),
    ("loop", "Громади отримають субвенцію", "Communities communities communities receive a subvention"),
    ("loop", "Громади отримають субвенцію", "The community of the community of the community of subvention"),
    (
        "loop",
        "Громади цього року отримають субвенцію",
        "Communities to receive a grant. Communities to receive a grant.",
    ),
    ("loop", "Громади отримають субвенцію", "Communities get a subvennnnnnnnnnnnnntion"),
    ("length_extreme", "Громади області отримають нову освітню субвенцію", "Communities"),
    ("length_extreme", "Анонс", "I am sorry but I do not know what you mean by that word"),
]


@pytest.mark.parametrize(("rule", "source", "target"), BAD)
@pytest.mark.fault("T4", "T5")
def test_what_cannot_be_trusted_is_withheld(rule: str, source: str, target: str) -> None:
    assert rule in rules(check(source, target).blocking)


@pytest.mark.parametrize("target", [None, "", "   ", "\n"])
def test_nothing_at_all_is_withheld_for_that_reason_alone(target: str | None) -> None:
    assert check("Громади отримають 25 млн грн", target) == CheckResult(blocking=("empty",))


MARKED = [
    ("digit_missing", "У 5 громадах відкрили школи", "Schools opened in communities"),
    ("digit_added", "У громадах відкрили нові школи", "New schools opened in 7 communities"),
    ("cyrillic_left", "Громади зустрілися в Опішні", "Communities met in Опішня"),
    ("word_doubled", "Громади отримають субвенцію", "The communities communities get a subvention"),
    ("length_unusual", "Громади області отримають нову освітню субвенцію", "Communities to receive it"),
    ("capitals_kept", "ГРОМАДИ ОТРИМАЮТЬ СУБВЕНЦІЮ", "COMMUNITIES RECEIVE SUBVENTION"),
    ("capital_lost", "Громади отримають субвенцію", "communities to receive a subvention"),
    (
        "quotes_lost",
        "Конкурс «Пліч-о-пліч: згуртовані громади України»",
        "Contest Side by Side: United Communities of Ukraine",
    ),
    ("latin_lost", "Проєкти у системі DREAM", "Projects in the DRAEM system"),
    ("residue", "Громади та бізнес", "Communities &quot;and&quot; business"),
    ("residue", "Громади та бізнес", "Communities and busi@@ ness"),
    ("abbreviation_split", "У м. Буча громада має план", "In the city. Bucha community has a plan"),
    ("hromada_lost", "Громада отримає субвенцію", "The bulk will receive a subvention"),
    ("hromada_lost", "Громада отримає субвенцію", "The public will receive a subvention"),
    ("head_noun_lost", "Полтавська область має план", "Poltava area has a plan"),
    ("head_noun_lost", "Нові повноваження міської ради", "New powers of the city's advice"),
    ("adjective_left", "Коростишівська громада має план", "Korostyshivska community has a plan"),
    ("adjective_left", "Новобузька громада має план", "Novobuzkaya territorial community has a plan"),
    ("surname_lost", "Міністр Петро Двірниченко відвідав громаду", "Minister Petro Harlot visited the community"),
]


@pytest.mark.parametrize(("rule", "source", "target"), MARKED)
def test_what_a_person_should_look_at_is_flagged(rule: str, source: str, target: str) -> None:
    verdict = check(source, target)
    assert rule in rules(verdict.flags)


def test_a_reason_names_the_rule_and_what_it_saw() -> None:
    assert check("Форум-2026 громад", "Forum of communities").blocking == ("number_missing: 2026",)


@pytest.mark.parametrize(
    ("text", "shouted"),
    [
        ("ЗАПРОШУЄМО ГРОМАДИ НА ФОРУМ", True),
        ("Запрошуємо громади на форум", False),
        ("МОН, МОЗ, НАДС: що нового", False),
        ("АНОНС", False),
        ("", False),
    ],
)
def test_a_headline_in_capitals_is_recognised(text: str, shouted: bool) -> None:
    assert is_shouted(text) is shouted


@pytest.mark.parametrize(
    "damage",
    [
        lambda source: source,  # echo
        lambda source: "",
        lambda source: None,
        lambda source: "Communities " * 30,
        lambda source: "Communities receive UAH 98 million in 206",
        lambda source: "Communities receive UAH 987 million in 2026 and 11",
        lambda source: "Communities отримають UAH 987 million in 2026",
        lambda source: "...",
    ],
)
def test_no_broken_engine_gets_through(damage: object) -> None:
    source = "Громади отримають 987 млн грн у 2026 році"
    assert callable(damage)
    verdict = check(source, damage(source))
    assert verdict.blocking or verdict.flags


def test_the_checks_are_light_to_import() -> None:
    code = "import sys, translations.checks; print(sorted({'csv', 'pymorphy3', 'argostranslate'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("reason", "source", "target"),
    [
        ("russian_spelling: Kiev (Kyiv)", "Форум громад у Києві", "Forum of communities in Kiev"),
        ("name_missing: Korostyshiv", "Коростишівська громада має план", "Koristyshev community has a plan"),
        ("name_missing: Sumy", "Громади Сумщини мають план", "Communities of Sum region have a plan"),
        ("name_ambiguous: Васильківська громада", "Васильківська громада має план", "Vasylkiv community has a plan"),
        ("term_missing: субвенція", "Громади отримають субвенцію", "Communities receive a prize"),
    ],
)
def test_names_and_terms_are_expected_as_the_house_writes_them(reason: str, source: str, target: str) -> None:
    assert reason in check(source, target).flags


def test_our_spelling_replaces_an_old_one_only_where_the_source_names_the_place() -> None:
    assert spellings.repaired("From Kiev to Odessa", lambda ours: ours == "Kyiv") == "From Kyiv to Odessa"
    assert spellings.russian("Dnieper, Kyiv, Krivoy Rog") == (("Krivoy Rog", "Kryvyi Rih"),)


@settings(deadline=None)  # the first example loads the tables
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_pair_gets_a_verdict(source: str, target: str) -> None:
    verdict = check(source, target)
    assert verdict.blocking == ("empty",) if not target.strip() else isinstance(verdict, CheckResult)


@settings(deadline=None)
@given(st.integers(10, 99999), st.integers(10, 99999))
def test_another_number_never_passes(asked: int, said: int) -> None:
    verdict = check(f"Громади отримають {asked} грн", f"Communities to receive UAH {said}")
    assert bool(verdict.blocking) is (asked != said)
