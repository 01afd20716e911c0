"""Front page and page of one story: a handful of queries each, none of them for every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette import Response
from datasette.database import QueryInterrupted
from pluggy import HookimplMarker

from core.clock import clock_from
from db import published_issues, runs, website
from language.scripts import mixed
from pipeline import health
from pipeline.editors import is_editor

if TYPE_CHECKING:
    from datetime import datetime

hookimpl = HookimplMarker("datasette")

TEXTS = ("title_uk", "title_en", "lead_uk", "lead_en")  # of a row of `news`


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register ours before Datasette's own front page, which counts every table."""
    return [(r"/$", front), (r"/news/news/(?P<story>\d+)$", story)]


async def front(datasette: Any, request: Any) -> Any:
    """Show the newest stories in both languages, and how each source and the collection as a whole do."""
    database = datasette.get_database("news")
    now = clock_from((datasette.plugin_config("clock") or {}).get("now"))()
    facts = [runs.SourceFacts(*row) for row in (await database.execute(runs.SOURCE_FACTS)).rows]
    try:
        total = (await database.execute(website.ALL_STORIES)).single_value()
    except QueryInterrupted:  # the disk is cold: the page does without
        total = None
    context = {
        "stories": (await database.execute(website.NEWEST_STORIES)).rows,
        "total": total,
        "sources": [(source.source_id, source.name, *standing(source, now)) for source in facts],
        "last_read": max((source.last_success_at for source in facts if source.last_success_at), default=None),
        "days_unread": health.unread_days(facts, now),
        "open_problems": (await database.execute(website.OPEN_PROBLEMS)).single_value(),
        "metadata": datasette.metadata(),
    }
    page = await datasette.render_template("index.html", context, request=request, view_name="index")
    return Response.html(page, headers={"Cache-Control": "max-age=5"})


def standing(facts: runs.SourceFacts, now: datetime) -> tuple[str, str]:
    """Return the condition of a source (see Judgement) and a few words: of a good one what its latest run brought."""
    judged = health.judge(facts, now)
    if judged.condition != "well":
        return judged.condition, judged.message
    found = [f"{count} {what}" for count, what in ((facts.new, "new"), (facts.edited, "edited")) if count]
    return "well", ", ".join(found) or "nothing new"


async def story(datasette: Any, request: Any) -> Any:
    """Lead from a row of the view `news`, which has no page, to the page of the story."""
    return Response.redirect(f"{datasette.urls.table('news', 'stories')}/{request.url_vars['story']}")


@hookimpl
def extra_template_vars(database: str | None, table: str | None, view_name: str, request: Any, datasette: Any) -> Any:
    """Give templates the names of the sources wherever stories are shown, and on a story's page its articles."""

    async def inner() -> dict[str, Any]:
        if (database or "news") != "news" or "news" not in datasette.databases:
            return {}
        found: dict[str, Any] = {"source_names": {}}
        if view_name == "index" or table in ("news", "stories"):
            rows = await datasette.get_database("news").execute(website.SOURCE_NAMES)
            found["source_names"] = {row["id"]: row["name"] for row in rows}
        if view_name == "row" and table == "stories" and request.url_vars["pks"].isdecimal():
            found |= await _story(datasette.get_database("news"), int(request.url_vars["pks"]))
            story = found["story"]
            texts = [story[name] or "" for name in TEXTS] if story and is_editor(request.actor) else []
            found["story_mixed"] = mixed(" ".join(texts))  # of no use to readers
        return found

    return inner


async def _story(database: Any, story_id: int) -> dict[str, Any]:
    async def rows(sql: str) -> list[Any]:
        return list((await database.execute(sql, {"id": story_id})).rows)

    shown = next(iter(await rows(website.STORY)), None)
    concerned = {"headline": shown["title_en_state"], "lead": shown["lead_en_state"]} if shown else {}
    objections = await rows(website.OBJECTIONS) if shown else []
    return {
        "story": shown,
        # those of English that is shown, or withheld
        "story_objections": [row for row in objections if concerned[row["part"]] == row["state"]],
        "story_articles": await rows(website.ARTICLES),
        "story_wordings": await rows(website.WORDINGS),
        "story_links": await rows(website.LINKS),
        "story_issues": await rows(published_issues.OF_STORY),
    }
