"""The verdict on two articles: one story, related, or different, and why. Pure.

`evidence` tells what they have in common, `methods` whether that makes one story, `conflicts` what speaks against it;
the numbers that decide stand in `weights`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.stories.conflicts import find_conflicts
from pipeline.stories.displayed import displayed_evidence
from pipeline.stories.evidence import are_far_apart, mentioned_addresses, weigh
from pipeline.stories.features import read_features
from pipeline.stories.methods import same_story_method
from pipeline.stories.places import find_places
from pipeline.stories.weights import LOOKS_ALIKE, MERGE, WINDOW_DAYS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from core.closed_sets import LinkVerdict
    from core.model import StoryText
    from pipeline.stories.conflict import Conflict
    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Annotate, Features

SAME: Final = "same"
RELATED: Final = "related"
DIFFERENT: Final = "different"
# Soft conflicts of facts that a translation keeps as they are: they hold for every edition of a story.
_MEASURED = frozenset({"counts", "places", "amounts", "bills", "general"})
# In these two reports may belong together; another place, sum or bill in the same frame is another matter.
_OF_ONE_AFFAIR = frozenset({"steps", "counts", "topics", "names", "general"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on two articles."""

    verdict: LinkVerdict
    method: str  # same_key, same_address, title, lead, title_and_lead, facts, translation, republished, …
    score: float  # 0 … 1
    evidence: Mapping[str, tuple[str, ...]]
    conflicting: bool = False  # something speaks against merging however alike they are: no group may hold both


def judge(a: StoryText, b: StoryText, annotate: Annotate = find_places) -> Verdict:
    """Return the verdict on two articles, exactly as grouping decides it."""
    return judge_features(read_features(a, annotate), read_features(b, annotate))


def judge_features(a: Features, b: Features, *, thorough: bool = True) -> Verdict:
    """Judge two articles, the Ukrainian and earlier one first, whichever is given first.

    Without `thorough`, conflicts are not looked for where the two have too little in common anyway, and evidence is
    given only for what is worth a row: the verdict is the same.
    """
    a, b = in_order(a, b)
    return by_identity(a, b) or judge_wordings(a, b, thorough=thorough)


def wording_of(one: Features) -> Hashable | None:
    """Return all that `judge_wordings` reads of an article; None of one whose lead gives addresses."""
    text = one.text
    if one.mentions:
        return None
    return (
        text.source_id, text.language, text.title, text.lead, text.published_on, text.machine_english,
        text.attribution, text.publisher,
    )  # fmt: skip


def judge_wordings(a: Features, b: Features, *, thorough: bool) -> Verdict:
    """Judge two articles in their order (`in_order`) by everything but what identifies them."""
    mentioned = mentioned_addresses(a, b)
    far = not mentioned and are_far_apart(a, b)
    if far and not thorough:
        return Verdict(DIFFERENT, "little_in_common", 0.0, {})
    evidence = weigh(a, b)
    method, score = same_story_method(a, b, evidence)
    hopeless = not method and score < 0.2 and not mentioned
    if hopeless and not thorough and not _is_related(evidence) and not _is_one_affair(evidence):
        return Verdict(DIFFERENT, "little_in_common", score, {})
    if evidence.days is not None and evidence.days > WINDOW_DAYS:
        found = Verdict(DIFFERENT, "window", score, displayed_evidence(a, b, evidence, []), True)
        if evidence.same_lead:  # (almost) the same text is published once more
            found = replace(found, verdict=RELATED, method="republished", score=max(score, 0.8))
        return found
    conflicts = find_conflicts(a, b, evidence)
    if mentioned and not method and (score >= 0.2 or evidence.title >= 0.25):
        method, score = "mentioned_address", max(score, MERGE)
    if far:  # whatever a formula in their leads says
        found = Verdict(DIFFERENT, "little_in_common", score, {}, bool(conflicts) and conflicts[0].hard)
    else:
        found = _decide(method, score, evidence, conflicts)
    if thorough or is_worth_a_row(found):
        return replace(found, evidence=displayed_evidence(a, b, evidence, conflicts))
    return found


def is_worth_a_row(found: Verdict) -> bool:
    """Return whether a verdict tells something by itself.

    Verdicts that make one story get their rows when the whole story is known.
    """
    return found.verdict == RELATED or (found.verdict == DIFFERENT and found.score >= LOOKS_ALIKE)


def in_order(a: Features, b: Features) -> tuple[Features, Features]:
    """Return the two as they are judged: the Ukrainian and earlier one first."""
    return (b, a) if _order(b) < _order(a) else (a, b)


def _order(one: Features) -> tuple[object, ...]:
    """Return everything that is read of an article, so that two that tie here are alike in all the judge sees."""
    text = one.text
    return (
        text.language != "uk",
        text.published_on or "",
        text.source_id,
        text.key,
        text.url,
        text.title,
        text.lead,
        text.language,
        text.machine_english or "",
        text.attribution,
        text.publisher,
        text.addresses,
    )


def by_identity(a: Features, b: Features) -> Verdict | None:
    """Return the verdict on two that a key or an address shows to be one publication; None on others."""
    one, other = a.text, b.text
    if one.source_id == other.source_id and one.key and one.key == other.key:
        return Verdict(SAME, "same_key", 1.0, {"key": (f"{one.source_id} {one.key}",)})
    if a.address and a.address == b.address:
        return Verdict(SAME, "same_address", 1.0, {"address": (a.address,)})
    if found := sorted((a.addresses & {b.address}) | (b.addresses & {a.address})):
        return Verdict(SAME, "same_address", 1.0, {"address": tuple(found)})
    return None


def _decide(method: str, score: float, evidence: Evidence, conflicts: list[Conflict]) -> Verdict:
    """Return the verdict when reasons for and against are known, still without the evidence that people read."""
    hard = bool(conflicts) and conflicts[0].hard
    measured = any(one.name in _MEASURED for one in conflicts)
    # Texts that are so alike override a soft conflict; what both languages measure is never overridden.
    alike = evidence.lead >= 0.6 or (evidence.anchors >= 2 and evidence.explained >= 0.6) or evidence.same_lead
    overridden = alike and not (evidence.cross and measured)
    if method and not hard and (overridden or not conflicts):
        return Verdict(SAME, method, score, {})
    name = conflicts[0].name if conflicts else "alike"
    steps = hard and name == "steps" and _is_one_affair(evidence)
    if method or steps or _is_related(evidence):
        related = not conflicts or (name in _OF_ONE_AFFAIR and _is_one_affair(evidence))
        return Verdict(RELATED if related else DIFFERENT, name, score, {}, hard or measured)
    return Verdict(DIFFERENT, "little_in_common", score, {}, hard)


def _is_related(e: Evidence) -> bool:
    """Return whether two articles that are not one story still belong together."""
    return (
        (e.title >= 0.5 and len(e.words) >= 2)
        or (e.title >= 0.3 and e.anchors >= 2)
        or (e.explained >= 0.45 and (e.anchors >= 2 or e.lead >= 0.35))
        or e.same_lead
    )


def _is_one_affair(e: Evidence) -> bool:
    """Return whether two texts that report different steps speak of one thing."""
    return e.title >= 0.5 or (e.title >= 0.25 and (bool(e.anchors) or e.shared >= 1.2 or e.lead >= 0.4))
