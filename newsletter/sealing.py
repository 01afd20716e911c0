"""Close an issue, and read a closed one. `at` is passed in. In the caller's transaction, so sealing is one step."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from core.clock import kyiv_day
from core.errors import UsageError
from db import digest_changes, digests, handovers, sealed_issues
from newsletter import choose
from newsletter.draft import next_issue, with_parts
from newsletter.fields import STATE
from newsletter.files_kept import files_of, read_templates
from newsletter.issue import Correction, Entry, Issue, Link, Newsletter, Story
from newsletter.sent import settled, wordings
from newsletter.settings import as_json, newsletter_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from core.closed_sets import ChangedVia


def seal(
    connection: sqlite3.Connection,
    newsletter: Newsletter,
    at: str,
    name: str | None = None,
    *,
    by: str,
    via: ChangedVia = "command",
    languages: str = "",
    templates: Path | None = None,
    publish: bool = False,
    keep: Iterable[str] | None = None,
) -> Issue | None:
    """Close the draft: write its entries, remember what was sent and dropped, keep its files. None: nothing to send.

    `languages`: another order than the newsletter's, which becomes the issue's own. `templates`: a folder of the
    editor's own, which are kept with it. `keep`: the formats that are kept; None: all.
    `by` stands in the history.
    """
    if languages:
        newsletter = newsletter_from(as_json(newsletter) | {"languages": languages}, "--languages")
    issue = next_issue(connection, newsletter, at, name)
    rows = [
        (entry.story.story_id, issue.digest_id, wording, entry.reason or "dropped by the editor", settled(entry.story))
        for entry in issue.dropped
        for wording in wordings(entry.story)
    ]
    sealed_issues.drop(connection, newsletter.id, rows, at)
    if not issue.entries:
        sealed_issues.forget_dropped(connection, issue.digest_id)
        return None
    settings = json.dumps(as_json(newsletter), ensure_ascii=False)
    entries = [_entry_row(place, entry) for place, entry in enumerate(issue.entries, 1)]
    own = read_templates(templates) if templates else {}
    sealed_issues.seal(connection, issue.digest_id, entries, settings, own, at)
    _record(connection, issue.digest_id, ("draft", "sealed"), by, at, via)
    if publish or newsletter.publish == "when sealed":
        sealed_issues.publish(connection, issue.digest_id, at)
        _record(connection, issue.digest_id, ("sealed", "published"), by, at, via)
    done = sealed(connection, issue.name)
    files_of(connection, done, keep)
    return done


def sealed(connection: sqlite3.Connection, name: str) -> Issue:
    """Return a sealed issue, from its own rows alone. Raises UsageError if there is none of that name."""
    row = _sealed_row(connection, name)
    newsletter = newsletter_from(json.loads(row["settings"]), f"issue {name}")
    entries = [_sent_entry(entry) for entry in sealed_issues.entries(connection, row["id"])]
    places = choose.numbered(entries, newsletter)
    kept = (replace(now, in_full=was.in_full) for now, was in zip(places, entries, strict=True))
    day, published = kyiv_day(row["sealed_at"]), row["published_at"] or ""
    issue = Issue(
        name, day, row["sealed_at"], True, newsletter, tuple(kept), digest_id=row["id"], published_at=published
    )
    return with_parts(connection, issue)


def publish(
    connection: sqlite3.Connection,
    newsletter: Newsletter,
    name: str | None,
    at: str,
    *,
    by: str,
    via: ChangedVia = "command",
) -> Issue:
    """Let the public see a sealed issue: the one named, or the newsletter's newest. Raises UsageError for none."""
    if name is None:
        past = digests.sealed_issues(connection, newsletter.id)
        if not past:
            raise UsageError("no issue was sealed yet: there is nothing to publish")
        name = past[0]["name"]
    row = _sealed_row(connection, name)
    if not row["published_at"]:
        sealed_issues.publish(connection, row["id"], at)
        _record(connection, row["id"], ("sealed", "published"), by, at, via)
    return sealed(connection, name)


def unseal(connection: sqlite3.Connection, name: str, at: str, *, by: str, via: ChangedVia = "command") -> list[str]:
    """Make a sealed issue the draft again, with all decisions and texts; return lines for a person.

    A younger draft gives its decisions, texts and items to it. Raises UsageError, and changes nothing, for an issue
    that was published, handed over, or followed by another one that was sealed.
    """
    row = _sealed_row(connection, name)
    if row["published_at"]:
        raise UsageError(f"{name} was published at {row['published_at']}: sealing cannot be undone any more")
    services = handovers.begun(connection, row["id"])
    if services:
        raise UsageError(f"{name} was handed over to {', '.join(services)}: sealing cannot be undone any more")
    newest = digests.sealed_issues(connection, row["newsletter"])[0]
    if newest["id"] != row["id"]:
        raise UsageError(f"{newest['name']} was sealed after {name}: undo that first")
    notes = [f"{name} is the draft again"]
    younger = digests.open_issue(connection, row["newsletter"])
    if younger is not None:
        if younger["fixed_at"] and not row["fixed_at"]:
            sealed_issues.take_all(connection, row["id"], at)
        told = (digest_changes.newest, digest_changes.texts, digest_changes.items)
        if any(of(connection, younger["id"]) for of in told):
            notes.append(f"it has what was decided for {younger['name']} since; that draft is gone, its name is free")
        sealed_issues.give_back(connection, row["id"], younger["id"])
    handovers.forget_asked(connection, row["id"])
    sealed_issues.unseal(connection, row["id"])
    digest_changes.settle(connection, row["id"], by, at)
    _record(connection, row["id"], ("sealed", "draft"), by, at, via)
    return notes


def _record(
    connection: sqlite3.Connection, digest_id: int, states: tuple[str, str], by: str, at: str, via: ChangedVia
) -> None:
    was, became = states
    row = {"digest_id": digest_id, "story_id": None, "item_id": None, "field": STATE, "was": was, "became": became,
           "by": by, "at": at, "via": via, "undoes": None}  # fmt: skip
    digest_changes.add(connection, [row])


def _sealed_row(connection: sqlite3.Connection, name: str) -> sqlite3.Row:
    row = digests.issue_named(connection, name)
    if row is None or row["sealed_at"] is None:
        known = ", ".join(sealed_issues.newest_names(connection))
        raise UsageError(f"there is no sealed issue {name}; newest: {known or 'none was sealed yet'}")
    return row


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
        "was_uk": (was.was_uk or None) if was else None,
        "was_en": (was.was_en or None) if was else None,
        "was_lead_uk": (was.was_lead_uk or None) if was else None,
        "was_lead_en": (was.was_lead_en or None) if was else None,
        "article_id": story.article_id,
        "title_hash": story.title_hash,
        "english_id": story.english_id,
        "english_hash": story.english_hash,
        "marks": json.dumps(was.marks if was else ()),
        "lead_uk_id": story.lead_ids[0],
        "lead_uk_hash": story.lead_hashes[0],
        "lead_en_id": story.lead_ids[1] if story.lead_en_by == "publisher" else None,
        "lead_en_hash": story.lead_hashes[1] if story.lead_en_by == "publisher" else "",
        "articles": json.dumps(story.articles),
        "approved": int(story.english_by == "approved"),
    }


def _sent_entry(row: sqlite3.Row) -> Entry:
    was_uk, was_en, *leads = (row[name] or "" for name in ("was_uk", "was_en", "was_lead_uk", "was_lead_en"))
    was = Correction(row["correction_of"], row["issue"], was_uk, was_en, (), *leads)
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
        approved=bool(row["approved"]),
    )
    return Entry(story, row["section"], row["position"], bool(row["in_full"]), bool(row["late"]), row["note"])
