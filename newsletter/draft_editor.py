"""Put values into the fields of a draft. In the caller's transaction; what was there before is returned."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from core.errors import UsageError
from db import digest_changes, digests, due
from newsletter import choose, draft
from newsletter.fields import FIXED, is_same
from newsletter.issue import Choice
from newsletter.merge import MergeVerdict, positions, put_at
from newsletter.rewording import approve, reword

if TYPE_CHECKING:
    import sqlite3

    from core.closed_sets import TextPart
    from newsletter.issue import Newsletter
    from newsletter.present import Present

Written = tuple[str, str, str]  # field, before, after


class DraftEditor:
    """The draft while edits go into it; `store` writes the decisions."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        newsletter: Newsletter,
        now: Present,
        by: str,
        at: str,
        *,
        undoing: bool = False,
    ) -> None:
        """Work on the draft as `now` has it."""
        self.connection, self.newsletter, self.now, self.by, self.at = connection, newsletter, now, by, at
        self.undoing = undoing
        self.choices = dict(now.choices)
        self.touched: set[int] = set()
        self.fixed = now.fixed
        self._merged: dict[int, int] | None = None

    def living(self, story_id: int | None) -> int | None:
        """Return the story, or what it was merged into."""
        if story_id is None or story_id in self.now.stories:
            return story_id
        if self._merged is None:
            self._merged = due.merged_stories(self.connection)
        return choose.root(self._merged, story_id)

    def values(self, story_id: int | None, item_id: int | None) -> dict[str, str]:
        """Return the fields of a story, an item or the issue as they are now. Raises UsageError if it is gone."""
        if story_id is not None:
            if story_id not in self.now.stories:
                raise UsageError(f"story {story_id} is not in the draft of {self.now.issue.name} any more")
            return self.now.stories[story_id]
        if item_id is not None:
            if item_id not in self.now.items:
                raise UsageError(f"item {item_id} is not in the draft of {self.now.issue.name}")
            return self.now.items[item_id]
        return self.now.texts

    def set(self, story_id: int | None, item_id: int | None, field: str, value: str) -> list[Written]:
        """Put a value into a field; return every field that changed with it."""
        values = self.values(story_id, item_id)
        was = values.get(field, "")
        if story_id is not None:
            return self._set_story(story_id, field, was, value)
        values[field] = value
        if item_id is not None:
            given = {**values, "position": int(values["position"]) if values["position"] else None}
            digest_changes.set_item(self.connection, item_id, {**given, "removed": int(bool(values["removed"]))})
        elif field == FIXED:
            self.fixed = bool(value)
            digest_changes.set_fixed(self.connection, self.now.digest_id, value or None)
        elif field == "name":
            draft.next_issue(self.connection, self.newsletter, self.at, value)
        else:
            digest_changes.set_text(self.connection, self.now.digest_id, field, value)
        return [(field, was, value)]

    def store(self) -> None:
        """Write the decisions on the stories that were touched."""
        rows = [asdict(self.choices[story_id]) for story_id in sorted(self.touched)]
        digests.save_choices(self.connection, self.now.digest_id, rows)

    def verdict_on_move(
        self, story_id: int, base: str, value: str, since: int | None, moved: tuple[int, str, str, str] | None
    ) -> MergeVerdict:
        """Decide on a move of a story to a place; `moved`: its last move (number, from, to, who).

        Places shift when others come, go or are moved: only a move of the same story meanwhile is a conflict.
        """
        place = self.place(story_id)
        if value == place or (since is None and value == base):
            return "nothing"
        if moved is None or moved[3] == self.by or moved[2] == base:
            return "edit"
        seen = moved[0] <= since if since is not None else moved[1] != base
        return "edit" if seen else "conflict"

    def place(self, story_id: int) -> str:
        """Return the place of a story in its section now; empty if it is not in the issue."""
        order = self._order(self.now.stories[story_id]["section"])
        return str(order.index(story_id) + 1) if story_id in order else ""

    def _set_story(self, story_id: int, field: str, was: str, value: str) -> list[Written]:
        values = self.now.stories[story_id]
        if field == "position":
            return self._move(story_id, value)
        if (
            field in ("title_uk", "title_en")
            and not value
            and not values[f"title_{'en' if field == 'title_uk' else 'uk'}"]
        ):
            raise UsageError(f"story {story_id} has no headline left")
        if field in ("title_en", "lead_en", "approved"):
            return self._set_english(story_id, field, value)
        written = [(field, was, value)]
        if field in ("title_uk", "lead_uk"):
            published = str(due.story_rows(self.connection, [story_id])[story_id][field] or "")
            self._choose(story_id, **{field: None if is_same(field, value, published) else value})
        else:
            self._choose(story_id, **{field: value or (None if field == "decision" else "")})
        values[field] = value
        if field == "section" and (place := values["position"]):
            numbered = self._choice(story_id).position is not None
            self._choose(story_id, position=None)
            values["position"] = self.place(story_id)
            written = [("position", place, values["position"]), *written] if numbered else written
        if field == "decision" and value == "taken" and not self.fixed:
            written += self.set(None, None, FIXED, self.at)
        return written

    def _set_english(self, story_id: int, field: str, value: str) -> list[Written]:
        row = due.story_rows(self.connection, [story_id])[story_id]
        part: TextPart = "lead" if field == "lead_en" else "title"
        if field == "approved":
            outcome = approve(self.connection, row, value, self.by, self.at)
        else:
            outcome = reword(self.connection, row, part, value, self.by, self.at, undoing=self.undoing)
        values = self.now.stories[story_id]
        if outcome.own is not False:
            self._choose(story_id, **{f"{part}_en": outcome.own})
        written = [(name, values[name], text) for name, text in outcome.fields.items()]
        values.update(outcome.fields)
        return written

    def _move(self, story_id: int, value: str) -> list[Written]:
        """Put a story at a place of its section; those before it keep theirs, whatever arrives."""
        order = self._order(self.now.stories[story_id]["section"])
        if story_id not in order:
            raise UsageError(f"story {story_id} is not in the issue: take it first")
        was = str(order.index(story_id) + 1)
        after = put_at(order, story_id, int(value))
        natural = {one: choose.importance(self.now.entries[one].story, self.newsletter) for one in after}
        for one, position in positions(after, natural).items():
            if self._choice(one).position != position:
                self._choose(one, position=position)
        for place, one in enumerate(after, 1):
            self.now.stories[one]["position"] = str(place)
        return [("position", was, str(after.index(story_id) + 1))]

    def _order(self, section: str) -> list[int]:
        """Return the stories of a section of the issue, as they stand in it."""

        def place(story_id: int) -> tuple[float, choose.Importance]:
            return choose.place(self.now.entries[story_id].story, self._choice(story_id), self.newsletter)

        inside = ("taken",) if self.fixed else ("taken", "")
        found = [
            story_id
            for story_id, values in self.now.stories.items()
            if values["section"] == section and values["decision"] in inside
        ]
        return sorted(found, key=place)

    def _choice(self, story_id: int) -> Choice:
        return self.choices.get(story_id, Choice(story_id))

    def _choose(self, story_id: int, **values: object) -> None:
        self.choices[story_id] = replace(self._choice(story_id), **values)  # type: ignore[arg-type]
        self.touched.add(story_id)
