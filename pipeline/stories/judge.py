"""The verdict on two articles: one story, related, or different, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log1p
from typing import TYPE_CHECKING, Final

from pipeline.stories.conflicts import find_conflicts
from pipeline.stories.displayed import meanings_of_both, numbers_of_both
from pipeline.stories.evidence import Evidence, are_far_apart, weigh
from pipeline.stories.features import read_features
from pipeline.stories.places import find_places
from pipeline.stories.source_labels import is_attributed_to
from pipeline.stories.step_conflicts import OTHER_TOPIC
from pipeline.stories.weights import (
    DAYS_UNKNOWN,
    DISTINCT_TITLE,
    FORMULA,
    LONG_TITLE,
    LOOKS_ALIKE,
    MERGE,
    NAMED_AS_SOURCE,
    ODDS,
    OTHER_LEAD,
    REPOSTED_DAYS,
    TELLS_AGAIN,
    TITLES_AGREE,
    WINDOW_DAYS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.model import LinkVerdict, StoryText
    from pipeline.stories.conflict import Conflict
    from pipeline.stories.features import Annotate, Features

SAME: Final = "same"
RELATED: Final = "related"
DIFFERENT: Final = "different"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided on two articles."""

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

    Without `thorough`, vetoes are not looked for where the two have too little in common anyway, and evidence is told
    only of what is worth a row: the verdict is the same.
    """
    a, b = in_order(a, b)
    if certain := _by_identity(a, b):
        return certain
    far = are_far_apart(a, b) and not mentioned(a, b)
    if far and not thorough:
        return Verdict(DIFFERENT, "little_in_common", 0.0, {})
    evidence = weigh(a, b)
    method, score = _method(a, b, evidence, _score(evidence))
    if (
        not method
        and not thorough
        and score < 0.2
        and not mentioned(a, b)
        and not _is_related(evidence)
        and not _one_affair(evidence)
    ):
        return Verdict(DIFFERENT, "little_in_common", score, {})
    against = find_conflicts(a, b, evidence)
    if evidence.days is not None and evidence.days > WINDOW_DAYS:
        return _far_apart(a, b, evidence, score)
    if not method and (score >= 0.2 or evidence.title >= 0.25) and mentioned(a, b):
        method, score = "mentioned_address", max(score, MERGE)
    found = _far(score, against) if far else _weighed(method, score, evidence, against)
    if thorough or is_worth_a_row(found):
        return replace(found, evidence=displayed_evidence(a, b, evidence, against))
    return found


def _far(score: float, against: list[Conflict]) -> Verdict:
    """The verdict on two that a first look sets apart, whatever a formula in their leads says."""
    return Verdict(DIFFERENT, "little_in_common", score, {}, bool(against) and against[0].hard)


def is_worth_a_row(found: Verdict) -> bool:
    """Whether a verdict tells something by itself; what makes one story gets its row when the whole story is known."""
    return found.verdict == RELATED or (found.verdict == DIFFERENT and found.score >= LOOKS_ALIKE)


def in_order(a: Features, b: Features) -> tuple[Features, Features]:
    """The two as they are judged: the Ukrainian and earlier one first."""
    return (b, a) if _order(b) < _order(a) else (a, b)


def _order(one: Features) -> tuple[object, ...]:
    """Everything that is read of an article, so that two that tie here are alike in all the judge sees."""
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


def _weighed(method: str, score: float, evidence: Evidence, against: list[Conflict]) -> Verdict:
    """The verdict when reasons for and against are known, still without what is told of it."""
    hard = bool(against) and against[0].hard
    if method and not hard and (not against or _overrides(evidence, against)):
        return Verdict(SAME, method, score, {})
    firm = hard or any(one.name in _MEASURED for one in against)
    steps = hard and against[0].name == "steps" and _one_affair(evidence)
    if method or steps or _is_related(evidence):
        name = against[0].name if against else "alike"
        return Verdict(_kept_apart(name, evidence) if against else RELATED, name, score, {}, firm)
    return Verdict(DIFFERENT, "little_in_common", score, {}, hard)


def _by_identity(a: Features, b: Features) -> Verdict | None:
    one, other = a.text, b.text
    if one.source_id == other.source_id and one.key and one.key == other.key:
        return Verdict(SAME, "same_key", 1.0, {"key": (f"{one.source_id} {one.key}",)})
    if a.address and a.address == b.address:
        return Verdict(SAME, "same_address", 1.0, {"address": (a.address,)})
    if found := sorted((a.addresses & {b.address}) | (b.addresses & {a.address})):
        return Verdict(SAME, "same_address", 1.0, {"address": tuple(found)})
    return None


def mentioned(a: Features, b: Features) -> tuple[str, ...]:
    """The address of one article that the other's lead gives."""
    return tuple(sorted((a.mentions & {b.address}) | (b.mentions & {a.address})))


# Soft vetoes of facts that a translation keeps as they are: they hold for every edition of a story.
_MEASURED = frozenset({"counts", "places", "amounts", "bills", "general"})


def _score(e: Evidence) -> float:
    """How probably the two are one story, before any veto."""
    total = sum(ODDS[name][e.cross] * value for name, value in findings(e).items())
    return round(1 / (1 + exp(-total)), 3)


def findings(e: Evidence) -> dict[str, float]:
    """What counts for or against one story, each from 0 to about 1."""
    return {
        "always": 1,
        "explained": e.explained,
        "lead": e.lead,
        "covered": e.covered,
        "covered_more": e.covered_more,
        "common": min(e.common, 10) / 10,
        "no_lead": e.leads == 0,
        "both_leads": e.leads == 2,
        "region": e.region,
        "names": min(len(e.names), 2) / 2,
        "numbers": min(len(e.numbers), 3) / 3,
        "unmatched_names": min(e.unmatched_names, 2) / 2,
        "days": log1p(e.days if e.days is not None else DAYS_UNKNOWN) / 3,
        "same_source": e.same_source,
        "english": e.english,
    }


def _method(a: Features, b: Features, e: Evidence, score: float) -> tuple[str, float]:
    """The method by which two articles are one story, and the score it gives; empty when they are not."""
    if e.same_lead and _lead_decides(e):
        return "lead", max(score, 0.9)
    if e.cross:
        machine = "machine_english" if a.machine or b.machine else "translation"
        return (machine if score >= MERGE else ""), score
    if _writes_again(e) or _formula(e):
        return "", score
    if by_title := _by_title(a, b, e):
        return by_title[0], max(score, by_title[1])
    if NAMED_AS_SOURCE <= score < MERGE and _attribution(a, b):
        return "attribution", MERGE
    named = "title" if e.title >= 0.7 else "title_and_lead" if e.lead >= 0.35 else "facts"
    return (named if score >= MERGE else ""), score


def _lead_decides(e: Evidence) -> bool:
    """Whether an equal lead makes one story: leads of the trade recur, so titles or days must agree too."""
    if e.same_source and (e.days or 0) > 1 and e.contested >= OTHER_TOPIC:
        return False
    if e.title >= TITLES_AGREE:
        return True
    return e.long_lead and e.days is not None and e.days <= REPOSTED_DAYS and (e.title >= 0.15 or bool(e.anchors))


def _by_title(a: Features, b: Features, e: Evidence) -> tuple[str, float] | None:
    """Titles that are one story whatever the leads say, with the score that this is worth."""
    if e.title >= 0.97 and e.shared >= 1.5 and not _recurs(e):
        return "title", 0.9
    if (a.headline.cut or b.headline.cut) and _opens(a, b) and e.shared >= 1.2:
        return "cut_title", 0.8
    return ("title", MERGE) if _one_title(e) or _says_more(e) else None


def _says_more(e: Evidence) -> bool:
    """Whether another site's title says all that a long one does, and more."""
    near = e.days is not None and e.days <= REPOSTED_DAYS and not e.same_source
    return near and e.contained and e.shared >= LONG_TITLE and (bool(e.names) or not _tell_apart(e))


def _tell_apart(e: Evidence) -> bool:
    """Whether two leads have little in common."""
    return e.leads == 2 and e.lead < OTHER_LEAD


def _one_title(e: Evidence) -> bool:
    """Whether the titles say the same in almost the same words within days."""
    return e.title >= 0.85 and e.shared >= 1.5 and not e.opposed and (e.days or 0) <= REPOSTED_DAYS


def _recurs(e: Evidence) -> bool:
    """A title without a name or number is written again another week: «Актуальні гранти для громад»."""
    return (e.days or 0) > REPOSTED_DAYS and not e.anchors and e.lead < 0.35 and e.shared < DISTINCT_TITLE


def _writes_again(e: Evidence) -> bool:
    """A site that writes again another day has new news, unless it repeats its own lead under a title of one topic.

    Within days it may also repeat its title.
    """
    other_text = e.lead < 0.45 or e.contested >= OTHER_TOPIC
    later = e.same_source and (e.days is None or e.days > 1)
    repeated = _one_title(e) and not _tell_apart(e)
    return later and other_text and not repeated and _score(e) < TELLS_AGAIN


def _formula(e: Evidence) -> bool:
    """Leads of the trade recur word for word: without a name or number in common they say nothing of other titles."""
    return e.lead >= FORMULA and e.title < TITLES_AGREE and not e.anchors


def _opens(a: Features, b: Features) -> bool:
    short, long = sorted((a.headline.core.lower(), b.headline.core.lower()), key=len)
    return len(short) >= 20 and long.startswith(short.rstrip(" .,…")[:-3])


def _overrides(e: Evidence, against: list[Conflict]) -> bool:
    """Whether the texts are so alike that a soft veto gives way; what both languages measure never does."""
    if e.cross and any(one.name in _MEASURED for one in against):
        return False
    return e.same_lead or e.lead >= 0.6 or (e.anchors >= 2 and e.explained >= 0.6)


def _is_related(e: Evidence) -> bool:
    """Whether two articles that are not one story still belong together."""
    return (
        (e.title >= 0.5 and len(e.words) >= 2)
        or (e.title >= 0.3 and e.anchors >= 2)
        or (e.explained >= 0.45 and (e.anchors >= 2 or e.lead >= 0.35))
        or e.same_lead
    )


def _one_affair(e: Evidence) -> bool:
    """Whether two texts that report different steps speak of one thing."""
    return e.title >= 0.5 or (e.title >= 0.25 and (bool(e.anchors) or e.shared >= 1.2 or e.lead >= 0.4))


def _kept_apart(name: str, evidence: Evidence) -> LinkVerdict:
    """Steps of one affair belong together; another place, sum or bill in the same frame does not."""
    if name in {"steps", "counts", "topics", "names", "general"}:
        return RELATED if _one_affair(evidence) else DIFFERENT
    return DIFFERENT


def _far_apart(a: Features, b: Features, evidence: Evidence, score: float) -> Verdict:
    """Beyond the window only (almost) the same text counts, and then as a publication of it once more."""
    found = displayed_evidence(a, b, evidence, [])
    if evidence.same_lead:
        return Verdict(RELATED, "republished", max(score, 0.8), found, True)
    return Verdict(DIFFERENT, "window", score, found, True)


def displayed_evidence(a: Features, b: Features, e: Evidence, against: list[Conflict]) -> dict[str, tuple[str, ...]]:
    """The evidence by plain names, for people and for the database."""
    found: dict[str, tuple[str, ...]] = {
        "words": e.words[:12],
        "meanings": meanings_of_both(a, b)[:12],
        "names": e.names[:8],
        "numbers": numbers_of_both(a, b)[:8],
        "places": e.places[:8],
        "title": (f"{e.title:.2f}",),
        "lead": (f"{e.lead:.2f}",) if e.leads == 2 else (),
        "days": (str(e.days),) if e.days is not None else (),
        "attribution": _attribution(a, b),
        "address": mentioned(a, b),
        "machine_english": ("yes",) if e.cross and (a.machine or b.machine) else (),
        "against": tuple(f"{one.name}: {one.ours} / {one.theirs}" for one in against[:4]),
    }
    return {name: values for name, values in found.items() if values}


def _attribution(a: Features, b: Features) -> tuple[str, ...]:
    """The source label of one, if it names the source of the other."""
    sides = ((a.text, b.text), (b.text, a.text))
    return tuple(one.attribution for one, other in sides if is_attributed_to(one, other))[:1]
