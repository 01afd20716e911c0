"""Issues of the newsletter, their drafts and entries. Inside the caller's transaction; a sealed issue never changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.batches import select_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

_SEALED = "SELECT id FROM digests WHERE sealed_at IS NOT NULL"

# issues


def open_issue(connection: sqlite3.Connection) -> sqlite3.Row | None:
    """Return the draft of the next issue, if one was begun."""
    row: sqlite3.Row | None = connection.execute("SELECT * FROM digests WHERE sealed_at IS NULL").fetchone()
    return row


def issue_named(connection: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    """Return the issue with that name."""
    row: sqlite3.Row | None = connection.execute("SELECT * FROM digests WHERE name = ?", (name,)).fetchone()
    return row


def sealed_issues(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """Return every sealed issue with its number of entries, newest first."""
    sql = """SELECT d.name, d.sealed_at, (SELECT count(*) FROM digest_entries e WHERE e.digest_id = d.id) AS entries
             FROM digests d WHERE d.sealed_at IS NOT NULL ORDER BY d.id DESC"""
    return connection.execute(sql).fetchall()


def begin_issue(connection: sqlite3.Connection, name: str | None, at: str) -> None:
    """Begin the draft of the next issue, under `name` or the next free `issue-N`."""
    last = connection.execute("SELECT coalesce(max(id), 0) FROM digests").fetchone()[0]
    taken = {row[0] for row in connection.execute("SELECT name FROM digests")}
    number = next(n for n in range(last + 1, last + len(taken) + 2) if f"issue-{n}" not in taken)
    connection.execute("INSERT INTO digests (name, started_at) VALUES (?, ?)", (name or f"issue-{number}", at))


def rename(connection: sqlite3.Connection, digest_id: int, name: str) -> None:
    """Give an open issue another name."""
    connection.execute("UPDATE digests SET name = ? WHERE id = ?", (name, digest_id))


def last_sealed_at(connection: sqlite3.Connection, at: str) -> str | None:
    """Return when the newest sealed issue was sealed; not one that a clock ahead of `at` has dated."""
    sealed: str | None = connection.execute(
        "SELECT max(sealed_at) FROM digests WHERE sealed_at <= ?", (at,)
    ).fetchone()[0]
    return sealed


# what is due


def unsent_stories(connection: sqlite3.Connection) -> list[int]:
    """Return the stories that were not merged, sent or dropped, and whose headline was not sent before a split."""
    sql = f"""
        SELECT id FROM stories s
        WHERE merged_into IS NULL AND coalesce(uk_article_id, en_article_id) IS NOT NULL
          AND id NOT IN (SELECT story_id FROM digest_entries WHERE digest_id IN ({_SEALED}))
          AND id NOT IN (SELECT story_id FROM digest_drops)
          AND NOT EXISTS (SELECT 1 FROM digest_entries e WHERE e.article_id = coalesce(s.uk_article_id, s.en_article_id)
                          AND e.digest_id IN ({_SEALED}))
        ORDER BY id"""
    return [row[0] for row in connection.execute(sql)]


def merged_stories(connection: sqlite3.Connection) -> dict[int, int]:
    """Return merged story → what it was merged into."""
    return dict(map(tuple, connection.execute("SELECT id, merged_into FROM stories WHERE merged_into IS NOT NULL")))


def settled_and_merged(connection: sqlite3.Connection) -> list[int]:
    """Return the stories that were sent or dropped, and merged into others."""
    sql = f"""SELECT id FROM stories WHERE merged_into IS NOT NULL AND (
                  id IN (SELECT story_id FROM digest_entries WHERE digest_id IN ({_SEALED}))
                  OR id IN (SELECT story_id FROM digest_drops))"""
    return [row[0] for row in connection.execute(sql)]


def sent_headlines(connection: sqlite3.Connection, story_ids: Iterable[int]) -> dict[int, bool]:
    """Return live story → True when the headline that it shows now was sent."""
    sql = f"""SELECT id, EXISTS (SELECT 1 FROM digest_entries e WHERE e.digest_id IN ({_SEALED})
                                 AND e.article_id = coalesce(s.uk_article_id, s.en_article_id))
              FROM stories s WHERE merged_into IS NULL AND coalesce(uk_article_id, en_article_id) IS NOT NULL
                AND id IN ({{}})"""
    return {row[0]: bool(row[1]) for row in select_in(connection, sql, story_ids)}


def dropped_wordings(connection: sqlite3.Connection) -> set[str]:
    """Return the wordings in which something was dropped."""
    return {row[0] for row in connection.execute("SELECT wording FROM digest_drops")}


def changed_entries(connection: sqlite3.Connection, at: str) -> list[sqlite3.Row]:
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
        JOIN digests d ON d.id = e.digest_id AND d.sealed_at IS NOT NULL
        JOIN articles a ON a.id = e.article_id
        LEFT JOIN articles en ON en.id = e.english_id
        LEFT JOIN translation_edits edit ON edit.id = (
            SELECT max(id) FROM translation_edits t
            WHERE t.text_hash = e.title_hash OR t.text_hash IN (
                SELECT o.title_hash FROM articles o WHERE o.story_id = a.story_id AND o.language = 'uk'))
        WHERE e.digest_id = (SELECT max(l.digest_id) FROM digest_entries l WHERE l.article_id = e.article_id)
          AND (headline OR english OR reworded OR a.story_id <> e.story_id
               OR a.lead <> coalesce(CASE a.language WHEN 'uk' THEN e.lead_uk ELSE e.lead_en END, ''))
        ORDER BY e.digest_id, e.position"""
    return connection.execute(sql, (at,)).fetchall()


def told_marks(connection: sqlite3.Connection) -> set[str]:
    """Return the marks of the changes that corrections reported."""
    sql = "SELECT value FROM digest_entries, json_each(marks) WHERE correction_of IS NOT NULL"
    return {row[0] for row in connection.execute(sql)}


def story_rows(connection: sqlite3.Connection, story_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return story id → its row of `news`, with representatives, links, places, topics and tags."""
    rows = select_in(connection, "SELECT * FROM news WHERE story_id IN ({})", story_ids)
    found = {row["story_id"]: dict(row) for row in rows}
    for row in found.values():
        row.update(links=[], places=[], topic_ids=set(), tags=set())
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
           e.id AS english_id, coalesce(e.title_hash, '') AS english_hash
    FROM stories s LEFT JOIN articles u ON u.id = s.uk_article_id LEFT JOIN articles e ON e.id = s.en_article_id
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
    "tags": """
        SELECT DISTINCT a.story_id, t.tag FROM articles a JOIN article_tags t ON t.article_id = a.id
        WHERE a.story_id IN ({})""",
}

# the draft


def choices(connection: sqlite3.Connection, digest_id: int) -> list[sqlite3.Row]:
    """Return what the editor decided about the draft."""
    return connection.execute("SELECT * FROM digest_choices WHERE digest_id = ?", (digest_id,)).fetchall()


def save_choices(connection: sqlite3.Connection, digest_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put decisions in the place of those about the same stories."""
    connection.executemany(
        """INSERT OR REPLACE INTO digest_choices
               (digest_id, story_id, decision, until, reason, section, position, title_uk, title_en, lead_uk, lead_en,
                note, remark)
           VALUES (:digest_id, :story_id, :decision, :until, :reason, :section, :position, :title_uk, :title_en,
                   :lead_uk, :lead_en, :note, :remark)""",
        [{**row, "digest_id": digest_id} for row in rows],
    )


def fix(connection: sqlite3.Connection, digest_id: int, story_ids: Iterable[int], at: str) -> None:
    """Make the draft hold exactly the given stories from now on; decisions about others are forgotten."""
    kept = json.dumps(sorted(story_ids))
    connection.execute(
        "DELETE FROM digest_choices WHERE digest_id = ? AND story_id NOT IN (SELECT value FROM json_each(?))",
        (digest_id, kept),
    )
    connection.execute("UPDATE digests SET fixed_at = ? WHERE id = ?", (at, digest_id))


def remember_exports(connection: sqlite3.Connection, name: str, hashes: Mapping[str, str]) -> None:
    """Note what the issue's files held when they were written: file name → SHA-256, empty while it is to be written."""
    connection.execute(
        "UPDATE digests SET exported = json_patch(exported, ?) WHERE name = ?", (json.dumps(hashes), name)
    )


def unwritten_issues(connection: sqlite3.Connection) -> list[str]:
    """Return the names of sealed issues of which a file is still to be written, oldest first."""
    sql = """SELECT name FROM digests d WHERE sealed_at IS NOT NULL
             AND EXISTS (SELECT 1 FROM json_each(d.exported) WHERE value = '') ORDER BY id"""
    return [row[0] for row in connection.execute(sql)]


def exports(connection: sqlite3.Connection, name: str) -> dict[str, str]:
    """Return what `remember_exports` noted."""
    row = issue_named(connection, name)
    return dict(json.loads(row["exported"])) if row else {}


def unfix(connection: sqlite3.Connection, digest_id: int) -> None:
    """Let the draft take in whatever is due again; decisions stay."""
    connection.execute("UPDATE digests SET fixed_at = NULL WHERE id = ?", (digest_id,))


# sealing and after

_COLUMNS = (
    "digest_id", "story_id", "position", "section", "title_uk", "title_en", "title_en_by", "note", "late",
    "correction_of", "published_on", "lead_uk", "lead_en", "lead_en_by", "withheld", "links", "places", "in_full",
    "was_uk", "was_en", "article_id", "title_hash", "english_id", "english_hash", "marks",
)  # fmt: skip


def seal(
    connection: sqlite3.Connection, digest_id: int, entries: Iterable[Mapping[str, Any]], settings: str, at: str
) -> None:
    """Write the entries and close the issue; its decisions are not needed any more."""
    connection.executemany(
        f"INSERT INTO digest_entries ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})",
        [{**entry, "digest_id": digest_id} for entry in entries],
    )
    connection.execute("DELETE FROM digest_choices WHERE digest_id = ?", (digest_id,))
    connection.execute("UPDATE digests SET sealed_at = ?, settings = ? WHERE id = ?", (at, settings, digest_id))


def forget_dropped(connection: sqlite3.Connection, digest_id: int) -> None:
    """Delete the draft's decisions to leave stories out, once they are remembered for good."""
    connection.execute("DELETE FROM digest_choices WHERE digest_id = ? AND decision = 'dropped'", (digest_id,))


def drop(connection: sqlite3.Connection, rows: Iterable[tuple[int, int | None, str, str]], at: str) -> None:
    """Remember dropped stories for good: (story, issue, wording, reason)."""
    connection.executemany(
        "INSERT INTO digest_drops (story_id, digest_id, wording, reason, dropped_at) VALUES (?, ?, ?, ?, ?)",
        [(*row, at) for row in rows],
    )


def entries(connection: sqlite3.Connection, digest_id: int) -> list[sqlite3.Row]:
    """Return the entries of a sealed issue, in order; `issue` is the name of the issue that an entry corrects."""
    sql = """SELECT e.*, d.name AS issue FROM digest_entries e LEFT JOIN digests d ON d.id = e.correction_of
             WHERE e.digest_id = ? ORDER BY e.position"""
    return connection.execute(sql, (digest_id,)).fetchall()
