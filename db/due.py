"""Stories of which a newsletter sent or dropped nothing yet, and changes of those that it sent.

In the caller's transaction; nothing is written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.batches import select_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

# Stories with an article that was sent or dropped. CROSS JOIN keeps the order: the other way round every article would
# be tried with every row that was dropped.
_SETTLED = """
    SELECT a.story_id FROM digest_articles d CROSS JOIN articles a ON a.id = d.article_id
    WHERE d.newsletter = :newsletter
    UNION
    SELECT a.story_id FROM digest_drops d CROSS JOIN json_each(d.articles) j CROSS JOIN articles a ON a.id = j.value
    WHERE d.newsletter = :newsletter"""


# Stories that have one of each kind of thing that a newsletter is about; of the values there is a list in JSON.
_ABOUT = {
    "oblasts": """SELECT a.story_id FROM places p
        CROSS JOIN article_places ap ON ap.place_id = p.id CROSS JOIN articles a ON a.id = ap.article_id
        WHERE coalesce(p.oblast_id, p.id) IN (SELECT value FROM json_each(:oblasts))""",
    "topics": """SELECT a.story_id FROM article_topics t JOIN articles a ON a.id = t.article_id
        WHERE t.topic_id IN (SELECT value FROM json_each(:topics))""",
    "sources": "SELECT story_id FROM articles WHERE source_id IN (SELECT value FROM json_each(:sources))",
    "tags": """SELECT a.story_id FROM article_tags t JOIN articles a ON a.id = t.article_id
        WHERE t.tag IN (SELECT value FROM json_each(:tags))""",
}


def eligible_stories(
    connection: sqlite3.Connection, newsletter: str, about: Mapping[str, Iterable[str]] | None = None
) -> list[int]:
    """Return the stories of which no article was sent in the newsletter, or dropped from it.

    `about`: those alone that have one of each list that is not empty: ids of oblasts, topics and sources, tags.
    """
    values = {name: sorted(of) for name, of in (about or {}).items() if of}
    only = "".join(f" AND id IN ({_ABOUT[name]})" for name in values)
    sql = f"""SELECT id FROM stories WHERE merged_into IS NULL AND coalesce(uk_article_id, en_article_id) IS NOT NULL
              AND id NOT IN ({_SETTLED}){only} ORDER BY id"""
    given = {"newsletter": newsletter} | {name: json.dumps(of) for name, of in values.items()}
    return [row[0] for row in connection.execute(sql, given)]


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


def changed_entries(connection: sqlite3.Connection, newsletter: str) -> list[sqlite3.Row]:
    """Return what was last sent of each article whose texts, or an editor's English, changed since; oldest first.

    `then_…` is the text as published when it was sent (NULL where no version of it is kept), `now_…` the present one;
    of the English and the leads only if they are still of the story. `reworded`: an editor's English since then;
    `edited`: the newest of all. An edit counts for the articles that were sent together and still are together.
    """
    sql = """
        WITH latest AS (
            SELECT e.article_id, max(e.digest_id) AS digest_id, d.newsletter
            FROM digest_entries e JOIN digests d ON d.id = e.digest_id AND d.newsletter = ? GROUP BY e.article_id)
        SELECT e.digest_id, d.name AS issue, e.article_id, e.title_uk, e.title_en, e.lead_uk, e.lead_en,
               a.language, a.story_id AS now_in, a.title AS now_title, a.title_hash AS now_hash,
               iif(a.title_hash = e.title_hash, a.title, (
                   SELECT v.title FROM article_versions v WHERE v.article_id = a.id AND v.title_hash = e.title_hash))
                   AS then_title,
               en.id AS english_id, en.title AS now_english, en.title_hash AS now_english_hash,
               iif(en.title_hash = e.english_hash, en.title, (
                   SELECT v.title FROM article_versions v WHERE v.article_id = en.id AND v.title_hash = e.english_hash))
                   AS then_english,
               a.title_hash <> e.title_hash AS retitled, coalesce(en.title_hash <> e.english_hash, 0) AS en_retitled,
               since.text AS reworded, edit.text AS edited, machine.text AS machine, (
                   SELECT p.text FROM translation_approvals p WHERE p.text_hash = a.title_hash
                   ORDER BY p.id DESC LIMIT 1) AS approved,
               lu.id AS lead_uk_id, lu.lead AS now_lead_uk, lu.lead_hash AS now_lead_uk_hash,
               coalesce(lu.lead_hash <> e.lead_uk_hash, 0) AS lead_uk_changed, (
                   SELECT v.lead FROM article_versions v WHERE v.article_id = lu.id AND v.lead_hash = e.lead_uk_hash)
                   AS then_lead_uk,
               le.id AS lead_en_id, le.lead AS now_lead_en, le.lead_hash AS now_lead_en_hash,
               coalesce(le.lead_hash <> e.lead_en_hash, 0) AS lead_en_changed, (
                   SELECT v.lead FROM article_versions v WHERE v.article_id = le.id AND v.lead_hash = e.lead_en_hash)
                   AS then_lead_en
        FROM latest CROSS JOIN digest_entries e ON e.article_id = latest.article_id AND e.digest_id = latest.digest_id
        JOIN digests d ON d.id = e.digest_id
        JOIN articles a ON a.id = e.article_id
        LEFT JOIN articles en ON en.id = e.english_id AND en.story_id = a.story_id
        LEFT JOIN articles lu ON lu.id = e.lead_uk_id AND lu.story_id = a.story_id
        LEFT JOIN articles le ON le.id = e.lead_en_id AND le.story_id = a.story_id
        LEFT JOIN translation_edits edit ON edit.id = (
            SELECT max(t.id) FROM digest_articles s JOIN articles o ON o.id = s.article_id AND o.language = 'uk'
            JOIN translation_edits t ON t.text_hash = o.title_hash
            WHERE s.digest_id = e.digest_id AND s.story_id = e.story_id AND o.story_id = a.story_id)
        LEFT JOIN translation_edits since ON since.id = edit.id AND since.id > d.last_edit
        LEFT JOIN shown_translations machine ON machine.text_hash = a.title_hash AND machine.state = 'ok'
            AND a.title_hash <> e.title_hash
        WHERE retitled OR en_retitled OR since.id IS NOT NULL OR lead_uk_changed OR lead_en_changed
        ORDER BY e.digest_id, e.position"""
    return connection.execute(sql, (newsletter,)).fetchall()


def story_rows(connection: sqlite3.Connection, story_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
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
