"""Report of a run: lines for a person, one object for a program. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline.health import READ

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Problem, SourceStatistics
    from pipeline.collect.run import IngestResult
    from pipeline.group import Grouped
    from pipeline.translate import Translated

LOUD = (
    "held",
    "fetch",
    "drift",
    "moved",
)  # worth a line although the source was read; the rest stands in the table problems
GRAVE = ("held", "fetch", "parse", "drift", "moved")  # told before others, in this order
LINE_LIMIT = 300
NO_WAY_OUT = "nothing could be read; `visnyk demo` or `make demo` shows everything without a network"


def problem_lines(result: IngestResult, translated: Translated | None) -> list[str]:
    """Return one clear line for each source that did not go well, and one for the translation model."""
    lines = [_source_line(statistics, result.problems) for statistics in result.statistics.values()]
    if translated and translated.problem:
        lines.append(f"translation: {translated.problem.message} ({translated.due} texts wait)")
    failed = translated.states.get("failed", 0) if translated else 0
    if translated and failed:
        lines.append(f"translation: {failed} of {translated.due} texts failed and will be tried again")
    answered = any(statistics.state == "suspicious" for statistics in result.statistics.values())
    if result.statistics and not result.readable and not answered:
        lines.append(NO_WAY_OUT)
    return [line for line in lines if line]


def backlog_lines(grouped: Grouped) -> list[str]:
    """Return a line when articles are left to be grouped; there is nothing to do but to wait for the next run."""
    if not grouped.left:
        return []
    return [f"grouping: {grouped.left:,} of {grouped.due:,} articles are left to the next run"]


def _source_line(statistics: SourceStatistics, problems: Sequence[Problem]) -> str:
    own = [problem for problem in problems if problem.source_id == statistics.source_id]
    if statistics.state in READ and not any(problem.stage in LOUD for problem in own):
        return ""
    if not own:
        return f"{statistics.source_id}: {statistics.state}"
    first = next((problem for stage in GRAVE for problem in own if problem.stage == stage), own[0])
    where = f" url={first.url}" if first.url and first.url not in first.message else ""
    text = " ".join(f"{first.message}{where}".split())
    text = text if len(text) <= LINE_LIMIT else f"{text[: LINE_LIMIT - 1]}…"
    more = f" (and {len(own) - 1} more in the table problems)" if len(own) > 1 else ""
    return f"{statistics.source_id}: {statistics.state}: {text}{more}"


def outcome_line(result: IngestResult, translated: Translated | None, retagged: int = 0) -> str:
    """Return the run in one line. `retagged`: older articles that changed rules gave other places or topics."""
    line = (
        f"read {result.readable} of {len(result.statistics)} sources: new {result.total('new')}, "
        f"edited {result.total('edited')}, unchanged {result.total('unchanged')}"
    )
    if translated:
        done = translated.states.get("ok", 0) + translated.states.get("flagged", 0)
        line += f", translated {done} of {translated.due}"
    return line + (f", places or topics changed in {retagged} older articles" if retagged else "")


def as_json(run_id: int, exit_code: int, result: IngestResult, translated: Translated | None) -> dict[str, object]:
    """Return the run as one JSON object: totals on top, each source under `sources`."""
    figures = ("listed", "new", "edited", "unchanged", "duplicate", "rejected", "requests", "bytes")
    states = translated.states if translated else {}
    calls = translated.engine_calls if translated else 0
    return {
        "run_id": run_id,
        "exit_code": exit_code,
        **{figure: result.total(figure) for figure in figures},
        "sources": {
            source_id: {
                **asdict(statistics),
                "seconds": round(statistics.seconds, 3),
                "problems": [
                    {"stage": problem.stage, "url": problem.url, "message": problem.message}
                    for problem in result.problems
                    if problem.source_id == source_id
                ],
            }
            for source_id, statistics in result.statistics.items()
        },
        "translation": {
            "due": translated.due if translated else 0,
            **{state: states.get(state, 0) for state in ("ok", "flagged", "failed")},
            "engine_calls": calls,
            "model": (translated and translated.model) or None,
            "problem": translated.problem.message if translated and translated.problem else None,
        },
        "engine_calls": calls,
    }
