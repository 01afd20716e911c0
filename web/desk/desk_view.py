"""Everything that the desk shows of the open draft, read in one go. Never writes; `at` is passed in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.clock import kyiv_day
from db import desk_facts, digests
from language.stems import stem
from newsletter import bin as sides_of
from newsletter.bin import DeskRow, Noticed, Sides, Wanted
from newsletter.fields import item_key, key
from newsletter.present import Present, present
from web.desk.desk_numbers import number_of
from web.plugins.search import query

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from newsletter.issue import Newsletter

UNSURE = -0.9  # mean log-probability of a token: by the model's own account, each is wrong as often as right
_WORD = re.compile(r"[^\W\d_]{4,}")
_LEAST_STEM = 3
_CHOICES = ("topic", "oblast", "source", "language", "changed")
_LONGEST = 200  # characters of a filter


@dataclass(frozen=True)
class View:
    """The open draft of a newsletter, as the desk shows it."""

    newsletter: Newsletter
    now: Present
    sides: Sides
    since: str  # when the issue before was sealed; empty: none was
    seq: int  # number of the newest change
    former_names: frozenset[str] = frozenset()  # of the draft, which pages that are open may still have

    def row(self, given: str) -> DeskRow | None:
        """Return the story that a key stands for."""
        return next((row for row in self.sides.rows() if row.key == given), None)

    def item(self, given: str) -> int | None:
        """Return the number of the editors' own item that a key stands for."""
        return next((one for one in self.now.items if item_key(self.now.digest_id, one) == given), None)

    def key_of(self, story_id: int | None, item_id: int | None) -> str | None:
        """Return the key of a story or of an item; None for the issue itself."""
        if story_id is not None:
            return key(self.now.digest_id, story_id)
        return item_key(self.now.digest_id, item_id) if item_id is not None else None

    def title_of(self, story_id: int | None) -> str:
        """Return the headline by which editors know a story; empty for the issue."""
        entry = self.now.entries.get(story_id) if story_id is not None else None
        return (entry.story.title_uk or entry.story.title_en) if entry else ""

    def counts(self) -> dict[str, int]:
        """Return the numbers on top of the desk."""
        return self.sides.counts() | {"seq": self.seq}


def view(connection: sqlite3.Connection, newsletter: Newsletter, at: str) -> View | None:
    """Return the desk's view of the open draft; None if no draft is open."""
    if digests.open_issue(connection, newsletter.id) is None:
        return None
    now = present(connection, newsletter, at)
    since = digests.last_sealed_at(connection, newsletter.id, at) or ""
    known = noticed(connection, now, since)
    # Days on which nobody read the sources age no news: an archive that is opened later, as the demo's, has not faded.
    day = kyiv_day(min(at, desk_facts.last_reading(connection) or at))
    sides = sides_of.sides(now.issue, now.digest_id, now.choices, known, day)
    number = now.digest_id
    names = desk_facts.former_names(connection, number)
    return View(newsletter, now, sides, since, now.newest, names)


def noticed(connection: sqlite3.Connection, now: Present, since: str) -> Mapping[int, Noticed]:
    """Return what is known of each story beside the draft. `since`: when the issue before was sealed."""
    ids = now.entries.keys()
    arrivals, oblasts = desk_facts.arrivals(connection, ids), desk_facts.oblasts(connection, ids)
    english, retitled = desk_facts.english(connection, ids), desk_facts.retitled(connection, now.digest_id, ids)
    changes = desk_facts.changed_since(connection, since, ids) if since else {}
    found = {}
    for story_id in ids:
        row = english.get(story_id)
        score = row["score"] if row else None
        found[story_id] = Noticed(
            first_seen_at=arrivals.get(story_id, ""),
            oblasts=oblasts.get(story_id, ()),
            state=row["state"] if row else "",
            objections=tuple(json.loads(row["reasons"])) if row else (),
            score=score,
            unsure=score is not None and score < UNSURE,
            retitled=story_id in retitled,
            approved=now.stories[story_id]["approved"],
            changes=frozenset(changes.get(story_id, ())),
        )
    return found


def wanted_from(args: Mapping[str, str], connection: sqlite3.Connection) -> Wanted:
    """Return the filters that an address asks for; what it asks wrongly is left out."""
    q = args.get("q", "").strip()[:_LONGEST]
    return Wanted(
        q=q,
        **{name: args.get(name, "")[:_LONGEST] for name in _CHOICES},
        look=args.get("look") == "1",
        faded=args.get("faded") == "1",
        through=args.get("through") == "1",
        page=number_of(args.get("page", "")) or 1,
        found=desk_facts.found(connection, all_forms(q)) if q else None,
    )


def all_forms(typed: str) -> str:
    """Return the FTS5 query for what was typed at the desk: like the site's, and words of Ukrainian in every form."""
    if '"' in typed or "*" in typed:
        return query(typed)
    return " AND ".join(_forms(word) for word in typed.split()) or query(typed)


def _forms(word: str) -> str:
    exact = query(word)
    short = stem(word.casefold()) if _WORD.fullmatch(word) else ""
    is_begin = len(short) >= _LEAST_STEM and word.casefold().startswith(short)
    return f'({exact} OR "{short}"*)' if is_begin else exact
