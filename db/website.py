"""SQL of the website's pages, and cheaper forms of what Datasette itself writes for the view `news`.

Datasette runs it, with its time limits. `:id` is a story.
"""

from __future__ import annotations

import re

from db.stories import STANDING_LINKS

FRONT_STORIES = 20
MOST_ARTICLES = 50  # shown on a story's page
COUNTING = "select count(*) from "  # how Datasette begins to count the rows of a table or view

NEWEST_STORIES = f"SELECT * FROM news LIMIT {FRONT_STORIES}"
ALL_STORIES = f"{COUNTING}news "
OPEN_PROBLEMS = "SELECT count(*) FROM problems WHERE resolved_at IS NULL"
SOURCE_NAMES = "SELECT id, name FROM sources"
STORY = "SELECT * FROM news WHERE story_id = :id"
ARTICLES = f"""
SELECT a.id, a.language, a.title, a.url, a.published_at, a.published_on, s.name AS source, s.licence,
       (SELECT count(*) FROM article_versions v WHERE v.article_id = a.id) AS wordings
FROM articles a JOIN sources s ON s.id = a.source_id
WHERE a.story_id = :id ORDER BY a.published_at, a.id LIMIT {MOST_ARTICLES}"""
WORDINGS = f"""
SELECT v.title, v.first_seen_at, a.language, s.name AS source
FROM article_versions v JOIN articles a ON a.id = v.article_id JOIN sources s ON s.id = a.source_id
WHERE a.story_id = :id ORDER BY v.id LIMIT {MOST_ARTICLES}"""
LINKS = f"SELECT * FROM ({STANDING_LINKS}) WHERE place = 1 ORDER BY verdict <> 'same', id LIMIT {MOST_ARTICLES}"

# What the checks found in the machine's English of the story's Ukrainian wording, of the row that `news` shows.
OBJECTIONS = """
SELECT p.part, t.state, t.reasons
FROM (SELECT 'headline' AS part, a.title_hash AS text_hash
      FROM stories s JOIN articles a ON a.id = s.uk_article_id WHERE s.id = :id
      UNION ALL SELECT 'lead', a.lead_hash
      FROM stories s JOIN articles a ON a.id = coalesce(s.uk_lead_id, s.uk_article_id) WHERE s.id = :id) p
JOIN shown_translations t ON t.text_hash = p.text_hash
WHERE t.state IN ('flagged', 'failed')"""

# The three queries on the view `news` that Datasette and our facets write, with or without a search.
SEARCHED = (
    r"(?:where story_id (?P<found>in \(select rowid from news_fts where news_fts match [^()]*(?:\(:search\))?\))\s*)?"
)
COUNT = re.compile(rf"{re.escape(ALL_STORIES)}\s*{SEARCHED}\Z")
PAGE = re.compile(rf"select (?P<columns>[^()]+) from news\s+{SEARCHED}(?P<limit>limit \d+(?: offset \d+)?)\Z")

# A story that was not merged has an article, so these are the rows of `news`, in its order; one index answers.
STORIES = "from stories where merged_into is null"
NEWEST_FIRST = "order by published_on desc, id desc"


def cheaper(sql: str) -> str:
    """Return a statement with the same rows that SQLite answers sooner; most statements come back as they are.

    At 100,000 stories SQLite takes two seconds for the count of `news`, because it sorts the view first, and 0.9
    seconds for the last page, because it joins every row that it skips. On the index of `stories` both take 7 ms.
    """
    if counted := COUNT.match(sql):
        return f"select count(*) {_stories(counted['found'])}"
    if sql.startswith(ALL_STORIES):
        return f"{sql} order by 1"  # with an ORDER BY outside, SQLite drops the one of the view
    if page := PAGE.match(sql):
        chosen = f"select id {_stories(page['found'])} {NEWEST_FIRST} {page['limit']}"
        return f"select {page['columns']} from news where story_id in ({chosen})"
    return sql


def _stories(found: str | None) -> str:
    return f"{STORIES} and id {found}" if found else STORIES


def newest_rows(sql: str, columns: str, limit: int, *, by_id: bool) -> str:
    """Return a query for some columns of the newest rows of `sql`: from the highest id down, or in its own order."""
    _, _, rest = sql.partition(" from ")
    return f"select {columns} from {rest}{'order by id desc ' if by_id else ''}limit {limit}"
