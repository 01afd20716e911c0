"""Scores of translations, against a reference and by themselves. Pure but for the tables of data/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from language.facts.counterparts import in_digits
from language.letters import one_script_words, plain
from language.places import names, spellings
from translations import checks, glossary

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Compared:
    """A headline, what the machine made of it (None: withheld), and the publisher's own English."""

    source: str
    machine: str | None
    reference: str
    month: str = ""  # 2026-02; empty: unknown


@dataclass(frozen=True, slots=True)
class Interval:
    """A score of 0 to 100 and its 95 % interval by bootstrap."""

    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Number of things that were expected, and of those that came out right."""

    expected: int
    right: int


@dataclass(frozen=True, slots=True)
class Report:
    """The worth of a set of translations."""

    headlines: int
    withheld: int
    flags_per_100: float
    chrf: Interval | None
    bleu: Interval | None
    names: Accuracy
    regions: Accuracy
    numbers: Accuracy
    terms: Accuracy


def report(compared: Sequence[Compared]) -> Report:
    """Return scores and accuracies; withheld headlines count as withheld and nowhere else."""
    shown = [(each.source, each.machine, each.reference) for each in compared if each.machine is not None]
    pairs = [(source, machine) for source, machine, _ in shown]
    flags = sum(len(checks.check(*pair).flags) for pair in pairs)
    chrf = bleu = None
    if shown:
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF

        texts = [machine for _, machine, _ in shown], [ours(reference) for _, _, reference in shown]
        chrf, bleu = _interval(CHRF(), *texts), _interval(BLEU(), *texts)
    said = [glossary.is_said(match.term, machine) for source, machine in pairs for match in glossary.expected(source)]
    return Report(
        headlines=len(compared),
        withheld=len(compared) - len(shown),
        flags_per_100=100 * flags / len(shown) if shown else 0.0,
        chrf=chrf,
        bleu=bleu,
        names=_places(pairs, regions=False),
        regions=_places(pairs, regions=True),
        numbers=_numbers(pairs),
        terms=Accuracy(len(said), sum(said)),
    )


def ours(reference: str) -> str:
    """Return a publisher's wording with our spelling of places, so that Kiev for Kyiv is no error of the machine.

    Nor are Cyrillic letters that slipped into his English words.
    """
    return spellings.repaired(one_script_words(reference), lambda _: True)


def _interval(metric: Any, machine: list[str], references: list[str]) -> Interval:
    found = metric.corpus_score(machine, [references], n_bootstrap=SAMPLES)
    score, low, high = float(found.score), float(found._mean - found._ci), float(found._mean + found._ci)
    return Interval(score, max(0.0, min(low, score)), min(100.0, max(high, score)))


def _places(pairs: Sequence[tuple[str, str]], *, regions: bool) -> Accuracy:
    wanted = [
        mention.core.casefold() in machine.casefold()
        for source, machine in pairs
        for mention in names.find_certain(source)
        if mention.core and (mention.kind == "oblast") == regions
    ]
    return Accuracy(len(wanted), sum(wanted))


def _numbers(pairs: Sequence[tuple[str, str]]) -> Accuracy:
    rules = ("number_missing", "number_added", "digit_missing", "digit_added")
    right = []
    for source, machine in pairs:
        if in_digits(plain(source), "uk"):
            verdict = checks.check(source, machine)
            right.append(not any(reason.startswith(rules) for reason in verdict.blocking + verdict.flags))
    return Accuracy(len(right), sum(right))
