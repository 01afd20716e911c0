"""Stories of which a newsletter sent or dropped nothing yet, and changes of those that it sent.

In the caller's transaction; nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.batches import select_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

# Stories with an article that was sent or dropped; `articles` has no index by which to ask the other way round.
_SETTLED = """
    SELECT a.story_id FROM digest_articles d JOIN articles a ON a.id = d.article_id WHERE d.newsletter = :newsletter
    UNION
    SELECT a.story_id FROM digest_drops d, json_each(d.articles) j JOIN articles a ON a.id = j.value
    WHERE d.newsletter = :newsletter"""


def eligible_stories(connection: sqlite3.Connection, newsletter: str) -> list[int]:
    """Return the stories of which no article was sent in the newsletter, or dropped from it."""
    sql = f"""SELECT id FROM stories WHERE merged_into IS NULL AND coalesce(uk_article_id, en_article_id) IS NOT NULL
              AND id NOT IN ({_SETTLED}) ORDER BY id"""
    return [row[0] for row in connection.execute(sql, {"newsletter": newsletter})]


def merged_stories(connection: sqlite3.Connection) -> dict[int, int]:
    """Return merged story → what it was merged into."""
    return dict(map(tuple, connection.execute("SELECT id, merged_into FROM stories WHERE merged_into IS NOT NULL")))


def now_in(connection: sqlite3.Connection, article_ids: Iterable[int]) -> dict[int, int]:
    """Return article → the story that it is in."""
    return dict(map(tuple, select_in(connection, "SELECT id, story_id FROM articles WHERE id IN ({})", article_ids)))


def dropped_wordings(connection: sqlite3.Connection, newsletter: str) -> set[str]:
    """Return the wordings in which something was dropped from the newsletter."""
    return {
        row[0] for row in connection.execute("SELECT wording FROM digest_drops WHERE newsletter = ?", (newsletter,))
    }


def changed_entries(connection: sqlite3.Connection, newsletter: str, at: str) -> list[sqlite3.Row]:
    """Return what was last sent of each article of which headline, lead, English or story differ now, oldest first.

    `headline`, `english` and `reworded` say what differs; `now_lead` is the lead now, `now_in` the story now; `mark`
    names the change. A date of sealing later than `at` is void: then every edit counts as made after it.
    """
    sql = """
        SELECT e.digest_id, d.name AS issue, e.story_id, e.title_uk, e.title_en, e.lead_uk, e.lead_en,
               a.story_id AS now_in, a.lead AS now_lead, a.language, a.title_hash <> e.title_hash AS headline,
               json_array(a.id, e.digest_id, a.title_hash, a.lead_hash, coalesce(en.title_hash, ''), edit.id) AS mark,
               coalesce(en.title_hash <> e.english_hash, 0) AS english,
               coalesce((edit.edited_at >= d.sealed_at OR d.sealed_at > ?)
                        AND edit.text <> coalesce(e.title_en, ''), 0) AS reworded
        FROM digest_entries e
        JOIN digests d ON d.id = e.digest_id AND d.newsletter = ?
        JOIN articles a ON a.id = e.article_id
        LEFT JOIN articles en ON en.id = e.english_id
        LEFT JOIN translation_edits edit ON edit.id = (
            SELECT max(id) FROM translation_edits t
            WHERE t.text_hash = e.title_hash OR t.text_hash IN (
                SELECT o.title_hash FROM articles o WHERE o.story_id = a.story_id AND o.language = 'uk'))
        WHERE e.digest_id = (SELECT max(l.digest_id) FROM digest_entries l JOIN digests o ON o.id = l.digest_id
                             WHERE l.article_id = e.article_id AND o.newsletter = d.newsletter)
          AND (headline OR english OR reworded
               OR a.lead <> coalesce(CASE a.language WHEN 'uk' THEN e.lead_uk ELSE e.lead_en END, ''))
        ORDER BY e.digest_id, e.position"""
    return connection.execute(sql, (at, newsletter)).fetchall()


def told_marks(connection: sqlite3.Connection) -> set[str]:
    """Return the marks of the changes that corrections reported."""
    sql = "SELECT value FROM digest_entries, json_each(marks) WHERE correction_of IS NOT NULL"
    return {row[0] for row in connection.execute(sql)}


def story_rows(connection: sqlite3.Connection, story_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return story id → its row of `news`, with representatives, links, places, topics and tags."""
    rows = select_in(connection, "SELECT * FROM news WHERE story_id IN ({})", story_ids)
    found = {row["story_id"]: dict(row) for row in rows}
    for row in found.values():
        row.update(links=[], places=[], topic_ids=set(), tags=set(), article_ids=set())
    for name, sql in _FACETS.items():
        for facet in select_in(connection, sql, found):
            values = tuple(facet)[1:]
            held = found[facet[0]][name]
            held.append(values) if isinstance(held, list) else held.add(values[0])
    for shown in select_in(connection, _REPRESENTATIVES, found):
        found[shown["id"]].update(dict(shown))
    return found


_REPRESENTATIVES = """
    SELECT s.id, coalesce(u.id, e.id) AS shown_id, coalesce(u.title_hash, e.title_hash) AS shown_hash,
           e.id AS english_id, coalesce(e.title_hash, '') AS english_hash,
           coalesce(ul.id, u.id) AS lead_uk_id, coalesce(ul.lead_hash, u.lead_hash, '') AS lead_uk_hash,
           coalesce(el.id, e.id) AS lead_en_id, coalesce(el.lead_hash, e.lead_hash, '') AS lead_en_hash
    FROM stories s LEFT JOIN articles u ON u.id = s.uk_article_id LEFT JOIN articles e ON e.id = s.en_article_id
    LEFT JOIN articles ul ON ul.id = s.uk_lead_id LEFT JOIN articles el ON el.id = s.en_lead_id
    WHERE s.id IN ({})"""
_FACETS = {
    "links": """
        SELECT a.story_id, a.source_id, s.name, a.url, a.language, a.published_on, s.name_en
        FROM articles a JOIN sources s ON s.id = a.source_id WHERE a.story_id IN ({})
        ORDER BY a.story_id, s.name, a.language DESC, a.published_on, a.source_id, a.url, a.key""",
    "places": """
        SELECT DISTINCT a.story_id, p.name_uk, p.name_en
        FROM articles a JOIN article_places ap ON ap.article_id = a.id JOIN places p ON p.id = ap.place_id
        WHERE a.story_id IN ({}) ORDER BY a.story_id, p.kind = 'oblast', p.name_uk, p.id""",
    "topic_ids": """
        SELECT DISTINCT a.story_id, t.topic_id FROM articles a JOIN article_topics t ON t.article_id = a.id
        WHERE a.story_id IN ({})""",
    "article_ids": "SELECT story_id, id FROM articles WHERE story_id IN ({})",
    "tags": """
        SELECT DISTINCT a.story_id, t.tag FROM articles a JOIN article_tags t ON t.article_id = a.id
        WHERE a.story_id IN ({})""",
}
