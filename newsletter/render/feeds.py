"""An issue as an Atom feed and as a JSON Feed: its texts, its stories, the editors' own items. Pure."""

from __future__ import annotations

import json
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from newsletter.issue import FreeItem, one_line, safe_url
from newsletter.markup import to_html, to_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.issue import Entry, Issue
    from newsletter.render.display import Contents, DisplayedIssue, DisplayedText
    from newsletter.render.displayed_story import DisplayedLink, DisplayedStory

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
_OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "visnyk.invalid")


@dataclass(frozen=True, slots=True)
class DisplayedEntry:
    """An entry of a feed, in words."""

    id: str
    title: str
    language: str
    html: str
    text: str
    links: tuple[DisplayedLink, ...] = ()
    section: str = ""  # its name
    published_on: str | None = None
    image: str = ""
    facts: dict[str, Any] = field(default_factory=dict)  # what JSON Feed has no name for


def identity(issue: Issue, what: str = "") -> str:
    """Return the permanent id of an issue, or of something in it. The name of the newsletter may change."""
    return uuid.uuid5(_OURS, "\n".join((issue.newsletter.id, issue.name, *([what] if what else [])))).urn


def entries_of(issue: Issue, shown: DisplayedIssue, stories: Contents) -> Iterator[DisplayedEntry]:
    """Yield what the issue holds, in its order: opening, sections with their texts, closing."""
    image = f"{shown.page}/image" if shown.page and issue.image else ""
    if shown.opening or image:
        yield _text_entry(issue, "opening", shown.subject, shown.opening, shown.language, image)
    for (section, held), displayed in zip(issue.contents(), shown.sections, strict=True):
        if displayed.texts:
            yield _text_entry(issue, f"section {section.id}", displayed.name, displayed.texts, shown.language)
        for one in held:
            if isinstance(one, FreeItem):
                story, what, facts = stories[-one.item_id], f"item {one.item_id}", {"section": one.section}
            else:
                story, what, facts = stories[one.story.story_id], f"story {one.story.story_id}", _facts(one)
            html, text = _content(story)
            yield DisplayedEntry(
                identity(issue, what), story.head, story.language, html, text, story.links,
                displayed.name,
                None if isinstance(one, FreeItem) else one.story.published_on, facts=facts,
            )  # fmt: skip
    if shown.closing:
        yield _text_entry(issue, "closing", shown.name, shown.closing, shown.language)


def atom(issue: Issue, shown: DisplayedIssue, stories: Contents) -> bytes:
    """Return the issue as Atom 1.0 (RFC 4287)."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": shown.language})
    _texts(feed, ("id", identity(issue)), ("title", _title(issue, shown)), ("updated", issue.moment))
    author = ET.SubElement(feed, "author")
    _texts(author, ("name", one_line(issue.newsletter.sender) or shown.name))
    if shown.intro:
        _texts(feed, ("subtitle", one_line(shown.intro[0][1])))
    if shown.page:
        ET.SubElement(feed, "link", {"rel": "alternate", "href": shown.page})
    for entry in entries_of(issue, shown, stories):
        item = ET.SubElement(feed, "entry", {"xml:lang": entry.language})
        _texts(item, ("id", entry.id), ("title", entry.title), ("updated", issue.moment))
        for place, link in enumerate(link for link in entry.links if link.url):
            relation = "related" if place else "alternate"
            ET.SubElement(item, "link", {"rel": relation, "href": link.url, "title": link.text})
        if entry.section:
            ET.SubElement(item, "category", {"term": entry.section})
        ET.SubElement(item, "content", {"type": "html"}).text = entry.html
    return xml_bytes(feed)


def xml_bytes(root: ET.Element) -> bytes:
    """Return a feed as it is sent; indents it in place."""
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def json_feed(issue: Issue, shown: DisplayedIssue, stories: Contents) -> bytes:
    """Return the issue as JSON Feed 1.1; `_visnyk` holds what the standard has no name for."""
    feed = {
        "version": JSON_FEED,
        "title": _title(issue, shown),
        "description": one_line(shown.intro[0][1]) if shown.intro else shown.name,
        **({"home_page_url": shown.page} if shown.page else {}),
        "language": shown.language,
        "authors": [{"name": one_line(issue.newsletter.sender) or shown.name}],
        "_visnyk": {"issue": issue.name, "sealed": issue.sealed, "day": issue.day, "waiting": issue.waiting},
        "items": [_json_item(entry) for entry in entries_of(issue, shown, stories)],
    }
    return json_bytes(feed)


def json_bytes(feed: dict[str, Any]) -> bytes:
    """Return a JSON Feed as it is sent."""
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _title(issue: Issue, shown: DisplayedIssue) -> str:
    return f"{shown.name} · {issue.name}" + (f" ({shown.draft})" if shown.draft else "")


def _text_entry(
    issue: Issue, what: str, title: str, texts: tuple[DisplayedText, ...], language: str, image: str = ""
) -> DisplayedEntry:
    html = "".join(f'<div lang="{text.language}">{to_html(text.blocks)}</div>' for text in texts)
    lines = [line for text in texts for line in (*to_lines(text.blocks), "")]
    return DisplayedEntry(
        identity(issue, what),
        title,
        texts[0].language if texts else language,
        (f'<p><img src="{escape(image)}" alt=""></p>' if image else "") + html,
        "\n".join(lines).strip(),
        image=image,
    )


def _content(story: DisplayedStory) -> tuple[str, str]:
    """Return what stands below the headline, as HTML and as text."""
    plain = [part for part in (story.second, story.lead) if part]
    last = [part for part in (story.facts, *story.marks) if part]
    own = [blocks for _, blocks in story.texts]
    note = f"<p>{escape(story.note_label)}:</p>{to_html(story.note_blocks)}" if story.note_blocks else ""
    html = [*(f"<p>{escape(part)}</p>" for part in plain), *map(to_html, own)]
    html += [f"<p>{escape(part)}</p>" for part in last]
    text = [*plain, *(line for blocks in own for line in to_lines(blocks)), *last]
    said = [f"{story.note_label}: {story.note}"] if story.note else []
    return "".join((*html, note)), "\n".join((*text, *said))


def _json_item(entry: DisplayedEntry) -> dict[str, Any]:
    url = next((link.url for link in entry.links if link.url), "")
    return {
        "id": entry.id,
        "title": entry.title,
        "content_html": entry.html,
        "content_text": entry.text,
        "language": entry.language,
        **({"tags": [entry.section]} if entry.section else {}),
        **({"image": entry.image} if entry.image else {}),
        **({"_visnyk": entry.facts} if entry.facts else {}),
        **({"date_published": f"{entry.published_on}T00:00:00Z"} if entry.published_on else {}),
        **({"url": url} if url else {}),
    }


def _facts(entry: Entry) -> dict[str, Any]:
    story = entry.story
    return {
        "story_id": story.story_id,
        "section": entry.section,
        "position": entry.position,
        "title_uk": story.title_uk,
        "title_en": story.title_en,
        "title_en_by": story.title_en_by or None,
        "title_en_approved": story.english_by == "approved",
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
    }


def _texts(parent: ET.Element, *pairs: tuple[str, str]) -> None:
    for name, text in pairs:
        ET.SubElement(parent, name).text = text
