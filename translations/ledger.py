"""What to translate and what a result is worth. Pure: rows and renderings in, decisions out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.model import Translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pipeline.model import Rendering, Text, Translator
    from translations.checks import Verdict

# The same engine mostly fails on the same text in the same way, so the next try waits longer each time; another
# model is another ledger row and tries at once. After the last try the text is left to a person.
WAITS = (timedelta(hours=1), timedelta(hours=12), timedelta(days=3), timedelta(days=14))


def judge(
    text: Text,
    rendering: Rendering,
    translator: Translator,
    check: Callable[[str, str], Verdict],
    glossary: str = "",
) -> Translation:
    """The ledger row for one rendering.

    `failed` has no text: the engine gave none, or a check blocks what it gave, so the original is shown. `flagged`
    keeps the text with the reasons why a person should look. `ok` passed every check.
    """
    state, reasons = _worth(text, rendering, check)
    return Translation(
        text=text,
        result=None if state == "failed" else rendering.text,
        engine=translator.engine,
        model=translator.model,
        glossary=glossary,
        state=state,
        reasons=reasons,
        score=rendering.score,
    )


def _worth(text: Text, rendering: Rendering, check: Callable[[str, str], Verdict]) -> tuple[str, tuple[str, ...]]:
    if rendering.text is None:
        return "failed", (rendering.error or "the engine gave no text",)
    verdict = check(text.source_text, rendering.text)
    if verdict.blocking:
        return "failed", (*verdict.blocking, *verdict.flags)
    return ("flagged", verdict.flags) if verdict.flags else ("ok", ())


def is_due(state: str, attempts: int, last_at: str, now: datetime) -> bool:
    """Whether a ledger row of the current engine, model and glossary asks for another try.

    `last_at` is UTC ISO 8601, `now` aware. What is translated never is due; what is stale always is.
    """
    if state != "failed":
        return state == "stale"
    if attempts > len(WAITS):
        return False
    return now >= datetime.fromisoformat(last_at) + WAITS[max(attempts, 1) - 1]


def due(texts: Iterable[Text], rows: Mapping[str, tuple[str, int, str]], now: datetime) -> list[Text]:
    """The texts to translate now, each once, titles before leads, otherwise in the order given.

    `rows` holds (state, attempts, last_at) by text_hash, for the engine, model and glossary in use.
    """
    once: dict[str, Text] = {}
    for text in texts:
        once.setdefault(text.text_hash, text)
    return sorted((text for text in once.values() if _waits(text, rows, now)), key=lambda text: text.kind != "title")


def _waits(text: Text, rows: Mapping[str, tuple[str, int, str]], now: datetime) -> bool:
    row = rows.get(text.text_hash)
    return row is None or is_due(*row, now)
