"""The same news give the same issue, in whichever order the sites answered."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from core.model import Item, Published, iso
from db import articles, grouping_due, reference
from db.store import open_store
from db.stories import StoryArchive
from newsletter import draft, exporting
from newsletter.render.formats import FORMATS
from newsletter.settings import read_newsletter
from pipeline.collect.decide import decide
from pipeline.collect.normalise import normalise
from pipeline.group import group_due
from pipeline.stories.update import refresh_stories
from tests.support.samples import NOW, PORTAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.model import Source
    from newsletter.issue import Issue

AT = iso(NOW)
ORDERS = 15
SOURCES = [
    replace(PORTAL, id=name, name="Вісник", homepage=f"https://{name}.example/", hosts=(f"{name}.example",))
    for name in ("alpha", "beta", "gamma")
]  # of one name: even that decides nothing
TOLD = (
    "Уряд розподілив субвенцію на школи між громадами",
    "Бучанська громада відкрила центр послуг",
    "Парламент ухвалив закон про старост у громадах",
    "Громади обмінялися досвідом відновлення",
    "Область затвердила стратегію розвитку",
)


def items() -> list[tuple[Source, Item]]:
    """Equal days and equal titles at several sources, an English one, one without a date."""
    found = []
    for number, source in enumerate(SOURCES):
        for key, title in enumerate(TOLD, 1):
            day = None if key == 5 else Published("2026-02-04", "day", "listing")
            url = f"https://{source.id}.example/news/{key}"
            if number == 0 or key < 4:
                found.append(
                    (source, Item(url, title, lead=f"Повідомляє редакція, {key}.", published=day, key=str(key)))
                )
        url = f"https://{source.id}.example/en/news/9"
        dated = Published("2026-02-04", "day", "listing")
        found.append((source, Item(url, "Communities opened a new school", published=dated, key="9")))
    return found


def issue_of(path: Path, order: Sequence[tuple[Source, Item]], at_once: int) -> Issue:
    """The draft when the items arrived in this order; stories are numbered by their place in it, articles not."""
    store = open_store(path)
    with store.transaction() as connection:
        reference.save_sources(connection, SOURCES)
    for start in range(0, len(order), at_once):
        with store.transaction() as connection:
            decisions = [decide(normalise(item, source, NOW), None) for source, item in order[start : start + at_once]]
            saved = articles.save(connection, decisions, AT)
            refresh_stories(StoryArchive(connection, AT), connection, saved.story_ids)
            grouping_due.add(connection, saved.article_ids, AT)
        group_due(store, AT)
    with store.transaction() as connection:
        issue = draft.next_issue(connection, read_newsletter(), AT)
    store.close()
    unnumbered: dict[str, Any] = {"article_id": 0, "english_id": 0, "articles": (), "lead_ids": (None, None)}
    entries = [
        replace(entry, story=replace(entry.story, story_id=place, **unnumbered))
        for place, entry in enumerate(issue.entries, 1)
    ]
    return replace(issue, entries=tuple(entries))


@pytest.mark.fault("O12")
def test_any_order_of_arrival_gives_the_same_issue_in_every_format(tmp_path: Path) -> None:
    news, chance = items(), random.Random(12)
    first = issue_of(tmp_path / "0.db", news, 100)
    assert len(first.entries) == 6
    assert max(entry.story.sources for entry in first.entries) == 3
    for number in range(1, ORDERS + 1):
        shuffled = issue_of(tmp_path / f"{number}.db", chance.sample(news, len(news)), chance.choice((1, 3, 100)))
        assert shuffled == first
    assert exporting.render(shuffled, FORMATS) == exporting.render(first, FORMATS)
