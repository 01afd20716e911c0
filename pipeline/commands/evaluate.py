"""`evaluate`: the machine's English against the publishers' own English of the same publication."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.clock import clock_from
from core.model import iso
from db import evaluations, ledger
from db.store import open_for_reading, working_on
from pipeline.commands import say
from pipeline.commands.translate import judge, load_engine
from pipeline.ending import recorded
from pipeline.progress import bar
from pipeline.translate import CHUNK, translate_chunk

if TYPE_CHECKING:
    import argparse

    from core.model import Text, Translator
    from db.store import Store
    from translations.evaluate import Compared, Report


def evaluate(args: argparse.Namespace) -> int:
    """Translate what of it is not translated yet, measure, and store one row for each month and one for all."""
    path, now = Path(args.db), clock_from(None)()
    at = iso(now)
    rows: list[dict[str, Any]] = []
    open_for_reading(path).close()  # an evaluation makes no database
    with working_on(path) as store:
        wanted = evaluations.publications(store.connection, args.limit)
        if wanted:
            translator = load_engine(store, setup=False)
            with recorded(store, "evaluate", lambda: now):
                _translate_missing(store, translator, [text for text, _, _ in wanted], at)
                rows = _measure(store, translator, wanted, at)
                with store.transaction() as connection:
                    evaluations.save(connection, rows)
    say.always(args.json, {"evaluations": rows}, [_line(row) for row in rows] or ["no headline in both languages yet"])
    return 0


def _translate_missing(store: Store, translator: Translator, wanted: list[Text], at: str) -> None:
    """Translate into the ledger, where a publisher's own English still comes first, and only what is not there yet."""
    done = evaluations.made(store.connection, (translator.engine, translator.model))
    left = [text for text in wanted if text.text_hash not in done]
    with bar("translating", len(left), "text") as moved:
        for start in range(0, len(left), CHUNK):
            made = translate_chunk(left[start : start + CHUNK], translator, judge)
            with store.transaction() as connection:
                ledger.save(connection, made, at)
            moved(len(made))


def _measure(
    store: Store, translator: Translator, wanted: list[tuple[Text, str, str]], at: str
) -> list[dict[str, Any]]:
    from translations.evaluate import Compared, report

    made = evaluations.made(store.connection, (translator.engine, translator.model))
    months: dict[str, list[Compared]] = defaultdict(list)
    for text, english, month in wanted:
        months[month].append(Compared(text.source_text, made[text.text_hash], english, month))
    everything = [each for month in months.values() for each in month]
    maker = {"measured_at": at, "engine": translator.engine, "model": translator.model}
    return [
        maker | _row(None, report(everything)),
        *(maker | _row(month, report(months[month])) for month in sorted(filter(None, months), reverse=True)),
    ]


def _row(month: str | None, found: Report) -> dict[str, Any]:
    row: dict[str, Any] = {
        "month": month,
        "headlines": found.headlines,
        "withheld": found.withheld,
        "flags_per_100": round(found.flags_per_100, 2),
    }
    for name, score in (("chrf", found.chrf), ("bleu", found.bleu)):
        row[name] = round(score.score, 2) if score else None
        row[f"{name}_low"] = round(score.low, 2) if score else None
        row[f"{name}_high"] = round(score.high, 2) if score else None
    for name in ("names", "regions", "numbers", "terms"):
        accuracy = getattr(found, name)
        row[f"{name}_expected"], row[f"{name}_right"] = accuracy.expected, accuracy.right
    return row


def _line(row: dict[str, Any]) -> str:
    shares = ", ".join(f"{name} {row[f'{name}_right']}/{row[f'{name}_expected']}"
                       for name in ("names", "regions", "numbers", "terms"))  # fmt: skip
    scores = "nothing to score" if row["chrf"] is None else (
        f"chrF {row['chrf']:.1f} [{row['chrf_low']:.1f}..{row['chrf_high']:.1f}], "
        f"BLEU {row['bleu']:.1f} [{row['bleu_low']:.1f}..{row['bleu_high']:.1f}]"
    )  # fmt: skip
    return (
        f"{row['month'] or 'all':8} {row['headlines']:5} headlines, {row['withheld']} withheld: {scores}, {shares}, "
        f"{row['flags_per_100']:.1f} flags/100  ({row['model']})"
    )
