"""Editors' English: which wordings have one, which may want one. In the caller's transaction; only adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

# The latest edit of each wording, and the stories' headlines and leads that show the machine's English or none; the
# latter first, of each story the headline before the lead. For a story whose English is an editor's stands the wording
# that the editor worded, of whichever of its articles that is.
_SHOWN = """
SELECT '{part}' AS part, u.{part} AS source_text, u.{part}_hash AS text_hash, edit.text, edit.edited_by, edit.edited_at,
       machine.text AS machine, coalesce(machine.state, 'due') AS state, coalesce(machine.reasons, '[]') AS reasons,
       s.published_on AS published_on, u.url AS url, 1 AS current, s.id AS place
FROM stories s JOIN articles u ON u.id = coalesce((
    SELECT a.id FROM articles a CROSS JOIN translation_edits te ON te.text_hash = a.{part}_hash
    WHERE a.story_id = s.id AND a.language = 'uk' AND a.{part}_hash <> ''
    ORDER BY te.id DESC, a.id LIMIT 1), {uk})
LEFT JOIN articles e ON e.id = {en}
LEFT JOIN translation_edits edit ON edit.id = (
    SELECT max(id) FROM translation_edits te WHERE te.text_hash = u.{part}_hash)
LEFT JOIN shown_translations machine ON machine.text_hash = u.{part}_hash
WHERE s.merged_into IS NULL AND u.{part}_hash <> '' AND (coalesce(e.{part}, '') = '' OR edit.id IS NOT NULL)
"""
_HEADLINES = _SHOWN.format(part="title", uk="s.uk_article_id", en="s.en_article_id")
_LEADS = _SHOWN.format(
    part="lead", uk="coalesce(s.uk_lead_id, s.uk_article_id)", en="coalesce(s.en_lead_id, s.en_article_id)"
)
_WORDINGS = f"""
{_HEADLINES} UNION ALL {_LEADS} UNION ALL
SELECT '', te.source_text, te.text_hash, te.text, te.edited_by, te.edited_at, NULL, '', '[]', NULL, NULL,
       EXISTS (SELECT 1 FROM articles a WHERE a.language = 'uk' AND a.title_hash = te.text_hash) OR EXISTS (
           SELECT 1 FROM articles a WHERE a.language = 'uk' AND a.lead_hash = te.text_hash AND a.lead_hash <> ''), 0
FROM translation_edits te
WHERE te.id IN (SELECT max(id) FROM translation_edits GROUP BY text_hash)
ORDER BY current DESC, published_on DESC, place DESC, part DESC
"""


def wordings(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """Return each headline and lead that an editor worded or may want to, once, newest first; stale edits last."""
    once: dict[str, sqlite3.Row] = {}
    for row in connection.execute(_WORDINGS):
        once.setdefault(row["text_hash"], row)
    return list(once.values())


def latest(connection: sqlite3.Connection) -> dict[str, str]:
    """Return hash of a wording → its last edit."""
    rows = connection.execute(
        """SELECT text_hash, text FROM translation_edits
           WHERE id IN (SELECT max(id) FROM translation_edits GROUP BY text_hash)"""
    )
    return {row["text_hash"]: row["text"] for row in rows}


def save(connection: sqlite3.Connection, rows: Iterable[tuple[str, str, str, str]], at: str) -> None:
    """Add edits: (source text, its hash, English, who)."""
    connection.executemany(
        "INSERT INTO translation_edits (source_text, text_hash, text, edited_by, edited_at) VALUES (?, ?, ?, ?, ?)",
        [(*row, at) for row in rows],
    )


def pairs(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return (Ukrainian, the machine's English, a person's): of editors, and of publishers of the same key."""
    rows = connection.execute(
        """SELECT t.source_text, t.text, te.text
           FROM translations t JOIN translation_edits te ON te.text_hash = t.text_hash
           WHERE t.text IS NOT NULL AND te.text <> ''
             AND te.id = (SELECT max(id) FROM translation_edits WHERE text_hash = t.text_hash)
             AND t.id = (SELECT max(id) FROM translations WHERE text_hash = t.text_hash AND text IS NOT NULL)
           UNION
           SELECT u.title, t.text, e.title FROM articles u
           JOIN articles e ON e.source_id = u.source_id AND e.key = u.key AND e.language = 'en'
           JOIN translations t ON t.text_hash = u.title_hash AND t.text IS NOT NULL
           WHERE u.language = 'uk'
             AND t.id = (SELECT max(id) FROM translations WHERE text_hash = t.text_hash AND text IS NOT NULL)"""
    )
    return [tuple(row) for row in rows]
