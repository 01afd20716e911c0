"""Which articles are one story, and why. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.story_places import find_places
from pipeline.story_profile import profile
from pipeline.story_verdict import Verdict, judge_profiles

if TYPE_CHECKING:
    from pipeline.model import StoryText
    from pipeline.story_profile import Annotate


def judge(a: StoryText, b: StoryText, annotate: Annotate = find_places) -> Verdict:
    """The verdict on two articles, exactly as ingest decides it."""
    return judge_profiles(profile(a, annotate), profile(b, annotate))
