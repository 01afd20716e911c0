"""What a run says: lines for a person, one object for a program. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Problem, SourceStatistics
    from pipeline.collect.run import IngestResult
    from pipeline.translate import Translated

FINE = ("ok", "not_modified", "empty")
LOUD = ("fetch", "drift", "moved")  # worth a line although the source was read; the rest stands in the table problems
LINE_LIMIT = 300
NO_WAY_OUT = "nothing could be read; `visnyk demo` or `make demo` shows everything without a network"


def problem_lines(result: IngestResult, translated: Translated | None) -> list[str]:
    """One clear line for each source that did not go well, and one for the translation model."""
    lines = [_source_line(statistics, result.problems) for statistics in result.statistics.values()]
    if translated and translated.problem:
        lines.append(f"translation: {translated.problem.message} ({translated.due} texts wait)")
    failed = translated.states.get("failed", 0) if translated else 0
    if translated and failed:
        lines.append(f"translation: {failed} of {translated.due} texts failed and will be tried again")
    if result.statistics and not result.readable:
        lines.append(NO_WAY_OUT)
    return [line for line in lines if line]


def outcome_line(result: IngestResult, translated: Translated | None, retagged: int = 0) -> str:
    """The run in one line. `retagged`: older articles that changed rules gave other places or topics."""
    again = f", places or topics changed in {retagged} older articles" if retagged else ""
    return (
        f"read {result.readable} of {len(result.statistics)} sources: new {result.total('new')}, "
        f"edited {result.total('edited')}, unchanged {result.total('unchanged')}{_translation(translated)}{again}"
    )


def _translation(translated: Translated | None) -> str:
    if translated is None:
        return ""
    done = translated.states.get("ok", 0) + translated.states.get("flagged", 0)
    return f", translated {done} of {translated.due}"


def as_json(run_id: int, exit_code: int, result: IngestResult, translated: Translated | None) -> dict[str, object]:
    """The run as one JSON object: totals on top, each source under `sources`."""
    figures = ("listed", "new", "edited", "unchanged", "duplicate", "rejected", "requests", "bytes")
    return {
        "run_id": run_id,
        "exit_code": exit_code,
        **{figure: result.total(figure) for figure in figures},
        "sources": {source_id: _source_json(statistics, result) for source_id, statistics in result.statistics.items()},
        "translation": _translation_json(translated),
        "engine_calls": translated.engine_calls if translated else 0,
    }


def _translation_json(translated: Translated | None) -> dict[str, object]:
    states = translated.states if translated else {}
    return {
        "due": translated.due if translated else 0,
        **{state: states.get(state, 0) for state in ("ok", "flagged", "failed")},
        "engine_calls": translated.engine_calls if translated else 0,
        "model": (translated.model or None) if translated else None,
        "problem": translated.problem.message if translated and translated.problem else None,
    }


def _source_json(statistics: SourceStatistics, result: IngestResult) -> dict[str, object]:
    problems = [
        {"stage": problem.stage, "url": problem.url, "message": problem.message}
        for problem in result.problems
        if problem.source_id == statistics.source_id
    ]
    return {**asdict(statistics), "seconds": round(statistics.seconds, 3), "problems": problems}


def _source_line(statistics: SourceStatistics, problems: Sequence[Problem]) -> str:
    own = [problem for problem in problems if problem.source_id == statistics.source_id]
    if statistics.state in FINE and not any(problem.stage in LOUD for problem in own):
        return ""
    grave = [problem for problem in own if problem.stage in ("fetch", "parse", "drift", "moved")] or own
    first = _brief(f"{grave[0].message}{_where(grave[0])}") if grave else ""
    more = f" (and {len(own) - 1} more in the table problems)" if len(own) > 1 else ""
    return (
        f"{statistics.source_id}: {statistics.state}: {first}{more}"
        if first
        else f"{statistics.source_id}: {statistics.state}"
    )


def _where(problem: Problem) -> str:
    return f" url={problem.url}" if problem.url and problem.url not in problem.message else ""


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LINE_LIMIT else f"{line[: LINE_LIMIT - 1]}…"
