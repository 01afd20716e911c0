"""Changes at the desk: by form and by script, by two editors, and what does not fit. No form needs a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.fields import key
from tests.support.issues import png
from tests.support.page_forms import FormReader, form_of
from tests.support.shared_desk import blank, browser, paper, served
from tests.test_digest_desk import Browser

if TYPE_CHECKING:
    from tests.support.digesting import Paper

__all__ = ["blank", "browser", "paper", "served"]  # fixtures
PART = b'Content-Disposition: form-data; name="a"\r\n\r\nx\r\n--EDGE'
MANY_PARTS = b"--EDGE\r\n" + b"\r\n".join([PART] * 30) + b"--\r\n"
FIRST, SECOND = key(1, 1), key(1, 2)


@pytest.fixture(autouse=True)
def begun(browser: Browser, paper: Paper) -> None:
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
        assert "1 in the issue, 1 in the bin" in page
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

    def test_a_place_beyond_all_numbers_is_a_wrong_place(self, browser: Browser, paper: Paper) -> None:
        press(browser, "bin-marked", "act", f"take:{FIRST}:")
        form = form_of(browser.get("/desk").text, "issue-marked")
        far = "9" * 5000
        moved = form.filled(("act", "move"), ("pick", f"{FIRST}:taken:1"), position=far)
        assert browser.post(moved, form.action).status_code == 400
        assert browser.post(form.filled(("act", f"down:{FIRST}:{far}")), form.action).status_code == 302
        assert paper.rows("SELECT DISTINCT position FROM digest_choices") == [(None,)]

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

    def test_an_image_is_sent_shown_and_taken_away(self, browser: Browser, paper: Paper) -> None:
        page = form_of(browser.get("/desk").text, "image")

        def send(content: bytes, *more: tuple[str, str], **typed: str) -> Any:
            fields = page.filled(("f", "1"), *more, **typed)
            lines = [
                f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'
                for name, text in fields
                if name != "image"
            ]
            lines.append(
                'Content-Disposition: form-data; name="image"; filename="x"; y.png"\r\nContent-Type: image/png\r\n\r\n'
            )
            body = b"--EDGE\r\n" + "\r\n--EDGE\r\n".join(lines).encode() + content + b"\r\n--EDGE--\r\n"
            kind = {"content-type": "multipart/form-data; boundary=EDGE"}
            return browser.ask("POST", page.action, content=body, headers=kind)

        picture = png(60, 30) + b"\0"  # blanks at the end of it are its own
        refused = send(picture)
        assert refused.status_code == 400 and "words that say what it shows" in refused.text
        again = form_of(refused.text, "edit")  # which has the picture still
        assert browser.post(again.filled(image_alt_uk="Школа"), again.action).status_code == 302
        address = "/desk/image?newsletter=bulletin"
        assert browser.get(address).content == picture and browser.get(address).headers["content-type"] == "image/png"
        assert send(b"GIF89a", image_alt_en="A school").status_code == 400
        page = form_of(browser.get("/desk").text, "image")
        assert send(png(80, 40), image_alt_en="A school").status_code == 302
        assert browser.get(address).content == png(80, 40)
        page = form_of(browser.get("/desk").text, "image")
        send(b"", ("act", "remove"))
        assert browser.get(address).status_code == 404
        changed = paper.rows("SELECT was = '', became = '' FROM digest_changes WHERE field = 'image' ORDER BY id")
        assert changed == [(1, 0), (0, 0), (0, 1)]

    @pytest.mark.parametrize("body", [b"", b"--EDGE--", b"--EDGE\r\nname=x", MANY_PARTS])
    def test_a_form_with_a_file_that_cannot_be_read_changes_nothing(
        self, browser: Browser, paper: Paper, body: bytes
    ) -> None:
        for kind in ("multipart/form-data; boundary=EDGE", "multipart/form-data"):
            assert browser.ask("POST", "/desk/image", content=body, headers={"content-type": kind}).status_code in (
                400,
                403,
            )
        elsewhere = {"content-type": "multipart/form-data; boundary=EDGE"}
        assert browser.ask("POST", "/desk/change", content=body, headers=elsewhere).status_code == 415

    def test_everything_that_is_due_is_let_in_again(self, browser: Browser, paper: Paper) -> None:
        press(browser, "bin-marked", "act", f"take:{FIRST}:")
        form = form_of(browser.get("/desk").text, "let-in")
        browser.post(form.filled(form.buttons[0]), form.action)
        assert "the 1 stories here and the 1 of the bin" in browser.get("/desk").text
        assert "It will hold 2 stories" in browser.get("/desk/seal").text
        undo = form_of(browser.get("/desk").text, "last")
        browser.post(undo.filled(undo.buttons[0]), undo.action)
        assert "It will hold 1 story; 1 stays in the bin" in browser.get("/desk/seal").text

    def test_a_whole_step_is_undone_from_the_history(self, browser: Browser, paper: Paper) -> None:
        boxes = form_of(browser.get("/desk").text, "bin-marked").boxes
        press(browser, "bin-marked", "act", "drop", *boxes, reason="not for us")
        history = form_of(browser.get("/desk/history").text, "history")
        (step,) = [button for button in history.buttons if button[0] == "step"]
        assert browser.post(history.filled(step), history.action).status_code == 302
        assert decisions(paper) == [(1, None, "", ""), (2, None, "", "")]

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


class TestByScript:
    def test_a_lead_that_was_worded_before_there_is_a_headline_stays_in_sight(
        self, browser: Browser, paper: Paper
    ) -> None:
        paper.relead(2, "План на рік")
        save(browser, (SECOND, "lead_en", "", "A plan for a year"))
        assert dict(form_of(browser.get(f"/desk?story={SECOND}").text, "edit").pairs)["lead_en"] == "A plan for a year"
        (conflict,) = save(browser, (SECOND, "lead_en", "", "Written unseen")).json()["conflicts"]
        assert conflict["theirs"] == "A plan for a year"

    def test_saved_is_what_the_answer_says(self, browser: Browser, paper: Paper) -> None:
        answer = save(browser, (FIRST, "note", "", "See p. 2"), (None, "subject", "", "March"))
        assert answer.status_code == 200
        told = answer.json()
        assert [(one["key"], one["field"], one["value"]) for one in told["saved"]] == [
            (FIRST, "note", "See p. 2"),
            (None, "subject", "March"),
        ]
        assert (told["conflicts"], told["seq"]) == ([], told["saved"][-1]["change"])
        assert paper.rows("SELECT field, was, became, by, via FROM digest_changes") == [
            ("note", "", "See p. 2", "editor", "desk"),
            ("subject", "", "March", "editor", "desk"),
        ]
        assert told["counts"]["bin"] == 2

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ((FIRST, "position", "1", "x"), "position must be a number"),
            (("bcdfghkmnp", "note", "", "x"), "not in the draft any more"),
            (("' OR 1", "note", "", "x"), "not in the draft any more"),
            ((FIRST, "edited_by", "", "me"), "no field 'edited_by'"),
            ((FIRST, "until", "", "tomorrow"), "until must be a day"),
            ((FIRST, "title_uk", "Громада має бюджет", "x" * 501), "title_uk has 501 characters"),
            ((None, "name", "issue-1", "../../etc"), "cannot be called"),
        ],
    )
    def test_what_does_not_fit_is_one_line_and_changes_nothing(
        self, browser: Browser, paper: Paper, change: tuple[str | None, str, str, str], said: str
    ) -> None:
        answer = save(browser, (SECOND, "note", "", "kept by the script"), change)
        assert answer.status_code == 400
        assert said in answer.json()["error"] and "\n" not in answer.json()["error"]
        assert paper.rows("SELECT count(*) FROM digest_changes") == [(0,)]

    @pytest.mark.parametrize("sent", ["", "[", "{}", "[1]", '[{"key":1}]', '[{"field":"note","value":"x"}]', "[[[["])
    def test_what_is_no_list_of_changes(self, browser: Browser, paper: Paper, sent: str) -> None:
        token = browser.form()["csrftoken"]
        answer = browser.post({"csrftoken": token, "newsletter": "bulletin", "issue": "issue-1", "changes": sent})
        assert answer.status_code == 400 and answer.json()["error"]

    def test_another_newsletter_and_another_issue(self, browser: Browser, paper: Paper) -> None:
        token = browser.form()["csrftoken"]
        change = json.dumps([{"key": FIRST, "field": "note", "base": "", "value": "x"}])
        for fields in ({"newsletter": "nowhere"}, {"issue": "issue-0"}):
            sent = {"csrftoken": token, "newsletter": "bulletin", "issue": "issue-1", "changes": change, **fields}
            assert browser.post(sent).status_code in (400, 409)
        assert paper.rows("SELECT count(*) FROM digest_changes") == [(0,)]

    def test_a_page_that_knows_the_issue_by_its_former_name_still_saves(self, browser: Browser, paper: Paper) -> None:
        old = browser.form()
        save(browser, (None, "name", "issue-1", "march"))
        change = json.dumps([{"key": FIRST, "field": "note", "base": "", "value": "x"}])
        assert browser.post({**old, "changes": change}).status_code == 200
        assert paper.rows("SELECT note FROM digest_choices") == [("x",)]


class TestTwoEditors:
    @pytest.fixture
    def other(self, browser: Browser) -> Browser:
        """A second browser at the same server, of another editor."""
        made = Browser.__new__(Browser)
        made.datasette, made.cookies = browser.datasette, dict(browser.cookies)
        return made

    def test_different_fields_of_one_story_both_stay(self, browser: Browser, other: Browser, paper: Paper) -> None:
        one, two = (form_of(each.get(f"/desk?story={FIRST}").text, "edit") for each in (browser, other))
        browser.post(one.filled(title_en="The budget is passed", note="Mine"), one.action)
        assert other.post(two.filled(title_uk="Бюджет громади", remark="Theirs"), two.action).status_code == 302
        again = dict(form_of(browser.get(f"/desk?story={FIRST}").text, "edit").pairs)
        found = [again[name] for name in ("title_uk", "title_en", "note", "remark")]
        assert found == ["Бюджет громади", "The budget is passed", "Mine", "Theirs"]

    def test_the_same_field_is_shown_side_by_side_and_decided(
        self, browser: Browser, other: Browser, paper: Paper
    ) -> None:
        one, two = (form_of(each.get(f"/desk?story={FIRST}").text, "edit") for each in (browser, other))
        browser.post(one.filled(note="First wording"), one.action)
        answer = other.post(two.filled(note="Second wording", remark="saved all the same"), two.action)
        assert answer.status_code == 409
        assert "First wording" in answer.text and "That of editor" in answer.text
        assert paper.rows("SELECT note, remark FROM digest_choices") == [("First wording", "saved all the same")]
        choose = form_of(answer.text, "conflicts")
        assert (f"note@{FIRST}", "Second wording") in choose.pairs
        theirs = choose.filled((f"keep-note@{FIRST}", "theirs"))
        assert other.post(theirs, choose.action).status_code == 302
        assert paper.rows("SELECT note FROM digest_choices") == [("First wording",)]
        mine = choose.filled((f"keep-note@{FIRST}", "mine"))
        assert other.post(mine, choose.action).status_code == 302
        assert paper.rows("SELECT note FROM digest_choices") == [("Second wording",)]

    def test_two_decisions_are_a_conflict_and_the_reason_waits(
        self, browser: Browser, other: Browser, paper: Paper
    ) -> None:
        page = form_of(other.get("/desk").text, "bin-marked")
        press(browser, "bin-marked", "act", f"take:{FIRST}:")
        picked = [box for box in page.boxes if FIRST in box[1]]
        answer = other.post(page.filled(*picked, ("act", "drop"), reason="no"), page.action)
        assert answer.status_code == 409
        assert decisions(paper) == [(1, "taken", "", "")]
        choose = form_of(answer.text, "conflicts")
        other.post(choose.filled((f"keep-decision@{FIRST}", "mine")), choose.action)
        assert decisions(paper)[0][1] == "dropped"

    def test_each_sees_what_the_other_changed(self, browser: Browser, other: Browser, paper: Paper) -> None:
        seq = other.get("/desk/changes?newsletter=bulletin").json()["seq"]
        save(browser, (FIRST, "note", "", "See p. 2"), (FIRST, "decision", "", "taken"))
        told = other.get(f"/desk/changes?newsletter=bulletin&since={seq}").json()
        assert [(one["key"], one["field"], one["became"], one["by"]) for one in told["changes"]][:1] == [
            (FIRST, "note", "See p. 2", "editor")
        ]
        assert told["counts"]["issue"] == 1
        assert other.get(f"/desk/changes?since={told['seq']}").json()["changes"] == []
        assert other.get("/desk/changes?since=x%27").json()["seq"] == told["seq"]

    def test_new_changes_are_those_of_others_until_they_were_seen(self, browser: Browser, paper: Paper) -> None:
        save(browser, (FIRST, "note", "", "mine"))
        paper.db.execute("UPDATE digest_changes SET by = 'Olena'")
        assert "1 since you looked" in browser.get("/desk").text
        form = form_of(browser.get("/desk/history").text, "seen")
        browser.post(form.filled(form.buttons[0]), form.action)
        assert "since you looked" not in browser.get("/desk").text

    def test_undo_of_what_was_changed_again_is_a_conflict(self, browser: Browser, paper: Paper) -> None:
        save(browser, (FIRST, "note", "", "one"))
        save(browser, (FIRST, "note", "one", "two"))
        history = form_of(browser.get("/desk/history").text, "history")
        first = min((value for name, value in history.buttons if name == "change"), key=int)
        assert browser.post(history.filled(("change", first)), history.action).status_code == 409
        assert paper.rows("SELECT note FROM digest_choices") == [("two",)]


def test_a_locked_database_gives_the_form_back(browser: Browser, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    form = form_of(browser.get(f"/desk?story={FIRST}").text, "edit")
    monkeypatch.setattr("db.store.BUSY_SECONDS", 0.05)
    paper.db.execute("BEGIN IMMEDIATE")
    answer = browser.post(form.filled(note="Long\nand dear"), form.action)
    told = save(browser, (FIRST, "note", "", "by script"))
    paper.db.execute("ROLLBACK")
    assert (answer.status_code, told.status_code) == (503, 503)
    assert "another program" in told.json()["error"]
    again = form_of(answer.text, "edit")
    assert browser.post(again.filled(), again.action).status_code == 302
    assert paper.rows("SELECT note FROM digest_choices") == [("Long\nand dear",)]
