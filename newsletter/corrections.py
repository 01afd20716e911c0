"""Corrections: what a reader was sent that reads otherwise today. Pure.

The article whose headline was sent is asked, and it alone: another article that speaks for its story by now, a split,
a join, or newly made English corrects nothing. What stood in the issue is compared with what would stand there now,
as a reader sees it.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newsletter.differences import has_other_facts, is_other, reader_form
from newsletter.issue import Correction, Story, plain

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.closed_sets import LanguageOrder


def corrected(row: sqlite3.Row, story: Story, languages: LanguageOrder) -> Story | None:
    """Return the story as a correction of what was sent, in the wording of that article; None for no difference.

    `row` is one of `db.due.changed_entries`, `story` the one that the article is in now. A newsletter in one language
    corrects only what its readers saw.
    """
    now = _in_its_wording(row, story)
    sent = {name: row[name] or "" for name in ("title_uk", "title_en", "lead_uk", "lead_en")}
    was = dict.fromkeys(sent, "")
    headline = f"title_{row['language']}"
    retitled = bool(row["retitled"]) and _differs(row["then_title"], sent[headline], row["now_title"])
    if retitled:
        was[headline] = sent[headline]
    if row["language"] == "uk" and sent["title_en"]:
        publisher = row["en_retitled"] and _differs(row["then_english"], sent["title_en"], row["now_english"])
        may = retitled or (now.title_en and (publisher or row["reworded"] is not None))
        was["title_en"] = sent["title_en"] if may and is_other(sent["title_en"], now.title_en) else ""
    for lead, language in (("lead_uk", "uk"), ("lead_en", "en")):
        told = [row[f"then_{lead}"] or sent[lead], sent[lead]]
        if row[f"{lead}_changed"] and all(
            has_other_facts(one, row[f"now_{lead}"], "uk" if language == "uk" else "en") for one in told
        ):
            was[lead] = sent[lead]
    if was["lead_uk"] and not was["lead_en"] and sent["lead_en"] and is_other(sent["lead_en"], now.lead_en):
        was["lead_en"] = sent["lead_en"]
    if not any(was[name] for name in was if name[-2:] in _seen(languages, sent)):
        return None
    correction = Correction(
        row["digest_id"], row["issue"], was["title_uk"], was["title_en"], (_mark(row, now, was),),
        was["lead_uk"], was["lead_en"],
    )  # fmt: skip
    return replace(now, correction=correction)


def _differs(then: str | None, sent: str, now: str) -> bool:
    """Tell whether a published text is another one now: than it was, and than the reader got, which may be reworded."""
    return is_other(sent, now) and (then is None or is_other(then, now))


def _seen(languages: LanguageOrder, sent: Mapping[str, str]) -> tuple[str, ...]:
    if languages in ("en", "uk"):
        other = "uk" if languages == "en" else "en"
        return (languages,) if sent[f"title_{languages}"] else (other,)
    return ("uk", "en")


def _in_its_wording(row: sqlite3.Row, story: Story) -> Story:
    """Return the story with headline, English and leads of the article that was sent, as they are now."""
    if row["language"] == "en":
        if story.title_uk:
            story = replace(story, title_uk="", published_uk="", lead_uk="", lead_ids=(None, story.lead_ids[1]))
        return replace(
            story, title_en=plain(row["now_title"]), title_en_by="publisher", withheld="", suggestion="",
            article_id=row["article_id"], title_hash=row["now_hash"], english_id=row["article_id"],
            english_hash=row["now_hash"], **_leads(row, story),
        )  # fmt: skip
    if story.article_id != row["article_id"]:
        machine = plain(row["machine"]) if row["retitled"] else plain(row["title_en"])
        story = replace(
            story, title_uk=plain(row["now_title"]), published_uk=row["now_title"], article_id=row["article_id"],
            title_hash=row["now_hash"], title_en=machine, title_en_by="machine" if machine else "",
            withheld="" if machine else "due", suggestion="", english_id=None, english_hash="",
            approved=bool(machine) and machine == plain(row["approved"]),
            **_leads(row, story),
        )  # fmt: skip
    if row["edited"]:
        return replace(story, title_en=plain(row["edited"]), title_en_by="editor", withheld="", english_id=None)
    if row["english_id"]:
        return replace(
            story, title_en=plain(row["now_english"]), title_en_by="publisher", withheld="",
            english_id=row["english_id"], english_hash=row["now_english_hash"],
        )  # fmt: skip
    return story


def _leads(row: sqlite3.Row, story: Story) -> dict[str, Any]:
    """Return the leads of the articles whose leads were sent, if those are not the ones that the story shows."""
    if story.lead_ids == (row["lead_uk_id"], row["lead_en_id"]):
        return {}
    return {
        "lead_uk": plain(row["now_lead_uk"]),
        "lead_en": plain(row["now_lead_en"]),
        "lead_en_by": "publisher" if row["now_lead_en"] else "",
        "lead_ids": (row["lead_uk_id"], row["lead_en_id"]),
        "lead_hashes": (row["now_lead_uk_hash"] or "", row["now_lead_en_hash"] or ""),
    }


def _mark(row: sqlite3.Row, now: Story, was: Mapping[str, str]) -> str:
    """Return a name for the change, by which one that was dropped is known again until there is another."""
    parts = [str(row["article_id"]), str(row["digest_id"]), reader_form(row["now_title"])]
    parts.append(reader_form(now.title_en) if was["title_en"] and now.title_en_by != "machine" else "")
    parts += [row[f"now_{lead}_hash"] if was[lead] else "" for lead in ("lead_uk", "lead_en")]
    return hashlib.sha256("\n".join(part or "" for part in parts).encode()).hexdigest()[:32]
