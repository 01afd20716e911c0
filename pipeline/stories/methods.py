"""By which method two articles are one story, and how probably they are, before any conflict. Pure."""

from __future__ import annotations

from math import exp, log1p
from typing import TYPE_CHECKING

from pipeline.stories.source_labels import naming_labels
from pipeline.stories.step_conflicts import OTHER_TOPIC
from pipeline.stories.weights import (
    DAYS_UNKNOWN,
    DISTINCT_TITLE,
    FORMULA,
    LONG_TITLE,
    MERGE,
    NAMED_AS_SOURCE,
    ODDS,
    OTHER_LEAD,
    REPOSTED_DAYS,
    TELLS_AGAIN,
    TITLES_AGREE,
)

if TYPE_CHECKING:
    from pipeline.stories.evidence import Evidence
    from pipeline.stories.features import Features


def findings(e: Evidence) -> dict[str, float]:
    """Return what counts for or against one story, each from 0 to about 1, by its name in `ODDS`."""
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


def probability(e: Evidence) -> float:
    """Return how probably the two are one story, from 0 to 1 with three digits."""
    total = sum(ODDS[name][e.cross] * value for name, value in findings(e).items())
    return round(1 / (1 + exp(-total)), 3)


def same_story_method(a: Features, b: Features, e: Evidence) -> tuple[str, float]:
    """Return the method by which two articles are one story, and the score it gives.

    The method is empty when they are not one story; the score is then their probability.
    """
    score = probability(e)
    # Leads of the trade recur, so titles or days must agree too.
    near = e.days is not None and e.days <= REPOSTED_DAYS and (e.title >= 0.15 or bool(e.anchors))
    other_day = e.same_source and (e.days or 0) > 1 and e.contested >= OTHER_TOPIC
    if e.same_lead and not other_day and (e.title >= TITLES_AGREE or (e.long_lead and near)):
        return "lead", max(score, 0.9)
    if e.cross:
        machine = "machine_english" if a.machine or b.machine else "translation"
        return (machine if score >= MERGE else ""), score
    # Leads of the trade recur word for word: without a name or number in common they say nothing of other titles.
    formula = e.lead >= FORMULA and e.title < TITLES_AGREE and not e.anchors
    if formula or _has_new_news(e, score):
        return "", score
    if by_title := _method_by_title(a, b, e):
        return by_title[0], max(score, by_title[1])
    if NAMED_AS_SOURCE <= score < MERGE and naming_labels(a.text, b.text):
        return "attribution", MERGE
    named = "title" if e.title >= 0.7 else "title_and_lead" if e.lead >= 0.35 else "facts"
    return (named if score >= MERGE else ""), score


def _method_by_title(a: Features, b: Features, e: Evidence) -> tuple[str, float] | None:
    """Return the method by which titles make one story whatever the leads say, and the score that it is worth."""
    # A title without a name or number is written again another week: «Актуальні гранти для громад».
    recurs = (e.days or 0) > REPOSTED_DAYS and not e.anchors and e.lead < 0.35 and e.shared < DISTINCT_TITLE
    if e.title >= 0.97 and e.shared >= 1.5 and not recurs:
        return "title", 0.9
    if (a.headline.cut or b.headline.cut) and e.shared >= 1.2:
        short, long = sorted((a.headline.core.lower(), b.headline.core.lower()), key=len)
        if len(short) >= 20 and long.startswith(short.rstrip(" .,…")[:-3]):
            return "cut_title", 0.8
    # Another site's title may say all that a long one does, and more.
    near = e.days is not None and e.days <= REPOSTED_DAYS and not e.same_source
    says_more = near and e.contained and e.shared >= LONG_TITLE and (bool(e.names) or not _are_leads_apart(e))
    return ("title", MERGE) if says_more or _is_one_title(e) else None


def _has_new_news(e: Evidence, score: float) -> bool:
    """Return whether a site writes again another day and does not repeat itself.

    It repeats itself with its own lead under a title of one topic; within days also with its title.
    """
    other_text = e.lead < 0.45 or e.contested >= OTHER_TOPIC
    later = e.same_source and (e.days is None or e.days > 1)
    repeated = _is_one_title(e) and not _are_leads_apart(e)
    return later and other_text and not repeated and score < TELLS_AGAIN


def _is_one_title(e: Evidence) -> bool:
    """Return whether the titles say the same in almost the same words within days."""
    return e.title >= 0.85 and e.shared >= 1.5 and not e.opposed and (e.days or 0) <= REPOSTED_DAYS


def _are_leads_apart(e: Evidence) -> bool:
    return e.leads == 2 and e.lead < OTHER_LEAD
