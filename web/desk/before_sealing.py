"""Warnings before an issue is sealed, and whether it is still the one that was shown. Pure."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from newsletter.bin import LOOKS
from newsletter.fields import letters
from newsletter.issue_image import hash_of

if TYPE_CHECKING:
    from newsletter.bin import DeskRow
    from web.desk.desk_view import View


def contents(view: View) -> tuple[DeskRow, ...]:
    """Return the stories that sealing would send now."""
    return (*view.sides.issue, *view.sides.bin) if view.sides.everything else view.sides.issue


def mark_of(view: View) -> str:
    """Return letters that differ if anything that would be sealed differs."""
    stories = [[row.key, *sorted(view.now.stories[row.story.story_id].items())] for row in contents(view)]
    items = [sorted(values.items()) for values in view.now.items.values()]
    shown = [sorted(stories, key=str), items, sorted(view.now.texts.items()), hash_of(view.now.issue.image)]
    return letters(json.dumps(shown, ensure_ascii=False))


def warnings(view: View) -> list[str]:
    """Return what should be looked at before sealing, in lines."""
    rows = contents(view)
    counted = Counter(name for row in rows for name in row.looks)
    found = [f"{count} of its stories: {LOOKS[name]}" for name, count in counted.most_common()]
    if view.sides.everything and rows:
        if view.sides.issue:
            found.insert(0, f"everything that is due is let in: all {len(rows)} stories would be sent")
        else:
            found.insert(0, f"nothing was taken yet: all {len(rows)} stories of the bin would be sent")
    if not view.now.texts["subject"]:
        found.append("the mail has no subject of its own")
    return found
