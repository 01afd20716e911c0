"""The second loop: texts → translations. It may be stopped at any text; what was stored stays."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from core.errors import ModelError
from core.model import Problem
from db import grouping_due, ledger
from pipeline.group import GROUP_SECONDS, group_due

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from core.model import Rendering, Text, Translation, Translator
    from db.store import Store

CHUNK = 256  # texts in one call and one transaction: large enough for full batches, small enough to lose little


@dataclass(frozen=True, slots=True)
class Translated:
    """Result of translating what was due."""

    due: int = 0
    states: Mapping[str, int] = field(default_factory=dict)  # ok, flagged, failed → how many
    engine_calls: int = 0
    model: str = ""
    problem: Problem | None = None


def translate_due(
    store: Store,
    *,
    load: Callable[[], Translator],
    judge: Callable[[Text, Rendering, Translator], Translation],
    at: str,
    limit: int | None = None,
    seconds: float | None = None,
    timer: Callable[[], float] = time.monotonic,
    progress: Callable[[int], AbstractContextManager[Callable[[int], None]]] = lambda _: nullcontext(lambda _: None),
) -> Translated:
    """Translate what waits, newest first, in chunks; each chunk is one transaction.

    `load` is called only when something waits; its ModelError, or one in the middle, ends the work and is
    reported as the problem: everything not yet done stays due. No chunk is begun when `seconds` are over; the rest
    is left to the next run. `progress` opens a bar for that many texts.
    """
    texts = ledger.due(store.connection, at, limit)
    if not texts:
        return Translated()
    from db.stories import StoryArchive
    from pipeline.stories.update import refresh_stories

    began, calls, model, problem = timer(), 0, "", None
    states: Counter[str] = Counter()
    try:
        translator = load()
        model = translator.model
        with progress(len(texts)) as moved:
            for chunk in _chunks(texts):
                if seconds is not None and timer() - began >= seconds:
                    break
                rows = translate_chunk(chunk, translator, judge)
                calls += 1
                hashes = [row.text.text_hash for row in rows]
                titles = [row.text.text_hash for row in rows if row.text.kind == "title" and row.state == "ok"]
                with store.transaction() as connection:
                    ledger.save(connection, rows, at)
                    shown = ledger.stories_showing(connection, hashes)
                    # The machine's English may show that an article tells the same as an English one elsewhere.
                    grouping_due.add(connection, ledger.articles_titled(connection, titles), at)
                    refresh_stories(StoryArchive(connection, at), connection, shown)
                group_due(store, at, GROUP_SECONDS)
                states.update(row.state for row in rows)
                moved(len(chunk))
    except ModelError as error:
        problem = Problem("model", str(error))
    return Translated(len(texts), states, calls, model, problem)


def translate_chunk(
    chunk: Sequence[Text], translator: Translator, judge: Callable[[Text, Rendering, Translator], Translation]
) -> list[Translation]:
    """Return the ledger rows of one call of the engine. Raise ModelError when the engine broke as a whole."""
    renderings = translator.translate([text.source_text for text in chunk])
    return [judge(text, result, translator) for text, result in zip(chunk, renderings, strict=True)]


def _chunks(texts: Sequence[Text]) -> Iterable[Sequence[Text]]:
    """Yield titles and leads apart, so that every title is done before the first lead."""
    for _, same_kind in groupby(texts, key=lambda text: text.kind):
        part = list(same_kind)
        for start in range(0, len(part), CHUNK):
            yield part[start : start + CHUNK]
