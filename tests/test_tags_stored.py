"""Places and topics of stored articles: with the articles, after an edit, after a changed rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from language.places.gazetteer import gazetteer
from pipeline.tagging import matching, rules_version
from pipeline.tagging import tag as work
from tests.support.fakes import Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PLACES = "SELECT a.key, p.name_en, ap.matched FROM article_places ap JOIN places p ON p.id = ap.place_id JOIN articles a ON a.id = ap.article_id ORDER BY 1, 2"  # noqa: E501
TOPICS = (
    "SELECT a.key, t.topic_id, t.matched FROM article_topics t JOIN articles a ON a.id = t.article_id ORDER BY 1, 2"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "news.db")
    yield desk
    desk.store.close()


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Adds a row to the rules of topics, as an editor of the file would between two runs."""
    folder = tmp_path / "data"
    folder.mkdir()
    for table in rules_version.DATA.glob("*.csv"):
        (folder / table.name).write_bytes(table.read_bytes())
    monkeypatch.setattr(rules_version, "DATA", folder)

    def add(row: str) -> None:
        with (folder / "topic_rules.csv").open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
        matching.rules.cache_clear()

    matching.rules.cache_clear()
    yield add
    matching.rules.cache_clear()


UNCLEAR = "SELECT a.key, u.matched, json_array_length(u.place_ids) FROM article_unclear_places u JOIN articles a ON a.id = u.article_id"  # noqa: E501


def test_a_stored_article_has_its_places_and_topics_and_the_reader_sees_them(desk: Desk) -> None:
    desk.site.publish(
        1, "Коростишівська громада отримала субвенцію", lead="Кошти підуть на школу в Опішнянській громаді"
    )
    desk.run()
    assert desk.rows(PLACES) == [
        ("1", "Korostyshiv community", "Коростишівська громада"),
        ("1", "Opishnia community", "Опішнянській громаді"),
    ]
    assert [row[:2] for row in desk.rows(TOPICS)] == [("1", "budgets"), ("1", "education")]
    assert desk.rows("SELECT oblasts, topics FROM news") == [
        ('["Poltava region","Zhytomyr region"]', '["Budgets and subventions","Education"]')
    ]


def test_the_tables_hold_the_whole_codifier_and_all_topics(desk: Desk) -> None:
    desk.site.publish(1, "Громади навчаються")
    desk.run()
    assert desk.rows("SELECT kind, count(*) FROM places GROUP BY kind ORDER BY kind") == [
        ("hromada", 1469),
        ("oblast", 27),
        ("raion", 136),
    ]
    assert desk.rows("SELECT count(*) FROM places WHERE (oblast_id IS NULL) <> (kind = 'oblast')") == [(0,)]
    assert desk.rows("SELECT count(*) FROM topics") == [(15,)]


def test_an_edited_article_loses_the_places_that_it_no_longer_names(desk: Desk) -> None:
    desk.site.publish(1, "Коростишівська громада навчається")
    desk.run()
    desk.site.publish(1, "Опішнянська громада навчається")
    desk.run()
    assert [row[1] for row in desk.rows(PLACES)] == ["Opishnia community"]


def test_a_changed_rule_changes_exactly_the_articles_that_it_touches(desk: Desk, rules: Callable[[str], None]) -> None:
    desk.site.publish(1, "Громада має музей")
    desk.site.publish(2, "Громада отримала субвенцію")
    desk.run()
    assert [row[:2] for row in desk.rows(TOPICS)] == [("2", "budgets")]
    rules("музей,uk,education")
    written = writes(desk)
    assert work.tag_outdated(desk.store) == 1
    assert [row[:2] for row in desk.rows(TOPICS)] == [("1", "education"), ("2", "budgets")]
    assert [sql for sql in written if "article_topics" in sql] == [
        "DELETE FROM article_topics WHERE article_id = 1",
        "INSERT INTO article_topics (article_id, topic_id, matched) VALUES (1, 'education', 'музей')",
    ]
    written.clear()
    assert work.tag_outdated(desk.store) == 0
    assert written == []


def writes(desk: Desk) -> list[str]:
    """What is written from now on."""
    found: list[str] = []
    desk.store.connection.set_trace_callback(
        lambda sql: found.append(sql) if sql.startswith(("INSERT", "UPDATE", "DELETE")) else None
    )
    return found


def test_a_run_that_is_stopped_goes_on_with_the_rest(
    desk: Desk, rules: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in (1, 2, 3):
        desk.site.publish(key, f"Громада має музей номер {key}")
        desk.run()
    rules("музей,uk,education")
    monkeypatch.setattr(work, "AT_ONCE", 1)
    ticks = iter([0.0, 1.0, 11.0])
    assert work.tag_outdated(desk.store, seconds=10, timer=lambda: next(ticks)) == 1
    assert [row[0] for row in desk.rows(TOPICS)] == ["3"]
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(work, "_tag", killed)
        work.tag_outdated(desk.store)
    assert work.tag_outdated(desk.store) == 2


def killed(*_: object) -> int:
    raise KeyboardInterrupt


def test_articles_from_before_tagging_are_tagged(desk: Desk) -> None:
    desk.site.publish(1, "Громада отримала субвенцію")
    desk.run()
    for table in ("article_topics", "article_rules"):
        desk.store.connection.execute(f"DELETE FROM {table}")
    assert work.tag_outdated(desk.store) == 1
    assert [row[:2] for row in desk.rows(TOPICS)] == [("1", "budgets")]


def test_an_empty_database_is_left_empty(desk: Desk) -> None:
    assert work.tag_outdated(desk.store) == 0
    assert desk.rows("SELECT count(*) FROM places") == [(0,)]


def test_nothing_is_loaded_when_the_rules_are_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.site.publish(1, "Громада отримала субвенцію")
    desk.run()
    gazetteer.cache_clear()
    matching.rules.cache_clear()
    assert work.tag_outdated(desk.store) == 0
    assert gazetteer.cache_info().currsize == matching.rules.cache_info().currsize == 0


def test_a_name_of_several_places_is_listed_until_the_text_tells(desk: Desk) -> None:
    desk.site.publish(1, "Покровська громада будує школу")
    desk.run()
    assert desk.rows(UNCLEAR) == [("1", "Покровська громада", 4)]
    assert desk.rows(PLACES) == []
    desk.site.publish(1, "Покровська громада будує нову школу", lead="Це громада Синельниківського району")
    desk.run()
    assert desk.rows(UNCLEAR) == []
    assert [row[1] for row in desk.rows(PLACES)] == ["Pokrovske community", "Synelnykove district"]


def test_a_run_without_news_writes_no_tags(desk: Desk) -> None:
    desk.site.publish(1, "Громада отримала субвенцію")
    desk.run()
    desk.store.connection.execute("DELETE FROM article_topics")
    desk.run()
    assert desk.rows(TOPICS) == []
