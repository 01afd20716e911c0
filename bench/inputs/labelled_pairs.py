"""The labelled pairs of tests/labelled, and scores of a judge on them. Pure but for reading the file."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.model import StoryText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FOLDER = Path(__file__).parents[2] / "tests" / "labelled"
PAIRS = FOLDER / "story_pairs.jsonl"
RETOLD = FOLDER / "story_pairs_retold.jsonl"  # most of them in another newsroom's own words
DECEIVING = FOLDER / "story_pairs_lookalikes.jsonl"  # none is one story; made to be taken for one
FRESH = FOLDER / "story_pairs_fresh.jsonl"  # by authors who knew the real sets and not the program


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two articles and what they are to each other."""

    id: str
    label: str  # same, related, different
    kind: str  # edited, reposted, reworded, translated, machine, related, lookalike
    half: str  # tuned: weights and lists were made with it; held_out: they were not
    a: StoryText
    b: StoryText

    @property
    def group(self) -> str:
        """Return `within` one language, `across` two without machine English, or `machine`: across two with it."""
        if self.a.language == self.b.language:
            return "within"
        return "machine" if self.a.machine_english else "across"


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision and recall of a judge on some pairs."""

    merged: int  # pairs that it called one story
    right: int  # of these, how many are
    recall: dict[str, float]  # by group of pairs

    @property
    def precision(self) -> float:
        """Return the share of the merged pairs that belong together; 1 when nothing was merged."""
        return self.right / self.merged if self.merged else 1.0


@lru_cache(maxsize=4)
def labelled(file: Path = PAIRS) -> tuple[LabelledPair, ...]:
    """Return all labelled pairs of a file."""
    return tuple(_pair(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines())


def retold() -> tuple[LabelledPair, ...]:
    """Return the hard pairs; those across two languages come twice, with the machine's English and without it."""
    return _with_and_without_machine(RETOLD)


def fresh() -> tuple[LabelledPair, ...]:
    """Return the pairs in the manner of the real duplicates; those across two languages come twice too."""
    return _with_and_without_machine(FRESH)


def _with_and_without_machine(file: Path) -> tuple[LabelledPair, ...]:
    pairs = labelled(file)
    bare = (replace(two, a=_bare(two.a), b=_bare(two.b)) for two in pairs if two.group == "machine")
    return (*pairs, *bare)


def _bare(text: StoryText) -> StoryText:
    return replace(text, machine_english=None)


def _pair(row: dict[str, object]) -> LabelledPair:
    return LabelledPair(
        str(row["id"]), str(row["label"]), str(row["kind"]), str(row["half"]), _text(row["a"]), _text(row["b"])
    )


def _text(given: object) -> StoryText:
    assert isinstance(given, dict)
    return StoryText(
        article_id=0,
        source_id=given["source"],
        key="",
        language=given["language"],
        title=given["title"],
        lead=given["lead"],
        published_on=given["published_on"],
        url=given["url"],
        machine_english=given.get("machine_english"),
    )


def score(pairs: Iterable[LabelledPair], same: Callable[[StoryText, StoryText], bool]) -> Scores:
    """Return the precision over all pairs, and the recall by group."""
    merged = right = 0
    found: dict[str, list[bool]] = {}
    for two in pairs:
        verdict = same(two.a, two.b)
        merged += verdict
        right += verdict and two.label == "same"
        if two.label == "same":
            found.setdefault(two.group, []).append(verdict)
    return Scores(merged, right, {group: sum(verdicts) / len(verdicts) for group, verdicts in found.items()})
