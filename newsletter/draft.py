"""The newsletter from issue to issue: draft, apply an editor's file, seal, read a sealed issue. `at` is passed in.

Every function works inside the caller's transaction (`Store.transaction()`), so choosing and sealing are one step.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Literal

from core.clock import kyiv_day
from core.errors import UsageError
from db import digests, edits, grouping_due
from language.letters import text_hash
from newsletter import choose
from newsletter.issue import Choice, Correction, Entry, ImportedDraft, Issue, Link, Newsletter, Story, plain
from newsletter.settings import as_json, newsletter_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.closed_sets import EnglishBy

_NAME = re.compile(r"[^\W_][\w.-]{0,59}")
BEFORE = "published before the newsletter began"


def next_issue(connection: sqlite3.Connection, newsletter: Newsletter, at: str, name: str | None = None) -> Issue:
    """Return the next issue as it stands; begin it if none is open. `name`, if given, becomes its name.

    Raises UsageError for a name that is taken or that no file can bear.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise UsageError(f"an issue cannot be called {name!r}: letters, digits, '.', '_' and '-', at most 60")
    row = digests.open_issue(connection)
    if name is not None and (row is None or row["name"] != name) and digests.issue_named(connection, name):
        raise UsageError(f"there is an issue {name} already")
    if row is None:
        digests.begin_issue(connection, name, at)
    elif name is not None:
        digests.rename(connection, row["id"], name)
    row = digests.open_issue(connection)
    assert row is not None
    issue_choices = choices_of(connection, row["id"])
    before = digests.last_sealed_at(connection, at)
    begun = min(row["started_at"], at)  # a clock that was ahead gives no issue its day
    given = choose.IssueContext(
        name=row["name"],
        moment=begun,
        day=kyiv_day(begun),
        last_sealed_day=kyiv_day(before) if before else None,
        fixed=row["fixed_at"] is not None,
    )
    return choose.build(due(connection, at), issue_choices, newsletter, given)


def choices_of(connection: sqlite3.Connection, digest_id: int) -> dict[int, Choice]:
    """Return the editor's decisions by story; one on a story that was merged counts for the other."""
    found = {
        row["story_id"]: Choice(**{name: row[name] for name in row.keys() if name != "digest_id"})  # noqa: SIM118
        for row in digests.choices(connection, digest_id)
    }
    return choose.followed(found, digests.merged_stories(connection)) if found else found


def due(connection: sqlite3.Connection, at: str, *, ungrouped: bool = False) -> list[Story]:
    """Return every story that is due, and every sent one that changed since.

    One that waits to be grouped may turn out to be part of a story that was sent: it is due when that is known, or
    at once with `ungrouped`.
    """
    merged = digests.merged_stories(connection)
    waiting = set() if ungrouped else grouping_due.stories(connection)
    closed = choose.roots(merged, digests.settled_and_merged(connection)) | waiting
    new = [story_id for story_id in digests.unsent_stories(connection) if story_id not in closed]
    dropped = digests.dropped_wordings(connection)
    corrections = _corrections(connection, at, merged, dropped)
    rows = digests.story_rows(connection, [*new, *(corrections.keys() - waiting)])
    stories = [_story(row, corrections.get(number)) for number, row in sorted(rows.items())]
    return [story for story in stories if story.correction is None or dropped.isdisjoint(wordings(story))]


def seal(connection: sqlite3.Connection, newsletter: Newsletter, at: str, name: str | None = None) -> Issue | None:
    """Close the draft: write its entries, remember what was dropped. None when there is nothing to send."""
    issue = next_issue(connection, newsletter, at, name)
    row = digests.open_issue(connection)
    assert row is not None
    rows = [
        (entry.story.story_id, row["id"], wording, entry.reason or "dropped by the editor")
        for entry in issue.dropped
        for wording in wordings(entry.story)
    ]
    digests.drop(connection, rows, at)
    digests.forget_dropped(connection, row["id"])
    if not issue.entries:
        return None
    settings = json.dumps(as_json(newsletter), ensure_ascii=False)
    entries = [_entry_row(place, entry) for place, entry in enumerate(issue.entries, 1)]
    digests.seal(connection, row["id"], entries, settings, at)
    return sealed(connection, issue.name)


def sealed(connection: sqlite3.Connection, name: str) -> Issue:
    """Return a sealed issue, from its own rows alone. Raises UsageError if there is none of that name."""
    row = digests.issue_named(connection, name)
    if row is None or row["sealed_at"] is None:
        known = ", ".join(issue["name"] for issue in digests.sealed_issues(connection)[:5])
        raise UsageError(f"there is no sealed issue {name}; newest: {known or 'none was sealed yet'}")
    newsletter = newsletter_from(json.loads(row["settings"]), f"issue {name}")
    entries = [_sent_entry(entry) for entry in digests.entries(connection, row["id"])]
    places = choose.numbered(entries, newsletter)
    kept = (replace(now, in_full=was.in_full) for now, was in zip(places, entries, strict=True))
    return Issue(name, kyiv_day(row["sealed_at"]), row["sealed_at"], True, newsletter, tuple(kept))


def apply(connection: sqlite3.Connection, issue: Issue, imported: ImportedDraft, by: str, at: str) -> None:
    """Store what an editor's file says about the draft `issue`; the draft then holds what the file names."""
    row = digests.open_issue(connection)
    if row is None or row["name"] != issue.name:
        raise UsageError(f"{issue.name} is no open draft any more")
    save(connection, imported, by, at)
    digests.fix(connection, row["id"], [choice.story_id for choice in imported.choices], at)


def save(connection: sqlite3.Connection, imported: ImportedDraft, by: str, at: str) -> None:
    """Store decisions and English wordings for the open draft."""
    row = digests.open_issue(connection)
    if row is None:
        raise UsageError("there is no open draft")
    digests.save_choices(connection, row["id"], map(asdict, imported.choices))
    for source, text in imported.wordings:
        edits.save(connection, [(source, text_hash(source), text, by)], at)


def begin_with(connection: sqlite3.Connection, day: str, at: str) -> int:
    """Begin the newsletter with `day` (Kyiv): put due stories that are older aside for good; return how many."""
    new = [story for story in due(connection, at, ungrouped=True) if story.correction is None]
    older = [story for story in new if story.published_on and story.published_on < day]
    digests.drop(connection, [(story.story_id, None, wordings(story)[0], BEFORE) for story in older], at)
    return len(older)


def wordings(story: Story) -> tuple[str, ...]:
    """Return what is remembered of a dropped story: of a correction the changes that it tells, else its wording."""
    if story.correction is not None and story.correction.marks:
        return story.correction.marks
    english = story.title_en if story.title_en_by in ("publisher", "editor") else ""
    parts = [str(story.article_id), story.title_hash, story.english_hash, text_hash(english), story.lead_uk]
    return (hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32],)


def _corrections(
    connection: sqlite3.Connection, at: str, merged: Mapping[int, int], dropped: set[str]
) -> dict[int, Correction]:
    """Return by story what of it was sent and is not so any more.

    The article whose headline was sent is asked, so another source that speaks for the story now corrects nothing.
    A change is told once, also where another article speaks for the story by now.
    When that article was split off, the story that it left comes again: its present headline was never sent.
    """
    sent_marks = digests.told_marks(connection) | dropped
    changed: dict[int, Correction] = {}
    left: dict[int, Correction] = {}
    for row in digests.changed_entries(connection, at):
        correction = Correction(row["digest_id"], row["issue"], row["title_uk"] or "", row["title_en"] or "")
        now, then = choose.root(merged, row["now_in"]), choose.root(merged, row["story_id"])
        lead = row["lead_uk"] if row["language"] == "uk" else row["lead_en"]
        differs = row["headline"] or row["english"] or row["reworded"]
        differs = differs or choose.has_other_numbers(lead or "", row["now_lead"], row["language"])
        if differs and row["mark"] not in sent_marks:
            before = changed[now].marks if now in changed else ()
            changed[now] = replace(correction, marks=(*before, row["mark"]))
        if now != then:
            left[then] = correction
    sent = digests.sent_headlines(connection, [*changed, *left])
    parted = {story_id: correction for story_id, correction in left.items() if not sent.get(story_id, True)}
    return {story_id: correction for story_id, correction in (changed | parted).items() if story_id in sent}


def _story(row: Mapping[str, Any], correction: Correction | None) -> Story:
    """Make a story of its row; English that no person wrote and that did not pass every check is withheld."""
    shown = row["title_en"] if row["title_en_state"] == "ok" else None
    by: EnglishBy | Literal[""] = (row["title_en_by"] or "") if shown else ""
    lead_shown = row["lead_en_state"] == "ok" and bool(by)
    return Story(
        story_id=row["story_id"],
        title_uk=plain(row["title_uk"]),
        title_en=plain(shown),
        title_en_by=by,
        withheld="" if shown else row["title_en_state"] or "due",
        suggestion="" if shown else plain(row["title_en"]),
        lead_uk=plain(row["lead_uk"]),
        lead_en=plain(row["lead_en"]) if lead_shown else "",
        lead_en_by=(row["lead_en_by"] or "") if lead_shown else "",
        published_on=row["published_on"],
        links=tuple(Link(*link) for link in row["links"]),
        places=tuple(row["places"]),
        topics=frozenset(row["topic_ids"]),
        tags=frozenset(row["tags"]),
        article_id=row["shown_id"],
        title_hash=row["shown_hash"],
        english_id=row["english_id"] if by == "publisher" else None,
        english_hash=row["english_hash"] if by == "publisher" else "",
        correction=correction,
        published_uk=row["title_uk"] or "",
    )


def _entry_row(place: int, entry: Entry) -> dict[str, Any]:
    story = entry.story
    was = story.correction
    return {
        "story_id": story.story_id,
        "position": place,
        "section": entry.section,
        "title_uk": story.title_uk or None,
        "title_en": story.title_en or None,
        "title_en_by": story.title_en_by or None,
        "note": entry.note,
        "late": int(entry.late),
        "correction_of": was.digest_id if was else None,
        "published_on": story.published_on,
        "lead_uk": story.lead_uk or None,
        "lead_en": story.lead_en or None,
        "lead_en_by": story.lead_en_by or None,
        "withheld": story.withheld,
        "links": json.dumps([list(asdict(link).values()) for link in story.links], ensure_ascii=False),
        "places": json.dumps(story.places, ensure_ascii=False),
        "in_full": int(entry.in_full),
        "was_uk": was.was_uk if was else None,
        "was_en": was.was_en if was else None,
        "article_id": story.article_id,
        "title_hash": story.title_hash,
        "english_id": story.english_id,
        "english_hash": story.english_hash,
        "marks": json.dumps(was.marks if was else ()),
    }


def _sent_entry(row: sqlite3.Row) -> Entry:
    was = Correction(row["correction_of"], row["issue"], row["was_uk"] or "", row["was_en"] or "")
    story = Story(
        story_id=row["story_id"],
        title_uk=row["title_uk"] or "",
        title_en=row["title_en"] or "",
        title_en_by=row["title_en_by"] or "",
        withheld=row["withheld"],
        lead_uk=row["lead_uk"] or "",
        lead_en=row["lead_en"] or "",
        lead_en_by=row["lead_en_by"] or "",
        published_on=row["published_on"],
        links=tuple(Link(*link) for link in json.loads(row["links"])),
        places=tuple((uk, en) for uk, en in json.loads(row["places"])),
        correction=was if row["correction_of"] else None,
    )
    return Entry(story, row["section"], row["position"], bool(row["in_full"]), bool(row["late"]), row["note"])
