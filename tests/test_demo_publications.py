"""What the replica publishes: enough, in both languages, and with everything that the demo must show."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from demo import everyday, expected
from demo.headlines import Pair, is_held_out
from demo.publications import Post, posts
from demo.scenario import DAYS, KYIV, SITES

TEN = (
    ("Korostyshiv", "Zhytomyr"),
    ("Koziatyn", "Vinnytsia"),
    ("Kurne", "Zhytomyr"),
    ("Kushuhum", "Zaporizhzhia"),
    ("Novoukrainka", "Kirovohrad"),
    ("Opishnia", "Poltava"),
    ("Rozdilna", "Odesa"),
    ("Savyntsi", "Kharkiv"),
    ("Teofipol", "Khmelnytskyi"),
    ("Zavodske", "Ternopil"),
)


def everything(day: int) -> list[Post]:
    return [post for source in SITES for post in posts(source, DAYS[day - 1])]


def portal(key: str, day: int) -> Post:
    return next(post for post in posts("decentralization", DAYS[day - 1]) if post.key == key)


def test_there_are_three_hundred_publications_over_ninety_days_in_both_languages() -> None:
    found = everything(2)
    days = [post.first.published.astimezone(KYIV).date() for post in found]
    assert len(found) >= 300
    assert max(days) - min(days) == timedelta(days=88)  # 10 November is the first working day of the ninety
    assert sum("uk" in post.editions for post in found) >= 200
    assert sum("en" in post.editions for post in found) >= 90


def test_every_source_has_something_new_on_the_second_day() -> None:
    first, second = (Counter(post.source for post in everything(day)) for day in (1, 2))
    assert {source for source in SITES if second[source] > first[source]} == set(SITES)


def test_no_key_stands_for_two_publications() -> None:
    counted = Counter((post.source, post.key) for post in everything(2))
    assert [key for key, times in counted.items() if times > 1] == []


def test_nothing_is_shown_before_it_was_published() -> None:
    late = [e for post in everything(1) for e in post.editions.values() if e.published > DAYS[0]]
    assert late == []


def test_the_mentorship_contest_names_its_ten_communities_with_their_regions() -> None:
    post = portal("90386", 1)
    assert post.editions["en"].title == (
        "Ten communities to gain mentoring support in developing international cooperation"
    )
    assert post.lines == tuple(f"{name} community – {region} region" for name, region in TEN)
    assert len(post.oblasts) == 9


@pytest.mark.parametrize(
    ("key", "language", "title"),
    [
        (
            "90388",
            "uk",
            "Олексій Рябикін: схвалений Урядом законопроєкт закладає європейські правила розмежування повноважень",
        ),
        ("90389", "uk", "Цифровий контроль ДІАМ: як «Прозоре будівництво» змінює правила гри для громад"),
        ("90390", "en", "Communities to receive nearly UAH 1 billion for restoration projects"),
    ],
)
def test_its_three_neighbours_are_there(key: str, language: str, title: str) -> None:
    assert key in portal("90386", 1).more
    assert portal(key, 1).editions[language].title == title
    assert f"{portal(key, 1).first.published:%d %B %Y}" == "29 January 2026"


def test_an_english_edition_comes_a_day_later_under_the_same_id() -> None:
    assert set(portal("90402", 1).editions) == {"uk"}
    assert set(portal("90402", 2).editions) == {"uk", "en"}


def test_five_headlines_are_edited_on_the_second_day_and_one_only_changes_its_quotation_marks() -> None:
    assert sorted((source, language) for source, _, language in expected.edited()) == [
        ("auc", "uk"),
        ("cities4cities", "en"),
        ("decentralization", "en"),
        ("decentralization", "uk"),
        ("hromady", "uk"),
    ]
    before, after = (portal("90378", day).editions["uk"].title for day in (1, 2))
    assert before != after
    assert expected.plain(before) == expected.plain(after)


def test_the_perfect_collector_keeps_nothing_from_sites_in_trouble_and_nothing_off_topic() -> None:
    first, second = expected.stored(1), expected.stored(2)
    assert [key for key in first if key[0] == "kmu"] == []
    assert {key for key in second if key[0] == "prostir"} == {key for key in first if key[0] == "prostir"}
    assert ("kmu", "tsiny-na-palne-pidsumky-tyzhnia", "uk") not in second
    assert any(post.key == "tsiny-na-palne-pidsumky-tyzhnia" for post in posts("kmu", DAYS[1]))


def test_a_date_that_only_a_wrong_date_stands_for_is_not_expected() -> None:
    undated = {identity[0] for identity, wanted in expected.stored(2).items() if wanted.day is None}
    assert undated == {"auc", "kmu", "prostir"}


def test_the_everyday_news_are_the_same_every_time_and_new_to_the_model() -> None:
    rows = everyday.rows()
    assert rows == everyday.rows()
    headlines = {row["uk"][0] for row in rows if "uk" in row}
    assert len(headlines) >= 200
    assert [title for title in headlines if not is_held_out(Pair(title, "", "money-title-01"))] == []


def test_an_address_is_the_transliterated_headline() -> None:
    assert everyday.slug("Уряд виділив 5 млрд грн: під'їзд і щастя") == "uriad-vydilyv-5-mlrd-hrn-pidizd-i-shchastia"
