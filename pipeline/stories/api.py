"""Which articles are one story, and why: the face of the package `pipeline.story`. Pure.

`judge` decides on two articles; `group` puts new and changed articles into stories; `regroup_all` does it for the
whole archive. What they read and write goes through `Archive`, which `db.stories` implements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.stories.archive import Archive, GroupReport
from pipeline.stories.explain import sentence
from pipeline.stories.features import profile
from pipeline.stories.grouping import Grouping
from pipeline.stories.judge import Verdict, judge_profiles
from pipeline.stories.places import find_places
from pipeline.stories.rebuild import regroup_all
from pipeline.stories.representatives import face

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.model import StoryText
    from pipeline.stories.features import Annotate

__all__ = ["Archive", "GroupReport", "Verdict", "choose_faces", "group", "judge", "regroup_all", "sentence"]


def judge(a: StoryText, b: StoryText, annotate: Annotate = find_places) -> Verdict:
    """The verdict on two articles, exactly as ingest decides it."""
    return judge_profiles(profile(a, annotate), profile(b, annotate))


def group(archive: Archive, article_ids: Iterable[int], annotate: Annotate = find_places) -> GroupReport:
    """Puts new and changed articles into stories and stores why. Run it inside one transaction."""
    return Grouping(archive, annotate).group(article_ids)


def choose_faces(archive: Archive, story_ids: Iterable[int]) -> None:
    """Stores which article speaks for each of some stories."""
    members: dict[int, list[int]] = {}
    for article, story in archive.members(story_ids).items():
        members.setdefault(story, []).append(article)
    texts = archive.texts(article for articles in members.values() for article in articles)
    archive.save_faces({story: face([texts[article] for article in articles]) for story, articles in members.items()})
