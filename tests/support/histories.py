"""Random histories of the newsletter, checked against a plain memory of what happened.

`python -m tests.support.histories 500` runs that many; the suite runs a few. The memory below knows articles, which
were sent, dropped or held, and nothing of the product's code: it reads what was sent from the sealed issues alone.
"""

from __future__ import annotations

import random
import sys
import tempfile
import unicodedata
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from core.errors import UsageError
from db import digests
from newsletter import exporting, intake, sealing
from newsletter.issue import Choice, Issue
from tests.support.digesting import NEWSLETTER, Paper
from tests.support.newsroom import rows

WORDS = ("громада", "рада", "бюджет", "школа", "міст", "дорога", "лікарня", "послуга", "центр", "вода", "тепло")
LETTERS = ("bulletin", "monthly")


class Crashed(Exception):
    """The machine goes down in the middle of a transaction."""


def seen(text: str) -> str:
    """A headline as a reader sees it: letters and digits alone."""
    return "".join(letter for letter in unicodedata.normalize("NFC", text).casefold() if letter.isalnum())


@dataclass
class SentMemory:
    """What one newsletter did, by article."""

    sent: dict[int, str] = field(default_factory=dict)  # article → issue in which it was sent as new
    dropped: set[int] = field(default_factory=set)
    before: list[tuple[dict[int, str], set[int]]] = field(default_factory=list)  # as it was before each seal
    published: set[str] = field(default_factory=set)


class History:
    """One database, two newsletters, and steps drawn by a seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.paper = Paper(folder / "news.db")
        self.db = self.paper.db
        self.memory = {name: SentMemory() for name in LETTERS}
        self.number = 0
        self.log: list[str] = []

    # what happens

    def run(self, steps: int) -> None:
        self.arrive()
        for _ in range(steps):
            step = self.random.choice(
                ("arrive", "arrive", "arrive", "retitle", "retype", "english", "machine", "split", "join", "drop",
                 "hold", "take", "untouched", "seal", "seal", "unseal", "publish", "crash")
            )  # fmt: skip
            self.log.append(step)
            self.use(self.random.choice(LETTERS))
            getattr(self, step)()
            for name in LETTERS:
                self.use(name)
                self.check()
        for name in LETTERS:
            self.use(name)
            self.check()
        self.paper.close()

    def use(self, name: str) -> None:
        self.paper.newsletter = replace(NEWSLETTER, id=name)
        self.now = self.memory[name]

    def title(self) -> str:
        self.number += 1
        return f"{' '.join(self.random.sample(WORDS, 3))} {self.number}"

    def live(self) -> list[int]:
        return [row[0] for row in self.db.execute("SELECT id FROM stories WHERE merged_into IS NULL ORDER BY id")]

    def story(self) -> int:
        return self.random.choice(self.live())

    def articles(self, story: int) -> set[int]:
        return {row[0] for row in self.db.execute("SELECT id FROM articles WHERE story_id = ?", (story,))}

    def arrive(self) -> None:
        day = self.random.choice(["2026-01-01", "2026-02-20", None])
        if self.number and self.random.random() < 0.3:
            self.paper.article(self.story(), "uk", self.title(), day=day)
        else:
            title = self.title()
            self.paper.story(title, day=day)
            self.paper.translate(title, f"English {self.number}")

    def retitle(self) -> None:
        self.paper.retitle(self.story(), self.title())

    def retype(self) -> None:
        """The publisher changes quotation marks, case and the end."""
        story = self.story()
        (title,) = self.db.execute(
            "SELECT title FROM articles WHERE id = (SELECT uk_article_id FROM stories WHERE id = ?)", (story,)
        ).fetchone()
        self.paper.retitle(story, f"«{title.capitalize()}».")

    def english(self) -> None:
        story = self.story()
        made = self.paper.article(story, "en", f"Publisher {self.number}", day="2026-02-20")
        self.db.execute("UPDATE stories SET en_article_id = ? WHERE id = ? AND en_article_id IS NULL", (made, story))

    def machine(self) -> None:
        self.db.execute("UPDATE translations SET text = text || ' again'")

    def split(self) -> None:
        story = self.story()
        behind = [
            row[0]
            for row in self.db.execute(
                """SELECT a.id FROM articles a JOIN stories s ON s.id = a.story_id
                   WHERE s.id = ? AND a.language = 'uk' AND a.id <> s.uk_article_id""",
                (story,),
            )
        ]
        if not behind:
            return
        if self.random.random() < 0.5:
            self.paper.part(story, self.random.choice(behind))
        else:
            leaving = self.random.choice(behind)
            new = rows(self.db, "stories", first_seen_at=self.paper.now(), uk_article_id=leaving)
            self.db.execute("UPDATE articles SET story_id = ? WHERE id = ?", (new, leaving))

    def join(self) -> None:
        one, other = self.story(), self.story()
        if one != other:
            self.paper.merge(one, other)

    # what editors do

    def drop(self) -> None:
        self.decide("dropped")

    def hold(self) -> None:
        self.decide("held", until=self.random.choice(["", "2026-03-02", "2027-01-01"]))

    def take(self) -> None:
        self.decide("taken")
        if self.random.random() < 0.3:
            self.db.execute(
                "UPDATE digests SET fixed_at = ? WHERE sealed_at IS NULL AND newsletter = ?",
                (self.paper.now(), self.paper.newsletter.id),
            )

    def decide(self, decision: Any, **more: Any) -> None:
        issue = self.paper.draft()
        entries = [*issue.entries, *issue.bin, *issue.held, *issue.dropped]
        if entries:
            story = self.random.choice(entries).story.story_id
            with self.paper.store.transaction() as connection:
                digests.save_choices(connection, issue.digest_id, [asdict(Choice(story, decision, **more))])

    def untouched(self) -> None:
        """A file is exported, something happens meanwhile, and the file comes back as it was."""
        form = self.random.choice(["md", "csv"])
        at = self.paper.now()
        issue = self.paper.draft()
        if not issue.entries:
            return
        sheet = exporting.kept_sheet(self.paper.store, self.paper.newsletter, issue, [form], at)
        path = self.folder / f"back.{form}"
        path.write_bytes(exporting.render(issue, [form], sheet=sheet)[form])
        if self.random.random() < 0.5:
            self.random.choice([self.retitle, self.arrive, self.english, self.machine])()
        before = self.state()
        told = intake.take_in(self.paper.store, self.paper.newsletter, path, "olena", at, partial=True)
        assert not told.undecided, told.undecided
        assert self.state() == before, "an untouched file changed something"

    def state(self) -> list[Any]:
        tables = ("digest_choices", "translation_edits", "digest_changes", "digest_drops", "digests")
        return [list(map(tuple, self.db.execute(f"SELECT * FROM {table}"))) for table in tables]

    # the life of an issue

    def seal(self) -> None:
        issue = self.paper.draft()
        expected = {entry.story.story_id for entry in issue.entries}
        dropped = [(entry.story.correction, self.articles(entry.story.story_id)) for entry in issue.dropped]
        kept = (dict(self.now.sent), set(self.now.dropped))
        done = self.paper.seal()
        for correction, articles in dropped:
            if correction is None:
                self.now.dropped |= articles
        assert {entry.story.story_id for entry in (done.entries if done else ())} == expected
        if done is None:  # what was dropped stays so, whichever seal is undone later
            for _, earlier in self.now.before:
                earlier.update(self.now.dropped - kept[1])
            return
        self.now.before.append(kept)
        for entry in done.entries:
            articles = self.articles(entry.story.story_id)
            if entry.story.correction is None:
                again = {article: self.now.sent[article] for article in articles if article in self.now.sent}
                assert not again, f"sent again as new: {again}"
                assert not articles & self.now.dropped, "a dropped article was sent"
            else:
                self.differs(entry.story)
            for article in articles:
                self.now.sent.setdefault(article, done.name)

    def differs(self, story: Any) -> None:
        was = story.correction
        shown = [(was.was_uk, story.title_uk), (was.was_en, story.title_en)]
        assert any(before for before, _ in shown), "a correction of nothing"
        for before, after in shown:
            assert not before or seen(before) != seen(after), f"corrected with its own headline: {after}"

    def unseal(self) -> None:
        past = digests.sealed_issues(self.db, self.paper.newsletter.id)
        if not past:
            return
        try:
            with self.paper.store.transaction() as connection:
                sealing.unseal(connection, past[0]["name"], self.paper.now(), by="olena")
        except UsageError as error:
            assert past[0]["name"] in self.now.published, error
            return
        assert past[0]["name"] not in self.now.published, "the seal of a published issue was undone"
        self.now.sent, self.now.dropped = self.now.before.pop()

    def publish(self) -> None:
        try:
            with self.paper.store.transaction() as connection:
                issue = sealing.publish(connection, self.paper.newsletter, None, self.paper.now(), by="olena")
            self.now.published.add(issue.name)
        except UsageError:
            assert not digests.sealed_issues(self.db, self.paper.newsletter.id)

    def crash(self) -> None:
        before = self.state()
        try:
            with self.paper.store.transaction() as connection:
                sealing.seal(connection, self.paper.newsletter, self.paper.now(), keep=(), by="olena")
                raise Crashed
        except Crashed:
            pass
        assert self.state() == before

    # what must hold at any time

    def check(self) -> None:
        """Every story of which nothing was sent or dropped is somewhere in the draft, once; no other one is as new."""
        issue = self.paper.draft()
        self.check_places(issue)
        sides = (issue.entries, issue.bin, issue.held, issue.dropped)
        new = [entry.story.story_id for side in sides for entry in side if entry.story.correction is None]
        assert len(new) == len(set(new))
        settled = self.now.sent.keys() | self.now.dropped
        expected = {story for story in self.live() if not self.articles(story) & settled}
        assert set(new) == expected, (sorted(new), sorted(expected))

    def check_places(self, issue: Issue) -> None:
        for side in (issue.entries, issue.bin, issue.held, issue.dropped):
            for entry in side:
                if entry.story.correction is not None:
                    self.differs(entry.story)
                    assert self.articles(entry.story.story_id) & self.now.sent.keys(), "a correction of nothing sent"


def play(seed: int, steps: int) -> None:
    """One history. Raises AssertionError naming its seed and steps."""
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder), seed)
        history.db.execute("PRAGMA synchronous = OFF")
        try:
            history.run(steps)
        except BaseException as error:
            raise AssertionError(f"history {seed}: {' '.join(history.log)}: {error!r}") from error


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        play(number, 40)
    print(f"{sys.argv[1]} histories")
