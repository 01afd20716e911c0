"""The end of the work: sealing asks and seals what it showed, past issues, hand-over, several newsletters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.fields import key
from newsletter.settings import DEFAULT
from tests.support.mailing_services import RULES, SECRET, VARIABLES, StandIn, settings
from tests.support.newsroom import rows
from tests.support.page_forms import form_of
from tests.support.shared_desk import blank, browser, paper, served
from tests.test_digest_desk import Browser

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.digesting import Paper

__all__ = ["blank", "browser", "paper", "served"]  # fixtures
SENT = "SELECT e.story_id FROM digest_entries e ORDER BY e.story_id"


def choose(browser: Browser, *acts: str) -> None:
    """Press buttons of rows of the bin."""
    for act in acts:
        form = form_of(browser.get("/desk").text, "bin-marked")
        assert browser.post(form.filled(("act", act)), form.action).status_code == 302


def seal(browser: Browser, page: str = "") -> Any:
    form = form_of(page or browser.get("/desk/seal").text, "seal")
    return browser.post(form.filled(), form.action)


class TestSeal:
    def test_what_was_taken_is_sealed_and_the_rest_stays_in_the_bin(self, browser: Browser, paper: Paper) -> None:
        third = paper.story("Третя новина")
        choose(browser, f"take:{key(1, 1)}:", f"drop:{key(1, 2)}:")
        page = browser.get("/desk/seal").text
        assert "It will hold 1 story; 1 stays in the bin" in page
        assert seal(browser, page).headers["location"] == "/desk/issues?newsletter=bulletin"
        assert paper.rows(SENT) == [(1,)]
        assert paper.rows("SELECT story_id FROM digest_drops") == [(2,)]
        assert key(2, third) in browser.get("/desk").text
        past = browser.get("/desk/issues").text
        assert "issue-1 is sealed with 1 story" in past and "/desk/issue-1/docx?newsletter=" in past
        assert browser.get("/desk/issue-1/html?download=1").status_code == 200

    def test_with_nothing_taken_it_says_that_all_would_go(self, browser: Browser, paper: Paper) -> None:
        assert "nothing was taken yet: all 2 stories of the bin would be sent" in browser.get("/desk/seal").text
        assert "Nothing was taken yet" in browser.get("/desk").text
        seal(browser)
        assert paper.rows(SENT) == [(1,), (2,)]

    def test_what_changed_since_the_page_was_shown_is_shown_first(self, browser: Browser, paper: Paper) -> None:
        page = browser.get("/desk/seal").text
        late = paper.story("Надійшла пізніше")
        answer = seal(browser, page)
        assert answer.status_code == 409 and "Надійшла пізніше" in answer.text
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(0,)]
        seal(browser, answer.text)
        assert paper.rows(SENT) == [(1,), (2,), (late,)]

    def test_a_wording_that_changed_is_shown_first(self, browser: Browser, paper: Paper) -> None:
        page = browser.get("/desk/seal").text
        paper.retitle(1, "Громада має інший бюджет")
        assert seal(browser, page).status_code == 409

    def test_a_page_of_a_sealed_issue_seals_nothing_more(self, browser: Browser, paper: Paper) -> None:
        page = browser.get("/desk/seal").text
        seal(browser, page)
        paper.story("Нова")
        answer = seal(browser, page)
        assert answer.status_code == 409 and "is not open any more" in answer.text
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(1,)]

    def test_what_was_typed_into_a_page_of_a_sealed_issue_comes_back(self, browser: Browser, paper: Paper) -> None:
        form = form_of(browser.get(f"/desk?story={key(1, 1)}").text, "edit")
        seal(browser)
        answer = browser.post(form.filled(note="Long and dear"), form.action)
        assert answer.status_code == 409 and "Long and dear" in answer.text
        assert "now issue-2 is open" in answer.text

    def test_nothing_to_seal(self, browser: Browser, paper: Paper) -> None:
        seal(browser)
        assert "There is nothing to seal." in browser.get("/desk/seal").text


class TestAfterwards:
    def test_a_seal_is_undone_with_every_decision_as_it_was(self, browser: Browser, paper: Paper) -> None:
        choose(browser, f"take:{key(1, 1)}:", f"drop:{key(1, 2)}:")
        seal(browser)
        form = form_of(browser.get("/desk/unseal?name=issue-1").text, "ask")
        assert browser.post(form.filled(), form.action).headers["location"] == "/desk?newsletter=bulletin"
        page = browser.get("/desk").text
        assert "draft of issue-1" in page and "1 in the issue, 0 in the bin, 1 dropped" in page
        assert paper.rows(SENT) == []

    def test_what_is_published_cannot_be_undone(self, browser: Browser, paper: Paper) -> None:
        seal(browser)
        undo = form_of(browser.get("/desk/unseal?name=issue-1").text, "ask")
        form = form_of(browser.get("/desk/publish?name=issue-1").text, "ask")
        assert browser.post(form.filled(), form.action).status_code == 302
        past = browser.get("/desk/issues").text
        assert '<a href="/issues/issue-1">published</a>' in past and "Undo the seal" not in past
        answer = browser.post(undo.filled(), undo.action)
        assert answer.status_code == 400 and "cannot be undone any more" in answer.text
        assert paper.rows("SELECT count(*) FROM digests WHERE published_at IS NOT NULL") == [(1,)]

    @pytest.mark.parametrize("what", ["unseal", "publish", "hand-over"])
    def test_of_an_issue_that_is_not_there(self, browser: Browser, what: str) -> None:
        assert browser.get(f"/desk/{what}?name=issue-9").status_code == 404
        sent = {"csrftoken": browser.form()["csrftoken"], "name": "issue-9", "service": "listmonk"}
        assert browser.post(sent, f"/desk/{what}").status_code == 400


def test_hand_over_makes_a_draft_once(tmp_path: Path, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLES["listmonk"], SECRET)
    own = tmp_path / "own.toml"
    with StandIn(RULES["listmonk"]) as service:
        own.write_text(f"{DEFAULT.read_text('utf-8')}\n{settings('listmonk', service.url)}", encoding="utf-8")
        browser = Browser(paper.path, newsletters=[str(own)])
        browser.log_in()
        seal(browser)
        for _ in range(2):
            form = form_of(browser.get("/desk/hand-over?name=issue-1").text, "ask")
            assert browser.post(form.filled(), form.action).status_code == 302
        past = browser.get("/desk/issues").text
        browser.close()
    assert len(service.campaigns) == 1 and service.violations == []
    assert "handed over to listmonk" in past and SECRET not in past
    assert paper.rows("SELECT service, by, error FROM digest_handovers") == [("listmonk", "editor", "")]


def test_a_service_that_fails_is_told_and_asked_again(
    tmp_path: Path, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLES["listmonk"], SECRET)
    own = tmp_path / "own.toml"
    with StandIn(RULES["listmonk"], faults=["refuse"]) as service:
        own.write_text(f"{DEFAULT.read_text('utf-8')}\n{settings('listmonk', service.url)}", encoding="utf-8")
        browser = Browser(paper.path, newsletters=[str(own)])
        browser.log_in()
        seal(browser)
        form = form_of(browser.get("/desk/hand-over?name=issue-1").text, "ask")
        answer = browser.post(form.filled(), form.action)
        browser.close()
    assert answer.status_code == 503 and "listmonk" in answer.text
    assert service.campaigns == []


class TestNewsletters:
    @pytest.fixture
    def two(self, tmp_path: Path, paper: Paper) -> Browser:
        monthly = tmp_path / "monthly.toml"
        text = DEFAULT.read_text("utf-8").replace('id = "bulletin"', 'id = "monthly"')
        monthly.write_text(text.replace("Decentralisation bulletin", "Monthly review"), encoding="utf-8")
        made = Browser(paper.path, newsletters=[str(DEFAULT), str(monthly)])
        made.log_in()
        return made

    def test_each_has_its_own_draft_and_its_own_past(self, two: Browser, paper: Paper) -> None:
        assert "/desk?newsletter=monthly" in two.get("/desk").text
        assert "Monthly review: draft of monthly-1" in two.get("/desk?newsletter=monthly").text
        seal(two, two.get("/desk/seal?newsletter=monthly").text)
        assert "monthly-1" in two.get("/desk/issues?newsletter=monthly").text
        assert "None was sealed yet." in two.get("/desk/issues?newsletter=bulletin").text
        assert "2 in the bin" in two.get("/desk").text
        assert "0 in the bin" in two.get("/desk?newsletter=monthly").text
        two.close()

    def test_a_form_of_one_changes_only_that_one(self, two: Browser, paper: Paper) -> None:
        two.get("/desk")
        form = form_of(two.get("/desk?newsletter=monthly").text, "edit")
        two.post(form.filled(subject="Of the month"), form.action)
        sql = "SELECT d.newsletter, t.text FROM digest_texts t JOIN digests d ON d.id = t.digest_id"
        assert paper.rows(sql) == [("monthly", "Of the month")]
        two.close()


def test_the_clock_of_serve_moves_the_desk(paper: Paper) -> None:
    for now, words in (("2026-03-09T10:00:00Z", "2 in the bin"), ("2026-04-09T10:00:00Z", "0 in the bin, 2 faded")):
        browser = Browser(paper.path, now=now)
        browser.log_in()
        assert words in browser.get("/desk").text
        browser.close()
    assert paper.rows("SELECT started_at FROM digests") == [("2026-03-09T10:00:00Z",)]


def test_what_nobody_read_has_not_faded(paper: Paper) -> None:
    day = {"command": "ingest", "started_at": "2026-03-09T10:00:00Z", "exit_code": 0, "version": "0.1.0"}
    rows(paper.db, "runs", **day, finished_at="2026-03-09T10:01:00Z")
    browser = Browser(paper.path, now="2026-12-01T10:00:00Z")
    browser.log_in()
    assert "2 in the bin" in browser.get("/desk").text
    browser.close()
