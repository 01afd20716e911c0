"""An issue as an Atom feed and as a JSON Feed. Pure."""

from __future__ import annotations

import json
import uuid
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

from newsletter.issue import one_line, safe_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.issue import Entry, Issue
    from newsletter.render.display import DisplayedIssue, DisplayedStory

ATOM = "http://www.w3.org/2005/Atom"
_OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "visnyk.invalid")


def identity(issue: Issue, story_id: int | None = None) -> str:
    """Return the permanent id of an issue, or of a story in it."""
    name = f"{issue.newsletter.name_en}\n{issue.name}" + (f"\n{story_id}" if story_id else "")
    return uuid.uuid5(_OURS, name).urn


def atom(issue: Issue, shown: DisplayedIssue, stories: Mapping[int, DisplayedStory]) -> bytes:
    """Return the issue as Atom 1.0 (RFC 4287), one entry for each story."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": shown.language})
    _texts(feed, ("id", identity(issue)), ("title", _title(issue, shown.name)), ("updated", issue.moment))
    author = ET.SubElement(feed, "author")
    _texts(author, ("name", one_line(issue.newsletter.sender) or shown.name))
    if shown.intro:
        _texts(feed, ("subtitle", one_line(shown.intro[0][1])))
    for entry in issue.entries:
        story = stories[entry.story.story_id]
        item = ET.SubElement(feed, "entry", {"xml:lang": story.language})
        _texts(item, ("id", identity(issue, story.number)), ("title", story.head), ("updated", issue.moment))
        for place, link in enumerate(link for link in story.links if link.url):
            relation = "related" if place else "alternate"
            ET.SubElement(item, "link", {"rel": relation, "href": link.url, "title": link.text})
        ET.SubElement(item, "category", {"term": issue.newsletter.section(entry.section).name_en})
        _texts(item, ("content", _content(story)))
    ET.indent(feed)
    text = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def json_feed(issue: Issue, shown: DisplayedIssue, stories: Mapping[int, DisplayedStory]) -> bytes:
    """Return the issue as JSON Feed 1.1; `_visnyk` holds what the standard has no name for."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(issue, shown.name),
        "description": one_line(shown.intro[0][1]) if shown.intro else shown.name,
        "language": shown.language,
        "authors": [{"name": one_line(issue.newsletter.sender) or shown.name}],
        "_visnyk": {"issue": issue.name, "sealed": issue.sealed, "day": issue.day, "waiting": issue.waiting},
        "items": [_json_item(issue, entry, stories[entry.story.story_id]) for entry in issue.entries],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _title(issue: Issue, name: str) -> str:
    return f"{name} · {issue.name}" + ("" if issue.sealed else " (draft)")


def _content(story: DisplayedStory) -> str:
    note = f"{story.note_label}: {story.note}" if story.note else ""
    return "\n".join(part for part in (story.second, story.lead, story.facts, *story.marks, note) if part)


def _json_item(issue: Issue, entry: Entry, shown: DisplayedStory) -> dict[str, Any]:
    story = entry.story
    item: dict[str, Any] = {
        "id": identity(issue, story.story_id),
        "title": shown.head,
        "content_text": _content(shown),
        "language": shown.language,
        "tags": [issue.newsletter.section(entry.section).name_en],
        "_visnyk": {
            "story_id": story.story_id,
            "section": entry.section,
            "position": entry.position,
            "title_uk": story.title_uk,
            "title_en": story.title_en,
            "title_en_by": story.title_en_by or None,
            "withheld": story.withheld or None,
            "published_on": story.published_on,
            "note": entry.note,
            "late": entry.late,
            "correction_of": story.correction.issue if story.correction else None,
            "in_full": entry.in_full,
            "places": [one_line(english) for _, english in story.places],
            "sources": [
                {
                    "source": one_line(link.source),
                    "url": safe_url(link.url),
                    "language": link.language,
                    "published_on": link.published_on,
                }
                for link in story.links
            ],
        },
    }
    dated = {"date_published": f"{story.published_on}T00:00:00Z"} if story.published_on else {}
    return item | dated | ({"url": shown.url} if shown.url else {})


def _texts(parent: ET.Element, *pairs: tuple[str, str]) -> None:
    for name, text in pairs:
        ET.SubElement(parent, name).text = text
