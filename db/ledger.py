"""The translation ledger: which texts wait, and what came of them. Writes are made in the caller's transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipeline.model import Text, Translation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

ATTEMPTS_AT_MOST = 5  # a text that an engine failed on so often is left to a person

# The texts that a story shows in Ukrainian and that no publisher gave in English: titles, then leads; newest first.
# What a row of this engine, model and glossary already answers is not due, unless it failed and may be tried again.
_DUE = """
SELECT a.{part}_hash AS text_hash, a.{part} AS source_text, '{part}' AS kind, s.published_on, s.id AS story_id
FROM stories s JOIN articles a ON a.id = s.uk_article_id
LEFT JOIN articles e ON e.id = s.en_article_id
WHERE s.merged_into IS NULL AND a.{part}_hash <> '' AND coalesce(e.{part}, '') = ''
  AND NOT EXISTS (
    SELECT 1 FROM translations t
    WHERE t.text_hash = a.{part}_hash AND t.source_language = 'uk' AND t.target_language = 'en'
      AND (t.state IN ('ok', 'flagged') {known_engine} OR (t.state = 'failed' {known_engine} AND t.attempts >= ?)))
"""


def due(connection: sqlite3.Connection, limit: int | None = None) -> list[Text]:
    """Every text that waits for a translation, whatever the engine: titles first, newest first, each text once."""
    sql = (
        f"SELECT text_hash, source_text, kind FROM ({_DUE.format(part='title', known_engine='')}"
        f" UNION ALL {_DUE.format(part='lead', known_engine='')})"
        " ORDER BY kind = 'lead', published_on DESC, story_id DESC LIMIT ?"
    )
    rows = connection.execute(sql, (ATTEMPTS_AT_MOST, ATTEMPTS_AT_MOST, -1 if limit is None else limit))
    texts = {row["text_hash"]: Text(row["text_hash"], row["source_text"], "uk", "en", row["kind"]) for row in rows}
    return list(texts.values())


def count_due(connection: sqlite3.Connection) -> int:
    """How many texts wait."""
    return len(due(connection))


def save(connection: sqlite3.Connection, translations: Iterable[Translation], at: str) -> None:
    """Writes ledger rows; a row of the same text, engine, model and glossary is replaced and its attempts counted."""
    connection.executemany(
        """INSERT INTO translations (text_hash, source_text, source_language, target_language, text, engine, model,
                                     glossary, state, reasons, score, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (text_hash, source_language, target_language, engine, model, glossary) DO UPDATE SET
               text = excluded.text, state = excluded.state, reasons = excluded.reasons, score = excluded.score,
               attempts = attempts + 1, created_at = excluded.created_at""",
        [_row(translation, at) for translation in translations],
    )


def stories_showing(connection: sqlite3.Connection, text_hashes: Sequence[str]) -> list[int]:
    """The stories whose Ukrainian title or lead is one of the texts."""
    ids: dict[int, None] = {}
    for text_hash in text_hashes:
        rows = connection.execute(
            """SELECT DISTINCT story_id FROM articles WHERE title_hash = ?1
               UNION SELECT DISTINCT story_id FROM articles WHERE lead_hash = ?1 AND lead_hash <> ''""",
            (text_hash,),
        )
        ids.update(dict.fromkeys(row[0] for row in rows))
    return list(ids)


def _row(translation: Translation, at: str) -> tuple[object, ...]:
    text = translation.text
    return (
        text.text_hash, text.source_text, text.source_language, text.target_language, translation.result,
        translation.engine, translation.model, translation.glossary, translation.state,
        json.dumps(list(translation.reasons), ensure_ascii=False), translation.score, at,
    )  # fmt: skip
