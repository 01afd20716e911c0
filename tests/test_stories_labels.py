"""Source labels: the source that they name in any words, and its effect on verdict and representatives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import StoryText
from pipeline.stories.judge import judge
from pipeline.stories.representatives import choose_representatives
from pipeline.stories.source_labels import is_attributed_to
from scrapers.registry import all_sources

PORTAL = StoryText(
    1, "decentralization", "1", "uk", "Громади зможуть подати заявки на нові шкільні автобуси до травня",
    published_on="2025-11-21", publisher="Пресцентр ініціативи «Децентралізація»",
)  # fmt: skip


def of(source: str, number: int = 2) -> StoryText:
    (publisher,) = [each.publisher for each in all_sources() if each.id == source]
    return StoryText(
        number, source, "a", "uk", "Заявки на шкільні автобуси прийматимуть від громад до травня",
        published_on="2025-11-21", publisher=publisher,
    )  # fmt: skip


REAL = [
    ("Урядовий портал", "kmu"),
    ("За повідомленням Урядового порталу", "kmu"),
    ("Кабінет Міністрів України", "kmu"),
    ("Пресслужба Кабінету Міністрів", "kmu"),
    ("https://www.kmu.gov.ua/news/avtobusy", "kmu"),
    ("Асоціація міст України", "auc"),
    ("За інформацією Асоціації міст України", "auc"),
    ("АМУ", "auc"),
    ("Асоціація ОТГ", "hromady"),
    ("Всеукраїнська Асоціація об’єднаних територіальних громад", "hromady"),
    ("Сities4Cities", "cities4cities"),  # with a Cyrillic С, as it is written there
    ("Комітет Верховної Ради України з питань організації державної влади", "komsamovr"),
    ("Громадський простір", "prostir"),
    ("EU Neighbours East", "euneighbourseast"),
]


@pytest.mark.parametrize(("label", "source"), REAL)
def test_a_label_names_one_source_and_no_other(label: str, source: str) -> None:
    labelled = replace(PORTAL, attribution=label)
    others = [each.id for each in all_sources() if each.id != "decentralization"]
    assert [other for other in others if is_attributed_to(labelled, of(other))] == [source]


@pytest.mark.parametrize("label", ["Прес-центр ініціативи «Децентралізація»", "decentralization.ua", "Децентралізація",
                                   "Джерело: Децентралізація", "За інформацією порталу «Децентралізація»"])  # fmt: skip
def test_the_portal_is_known_by_its_labels_elsewhere(label: str) -> None:
    assert is_attributed_to(replace(of("auc"), attribution=label), PORTAL)


@pytest.mark.parametrize("label", ["", "Офіс реформ", "Асоціація громад", "Міста України", "УАРОР", "gov.ua",
                                   "Програма «Децентралізація приносить кращі результати»"])  # fmt: skip
def test_other_labels_name_none_of_ours(label: str) -> None:
    labelled = replace(PORTAL, source_id="paper", attribution=label)
    assert not any(is_attributed_to(labelled, of(each.id)) for each in all_sources())


def test_a_label_that_names_its_own_site_names_no_other_article_of_it() -> None:
    own = replace(PORTAL, attribution=PORTAL.publisher)
    assert not is_attributed_to(own, replace(PORTAL, key="2"))


def test_a_publisher_that_is_no_source_of_ours_is_known_by_its_name() -> None:
    labelled = replace(PORTAL, attribution="За матеріалами Полтавської обласної ради")
    council = replace(of("auc"), source_id="council", publisher="Полтавська обласна рада")
    assert is_attributed_to(labelled, council)
    assert not is_attributed_to(labelled, replace(council, publisher=""))


@pytest.mark.parametrize(("label", "source"), [("Урядовий портал", "kmu"), ("Асоціація ОТГ", "hromady")])
def test_a_labelled_repost_of_the_same_day_never_speaks_for_the_original(label: str, source: str) -> None:
    original = of(source)
    assert choose_representatives([replace(PORTAL, attribution=label), original]).uk_article_id == original.article_id
    assert choose_representatives([PORTAL, original]).uk_article_id == PORTAL.article_id


def test_a_label_is_evidence_and_raises_a_verdict_that_is_near() -> None:
    title = "Міністерство приймає заявки на автобуси для шкіл громад"
    original = replace(of("auc"), title=title, published_on="2025-11-23")
    labelled = replace(PORTAL, attribution="За інформацією Асоціації міст України")
    without, named = judge(PORTAL, original), judge(labelled, original)
    assert without.verdict != "same"
    assert (named.verdict, named.method) == ("same", "attribution")
    assert named.evidence["attribution"] == (labelled.attribution,)
