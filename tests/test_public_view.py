"""What the public may see of the editors' work: nothing but what was published, and never who did it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from pipeline.serve import ROOT
from tests.support.newsroom import NOON, Newsroom, Website, rows
from tests.support.published_rows import PNG, IssueRows

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = json.loads((ROOT / "datasette_metadata.json").read_text(encoding="utf-8"))["databases"]["news"]["tables"]
FOR_EDITORS = sorted(name for name, about in TABLES.items() if "allow" in about)
EDITORS = ("Оленка Правдива", "Bohdan Keeneye")


SECRETS = (*EDITORS, "Прихована примітка", "Hidden reason", "Чернетка наступного випуску", "hidden-campaign")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    room = Newsroom(tmp_path_factory.mktemp("public") / "news.db")
    room.source("portal")
    first, second = EDITORS
    story = room.story("Громада має бюджет", lead="Лід новини")
    room.story("Рада ухвалила план", "Council adopts plan")
    for editor, source in zip(EDITORS, ("Громада має бюджет", "Лід новини"), strict=True):
        rows(room.db, "translation_edits", source_text=source, text_hash=f"h:{source}", text=f"English of {source}",
             edited_by=editor, edited_at=NOON)  # fmt: skip
        rows(room.db, "translation_approvals", text_hash=f"h:{source}", text="x", approved_by=editor, approved_at=NOON)
    rows(room.db, "story_links", article_id=1, other_id=2, verdict="different", method="editor", score=1.0,
         evidence="{}", decided_by="editor", decided_at=NOON)  # fmt: skip
    write = IssueRows(room)
    entry = {"story_id": story, "title_uk": "Громада має бюджет", "published_uk": "Інше", "title_en": "Our English",
             "title_en_by": "editor", "lead_en": "Our lead", "lead_en_by": "editor", "note": "A note"}  # fmt: skip
    items = ({"title_en": "Our own item"},)
    for number in (
        write.issue("issue-1", entry, texts={"subject": "Subject"}, items=items, image=PNG),
        write.issue("issue-2", sealed_at=None, texts={"subject": SECRETS[4]}),
    ):
        rows(room.db, "digest_choices", digest_id=number, story_id=story, decision="held", remark=SECRETS[2],
             reason=SECRETS[3])  # fmt: skip
        rows(room.db, "digest_changes", digest_id=number, story_id=story, field="remark", was="", became=SECRETS[2],
             bulk=1, by=first, at=NOON, via="desk")  # fmt: skip
        rows(room.db, "digest_visits", digest_id=number, editor=second, change_id=1, at=NOON)
        rows(room.db, "digest_handovers", digest_id=number, service="listmonk", begun_at=NOON, by=second,
             remote_id=SECRETS[5])  # fmt: skip
        rows(room.db, "digest_drops", story_id=2, digest_id=number, wording="w", reason=SECRETS[3], dropped_at=NOON)
    opened = room.done()
    yield opened
    opened.close()


def test_the_work_of_editors_is_in_tables_for_editors() -> None:
    public = set(TABLES) - set(FOR_EDITORS)
    assert not [name for name in public if name.startswith(("digest", "translation_edits", "translation_approvals"))]
    assert {"issues", "issue_stories", "news", "stories"} <= public


@pytest.mark.parametrize("table", FOR_EDITORS)
def test_a_table_for_editors_is_closed_in_every_form(site: Website, table: str) -> None:
    forms = ("", ".json", ".csv?_stream=on", "/1.json")
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
    row = site.json("/news/news.json?_shape=objects")["rows"][1]
    assert (row["title_en"], row["title_en_by"]) == ("English of Громада має бюджет", "editor")


def test_no_editor_is_named_anywhere(site: Website) -> None:
    """Every page to which a link leads, and every table and page for machines, with what its parameters open."""
    public = sorted(set(TABLES) - set(FOR_EDITORS))
    waiting = [
        "/",
        "/.json",
        "/news.json",
        "/news?_show_hidden=1",
        *(
            f"/news/{table}{form}"
            for table in public
            for form in (".json?_labels=on&_size=max", ".csv?_stream=on&_labels=on")
        ),
        "/news/stories/1.json?_extras=foreign_key_tables",
        "/news/news.json?_search=editor",
        *(f"/-/{name}.json" for name in ("metadata", "versions", "plugins", "settings", "actor", "databases")),
        "/issues.atom",
    ]
    seen: set[str] = set()
    told: list[str] = []
    while waiting:
        address = waiting.pop()
        if address in seen or len(seen) > 400:
            continue
        seen.add(address)
        text = site.get(address, follow_redirects=True).text
        told += [f"{secret} at {address}" for secret in SECRETS if secret in unescape(text) or secret in _decoded(text)]
        links = (unescape(link).removeprefix("http://localhost") for link in re.findall(r'href="([^"]*)"', text))
        waiting += [link for link in links if link.startswith("/") and "?" not in link]
    assert told == []
    assert {"/issues", "/issues/issue-1", "/issues/issue-1.json", "/news/stories/1", "/news/issue_stories"} <= seen
    assert "Our English" in site.get("/issues/issue-1").text


def _decoded(text: str) -> str:
    """The text with the letters that JSON writes as numbers."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
