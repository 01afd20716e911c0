"""Answers of listings that are out of character: judged before anything of them is applied, held back, released.

Loaded only for an answer that changed, and for the command `sources accept`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.answers import JudgedAnswer
from core.lengths import LEAD_LIMIT, TITLE_LIMIT
from core.model import SourceResult, iso
from pipeline.collect.anomalies import applied_from, find_anomalies, is_same_kind, verdict
from pipeline.collect.batch import ItemProcessor
from pipeline.collect.normalise import clean_text
from pipeline.collect.shapes import ListingAnswer, measure

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.answers import HeldAnswer
    from core.model import Parsed
    from pipeline.collect.batch import NormalisedItems
    from pipeline.collect.protocols import SourceRun

KEPT_ITEMS = 500  # of an answer that is held back; the next answer after it was accepted brings the others
TOLD_REASONS = 2
SAMPLE = 30  # letters of a title in a message, which has to leave room for what to do about it


def judge_answer(
    run: SourceRun, url: str, parsed: Parsed, normalised: NormalisedItems, *, is_first: bool
) -> JudgedAnswer:
    """Return the verdict on one page of a listing. Pages after the first have no answers before to be like."""
    memory, articles = run.memory, normalised.articles
    answer = ListingAnswer(
        source=run.source,
        items=parsed.items,
        unreadable=len(normalised.problems) + len(parsed.faults),
        faults=len(parsed.faults),
        articles=articles,
        known=memory.known({article.key for article in articles}),
        stored_titles=memory.stored_titles({article.title_hash for article in articles}),
        now=run.plan.now,
    )
    history = memory.shapes(url) if is_first else []
    shape = measure(answer, history[0] if history else None)
    if shape.rejected >= shape.items:  # there is nothing to hold back; the crawl reports such a list
        return JudgedAnswer(url, "fits")
    odd, held = find_anomalies(shape, history, run.source.language), memory.held(url)
    kept = shape if is_first else None
    judged = verdict(odd, held, run.plan.now)
    if judged != "held":
        return JudgedAnswer(url, judged, kept)
    goes_on = is_same_kind(odd, held) and held is not None and held.first_at <= iso(run.plan.now)  # no clock went back
    return JudgedAnswer(
        url,
        "held",
        shape,
        first_at=held.first_at if held and goes_on else iso(run.plan.now),
        reasons={anomaly.kind: anomaly.text for anomaly in odd},
        items=tuple(
            replace(item, title=clean_text(item.title, TITLE_LIMIT), lead=clean_text(item.lead, LEAD_LIMIT))
            for item in parsed.items[:KEPT_ITEMS]
        ),
    )


def held_message(judged: JudgedAnswer, source_id: str) -> str:
    """Return in one line why an answer is held back and what a person can do."""
    reasons = list(judged.reasons.values())
    more = f" and {len(reasons) - TOLD_REASONS} more" if len(reasons) > TOLD_REASONS else ""
    title = judged.items[0].title
    sample = title if len(title) <= SAMPLE else f"{title[: SAMPLE - 1]}…"
    told = f"held back: {'; '.join(reasons[:TOLD_REASONS])}{more}; first title «{sample}»"
    return f"{told}; {way_out(judged.first_at, judged.reasons, source_id)}"


def way_out(first_at: str, kinds: Collection[str], source_id: str) -> str:
    """Return how an answer that is held back will be applied: by itself, if ever, or by a person."""
    since = applied_from(first_at, kinds)
    by_itself = f"applied from {since:%Y-%m-%dT%H:%MZ} on if it stays so" if since else "waits for a right answer"
    return f"{by_itself}; if right: `visnyk sources accept {source_id}`"


async def accept(run: SourceRun, answers: Sequence[HeldAnswer]) -> SourceResult:
    """Return what a person's acceptance of held answers brings; nothing is asked of the site."""
    items = ItemProcessor(run)
    for answer in answers:
        normalised = items.normalised(answer.items)
        items.count(normalised)
        items.add(normalised.articles)
    batch = await items.flush(revisit=False, offline=True)
    return SourceResult(
        source_id=run.source.id,
        state="ok",
        read=True,
        decisions=batch.decisions,
        rejected=batch.rejected,
        problems=tuple(replace(problem, source_id=run.source.id) for problem in items.problems),
        judged=tuple(JudgedAnswer(answer.url, "accepted", answer.shape) for answer in answers),
    )
