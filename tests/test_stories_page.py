"""The verdicts on the articles of a story, on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.newsroom import Newsroom, rows

if TYPE_CHECKING:
    from pathlib import Path


def test_of_each_pair_the_page_gives_the_word_that_stands(tmp_path: Path) -> None:
    room = Newsroom(tmp_path / "news.db")
    room.source("portal", "Портал громад")
    story = room.story("Громада має бюджет", "The community has a budget")
    for verdict, reason in (("related", "Alike at first."), ("same", "One key."), ("related", "Apart for a day.")):
        rows(room.db, "story_links", article_id=1, other_id=2, verdict=verdict, method="same_key", score=1.0,
             evidence="{}", reason=reason, decided_by="machine", decided_at="2026-02-20T12:00:00Z")  # fmt: skip
    site = room.done()
    page = site.get(f"/news/stories/{story}").text
    site.close()
    assert [reason in page for reason in ("Alike at first.", "One key.", "Apart for a day.")] == [False, True, False]
