"""The life of an issue: held and carried over, sealed with its files, undone, published; several newsletters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import UsageError
from newsletter import changes, draft, files_kept, sealing
from newsletter.changes import Edit
from newsletter.issue import Choice, Filter
from newsletter.present import present
from newsletter.render.formats import FORMATS
from tests.support.digesting import NEWSLETTER, Paper, numbers, titles
from tests.support.digesting import decide as store_choices
from tests.support.histories import play
from tests.support.newsroom import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    yield made
    made.close()


def decide(paper: Paper, story: int, decision: Any, **more: Any) -> None:
    """An editor's decision on a story of the open draft."""
    store_choices(paper, Choice(story, decision, **more))


def unseal(paper: Paper, name: str) -> list[str]:
    with paper.store.transaction() as connection:
        return sealing.unseal(connection, name, paper.now(), by="olena")


class TestHeld:
    def test_until_the_next_issue(self, paper: Paper) -> None:
        held, other = paper.story("Зачекає"), paper.story("Піде")
        decide(paper, held, "held", reason="чекаємо на рішення")
        issue = paper.draft()
        assert (numbers(issue), [entry.story.story_id for entry in issue.held]) == ([other], [held])
        assert issue.held[0].reason == "чекаємо на рішення"
        assert numbers(paper.seal()) == [other]
        assert numbers(paper.draft()) == [held]

    @pytest.mark.parametrize(("until", "waits"), [("2026-03-02", True), ("2026-03-01", False)])
    def test_until_a_day_also_in_the_draft_after(self, paper: Paper, until: str, waits: bool) -> None:
        """The clock of these tests stands on 1 March."""
        held, other = paper.story("Зачекає"), paper.story("Піде")
        decide(paper, held, "held", until=until)
        assert numbers(paper.draft()) == ([other] if waits else [held, other])
        paper.seal()
        assert [entry.story.story_id for entry in paper.draft().held] == ([held] if waits else [])
        paper.hour += 24
        assert numbers(paper.draft()) == ([held] if waits else [])

    def test_remarks_go_with_a_story_into_the_next_draft(self, paper: Paper) -> None:
        held, dropped, sent = paper.story("Зачекає"), paper.story("Зайва"), paper.story("Піде")
        decide(paper, held, "held", remark="спитати голову")
        decide(paper, dropped, "dropped", remark="не наше")
        decide(paper, sent, None, remark="добре")
        paper.seal()
        assert [(entry.story.story_id, entry.remark) for entry in paper.draft().entries] == [(held, "спитати голову")]
        assert paper.rows("SELECT story_id FROM digest_choices WHERE digest_id = 2") == [(held,)]

    def test_what_was_dropped_or_held_stays_so_when_it_is_split(self, paper: Paper) -> None:
        for decision in ("dropped", "held"):
            story = paper.story(f"Перша {decision}")
            behind = paper.article(story, "uk", f"Друга {decision}", day="2026-02-20")
            decide(paper, story, decision)
            paper.part(story, behind)
            assert numbers(paper.draft()) == []

    @pytest.mark.parametrize("decision", ["held", None])
    def test_what_was_written_about_it_is_carried(self, paper: Paper, decision: str | None) -> None:
        other, waits = paper.story("Піде"), paper.story("Зачекає")
        decide(paper, other, "taken", note="Готово")
        decide(paper, waits, decision, title_uk="Своя назва", section="own", note="До уваги", title_en="Own")
        paper.db.execute("UPDATE digests SET fixed_at = 'x'")
        assert numbers(paper.seal()) == [other]
        (entry,) = paper.draft().entries
        told = (entry.decision, entry.story.title_uk, entry.story.title_en, entry.section, entry.note)
        assert told == (None, "Своя назва", "Own", "own", "До уваги")


class TestBin:
    def test_a_fixed_draft_holds_what_was_taken_and_the_rest_waits(self, paper: Paper) -> None:
        taken, waits, dropped = paper.story("Взята"), paper.story("Чекає"), paper.story("Зайва")
        decide(paper, taken, "taken")
        decide(paper, dropped, "dropped")
        issue = paper.draft()
        assert sorted(numbers(issue)) == [taken, waits]
        assert not issue.bin
        paper.db.execute("UPDATE digests SET fixed_at = 'x'")
        issue = paper.draft()
        sides = [[entry.story.story_id for entry in side] for side in (issue.entries, issue.bin, issue.dropped)]
        assert sides == [[taken], [waits], [dropped]]
        assert issue.waiting == 1
        paper.seal()
        assert numbers(paper.draft()) == [waits]


class TestFiles:
    def test_all_formats_are_kept_as_they_were_made(self, paper: Paper, tmp_path: Path) -> None:
        own = tmp_path / "own"
        own.mkdir()
        (own / "issue.txt.j2").write_text("Наш шаблон, {{ issue.name }}\n", encoding="utf-8")
        (own / "picture.png").write_bytes(b"\x89PNG\xff")
        paper.story("Громада має бюджет", "Community has a budget")
        with paper.store.transaction() as connection:
            issue = sealing.seal(
                connection, paper.newsletter, paper.now(), languages="uk-en", templates=own, publish=False, by="olena"
            )
        assert issue is not None
        assert issue.newsletter.languages == "uk-en"
        assert paper.rows("SELECT count(*) FROM digest_files") == [(len(FORMATS),)]
        with paper.store.transaction() as connection:
            before = files_kept.files_of(connection, issue)
            assert before["txt"].decode().startswith("Наш шаблон, ")
            paper.db.execute("UPDATE digest_entries SET title_uk = 'інша версія показала б інше'")
            again = sealing.sealed(connection, issue.name)
            assert files_kept.files_of(connection, again) == before
            other = files_kept.files_of(connection, again, ["txt", "html"], "en")
            assert other["txt"].decode().startswith("Наш шаблон, Dec")  # the template that it was sealed with
            paper.db.execute("UPDATE digest_entries SET title_en = 'ще інша'")
            again = sealing.sealed(connection, issue.name)
            assert files_kept.files_of(connection, again, ["txt", "html"], "en") == other

    def test_a_template_that_fails_seals_nothing(self, paper: Paper, tmp_path: Path) -> None:
        (tmp_path / "issue.txt.j2").write_text("{{ issue.unheard_of }}", encoding="utf-8")
        paper.story("Громада")
        with pytest.raises(UsageError, match=r"issue\.txt\.j2"), paper.store.transaction() as connection:
            sealing.seal(connection, paper.newsletter, paper.now(), templates=tmp_path, by="olena")
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(0,)]


class TestUndone:
    def test_a_seal_is_undone_as_if_it_had_not_been(self, paper: Paper) -> None:
        kept, dropped, held = paper.story("Громада"), paper.story("Зайва"), paper.story("Зачекає")
        decide(paper, kept, None, title_uk="Наша громада", note="Добре", position=3)
        decide(paper, dropped, "dropped", reason="не наше")
        decide(paper, held, "held")
        before = paper.draft()
        assert paper.seal(keep=None) is not None
        assert unseal(paper, "issue-1") == ["issue-1 is the draft again"]
        assert paper.draft() == before
        for table in ("digest_entries", "digest_articles", "digest_drops", "digest_files"):
            assert paper.rows(f"SELECT count(*) FROM {table}") == [(0,)]
        assert paper.seal() is not None
        assert numbers(paper.draft()) == [held]

    def test_a_younger_draft_gives_what_was_decided_and_written_for_it(self, paper: Paper) -> None:
        kept, held = paper.story("Громада"), paper.story("Зачекає")
        decide(paper, held, "held", note="з першого")
        paper.seal()
        late = paper.story("Пізня")
        paper.retitle(kept, "Громада і рада")
        decide(paper, kept, "dropped")  # of the correction
        decide(paper, late, "dropped", reason="не наше")
        decide(paper, held, "taken", section="budgets")
        second = paper.draft().digest_id
        rows(paper.db, "digest_texts", digest_id=second, field="subject", text="Тема")
        rows(paper.db, "digest_items", digest_id=second, section="other", title_uk="Оголошення")
        assert unseal(paper, "issue-1")[1].startswith("it has what was decided for issue-2 since; that draft is gone")
        issue = paper.draft()
        assert (issue.name, sorted(numbers(issue))) == ("issue-1", [kept, held])
        assert [entry.story.story_id for entry in issue.dropped] == [late]
        (entry,) = (entry for entry in issue.entries if entry.story.story_id == held)
        assert (entry.section, entry.note) == ("budgets", "з першого")
        assert (issue.texts["subject"], [item.title_uk for item in issue.items]) == ("Тема", ["Оголошення"])
        assert paper.rows("SELECT id FROM digests") == [(1,)]

    def test_what_was_emptied_in_the_younger_draft_stays_so(self, paper: Paper) -> None:
        """And the log, replayed, gives the draft, also where the younger one decided on what stood in the issue."""
        kept, held = paper.story("Громада"), paper.story("Зачекає")
        decide(paper, kept, "taken")
        decide(paper, held, "held", until="2026-05-01", reason="рано", note="чекає")
        paper.seal()
        paper.retitle(kept, "Громада і рада")
        values = {(held, "decision"): ("held", ""), (held, "note"): ("чекає", ""), (kept, "decision"): ("", "dropped")}
        edits = [Edit(story, None, field, *pair) for (story, field), pair in values.items()]
        with paper.store.transaction() as connection:
            digest_id = present(connection, paper.newsletter, paper.now()).digest_id
            done = changes.apply(connection, paper.newsletter, digest_id, edits, "olena", paper.now(), "desk")
        assert (len(done.changes), done.conflicts) == (3, ())
        unseal(paper, "issue-1")
        assert paper.rows("SELECT decision, until, note FROM digest_choices ORDER BY story_id")[1][::2] == (None, "")
        log = "SELECT became FROM digest_changes WHERE story_id = ? AND field = 'decision' ORDER BY id DESC"
        assert [paper.rows(log, story)[0] for story in (kept, held)] == [("taken",), ("",)]

    def test_what_was_sealed_stays_in_when_the_younger_draft_was_chosen_by_hand(self, paper: Paper) -> None:
        kept = paper.story("Громада")
        paper.seal()
        taken, waits = paper.story("Взята"), paper.story("Чекає")
        decide(paper, taken, "taken")
        paper.db.execute("UPDATE digests SET fixed_at = 'x' WHERE sealed_at IS NULL")
        unseal(paper, "issue-1")
        issue = paper.draft()
        assert (sorted(numbers(issue)), [entry.story.story_id for entry in issue.bin]) == ([kept, taken], [waits])

    def test_a_hand_over_that_was_only_asked_for_keeps_no_seal(self, paper: Paper) -> None:
        paper.story("Перша")
        paper.seal()
        rows(paper.db, "digest_handovers", digest_id=1, service="listmonk", begun_at="", by="olena")
        assert unseal(paper, "issue-1") == ["issue-1 is the draft again"]
        assert paper.rows("SELECT * FROM digest_handovers") == [], "the next sealing asks anew"

    def test_not_once_it_was_published_handed_over_or_followed(self, paper: Paper) -> None:
        paper.story("Перша")
        paper.seal()
        paper.story("Друга")
        paper.seal()
        with pytest.raises(UsageError, match="issue-2 was sealed after issue-1"):
            unseal(paper, "issue-1")
        with pytest.raises(UsageError, match="no sealed issue issue-3"):
            unseal(paper, "issue-3")
        rows(paper.db, "digest_handovers", digest_id=2, service="listmonk", begun_at="x", by="olena")
        with pytest.raises(UsageError, match="handed over to listmonk"):
            unseal(paper, "issue-2")
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(2,)]
        paper.db.execute("DELETE FROM digest_handovers")
        with paper.store.transaction() as connection:
            assert sealing.publish(connection, paper.newsletter, None, paper.now(), by="olena").name == "issue-2"
        with pytest.raises(UsageError, match="issue-2 was published at 2026-03"):
            unseal(paper, "issue-2")
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(2,)]


class TestPublished:
    @pytest.mark.parametrize(("how", "seen"), [("by hand", False), ("when sealed", True)])
    def test_as_the_settings_say(self, paper: Paper, how: str, seen: bool) -> None:
        paper.configure(publish=how)
        paper.story("Громада")
        issue = paper.seal()
        assert issue is not None
        assert bool(issue.published_at) is seen
        assert paper.rows("SELECT count(*) FROM issues") == [(int(seen),)]

    def test_once_and_nothing_that_is_not_sealed(self, paper: Paper) -> None:
        with paper.store.transaction() as connection, pytest.raises(UsageError, match="nothing to publish"):
            sealing.publish(connection, paper.newsletter, None, paper.now(), by="olena")
        paper.story("Громада")
        paper.draft()
        with paper.store.transaction() as connection, pytest.raises(UsageError, match="no sealed issue issue-1"):
            sealing.publish(connection, paper.newsletter, "issue-1", paper.now(), by="olena")
        paper.seal()
        with paper.store.transaction() as connection:
            first = sealing.publish(connection, paper.newsletter, "issue-1", paper.now(), by="olena")
            assert sealing.publish(connection, paper.newsletter, "issue-1", paper.now(), by="olena") == first


class TestSeveral:
    def test_each_has_its_own_names_and_its_own_memory(self, paper: Paper) -> None:
        story = paper.story("Громада")
        paper.seal()
        monthly = replace(NEWSLETTER, id="monthly")
        paper.newsletter = monthly
        issue = paper.draft()
        assert (issue.name, numbers(issue)) == ("monthly-1", [story])
        decide(paper, story, "dropped")
        other = paper.story("Рада")
        assert numbers(paper.seal()) == [other]
        assert paper.draft().name == "monthly-2"
        assert numbers(paper.draft()) == []
        paper.retitle(story, "Громада і рада")
        paper.retitle(other, "Рада і громада")
        found = [(entry.story.story_id, entry.story.correction and entry.story.correction.issue)
                 for entry in paper.draft().entries]  # fmt: skip
        assert found == [(other, "monthly-1")]
        paper.newsletter = NEWSLETTER
        issue = paper.draft()
        assert issue.name == "issue-2"
        assert sorted(numbers(issue)) == [story, other]

    def test_a_filter_leaves_to_others_what_it_leaves_out(self, paper: Paper) -> None:
        inside, outside = paper.story("Львівська новина"), paper.story("Полтавська новина")
        oblast = "UA46000000000026241"
        rows(paper.db, "places", id=oblast, kind="oblast", name_uk="Львівська", name_en="Lviv")
        rows(paper.db, "places", id="h", kind="hromada", name_uk="Стрийська", name_en="Stryi", oblast_id=oblast)
        rows(paper.db, "topics", id="budgets", label_uk="Бюджет", label_en="Budgets")
        rows(paper.db, "topics", id="schools", label_uk="Школи", label_en="Schools")
        (article,) = paper.rows("SELECT id FROM articles WHERE story_id = ?", inside)[0]
        rows(paper.db, "article_places", article_id=article, place_id="h", matched="x")
        rows(paper.db, "article_topics", article_id=article, topic_id="budgets", matched="x")
        rows(paper.db, "article_tags", article_id=article, tag="Головне")
        matching = {"oblasts": "Lviv region", "topics": "budgets", "sources": "portal", "tags": "Головне"}
        others = {"oblasts": "Полтавська область", "topics": "schools", "sources": "letter", "tags": "Інше"}
        for name, value in matching.items():
            paper.newsletter = replace(NEWSLETTER, id="lviv", filter=Filter(**{name: (value,)}))
            assert numbers(paper.draft()) == ([inside, outside] if name == "sources" else [inside])
            paper.newsletter = replace(NEWSLETTER, id="lviv", filter=Filter(**{name: (others[name],)}))
            assert numbers(paper.draft()) == []
        paper.newsletter = replace(
            NEWSLETTER, id="lviv", filter=Filter(**{name: (value,) for name, value in matching.items()})
        )
        assert titles(paper.seal()) == ["Львівська новина"]
        paper.newsletter = NEWSLETTER
        assert sorted(numbers(paper.draft())) == [inside, outside]
        for wrong, words in (
            (Filter(oblasts=("Атлантида",)), "no oblast is called 'Атлантида'"),
            (Filter(topics=("budget",)), "filter.topics: 'budget' is none of budgets, schools"),
            (Filter(sources=("portal", "portall")), "filter.sources: 'portall' is none of letter, portal"),
        ):
            paper.newsletter = replace(NEWSLETTER, id="lviv", filter=wrong)
            with pytest.raises(UsageError, match=words):
                paper.draft()

    def test_a_newsletter_that_begins_leaves_the_others_as_they_are(self, paper: Paper) -> None:
        story = paper.story("Стара", day="2020-01-01")
        with paper.store.transaction() as connection:
            assert draft.begin_with(connection, replace(NEWSLETTER, id="monthly"), "2026-02-16", paper.now()) == 1
        assert numbers(paper.draft()) == [story]


@pytest.mark.parametrize("seed", range(12))
def test_a_random_history_neither_repeats_nor_loses(seed: int) -> None:
    """`python -m tests.support.histories 500` plays more."""
    play(seed + 1000, 25)


def test_who_sealed_undid_and_published_stands_in_the_history(paper: Paper) -> None:
    """It is told by name, and it is no change of a field that could be undone there."""
    paper.story("Громада має бюджет")
    name = paper.draft().name
    paper.seal()
    with paper.store.transaction() as connection:
        sealing.unseal(connection, name, paper.now(), by="taras")
        sealing.seal(connection, paper.newsletter, paper.now(), by="taras")
        sealing.publish(connection, paper.newsletter, name, paper.now(), by="olena")
        sealing.publish(connection, paper.newsletter, name, paper.now(), by="taras")
    assert paper.rows("SELECT was, became, by, via FROM digest_changes WHERE field = 'state' ORDER BY id") == [
        ("draft", "sealed", "olena", "command"),
        ("sealed", "draft", "taras", "command"),
        ("draft", "sealed", "taras", "command"),
        ("sealed", "published", "olena", "command"),
    ]
    ((number,),) = paper.rows("SELECT min(id) FROM digest_changes WHERE field = 'state'")
    with paper.store.transaction() as connection, pytest.raises(UsageError, match="unseal"):
        changes.undo(connection, paper.newsletter, number, "olena", paper.now())
