"""The demo's first issue: what an editor takes of day 1, with words of the editor's own; sealed, it is published."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from db.store import open_store
from demo.verify import SERVICE_CENTRE, english_of
from newsletter import changes, draft
from newsletter.settings import read_newsletter

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

EDITOR = "demo"
OF_EACH_SECTION = 2  # stories; the others wait for the next issue
SUBJECT = "Service centres, budgets and partners"
TEXTS = {
    "subject": SUBJECT,
    "preview": "What hromadas decided in the first week of February",
    "intro_uk": "Перший випуск демонстрації. Усі новини в ньому вигадані.",
    "intro_en": "The first issue of the demonstration. All news in it are made up.",
    "closing_uk": "Чого нам бракує? **Напишіть нам.**",
    "closing_en": "What did we miss? **Write to us.**",
}
NOTE = "The centre tells the number of its services [on its own page](https://decentralization.ua/news/90399)."


def choose(path: Path, at: str) -> None:
    """Take the first stories of each section, and write the texts, as at the desk."""
    newsletter = read_newsletter()
    with closing(open_store(path)) as store, store.transaction() as connection:
        issue = draft.next_issue(connection, newsletter, at)
        centre = english_of(connection, SERVICE_CENTRE[:2])
        corrected_later = centre["story_id"] if centre else 0
        taken = [
            entry.story.story_id
            for _, entries in issue.sections()
            for place, entry in enumerate(entries)
            if place < OF_EACH_SECTION or entry.story.story_id == corrected_later
        ]
        edits = [changes.Edit(number, None, "decision", "", "taken") for number in taken]
        edits += [changes.Edit(None, None, field, "", text) for field, text in TEXTS.items()]
        edits.append(changes.Edit(corrected_later, None, "note", "", NOTE))
        changes.apply(connection, newsletter, issue.digest_id, edits, EDITOR, at, "desk")


def differences(connection: sqlite3.Connection) -> list[str]:
    """Return what the public sees of the first issue and should not, or does not see and should, a line each."""
    row = connection.execute("SELECT * FROM issues").fetchone()
    if row is None:
        return ["the first issue is not published"]
    known = "SELECT count(*), count(DISTINCT section), sum(note <> '') FROM issue_stories WHERE issue = ?"
    stories, sections, notes = connection.execute(known, (row["name"],)).fetchone()
    wrong = [] if row["subject"] == SUBJECT else [f"the first issue's subject is {row['subject']!r}"]
    if not sections <= stories <= OF_EACH_SECTION * sections + 1 or stories < 2 or notes != 1:
        wrong.append(f"the first issue has {stories} stories in {sections} sections, {notes} with a note")
    return wrong
