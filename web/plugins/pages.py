"""The front page and the page of one story: a handful of queries each, none of them for every row."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.database import QueryInterrupted
from pluggy import HookimplMarker

hookimpl = HookimplMarker("datasette")

FRONT_STORIES = 20
MOST_ARTICLES = 50  # shown on a story's page
READ = ("ok", "not_modified", "empty")  # the states of a source that could be read

UNREAD_DAYS = 2  # without a good reading for longer than this, a source is not called well
LATEST_RUNS = """
SELECT s.id AS source_id, s.name, h.state, h.actionable, h.message, r.new, r.edited, r.at, h.last_success_at,
       julianday('now') - julianday(h.last_success_at) AS days_unread
FROM sources s JOIN source_health h ON h.source_id = s.id
LEFT JOIN source_runs r ON r.source_id = s.id AND r.run_id = (
    SELECT run_id FROM source_runs WHERE source_id = s.id ORDER BY at DESC, run_id DESC LIMIT 1)
ORDER BY s.name"""
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
SELECT * FROM (
    SELECT l.id, l.verdict, l.method, l.reason, l.decided_by, a.title, b.title AS other_title,
           nullif(CASE a.story_id WHEN :id THEN b.story_id ELSE a.story_id END, :id) AS other_story,
           row_number() OVER (
               PARTITION BY min(l.article_id, l.other_id), max(l.article_id, l.other_id)
               ORDER BY l.decided_by = 'editor' DESC, (l.verdict = 'same') = (a.story_id = b.story_id) DESC, l.id DESC
           ) AS place
    FROM story_links l JOIN articles a ON a.id = l.article_id JOIN articles b ON b.id = l.other_id
    WHERE l.article_id IN (SELECT id FROM articles WHERE story_id = :id)
       OR l.other_id IN (SELECT id FROM articles WHERE story_id = :id))
WHERE place = 1 ORDER BY verdict <> 'same', id LIMIT {MOST_ARTICLES}"""

# What the checks found in the machine's English of the story's Ukrainian wording, of the row that `news` shows.
OBJECTIONS = """
SELECT p.part, t.state, t.reasons
FROM (SELECT 'headline' AS part, a.title_hash AS text_hash
      FROM stories s JOIN articles a ON a.id = s.uk_article_id WHERE s.id = :id
      UNION ALL SELECT 'lead', a.lead_hash
      FROM stories s JOIN articles a ON a.id = coalesce(s.uk_lead_id, s.uk_article_id) WHERE s.id = :id) p
JOIN translations t ON t.id = (
    SELECT id FROM translations WHERE text_hash = p.text_hash AND source_language = 'uk' AND target_language = 'en'
    ORDER BY text IS NULL, CASE state WHEN 'ok' THEN 0 WHEN 'flagged' THEN 1 WHEN 'stale' THEN 2 ELSE 3 END,
             id DESC LIMIT 1)
WHERE t.state IN ('flagged', 'failed')"""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Ours comes before Datasette's own front page, which counts every table."""
    return [(r"/$", front), (r"/news/news/(?P<story>\d+)$", story)]


async def front(datasette: Any, request: Any) -> Any:
    """The newest stories in both languages, and how the latest run went."""
    database = datasette.get_database("news")
    latest_runs = (await database.execute(LATEST_RUNS)).rows
    context = {
        "stories": (await database.execute(f"SELECT * FROM news LIMIT {FRONT_STORIES}")).rows,
        "total": await _total(database),
        "sources": [(run["source_id"], run["name"], *standing(run)) for run in latest_runs],
        "last_read": max((run["last_success_at"] for run in latest_runs if run["last_success_at"]), default=None),
        "days_unread": _unread(latest_runs),
        "open_problems": (await database.execute(WAITING)).single_value(),
        "metadata": datasette.metadata(),
    }
    page = await datasette.render_template("index.html", context, request=request, view_name="index")
    return Response.html(page, headers={"Cache-Control": "max-age=5"})


def standing(run: Any) -> tuple[str, str]:
    """How a source does: `well`, `ill`, or `idle` before its first run; and in a few words. `run`: of LATEST_RUNS."""
    if run["state"] is None:
        return "idle", "never read"
    unread = run["days_unread"]
    if unread is not None and unread > UNREAD_DAYS:
        return "ill", f"not read for {int(unread)} days"
    if run["state"] not in READ:
        return "ill", run["state"].replace("_", " ")
    if run["actionable"]:
        return "ill", run["message"]
    found = [f"{run[what]} {what}" for what in ("new", "edited") if run[what]]
    return "well", ", ".join(found) or "nothing new"


def _unread(latest_runs: list[Any]) -> int:
    """For how many days no source at all was read; 0 while that is not worth a word."""
    days = [run["days_unread"] for run in latest_runs if run["days_unread"] is not None]
    return int(min(days)) if days and min(days) > UNREAD_DAYS else 0


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
    shown = (await database.execute("SELECT * FROM news WHERE story_id = :id", given)).first()
    return {
        "story": shown,
        "story_objections": await _objections(database, story_id, shown) if shown else [],
        "story_articles": (await database.execute(ARTICLES, given)).rows,
        "story_wordings": (await database.execute(WORDINGS, given)).rows,
        "story_links": (await database.execute(LINKS, given)).rows,
    }


async def _objections(database: Any, story_id: int, shown: Any) -> list[Any]:
    """Those rows of OBJECTIONS that concern English which is shown, or withheld."""
    concerned = {"headline": shown["title_en_state"], "lead": shown["lead_en_state"]}
    found = await database.execute(OBJECTIONS, {"id": story_id})
    return [row for row in found.rows if concerned[row["part"]] == row["state"]]
