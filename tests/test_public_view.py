"""What the public may see of the editors' work: nothing but what was published, and never who did it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pipeline.serve import ROOT
from tests.support.newsroom import NOON, Newsroom, Website, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = json.loads((ROOT / "datasette_metadata.json").read_text(encoding="utf-8"))["databases"]["news"]["tables"]
FOR_EDITORS = sorted(name for name, about in TABLES.items() if "allow" in about)
EDITORS = ("Оленка Правдива", "Bohdan Keeneye")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    room = Newsroom(tmp_path_factory.mktemp("public") / "news.db")
    room.source("portal")
    story = room.story("Громада має бюджет", lead="Лід новини")
    for editor, source in zip(EDITORS, ("Громада має бюджет", "Лід новини"), strict=True):
        rows(room.db, "translation_edits", source_text=source, text_hash=f"h:{source}", text=f"English of {source}",
             edited_by=editor, edited_at=NOON)  # fmt: skip
        rows(room.db, "translation_approvals", text_hash=f"h:{source}", text="x", approved_by=editor, approved_at=NOON)
    rows(room.db, "digests", name="draft-1", started_at=NOON)
    rows(room.db, "digest_choices", digest_id=1, story_id=story, decision="held", remark="a remark")
    rows(room.db, "digest_changes", digest_id=1, story_id=story, field="note", was="", became="x", by=EDITORS[0],
         at=NOON, via="desk")  # fmt: skip
    rows(room.db, "digest_visits", digest_id=1, editor=EDITORS[1], change_id=1, at=NOON)
    opened = room.done()
    yield opened
    opened.close()


def test_the_work_of_editors_is_in_tables_for_editors() -> None:
    public = set(TABLES) - set(FOR_EDITORS)
    assert not [name for name in public if name.startswith(("digest", "translation_edits", "translation_approvals"))]
    assert {"issues", "issue_stories", "news", "stories"} <= public


@pytest.mark.parametrize("table", FOR_EDITORS)
def test_a_table_for_editors_is_closed_in_every_form(site: Website, table: str) -> None:
    forms = ("", ".json", ".csv", ".csv?_stream=on", ".json?_facet=id", "?_search=x", "/1", "/1.json")
    assert {form: site.get(f"/news/{table}{form}").status_code for form in forms} == dict.fromkeys(forms, 403)


@pytest.mark.parametrize(
    "through",
    [
        {"table": "digest_choices", "column": "decision", "value": "held"},
        {"table": "digest_changes", "column": "by", "value": EDITORS[0]},
    ],
)
def test_no_filter_asks_a_table_for_editors(site: Website, through: dict[str, str]) -> None:
    assert site.get("/news/stories.json", params={"_through": json.dumps(through)}).status_code == 403


def test_no_page_counts_what_editors_decided(site: Website) -> None:
    told = site.json("/news/stories/1.json?_extras=foreign_key_tables")["foreign_key_tables"]
    assert {other["other_table"] for other in told} == {"articles", "stories"}
    assert "digest_" not in site.get("/news/stories/1").text
    assert "digest_" not in site.get("/.json").text + site.get("/news.json").text + site.get("/news").text


def test_an_editors_english_is_shown_without_the_name(site: Website) -> None:
    row = site.json("/news/news.json?_shape=objects")["rows"][0]
    assert (row["title_en"], row["title_en_by"]) == ("English of Громада має бюджет", "editor")
