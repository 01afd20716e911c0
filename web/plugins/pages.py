"""The front page and the page of one story: a handful of queries each, none of them for every row."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.database import QueryInterrupted
from pluggy import HookimplMarker

hookimpl = HookimplMarker("datasette")

FRONT_STORIES = 20
MOST_ARTICLES = 50  # shown on a story's page

LATEST_RUNS = """
SELECT s.id AS source_id, s.name, r.state, r.new, r.edited, r.at
FROM sources s LEFT JOIN source_runs r ON r.source_id = s.id AND r.run_id = (
    SELECT run_id FROM source_runs WHERE source_id = s.id ORDER BY at DESC, run_id DESC LIMIT 1)
WHERE s.enabled ORDER BY s.name"""
WAITING = "SELECT count(*) FROM problems WHERE resolved_at IS NULL"
ARTICLES = f"""
SELECT a.id, a.language, a.title, a.url, a.published_at, a.published_on, s.name AS source, s.licence,
       (SELECT count(*) FROM article_versions v WHERE v.article_id = a.id) AS wordings
FROM articles a JOIN sources s ON s.id = a.source_id
WHERE a.story_id = :id ORDER BY a.published_at, a.id LIMIT {MOST_ARTICLES}"""
WORDINGS = f"""
SELECT v.title, v.first_seen_at, a.language, s.name AS source
FROM article_versions v JOIN articles a ON a.id = v.article_id JOIN sources s ON s.id = a.source_id
WHERE a.story_id = :id ORDER BY v.id LIMIT {MOST_ARTICLES}"""


LINKS = f"""
SELECT l.id, l.verdict, l.method, l.reason, l.decided_by, a.title, b.title AS other_title,
       nullif(CASE a.story_id WHEN :id THEN b.story_id ELSE a.story_id END, :id) AS other_story
FROM story_links l JOIN articles a ON a.id = l.article_id JOIN articles b ON b.id = l.other_id
WHERE l.article_id IN (SELECT id FROM articles WHERE story_id = :id)
   OR l.other_id IN (SELECT id FROM articles WHERE story_id = :id)
ORDER BY l.verdict <> 'same', l.id LIMIT {MOST_ARTICLES}"""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Ours comes before Datasette's own front page, which counts every table."""
    return [(r"/$", front), (r"/news/news/(?P<story>\d+)$", story)]


async def front(datasette: Any, request: Any) -> Any:
    """The newest stories in both languages, and how the latest run went."""
    database = datasette.get_database("news")
    context = {
        "stories": (await database.execute(f"SELECT * FROM news LIMIT {FRONT_STORIES}")).rows,
        "total": await _total(database),
        "latest_runs": (await database.execute(LATEST_RUNS)).rows,
        "open_problems": (await database.execute(WAITING)).single_value(),
        "metadata": datasette.metadata(),
    }
    page = await datasette.render_template("index.html", context, request=request, view_name="index")
    return Response.html(page, headers={"Cache-Control": "max-age=5"})


async def story(datasette: Any, request: Any) -> Any:
    """The view `news` has no pages for single rows; the story's own page is it."""
    return Response.redirect(f"{datasette.urls.table('news', 'stories')}/{request.url_vars['story']}")


async def _total(database: Any) -> int | None:
    try:
        answer = await database.execute("select count(*) from news ")
    except QueryInterrupted:  # the disk is cold: the page does without
        return None
    return int(answer.single_value())


@hookimpl
def extra_template_vars(database: str | None, table: str | None, view_name: str, request: Any, datasette: Any) -> Any:
    """Names of the sources wherever stories are shown; the story's articles on its own page."""

    async def inner() -> dict[str, Any]:
        if (database or "news") != "news" or "news" not in datasette.databases:
            return {}
        found: dict[str, Any] = {"source_names": {}}
        if view_name == "index" or table in ("news", "stories"):
            rows = await datasette.get_database("news").execute("SELECT id, name FROM sources")
            found["source_names"] = {row["id"]: row["name"] for row in rows}
        if view_name == "row" and table == "stories" and request.url_vars["pks"].isdecimal():
            found |= await _story(datasette.get_database("news"), int(request.url_vars["pks"]))
        return found

    return inner


async def _story(database: Any, story_id: int) -> dict[str, Any]:
    given = {"id": story_id}
    return {
        "story": (await database.execute("SELECT * FROM news WHERE story_id = :id", given)).first(),
        "story_articles": (await database.execute(ARTICLES, given)).rows,
        "story_wordings": (await database.execute(WORDINGS, given)).rows,
        "story_links": (await database.execute(LINKS, given)).rows,
    }
