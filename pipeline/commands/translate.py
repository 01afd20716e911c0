"""`translate`: plugs the engine, the checks and the database together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import clock_from
from core.model import iso
from db import ledger, runs
from db.store import open_for_reading, working_on
from pipeline import report
from pipeline.collect.run import IngestResult
from pipeline.commands import say
from pipeline.ending import recorded
from pipeline.group import GROUP_SECONDS, group_due
from pipeline.progress import bar
from pipeline.translate import Translated, translate_due

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from datetime import datetime

    from core.model import Rendering, Text, Translation, Translator
    from db.store import Store


def translate(args: argparse.Namespace) -> int:
    """Work off the texts that wait."""
    clock = clock_from(args.now)
    path = Path(args.db)
    open_for_reading(path).close()
    with working_on(path) as store, recorded(store, "translate", clock) as run:
        grouped = group_due(store, iso(clock()), GROUP_SECONDS)
        translated = work_off(store, clock, setup=False, limit=args.limit)
        run.exit_code = 1 if translated.problem else 0
    say.problems([*report.problem_lines(IngestResult(), translated), *report.backlog_lines(grouped)])
    data = report.as_json(run.id, run.exit_code, IngestResult(), translated)
    done = sum(translated.states.values())
    say.result(args.json, data, f"translated {done} of {translated.due} texts that waited")
    return run.exit_code


def work_off(
    store: Store, clock: Callable[[], datetime], *, setup: bool, limit: int | None, seconds: float | None = None
) -> Translated:
    """Translate what waits, and again what another model or glossary made, for about `seconds` at the most.

    With `setup`, and no model there, one attempt is made to install it.
    """
    from translations import fingerprint, glossary

    at = iso(clock())
    if not fingerprint.is_current(ledger.basis(store.connection)):
        with store.transaction() as connection:
            ledger.go_through(connection, fingerprint.current(), fingerprint.maker(), glossary.version_for, at)
    translated = translate_due(
        store,
        load=lambda: load_engine(store, setup=setup),
        judge=judge,
        at=at,
        limit=limit,
        seconds=seconds,
        progress=lambda total: bar("translating", total, "text"),
    )
    if translated.due:
        with store.transaction() as connection:
            if translated.problem:
                runs.save_problems(connection, [translated.problem], at)
            else:
                runs.resolve_problems(connection, None, ["model"], at)
    return translated


def load_engine(store: Store, *, setup: bool) -> Translator:
    """Return the user's server if one is named, else the installed model. Raise ModelError.

    At the first set-up, when there is no model, one attempt is made to install it.
    """
    from pipeline.commands import model
    from translations import fingerprint
    from translations.engines import argos
    from translations.rerank import with_reranking

    if url := fingerprint.server():
        from pipeline.commands import remote

        return with_reranking(remote.translator(url))
    if setup and not model.is_installed() and runs.count_runs(store.connection, model.INSTALL) == 0:
        model.install_once(store)
    return with_reranking(argos.load())


def judge(text: Text, rendering: Rendering, translator: Translator) -> Translation:
    """Return the ledger row for a rendering, by the real checks and glossary."""
    from translations import checks, glossary
    from translations.assess import assess

    return assess(text, rendering, translator, checks.check, glossary.version_for(text.source_text))
