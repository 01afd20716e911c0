"""A database for the newsletter's tests: stories that arrive, change, merge and part; drafts and seals."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from db import digests
from db.store import Store, open_store
from language.letters import text_hash
from newsletter import draft, exporting, intake, sealing
from newsletter.issue import Choice
from newsletter.settings import read_newsletter
from tests.support.newsroom import rows

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.issue import Issue, Newsletter

NEWSLETTER = read_newsletter()


@dataclass
class Paper:
    """One newsletter; `day` counts on, so that every step has its own time."""

    path: Path
    newsletter: Newsletter = NEWSLETTER
    store: Store = field(init=False)
    hour: int = 0

    def __post_init__(self) -> None:
        self.store = open_store(self.path)
        self.db = self.store.connection
        if not self.db.execute("SELECT 1 FROM sources").fetchone():
            for source in ("portal", "letter"):
                rows(self.db, "sources", id=source, name=source.title(), homepage=f"https://{source}.example/",
                     publisher="P", language="uk", kind="html", expected_every_hours=48, min_items=5)  # fmt: skip

    def now(self) -> str:
        """A later time at every call."""
        self.hour += 1
        return f"2026-03-{1 + self.hour // 24:02}T{self.hour % 24:02}:00:00Z"

    def article(self, story: int, language: str, title: str, *, day: str | None, **more: Any) -> int:
        given = {"source_id": "portal", "url": f"https://portal.example/{language}/{story}", "lead": ""} | more
        return rows(
            self.db, "articles", key=f"{story}-{title}-{self.hour}", language=language, title=title,
            title_hash=text_hash(title), lead_hash=text_hash(given["lead"]), published_at=day,
            published_precision=day and "day", published_origin=day and "page", published_on=day,
            first_seen_at=self.now(), last_seen_at=self.now(), content_hash="c", story_id=story, **given,
        )  # fmt: skip

    def story(self, uk: str = "", en: str = "", *, day: str | None = "2026-02-20", **more: Any) -> int:
        """A story with a Ukrainian article, an English one, or both."""
        story = rows(self.db, "stories", published_on=day, first_seen_at=self.now())
        faces = [self.article(story, "uk", uk, day=day, **more) if uk else None]
        faces.append(self.article(story, "en", en, day=day, **more) if en else None)
        self.db.execute("UPDATE stories SET uk_article_id = ?, en_article_id = ? WHERE id = ?", (*faces, story))
        return story

    def translate(self, uk: str, en: str, state: str = "ok") -> None:
        rows(self.db, "translations", text_hash=text_hash(uk), source_text=uk, source_language="uk",
             target_language="en", text=en, engine="argos", model="m", state=state, created_at=self.now())  # fmt: skip

    def retitle(self, story: int, title: str, language: str = "uk") -> None:
        """The publisher changes the headline of the story's face."""
        self.db.execute(
            "UPDATE articles SET title = ?, title_hash = ?"
            f" WHERE id = (SELECT {language}_article_id FROM stories WHERE id = ?)",
            (title, text_hash(title), story),
        )

    def relead(self, story: int, lead: str) -> None:
        """The publisher changes the lead of the story's Ukrainian face."""
        self.db.execute(
            "UPDATE articles SET lead = ?, lead_hash = ? WHERE id = (SELECT uk_article_id FROM stories WHERE id = ?)",
            (lead, text_hash(lead), story),
        )

    def configure(self, **values: Any) -> None:
        """Change settings of the newsletter."""
        self.newsletter = replace(self.newsletter, **values)

    def merge(self, story: int, into: int) -> None:
        self.db.execute("UPDATE articles SET story_id = ? WHERE story_id = ?", (into, story))
        self.db.execute("UPDATE stories SET merged_into = ? WHERE id = ?", (into, story))

    def part(self, story: int, face: int) -> int:
        """The story's present face leaves it for a new story; `face` speaks for the story from now on."""
        (leaving,) = self.db.execute("SELECT uk_article_id FROM stories WHERE id = ?", (story,)).fetchone()
        new = rows(self.db, "stories", published_on="2026-02-20", first_seen_at=self.now(), uk_article_id=leaving)
        self.db.execute("UPDATE articles SET story_id = ? WHERE id = ?", (new, leaving))
        self.db.execute("UPDATE stories SET uk_article_id = ? WHERE id = ?", (face, story))
        return new

    def draft(self) -> Issue:
        with self.store.transaction() as connection:
            return draft.next_issue(connection, self.newsletter, self.now())

    def seal(self, name: str | None = None, keep: tuple[str, ...] | None = ()) -> Issue | None:
        """Seal without making the files of all formats, which takes most of the time; `keep=None` makes them."""
        with self.store.transaction() as connection:
            return sealing.seal(connection, self.newsletter, self.now(), name, keep=keep, by="olena")

    def sealed(self, name: str) -> Issue:
        with self.store.transaction() as connection:
            return sealing.sealed(connection, name)

    def take(self, path: Path, by: str = "olena", *, partial: bool = False) -> list[str]:
        """Take a file in as olena; every line that is said."""
        told = intake.take_in(self.store, self.newsletter, path, by, self.now(), partial=partial)
        return [*told.notes, *told.undecided]

    def export(self, folder: Path, form: str) -> Path:
        """Write the draft as it stands for an editor."""
        with self.store.transaction() as connection:
            issue = draft.next_issue(connection, self.newsletter, self.now())
            sheet = exporting.draft_sheet(connection, self.newsletter, self.now())
        path = folder / f"{issue.name}-draft.{form}"
        path.write_bytes(exporting.render(issue, [form], sheet=sheet)[form])
        return path

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.db.execute(sql, values)]

    def close(self) -> None:
        self.store.close()


def numbers(issue: Issue | None) -> list[int]:
    """The stories of an issue, in order."""
    return [entry.story.story_id for entry in issue.entries] if issue else []


def titles(issue: Issue | None) -> list[str]:
    return [entry.story.title_uk for entry in issue.entries] if issue else []


def drop(paper: Paper, story: int) -> None:
    """The editor leaves the story out of the open draft."""
    decide(paper, Choice(story, decision="dropped", reason="не для нас"))


def decide(paper: Paper, *choices: Choice) -> None:
    """The editors' decisions about the open draft are these."""
    issue = paper.draft()
    with paper.store.transaction() as connection:
        digests.save_choices(connection, issue.digest_id, map(asdict, choices))
