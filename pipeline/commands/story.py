"""`story`: why articles are one story; an editor's split and join; judging pairs from standard input."""

from __future__ import annotations

import io
import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.model import iso
from db.store import clear_errors, open_for_reading, working_on
from db.stories import StoryArchive
from pipeline.commands import say
from pipeline.stories.update import refresh_stories
from pipeline.streams import put

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from pipeline.stories.archive import GroupReport


def compare(_: argparse.Namespace) -> int:
    """Judge pairs of articles given as JSON lines on standard input."""
    from pipeline.stories.compare import compare_lines

    if isinstance(sys.stdin, io.TextIOWrapper):  # UTF-8 whatever the locale says; what is not is named by its line
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    for line in compare_lines(sys.stdin):
        put(line)
    return 0


def show(args: argparse.Namespace) -> int:
    """Print the articles of a story, or of the one it was merged into, and why they belong together."""
    path = Path(args.db)
    with closing(open_for_reading(path)) as connection, clear_errors(path):
        archive = StoryArchive(connection, "")
        current = archive.current(args.id)
        found = archive.described(current) if archive.members([current]) else None
    if found is None:
        raise UsageError(f"there is no story {args.id}")
    row, articles, links = found
    merged = "" if current == args.id else f" (story {args.id} lives on in it)"
    lines = [f"story {current}{merged}: {row['title_uk'] or row['title_en']}"]
    for article in articles:
        day = article["published_on"] or "no date"
        lines.append(
            f"  article {article['id']}  {day}  {article['source_id']}/{article['language']}  {article['title']}"
        )
        lines.append(f"    {article['url']}")
    for link in links:
        lines.append(f"  {link['article_id']} – {link['other_id']}  {link['verdict']}: {link['reason']}")
    data = {
        "story_id": current,
        "asked_for": args.id,
        **{name: row[name] for name in ("title_uk", "title_en", "title_en_by")},
        "articles": [dict(article) for article in articles],
        "links": [{**dict(link), "evidence": json.loads(link["evidence"])} for link in links],
    }
    say.always(args.json, data, lines)
    return 0


def split(args: argparse.Namespace) -> int:
    """Take an article out of its story, for good."""
    from pipeline.stories import editing

    return _edit(args, lambda archive: editing.split(archive, args.article), f"article {args.article} was split off")


def join(args: argparse.Namespace) -> int:
    """Make two stories one, for good. Raise UsageError when they are not two."""
    from pipeline.stories import editing

    def join_both(archive: StoryArchive) -> GroupReport:
        members = {story_id: archive.members([archive.current(story_id)]) for story_id in (args.first, args.second)}
        for story_id, articles in members.items():
            if not articles:
                raise UsageError(f"there is no story {story_id}")
        if args.first == args.second:
            raise UsageError(f"two stories are needed, and {args.first} is one")
        one = archive.current(args.first)
        if one == archive.current(args.second):
            raise UsageError(f"stories {args.first} and {args.second} are one story already: {one}")
        return editing.join(archive, min(members[args.first]), min(members[args.second]))

    return _edit(args, join_both, f"stories {args.first} and {args.second} are one")


def regroup(args: argparse.Namespace) -> int:
    """Group the whole archive again; editors' decisions stand."""
    from pipeline.stories.regroup import regroup_all

    return _edit(args, regroup_all, "the archive was grouped again")


def _edit(args: argparse.Namespace, change: Callable[[StoryArchive], GroupReport], line: str) -> int:
    """Change stories in one transaction under the lock of the database; what they show follows at once."""
    path = Path(args.db)
    open_for_reading(path).close()
    with working_on(path) as store, store.transaction() as connection:
        archive = StoryArchive(connection, iso(datetime.now(UTC)))
        report = change(archive)
        refresh_stories(archive, connection, report.stories)
    moved = sorted(report.moved)
    data = {"stories": sorted(report.stories), "moved": moved, "links": report.links}
    say.always(args.json, data, [f"{line}; moved articles: {', '.join(map(str, moved)) or 'none'}"])
    return 0
