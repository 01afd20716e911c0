"""A conflict: one reason why two articles are not one story, and how it is written down. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.stories.evidence import amount_text
from pipeline.stories.weights import TOPIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.stories.evidence import Evidence

SAME_FRAME = 0.7  # likeness of titles from which a word in the place of another is another thing
ALL_BUT_EQUAL = 0.8  # likeness from which that holds for the common words of the trade too
RETOLD = 0.8  # likeness of leads from which one retells the other
ONE_WORD_APART = 0.9  # likeness from which nothing else tells two titles apart


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why two articles are not one story."""

    name: str  # places, amounts, bills, parts, months, years, dates, counts, names, steps, …
    ours: str
    theirs: str
    hard: bool  # a soft one gives way to an (almost) identical lead

    @classmethod
    def between(cls, name: str, ours: Iterable[object], theirs: Iterable[object], *, hard: bool = True) -> Conflict:
        """Return a conflict with the values of both sides as text."""
        return cls(name, listed(ours), listed(theirs), hard)


def differ(name: str, ours: Iterable[object], theirs: Iterable[object], *, hard: bool = True) -> Iterator[Conflict]:
    """Yield a conflict when both sides have values and share none."""
    first, second = set(ours), set(theirs)
    if first and second and not first & second:
        yield Conflict.between(name, first, second, hard=hard)


def two_topics(evidence: Evidence, *, listed: bool, least: float = TOPIC) -> tuple[list[str], list[str]] | None:
    """Return the words of each title, if both have some, that say its topic and that the other article lacks.

    `listed`: only those that the lexicon knows.
    """
    left, right = (
        [term.text for term in side if term.weight >= least and not term.name and (term.rows or not listed)]
        for side in (evidence.left, evidence.right)
    )
    return (left, right) if left and right else None


def listed(values: Iterable[object]) -> str:
    """Return the values as text, in order; a pair is a month and day."""
    texts = []
    for value in values:
        if isinstance(value, tuple):
            texts.append(f"{value[1]:02d}.{value[0]:02d}")
        else:
            amount = getattr(value, "value", None)
            texts.append(amount_text(amount) if amount is not None else str(value))
    return ", ".join(sorted(texts))
