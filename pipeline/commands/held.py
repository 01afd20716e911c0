"""`sources held` and `sources accept ID`: answers of listings that were out of character."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from core.clock import clock_from
from core.errors import Unreachable, UsageError
from core.model import iso
from db import held_answers
from db.store import clear_errors, open_for_reading, working_on
from pipeline import signals
from pipeline.collect.held import way_out
from pipeline.collect.listings import Plan
from pipeline.commands import say
from pipeline.commands.ingest import chosen_sources
from pipeline.ending import recorded
from pipeline.group import GROUP_SECONDS, group_due

if TYPE_CHECKING:
    import argparse

    from core.answers import HeldAnswer

SHOWN_TITLES = 5


class Offline:
    """Network and parsers of a command that works offline."""

    async def fetch(self, *_: object, **__: object) -> NoReturn:
        """Raise: nothing is asked of a site, and no page is read."""
        raise Unreachable("this command asks nothing of a site")

    listing = article = fetch


def show(args: argparse.Namespace) -> int:
    """Print what is held back, why, and the first titles of each answer."""
    path = Path(args.db)
    with closing(open_for_reading(path)) as connection, clear_errors(path):
        answers = held_answers.load_open(connection)
    lines = [line for answer in answers for line in _lines(answer)]
    data = [
        {name: value for name, value in asdict(answer).items() if name not in ("shape", "items")}
        | {"titles": [item.title for item in answer.items]}
        for answer in answers
    ]
    say.always(args.json, {"held": data}, lines or ["nothing is held back"])
    return 0


def accept(args: argparse.Namespace) -> int:
    """Apply what is held back of one source, without the network; say in one line what came of it."""
    if not args.id:
        raise UsageError("sources accept needs the ID of a source; `visnyk sources held` shows what is held back")
    (source,) = chosen_sources([args.id])
    clock, path = clock_from(args.now), Path(args.db)
    with closing(open_for_reading(path)):  # accepting makes no new database
        pass
    with working_on(path) as store:
        answers = held_answers.load_open(store.connection, source.id)
        if not answers:
            raise UsageError(f"{source.id}: nothing is held back")
        from pipeline.collect.run import ExchangeLog, Ingest, Tools

        with recorded(store, "sources accept", clock) as run:
            tools = Tools(Offline(), Offline(), ExchangeLog(), dict)
            figures = signals.run(Ingest(store, run.id, Plan(clock()), tools).accept(source, answers))
            group_due(store, iso(clock()), GROUP_SECONDS)
    counts = {name: getattr(figures, name) for name in ("new", "edited", "unchanged", "duplicate", "rejected")}
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    data = {"source_id": source.id, "answers": len(answers), **counts}
    say.always(args.json, data, [f"{source.id}: accepted: {told}"])
    return 0


def _lines(answer: HeldAnswer) -> list[str]:
    titles = [f"    {item.title}" for item in answer.items[:SHOWN_TITLES]]
    more = len(answer.items) - len(titles)
    return [
        f"{answer.source_id}: held back since {answer.first_at} (answers of this kind: {answer.times}): {answer.url}",
        *(f"  {text}" for text in answer.reasons.values()),
        *titles,
        *([f"    and {more} more"] if more > 0 else []),
        f"  {way_out(answer.first_at, answer.reasons, answer.source_id)}",
    ]
