"""`story`: why articles are one story; an editor's split and join; judging pairs from standard input."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.model import iso
from db.store import clear_errors, open_for_reading, working_on
from db.stories import StoryArchive
from pipeline.commands import say
from pipeline.stories.update import show_anew

if TYPE_CHECKING:
    import argparse
    import sqlite3
    from collections.abc import Callable

    from pipeline.stories.archive import GroupReport


def story(args: argparse.Namespace) -> int:
    """Runs the action that was asked for."""
    actions = {"show": _show, "split": _split, "join": _join, "regroup": _regroup, "compare": _compare}
    return actions[args.action](args)


def _compare(_: argparse.Namespace) -> int:
    from pipeline.stories.compare import compare_lines

    if isinstance(sys.stdin, io.TextIOWrapper):  # UTF-8 whatever the locale says; what is not is named by its line
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    for line in compare_lines(sys.stdin):
        print(line, flush=True)
    return 0


def _show(args: argparse.Namespace) -> int:
    path = Path(args.db)
    connection = open_for_reading(path)
    with clear_errors(path):
        found = described(connection, args.id)
    connection.close()
    say.always(args.json, found, _lines(found))
    return 0


def described(connection: sqlite3.Connection, story_id: int) -> dict[str, object]:
    """The story under this number or under the one it was merged into. Raises UsageError when there is none."""
    archive = StoryArchive(connection, "")
    current = archive.current(story_id)
    found = archive.described(current) if archive.members([current]) else None
    if found is None:
        raise UsageError(f"there is no story {story_id}")
    row, articles, links = found
    return {
        "story_id": current,
        "asked_for": story_id,
        "title_uk": row["title_uk"],
        "title_en": row["title_en"],
        "title_en_by": row["title_en_by"],
        "articles": [dict(article) for article in articles],
        "links": [{**dict(link), "evidence": json.loads(link["evidence"])} for link in links],
    }


def _lines(found: dict[str, object]) -> list[str]:
    merged = "" if found["story_id"] == found["asked_for"] else f" (story {found['asked_for']} lives on in it)"
    lines = [f"story {found['story_id']}{merged}: {found['title_uk'] or found['title_en']}"]
    for article in found["articles"]:  # type: ignore[attr-defined]
        day = article["published_on"] or "no date"
        lines.append(
            f"  article {article['id']}  {day}  {article['source_id']}/{article['language']}  {article['title']}"
        )
        lines.append(f"    {article['url']}")
    for link in found["links"]:  # type: ignore[attr-defined]
        lines.append(f"  {link['article_id']} – {link['other_id']}  {link['verdict']}: {link['reason']}")
    return lines


def _split(args: argparse.Namespace) -> int:
    from pipeline.stories.editing import split

    return _edit(args, lambda archive: split(archive, args.article), f"article {args.article} was split off")


def _join(args: argparse.Namespace) -> int:
    from pipeline.stories.editing import join

    def both(archive: StoryArchive) -> GroupReport:
        first, second = (_an_article(archive, story_id) for story_id in (args.first, args.second))
        _require_two(archive, args.first, args.second)
        return join(archive, first, second)

    return _edit(args, both, f"stories {args.first} and {args.second} are one")


def _an_article(archive: StoryArchive, story_id: int) -> int:
    members = archive.members([archive.current(story_id)])
    if not members:
        raise UsageError(f"there is no story {story_id}")
    return min(members)


def _require_two(archive: StoryArchive, first: int, second: int) -> None:
    one = archive.current(first)
    if first == second:
        raise UsageError(f"two stories are needed, and {first} is one")
    if one == archive.current(second):
        raise UsageError(f"stories {first} and {second} are one story already: {one}")


def _regroup(args: argparse.Namespace) -> int:
    from pipeline.stories.regroup import regroup_all

    return _edit(args, regroup_all, "the archive was grouped again")


def _edit(args: argparse.Namespace, change: Callable[[StoryArchive], GroupReport], line: str) -> int:
    """One transaction under the lock of the database; what the touched stories show follows at once."""
    path = Path(args.db)
    open_for_reading(path).close()
    with working_on(path) as store, store.transaction() as connection:
        archive = StoryArchive(connection, iso(datetime.now(UTC)))
        report = change(archive)
        show_anew(archive, connection, report.stories)
    moved = sorted(report.moved)
    data = {"stories": sorted(report.stories), "moved": moved, "links": report.links}
    say.always(args.json, data, [f"{line}; moved articles: {', '.join(map(str, moved)) or 'none'}"])
    return 0
