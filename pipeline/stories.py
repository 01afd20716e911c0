"""Which articles are one story, and why: the face of the modules `story_*`. Pure.

`judge` decides on two articles; `group` puts new and changed articles into stories; `regroup_all` does it for the
whole archive. What they read and write goes through `Archive`, which `db.stories` implements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.story_archive import Archive, GroupReport
from pipeline.story_faces import face
from pipeline.story_grouping import Grouping
from pipeline.story_places import find_places
from pipeline.story_profile import profile
from pipeline.story_reasons import sentence
from pipeline.story_rebuild import regroup_all
from pipeline.story_verdict import Verdict, judge_profiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import StoryText
    from pipeline.story_profile import Annotate

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
