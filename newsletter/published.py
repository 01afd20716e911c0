"""One issue as the public sees it, from its sealed rows alone, and the same as data that say who made each text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import digests, published_issues, sealed_issues
from language.letters import text_hash
from newsletter.issue import FreeItem, address_of, one_line, safe_url
from newsletter.sealing import sealed

if TYPE_CHECKING:
    import sqlite3

    from newsletter.issue import Entry, Issue

TEXTS = ("subject", "preview", "intro_uk", "intro_en", "closing_uk", "closing_en")  # of the issue as a whole


@dataclass(frozen=True, slots=True)
class Origin:
    """Facts that the row of an entry has beyond the entry: who made its texts."""

    title_uk_by: str  # publisher or editor; empty: there is none
    lead_uk_by: str
    article_id: int | None  # whose headline was sent


@dataclass(frozen=True, slots=True)
class PublishedIssue:
    """A sealed issue with its neighbours in the archive."""

    issue: Issue
    origins: dict[int, Origin]  # by story id
    earlier: str  # names of the issues of the same newsletter before and after it; empty: there is none
    later: str
    changed_at: str  # since when its page is as it is, UTC: the later issue gave it a link

    @property
    def title(self) -> str:
        """Return the subject, else the newsletter and the name of the issue."""
        return self.text("subject") or f"{self.issue.newsletter.name_en} · {self.issue.name}"

    def text(self, field: str) -> str:
        """Return a text of the issue as one line; of intro and closing use `issue.texts`, which has their lines."""
        return one_line(self.issue.texts.get(field))


def read_published(connection: sqlite3.Connection, name: str, *, unpublished: bool = False) -> PublishedIssue | None:
    """Return the published issue of that name, or None. `unpublished`: also one that was sealed and not published."""
    row = digests.issue_named(connection, name)
    if row is None or row["sealed_at"] is None or not (row["published_at"] or unpublished):
        return None
    before, after = published_issues.neighbours(connection, row) if row["published_at"] else (None, None)
    at = row["published_at"] or row["sealed_at"]
    return PublishedIssue(
        issue=sealed(connection, name),
        origins={entry["story_id"]: _origin(entry) for entry in sealed_issues.entries(connection, row["id"])},
        earlier=before["name"] if before else "",
        later=after["name"] if after else "",
        changed_at=max(at, after["published_at"]) if after else at,
    )


def as_data(published: PublishedIssue, base: str) -> dict[str, Any]:
    """Return the issue as JSON for researchers; docs/data.md describes it."""
    issue, letter = published.issue, published.issue.newsletter
    address = address_of(issue.name, base)
    picture = issue.image
    return {
        "issue": issue.name,
        "newsletter": {"id": letter.id, "name_uk": letter.name_uk, "name_en": letter.name_en},
        "url": address,
        "day": issue.day,
        "sealed_at": issue.moment,
        "published_at": issue.published_at or None,
        "texts": {field: issue.texts.get(field, "") for field in TEXTS},
        "image": {
            "url": f"{address}/image",
            "type": f"image/{picture.kind}",
            "width": picture.width,
            "height": picture.height,
            "alt_uk": published.text("image_alt_uk"),
            "alt_en": published.text("image_alt_en"),
        }
        if picture
        else None,
        "sections": [
            {
                "id": section.id,
                "name_uk": section.name_uk,
                "name_en": section.name_en,
                "text_uk": issue.texts.get(f"section_text_uk:{section.id}", ""),
                "text_en": issue.texts.get(f"section_text_en:{section.id}", ""),
                "contents": [
                    _item(one) if isinstance(one, FreeItem) else _story(one, published.origins, base)
                    for one in contents
                ],
            }
            for section, contents in issue.contents()
        ],
    }


def _origin(row: sqlite3.Row) -> Origin:
    return Origin(
        title_uk_by=_made_by(row["title_uk"], row["title_hash"]),
        lead_uk_by=_made_by(row["lead_uk"], row["lead_uk_hash"]),
        article_id=row["article_id"],
    )


def _made_by(text: str | None, published_hash: str) -> str:
    """Return whose a Ukrainian text is: an editor's when it differs from what was published; '' for none."""
    if not text:
        return ""
    return "editor" if published_hash and text_hash(text) != published_hash else "publisher"


def _story(entry: Entry, origins: dict[int, Origin], base: str) -> dict[str, Any]:
    story, was = entry.story, entry.story.correction
    origin = origins[story.story_id]
    return {
        "kind": "story",
        "position": entry.position,
        "story_id": story.story_id,
        "story_url": f"{base}/news/stories/{story.story_id}",
        "article_id": origin.article_id,
        "published_on": story.published_on,
        "title_uk": story.title_uk or None,
        "title_uk_by": origin.title_uk_by or None,
        "title_en": story.title_en or None,
        "title_en_by": story.title_en_by or None,
        "title_en_approved": story.approved,
        "withheld": story.withheld or None,
        "lead_uk": story.lead_uk or None,
        "lead_uk_by": origin.lead_uk_by or None,
        "lead_en": story.lead_en or None,
        "lead_en_by": story.lead_en_by or None,
        "note": entry.note,
        "late": entry.late,
        "in_full": entry.in_full,
        "correction": {
            "issue": was.issue,
            "issue_url": address_of(was.issue, base),
            "title_uk": was.was_uk or None,
            "title_en": was.was_en or None,
            "lead_uk": was.was_lead_uk or None,
            "lead_en": was.was_lead_en or None,
        }
        if was
        else None,
        "places": [{"name_uk": one_line(uk), "name_en": one_line(en)} for uk, en in story.places],
        "sources": [
            {
                "id": link.source_id,
                "name_uk": one_line(link.source),
                "name_en": one_line(link.source_en or link.source),
                "url": safe_url(link.url) or None,
                "language": link.language,
                "published_on": link.published_on,
            }
            for link in story.links
        ],
    }


def _item(item: FreeItem) -> dict[str, Any]:
    return {
        "kind": "item",
        "by": "editor",
        "title_uk": item.title_uk or None,
        "title_en": item.title_en or None,
        "text_uk": item.text_uk or None,
        "text_en": item.text_en or None,
        "url": safe_url(item.url) or None,
    }
