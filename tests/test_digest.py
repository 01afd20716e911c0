"""The newsletter's ledger: every story once, nothing late lost, corrections by themselves, killed at any moment."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UsageError
from db import edits
from language.letters import text_hash
from newsletter import changes, draft, sealing
from newsletter.issue import Choice
from newsletter.render.formats import FORMATS, Renderer
from tests.support.digesting import NEWSLETTER, Paper, decide, drop, numbers, titles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    yield made
    made.close()


class TestOnce:
    def test_a_story_that_was_sent_does_not_come_again(self, paper: Paper) -> None:
        first, second = paper.story("Перша громада має бюджет"), paper.story("Друга громада має раду")
        assert sorted(numbers(paper.seal())) == [first, second]
        third = paper.story("Третя громада має школу")
        assert numbers(paper.seal()) == [third]
        assert paper.seal() is None

    def test_late_arrivals_are_marked_and_items_without_a_date_are_not_lost(self, paper: Paper) -> None:
        paper.story("Перша", day="2026-02-27")
        paper.seal()
        late, undated = paper.story("Пізня", day="2026-01-05"), paper.story("Без дати", day=None)
        fresh = paper.story("Свіжа", day="2026-03-09")
        found = {entry.story.story_id: entry.late for entry in paper.draft().entries}
        assert found == {late: True, undated: False, fresh: False}

    def test_nothing_new_seals_nothing(self, paper: Paper) -> None:
        assert paper.seal() is None
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(0,)]

    def test_a_story_that_was_merged_stays_sent(self, paper: Paper) -> None:
        sent = paper.story("Громада отримала автобус")
        paper.seal()
        other = paper.story("Шкільний автобус для громади")
        paper.merge(sent, other)
        assert numbers(paper.draft()) == []
        third = paper.story("Автобус громади поїхав")
        paper.merge(other, third)
        assert numbers(paper.draft()) == []

    def test_what_stood_in_the_issue_does_not_come_again_from_a_story_that_was_split(self, paper: Paper) -> None:
        """Neither the headline nor the link behind it; an article that came later was never sent."""
        story = paper.story("Громада отримала автобус")
        behind = paper.article(story, "uk", "Громада отримала школу", day="2026-02-20")
        paper.seal()
        later = paper.article(story, "uk", "Громада отримала лікарню", day="2026-02-25")
        assert numbers(paper.draft()) == []
        paper.part(story, behind)
        assert numbers(paper.draft()) == []
        paper.part(story, later)
        assert numbers(paper.draft()) == [story]
        assert titles(paper.seal()) == ["Громада отримала лікарню"]
        assert numbers(paper.draft()) == []

    def test_what_an_editor_decided_follows_a_story_that_is_merged(self, paper: Paper) -> None:
        chosen, other = paper.story("Громада отримала автобус"), paper.story("Шкільний автобус")
        decide(paper, Choice(chosen, decision="taken", section="budgets", note="Важливо"))
        paper.merge(chosen, other)
        (entry,) = paper.draft().entries
        assert (entry.story.story_id, entry.section, entry.note) == (other, "budgets", "Важливо")

    def test_the_database_itself_refuses_a_repeat(self, paper: Paper) -> None:
        story = paper.story("Громада має бюджет")
        paper.seal()
        paper.story("Друга")
        paper.draft()
        again = (
            "INSERT INTO digest_articles (digest_id, article_id, newsletter, story_id, correction)"
            " SELECT d.id, a.id, d.newsletter, a.story_id, ? FROM digests d, articles a"
            " WHERE d.sealed_at IS NULL AND a.story_id = ?"
        )
        with pytest.raises(sqlite3.IntegrityError, match="digest_articles"):
            paper.db.execute(again, (0, story))
        paper.db.execute(again, (1, story))  # a correction may name it again

    def test_a_newsletter_may_begin_with_a_day(self, paper: Paper) -> None:
        paper.story("Стара", day="2020-01-01")
        kept, undated = paper.story("Нова", day="2026-02-20"), paper.story("Без дати", day=None)
        with paper.store.transaction() as connection:
            assert draft.begin_with(connection, paper.newsletter, "2026-02-16", paper.now()) == 1
        assert sorted(numbers(paper.draft())) == [kept, undated]

    def test_what_an_editor_took_is_not_put_aside_by_a_first_day(self, paper: Paper) -> None:
        taken, left = paper.story("Узята", day="2020-01-01"), paper.story("Стара", day="2020-01-02")
        issue = paper.draft()
        with paper.store.transaction() as connection:
            edit = changes.Edit(taken, None, "decision", "", "taken")
            changes.apply(connection, paper.newsletter, issue.digest_id, [edit], "olena", paper.now(), "desk")
            assert draft.begin_with(connection, paper.newsletter, "2026-02-16", paper.now()) == 1
        assert numbers(paper.draft()) == [taken]
        assert paper.rows("SELECT story_id FROM digest_drops") == [(left,)]


class TestCorrections:
    def test_a_changed_headline_comes_back_once(self, paper: Paper) -> None:
        story = paper.story("Громада отримає 5 млн грн")
        first = paper.seal()
        assert first is not None
        assert numbers(paper.draft()) == []
        paper.retitle(story, "Громада отримає 50 млн грн")
        (entry,) = paper.draft().entries
        assert entry.section == "corrections"
        assert entry.story.correction is not None
        assert (entry.story.correction.issue, entry.story.correction.was_uk) == (
            first.name,
            "Громада отримає 5 млн грн",
        )
        paper.seal()
        assert numbers(paper.draft()) == []
        assert paper.rows("SELECT correction_of FROM digest_entries ORDER BY digest_id") == [(None,), (1,)]
        paper.retitle(story, "Громада отримає 5 млн грн")
        assert numbers(paper.draft()) == [story]

    def test_other_quotes_or_spaces_are_no_correction(self, paper: Paper) -> None:
        story = paper.story('Проєкт "Громада" розпочато')
        paper.seal()
        paper.retitle(story, "Проєкт  «Громада» розпочато")
        assert numbers(paper.draft()) == []

    @pytest.mark.parametrize(
        ("lead", "comes"),
        [
            ("Виділено 70 млн грн.", True),
            ("Виділено 7 млрд грн.", True),
            ("Гроші вже виділено: 7 млн грн.", False),
            ("Виділено 7 мільйонів гривень.", False),
        ],
    )
    def test_a_changed_number_in_the_lead_is_a_change_of_meaning(self, paper: Paper, lead: str, comes: bool) -> None:
        story = paper.story("Громади отримають субвенцію", lead="Виділено 7 млн грн.")
        paper.seal()
        paper.db.execute(
            "UPDATE articles SET lead = ?, lead_hash = ? WHERE story_id = ?", (lead, text_hash(lead), story)
        )
        assert numbers(paper.draft()) == ([story] if comes else [])

    def test_the_publishers_changed_english_comes_back(self, paper: Paper) -> None:
        story = paper.story("Громада має бюджет", "Community has no budget")
        paper.seal()
        paper.retitle(story, "Community has a budget", "en")
        (entry,) = paper.draft().entries
        assert entry.story.correction is not None
        assert (entry.story.title_en, entry.story.correction.was_en) == (
            "Community has a budget",
            "Community has no budget",
        )

    def test_an_editors_later_wording_comes_back(self, paper: Paper) -> None:
        story = paper.story("Громада має бюджет")
        paper.translate("Громада має бюджет", "The crowd has a budget")
        paper.seal()
        with paper.store.transaction() as connection:
            title = "Громада має бюджет"
            edits.save(connection, [(title, text_hash(title), "The community has a budget", "olena")], paper.now())
        assert numbers(paper.draft()) == [story]
        paper.seal()
        assert numbers(paper.draft()) == []

    def test_a_better_machine_translation_is_no_correction(self, paper: Paper) -> None:
        paper.story("Громада має бюджет")
        paper.translate("Громада має бюджет", "The crowd has a budget")
        paper.seal()
        paper.db.execute("UPDATE translations SET text = 'The community has a budget'")
        assert numbers(paper.draft()) == []

    def test_another_source_that_speaks_for_the_story_corrects_nothing(self, paper: Paper) -> None:
        story = paper.story("Громада має бюджет")
        paper.seal()
        face = paper.article(story, "uk", "Бюджет громади схвалено", day="2026-02-21", source_id="letter")
        paper.db.execute("UPDATE stories SET uk_article_id = ? WHERE id = ?", (face, story))
        assert numbers(paper.draft()) == []

    def test_two_changed_stories_that_are_merged_are_corrected_once(self, paper: Paper) -> None:
        one, other = paper.story("Громада отримає 5 млн"), paper.story("П'ять мільйонів для громади")
        paper.seal()
        paper.retitle(one, "Громада отримає 50 млн")
        paper.merge(one, other)
        assert numbers(paper.seal()) == [other]
        assert paper.seal() is None
        paper.retitle(other, "Сорок мільйонів для громади")
        assert numbers(paper.seal()) == [other]
        assert paper.seal() is None

    def test_a_dropped_correction_comes_again_only_when_it_changes_again(self, paper: Paper) -> None:
        story = paper.story("Громада отримає 5 млн")
        paper.seal()
        paper.retitle(story, "Громада отримає 6 млн")
        drop(paper, story)
        paper.seal()
        assert numbers(paper.draft()) == []
        paper.retitle(story, "Громада отримає 7 млн")
        assert numbers(paper.draft()) == [story]


class TestSealed:
    def test_a_sealed_issue_gives_the_same_bytes_whatever_happened_since(self, paper: Paper) -> None:
        story = paper.story("Громада має бюджет", "Community has a budget", lead="Анонс.")
        other = paper.story("Друга громада")
        paper.translate("Друга громада", "Another crowd")
        issue = paper.seal()
        assert issue is not None
        before = {name: make(Renderer(issue)) for name, (_, make) in FORMATS.items()}
        paper.retitle(story, "Геть інший заголовок")
        paper.merge(other, story)
        paper.db.execute("UPDATE sources SET name = 'Renamed'")
        paper.db.execute("DELETE FROM translations")
        paper.story("Новіша")
        paper.newsletter = NEWSLETTER.__class__(
            **{**{name: getattr(NEWSLETTER, name) for name in NEWSLETTER.__slots__}, "name_en": "Renamed too"}
        )
        paper.seal()
        again = paper.sealed(issue.name)
        assert {name: make(Renderer(again)) for name, (_, make) in FORMATS.items()} == before

    def test_an_issue_may_be_named(self, paper: Paper) -> None:
        paper.story("Громада")
        issue = paper.seal("2026-W09")
        assert issue is not None and issue.name == "2026-W09"
        paper.story("Друга")
        with pytest.raises(UsageError, match="already"):
            paper.seal("2026-W09")
        for bad in ("../x", "a/b", ".hidden", "", "x" * 80, "a\nb"):
            with pytest.raises(UsageError):
                paper.seal(bad)
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(1,)]

    def test_an_unknown_issue_is_named(self, paper: Paper) -> None:
        with pytest.raises(UsageError, match="no sealed issue x"):
            paper.sealed("x")


def test_drafting_asks_the_database_equally_often_whatever_was_sent_before(paper: Paper) -> None:
    counts = []
    for round_number in range(3):
        for number in range(20):
            paper.story(f"Новина {round_number} {number}")
        paper.seal()
        paper.story(f"Нова {round_number}")
        asked: list[str] = []
        paper.draft()
        paper.db.set_trace_callback(asked.append)
        paper.draft()
        paper.db.set_trace_callback(None)
        counts.append(len(asked))
    assert len(set(counts)) == 1


# ── Random weeks ──

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("arrive"), st.sampled_from(["2026-01-01", "2026-02-20", "2026-03-15", None])),
        st.tuples(st.just("retitle"), st.integers(0, 30)),
        st.tuples(st.just("merge"), st.integers(0, 30), st.integers(0, 30)),
        st.tuples(st.just("drop"), st.integers(0, 30)),
        st.tuples(st.just("draft")),
        st.tuples(st.just("seal")),
        st.tuples(st.just("crash")),
    ),
    min_size=3,
    max_size=30,
)


class Crash(Exception):
    pass


class Week:
    """What should happen, in the plainest words: a set of what was sent and what was dropped."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.live: list[int] = []
        self.settled: set[int] = set()
        self.due: set[int] = set()  # corrections
        self.dropping: set[int] = set()
        self.sent: list[int] = []
        self.count = 0

    def arrive(self, day: str | None) -> None:
        self.live.append(self.paper.story(f"Новина номер {len(self.live)} {self.count}", day=day))

    def retitle(self, which: int) -> None:
        story = self.live[which % len(self.live)]
        self.count += 1
        self.paper.retitle(story, f"Змінена новина {self.count}")
        last = self.paper.rows(
            "SELECT article_id FROM digest_entries WHERE article_id = (SELECT uk_article_id FROM stories WHERE id = ?)",
            story,
        )
        if last:
            self.due.add(story)

    def merge(self, one: int, other: int) -> None:
        story, into = self.live[one % len(self.live)], self.live[other % len(self.live)]
        if story == into:
            return
        self.paper.merge(story, into)
        self.live.remove(story)
        for held in (self.settled, self.due):
            if story in held:
                held.add(into)
        self.due.discard(story)
        if story in self.dropping:
            self.dropping.remove(story)
            self.dropping.add(into)

    def drop(self, which: int) -> None:
        story = self.live[which % len(self.live)]
        if story in numbers(self.paper.draft()) and story not in self.settled:
            drop(self.paper, story)
            self.dropping.add(story)

    def draft(self) -> None:
        shown = set(numbers(self.paper.draft()))
        assert shown == self.expected() - self.dropping

    def crash(self) -> None:
        with pytest.raises(Crash), self.paper.store.transaction() as connection:
            sealing.seal(connection, self.paper.newsletter, self.paper.now(), by="olena")
            raise Crash

    def seal(self) -> None:
        expected = self.expected() - self.dropping
        issue = self.paper.seal()
        assert set(numbers(issue)) == expected
        self.sent += [
            entry.story.story_id for entry in (issue.entries if issue else ()) if entry.story.correction is None
        ]
        self.settled |= set(self.live)
        self.due.clear()
        self.dropping.clear()

    def expected(self) -> set[int]:
        return {story for story in self.live if story not in self.settled or story in self.due}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_union_of_all_issues_is_what_was_eligible_without_repeats(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[object, ...]]
) -> None:
    paper = Paper(tmp_path_factory.mktemp("week") / "news.db")
    week = Week(paper)
    week.arrive("2026-02-01")
    for name, *values in steps:
        getattr(week, str(name))(*values)
    week.seal()
    assert len(week.sent) == len(set(week.sent))
    assert set(week.expected()) == set()
    kept = paper.rows("SELECT story_id FROM digest_entries WHERE correction_of IS NULL ORDER BY digest_id, position")
    assert [row[0] for row in kept] == week.sent
    paper.close()


# ── Killed at every statement ──


def killed_seal(path: Path, deadly: int) -> int:
    """Seals in a process of its own that kills itself at its nth statement; gives the statements it made, or -9."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        paper = Paper(path)
        paper.hour = 500
        count = 0

        def counted(_: str) -> None:
            nonlocal count
            count += 1
            if count == deadly:
                os.kill(os.getpid(), signal.SIGKILL)

        paper.db.set_trace_callback(counted)
        paper.seal()
        os.write(writing, str(count).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        text = told.read()
    return -signal.SIGKILL if os.WIFSIGNALED(status) else int(text)


def test_killed_at_every_statement_neither_loses_nor_repeats(tmp_path: Path) -> None:
    base = tmp_path / "base.db"
    paper = Paper(base)
    sent = paper.story("Була надіслана")
    paper.seal()
    paper.retitle(sent, "Була надіслана, але змінена")
    stories = {sent, *(paper.story(f"Новина {number}") for number in range(3))}
    dropped = paper.story("Зайва")
    drop(paper, dropped)
    paper.close()
    shutil.copy(base, tmp_path / "whole.db")
    statements = killed_seal(tmp_path / "whole.db", 0)
    assert statements > 15
    for deadly in range(1, statements + 1):
        path = tmp_path / f"{deadly}.db"
        shutil.copy(base, path)
        assert killed_seal(path, deadly) == -signal.SIGKILL
        after = Paper(path)
        half = after.rows(
            "SELECT count(*) FROM digest_entries e JOIN digests d ON d.id = e.digest_id WHERE sealed_at IS NULL"
        )
        assert half == [(0,)]
        after.hour = 600
        after.seal()
        found = after.rows("SELECT story_id FROM digest_entries WHERE digest_id = 2")
        assert sorted(row[0] for row in found) == sorted(stories), deadly
        assert after.rows("SELECT story_id FROM digest_drops") == [(dropped,)]
        assert after.rows("PRAGMA integrity_check") == [("ok",)]
        after.close()
