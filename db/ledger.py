"""Rows of the translation ledger: texts that wait, and results. Writes are made in the caller's transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.clock import AHEAD
from core.model import Text, Translation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

# The same engine mostly fails on the same text in the same way: hours to wait after the 1st, 2nd, … failure.
# After the last the text is left to a person. Another model is another ledger row and tries at once.
WAITS = (1, 12, 72, 336)
_WAIT = "CASE t.attempts " + " ".join(f"WHEN {number} THEN {hours}" for number, hours in enumerate(WAITS, 1)) + " END"

# The texts that a story shows in Ukrainian and that neither a publisher nor an editor gave in English: titles, then
# leads; newest first.
# `old` are those that have an English already, but a stale one.
# Only stories with `waits` are looked at, so that a quiet run stays light in a large archive: whoever changes what a
# story shows, or makes rows stale, sets it (`mark_waiting`), and `settle` clears it.
_OPEN = """
SELECT a.{part}_hash AS text_hash, a.{part} AS source_text, '{part}' AS kind, s.published_on, s.id AS story_id,
       EXISTS (SELECT 1 FROM translations t WHERE t.text_hash = a.{part}_hash AND t.source_language = 'uk'
               AND t.target_language = 'en' AND t.state = 'stale' AND t.text IS NOT NULL) AS old
FROM stories s JOIN articles a ON a.id = {uk}
LEFT JOIN articles e ON e.id = {en}
WHERE s.waits = 1 AND s.merged_into IS NULL AND a.{part}_hash <> '' AND coalesce(e.{part}, '') = ''
  AND NOT EXISTS (SELECT 1 FROM articles o CROSS JOIN translation_edits te ON te.text_hash = o.{part}_hash
                  WHERE o.story_id = s.id AND o.language = 'uk' AND o.{part}_hash <> ''
                    AND te.text <> ''
                    AND te.id = (SELECT max(id) FROM translation_edits WHERE text_hash = te.text_hash))
  AND NOT EXISTS (
    SELECT 1 FROM translations t
    WHERE t.text_hash = a.{part}_hash AND t.source_language = 'uk' AND t.target_language = 'en'
      AND (t.state IN ('ok', 'flagged') OR (t.state = 'failed' AND (t.attempts > {tries} {resting}))))
"""
_WHOSE = {
    "title": {"uk": "s.uk_article_id", "en": "s.en_article_id"},
    "lead": {"uk": "coalesce(s.uk_lead_id, s.uk_article_id)", "en": "coalesce(s.en_lead_id, s.en_article_id)"},
}
_RESTING = f"""OR (strftime('%Y-%m-%dT%H:%M:%SZ', t.created_at, '+' || {_WAIT} || ' hours') > ?1
                     AND t.created_at <= strftime('%Y-%m-%dT%H:%M:%SZ', ?1, '+{AHEAD.total_seconds()} seconds'))"""


def due(connection: sqlite3.Connection, at: str, limit: int | None = None) -> list[Text]:
    """Return the texts that wait for a translation at the time `at`, each once.

    First those that have no English yet, then those whose English is stale; of both titles first, newest first.
    """
    rows = connection.execute(
        f"""SELECT text_hash, source_text, kind FROM ({_open_texts(_RESTING)})
            ORDER BY old, kind = 'lead', published_on DESC, story_id DESC LIMIT ?2""",
        (at, -1 if limit is None else limit),
    )
    texts = {row["text_hash"]: Text(row["text_hash"], row["source_text"], "uk", "en", row["kind"]) for row in rows}
    return list(texts.values())


def mark_waiting(connection: sqlite3.Connection, story_ids: Iterable[int]) -> None:
    """Have the next translation look at these stories: what they show may lack English."""
    connection.executemany("UPDATE stories SET waits = 1 WHERE id = ?", [(story_id,) for story_id in story_ids])


def settle(connection: sqlite3.Connection) -> None:
    """Let stories wait no longer that show no text without an answer; a failure to be tried again is no answer."""
    connection.execute(
        f"UPDATE stories SET waits = 0 WHERE waits = 1 AND id NOT IN (SELECT story_id FROM ({_open_texts()}))"
    )


def _open_texts(resting: str = "") -> str:
    parts = (_OPEN.format(part=part, **whose, tries=len(WAITS), resting=resting) for part, whose in _WHOSE.items())
    return " UNION ALL ".join(parts)


def save(connection: sqlite3.Connection, translations: Iterable[Translation], at: str) -> None:
    """Write ledger rows; a row of the same text, engine, model and glossary is replaced and its attempts counted."""
    connection.executemany(
        """INSERT INTO translations (text_hash, source_text, source_language, target_language, text, engine, model,
                                     glossary, state, reasons, score, created_at, steps)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (text_hash, source_language, target_language, engine, model, glossary) DO UPDATE SET
               text = excluded.text, state = excluded.state, reasons = excluded.reasons, score = excluded.score,
               attempts = attempts + 1, created_at = excluded.created_at, steps = excluded.steps""",
        [
            (t.text.text_hash, t.text.source_text, t.text.source_language, t.text.target_language, t.result, t.engine,
             t.model, t.glossary, t.state, json.dumps(list(t.reasons), ensure_ascii=False), t.score, at,
             json.dumps(list(t.steps), ensure_ascii=False))
            for t in translations
        ],
    )  # fmt: skip


def basis(connection: sqlite3.Connection) -> str:
    """Return with what the ledger was last gone through; empty when never."""
    row = connection.execute("SELECT basis FROM ledger_basis").fetchone()
    return row[0] if row else ""


def go_through(
    connection: sqlite3.Connection, basis: str, maker: tuple[str, str], glossary: Callable[[str], str], at: str
) -> int:
    """Make stale what another engine, model or version of the glossary made; return how many rows that are.

    `maker` is the engine and its model; `glossary` gives the version for a text, and is asked only about texts that
    this maker translated.
    """
    rows = connection.execute(
        """SELECT id, source_text, engine = ?1 AND model = ?2 AS ours, glossary FROM translations
           WHERE state <> 'stale' AND source_language = 'uk' AND target_language = 'en'""",
        maker,
    )
    outdated = [(row["id"],) for row in rows if not row["ours"] or row["glossary"] != glossary(row["source_text"])]
    connection.executemany("UPDATE translations SET state = 'stale' WHERE id = ?", outdated)
    if outdated:
        connection.execute(
            """UPDATE stories SET waits = 1 WHERE id IN (
                SELECT a.story_id FROM articles a JOIN translations t ON t.text_hash IN (a.title_hash, a.lead_hash)
                WHERE t.state = 'stale')"""
        )
        settle(connection)
    connection.execute(
        """INSERT INTO ledger_basis (id, basis, at) VALUES (1, ?, ?)
           ON CONFLICT (id) DO UPDATE SET basis = excluded.basis, at = excluded.at""",
        (basis, at),
    )
    return len(outdated)


def stories_showing(connection: sqlite3.Connection, text_hashes: Iterable[str]) -> list[int]:
    """Return the stories with an article whose Ukrainian title or lead is one of the texts now."""
    sql = """SELECT story_id FROM articles WHERE title_hash = ?1 AND language = 'uk'
             UNION SELECT story_id FROM articles WHERE lead_hash = ?1 AND lead_hash <> '' AND language = 'uk'"""
    return _ids(connection, sql, text_hashes)


def articles_titled(connection: sqlite3.Connection, text_hashes: Iterable[str]) -> list[int]:
    """Return the Ukrainian articles whose title is one of the texts."""
    return _ids(connection, "SELECT id FROM articles WHERE title_hash = ? AND language = 'uk'", text_hashes)


def _ids(connection: sqlite3.Connection, sql: str, text_hashes: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(row[0] for text in text_hashes for row in connection.execute(sql, (text,))))
