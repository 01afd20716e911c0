"""Changes at the desk: by form and by script, by two editors, and what does not fit. No form needs a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.fields import key
from tests.support.page_forms import FormReader, form_of
from tests.test_digest_desk import Browser, browser, paper, password

if TYPE_CHECKING:
    from tests.support.digesting import Paper

__all__ = ["browser", "paper", "password"]  # fixtures
FIRST, SECOND = key(1, 1), key(1, 2)


@pytest.fixture(autouse=True)
def logged_in(browser: Browser) -> None:
    browser.log_in()
    browser.get("/desk")


def save(browser: Browser, *changes: tuple[str | None, str, str, str], address: str = "/desk") -> Any:
    """What a script sends; (key, field, base, value)."""
    names = ("key", "field", "base", "value")
    form = browser.form(address)
    sent = {name: form[name] for name in ("csrftoken", "newsletter", "issue", "since")}
    return browser.post({**sent, "changes": json.dumps([dict(zip(names, one, strict=True)) for one in changes])})


def press(browser: Browser, form: str, name: str, value: str, *more: tuple[str, str], **typed: str) -> Any:
    """Press a button of a form of the desk, which must be there."""
    found = form_of(browser.get("/desk").text, form)
    assert (name, value) in found.buttons
    return browser.post(found.filled(*more, (name, value), **typed), found.action)


def decisions(paper: Paper) -> list[tuple[Any, ...]]:
    return paper.rows("SELECT story_id, decision, reason, until FROM digest_choices ORDER BY story_id")


class TestWithoutScripts:
    def test_take_by_the_button_of_a_row(self, browser: Browser, paper: Paper) -> None:
        answer = press(browser, "bin-marked", "act", f"take:{FIRST}:")
        assert answer.status_code == 302
        assert answer.headers["location"] == f"/desk?newsletter=bulletin#{FIRST}"
        assert decisions(paper) == [(1, "taken", "", "")]
        page = browser.get("/desk").text
        assert "1 in the issue" in page
        assert page.index('id="issue"') < page.index(f'id="{FIRST}"')

    def test_marked_stories_are_dropped_with_a_reason(self, browser: Browser, paper: Paper) -> None:
        boxes = form_of(browser.get("/desk").text, "bin-marked").boxes
        assert [name for name, _ in boxes] == ["pick", "pick"]
        press(browser, "bin-marked", "act", "drop", *boxes, reason="not for us")
        assert decisions(paper) == [(1, "dropped", "not for us", ""), (2, "dropped", "not for us", "")]
        assert "not for us" in browser.get("/desk").text

    def test_held_until_a_day_and_back(self, browser: Browser, paper: Paper) -> None:
        boxes = form_of(browser.get("/desk").text, "bin-marked").boxes[:1]
        press(browser, "bin-marked", "act", "hold", *boxes, until="2027-01-01")
        ((story, *held),) = decisions(paper)
        assert held == ["held", "", "2027-01-01"]
        assert "held until 2027-01-01" in browser.get("/desk").text
        press(browser, "bin-marked", "act", f"take:{key(1, story)}:held")
        assert decisions(paper)[0][1] == "taken"
        press(browser, "issue-marked", "act", f"back:{key(1, story)}:taken")
        assert decisions(paper)[0][1] is None

    def test_up_and_down(self, browser: Browser, paper: Paper) -> None:
        boxes = form_of(browser.get("/desk").text, "bin-marked").boxes
        press(browser, "bin-marked", "act", "take", *boxes)
        before = [row for row in FormReader(browser.get("/desk").text).ids if row in (FIRST, SECOND)]
        press(browser, "issue-marked", "act", f"down:{before[0]}:1")
        after = [row for row in FormReader(browser.get("/desk").text).ids if row in (FIRST, SECOND)]
        assert after == before[::-1]

    def test_marked_are_moved_to_a_section_and_place(self, browser: Browser, paper: Paper) -> None:
        press(browser, "bin-marked", "act", "take", *form_of(browser.get("/desk").text, "bin-marked").boxes)
        boxes = form_of(browser.get("/desk").text, "issue-marked").boxes
        press(browser, "issue-marked", "act", "move", *boxes, section="grants")
        assert paper.rows("SELECT DISTINCT section FROM digest_choices") == [("grants",)]
        assert '<h3 id="part-1" tabindex="-1">Grants and calls</h3>' in browser.get("/desk").text

    def test_everything_of_a_story_is_edited(self, browser: Browser, paper: Paper) -> None:
        form = form_of(browser.get(f"/desk?story={FIRST}").text, "edit")
        typed = {
            "title_uk": "Громада ухвалила бюджет", "title_en": "The community passed its budget", "lead_uk": "Лід",
            "lead_en": "Lead", "note": "See *p. 2*", "remark": "call them", "section": "budgets",
        }  # fmt: skip
        assert browser.post(form.filled(**typed), form.action).status_code == 302
        again = dict(form_of(browser.get(f"/desk?story={FIRST}").text, "edit").pairs)
        assert {name: again[name] for name in typed} == typed
        assert {again[f"base-{name}"] for name in typed} == set(typed.values())
        assert paper.rows("SELECT text, edited_by FROM translation_edits") == [
            ("The community passed its budget", "editor")
        ]

    def test_an_untouched_form_changes_nothing(self, browser: Browser, paper: Paper) -> None:
        for address in (f"/desk?story={FIRST}", f"/desk?story={SECOND}", "/desk"):
            form = form_of(browser.get(address).text, "edit")
            browser.post(form.filled(), form.action)
        assert paper.rows("SELECT count(*) FROM digest_changes") == [(0,)]
        assert paper.rows("SELECT count(*) FROM translation_edits") == [(0,)]

    def test_texts_of_the_issue(self, browser: Browser, paper: Paper) -> None:
        form = form_of(browser.get("/desk").text, "edit")
        browser.post(form.filled(name="march-1", subject="News of March", intro_en="Hello.\n\nGood news."), form.action)
        assert paper.rows("SELECT name FROM digests") == [("march-1",)]
        assert dict(form_of(browser.get("/desk").text, "edit").pairs)["intro_en"] == "Hello.\n\nGood news."
        assert browser.post(form.filled(subject="From an older page"), form.action).status_code == 409, (
            "both changed it"
        )

    def test_an_item_of_ones_own_comes_changes_and_goes(self, browser: Browser, paper: Paper) -> None:
        form = form_of(browser.get("/desk").text, "new-item")
        typed = {"title": "Webinar", "text": "On *Friday*", "url": "https://portal.example/w"}
        assert browser.post(form.filled(**typed), form.action).status_code == 302
        assert paper.rows("SELECT title_en, text_en, url, removed FROM digest_items") == [(*typed.values(), 0)]
        assert "Item of your own: Webinar" in browser.get("/desk").text

    def test_undo_takes_a_decision_back_with_its_reason(self, browser: Browser, paper: Paper) -> None:
        boxes = form_of(browser.get("/desk").text, "bin-marked").boxes[:1]
        press(browser, "bin-marked", "act", "drop", *boxes, reason="old")
        undo = form_of(browser.get("/desk").text, "last")
        browser.post(undo.filled(undo.buttons[0]), undo.action)
        assert [row[1:3] for row in decisions(paper)] == [(None, "")]

    @pytest.mark.parametrize("typed", ["first", "0", "-1", "1e3"])
    def test_a_bad_number_loses_nothing_that_was_typed(self, browser: Browser, paper: Paper, typed: str) -> None:
        press(browser, "bin-marked", "act", f"take:{FIRST}:")
        form = form_of(browser.get(f"/desk?story={FIRST}").text, "edit")
        answer = browser.post(form.filled(position=typed, note="Long\nand dear"), form.action)
        assert answer.status_code == 400 and "position must be a number from 1" in answer.text
        assert paper.rows("SELECT note FROM digest_choices") == [("",)], "all or nothing"
        again = form_of(answer.text, "edit")
        assert (again.filled().count(("note", "Long\nand dear")), dict(again.pairs)["position"]) == (1, typed)
        assert browser.post(again.filled(position="1"), again.action).status_code == 302
        assert paper.rows("SELECT note FROM digest_choices") == [("Long\nand dear",)]
