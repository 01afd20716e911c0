"""What an editor does at the desk, through the web process's own code: log in, save, seal."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import VisnykError
from tests.endurance.site import now
from tests.support.page_forms import form_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx import Response

    from tests.test_digest_desk import Browser

ISSUE = "issue-1"
MOMENT = now(2, 2)
WORDING = "Reworded at the desk"
ANSWERS = "answers.jsonl"  # beside the folder of a run: what the server said that it saved, as far as it was read
TEXTS = ("note", "remark")
FIELDS = ("decision", "title_en", *TEXTS)  # that one request of `autosave` changes of a story


def save(_: list[str]) -> int:
    """Drop the first story, reword the second and the third one, and take them: one request, as a script sends it."""
    return _as_editor(_save)


def seal(_: list[str]) -> int:
    """Seal the issue as it stands on the page, unless it is sealed already."""
    return _as_editor(_seal)


def autosave(_: list[str]) -> int:
    """Take six stories one after the other, each with a wording, a note and a remark, as a script sends them."""
    return _as_editor(_autosave)


def unseal(_: list[str]) -> int:
    """Undo the seal, unless that was done."""
    return _as_editor(lambda browser: _of_sealed(browser, "unseal"))


def publish(_: list[str]) -> int:
    """Publish the sealed issue, unless that was done."""
    return _as_editor(lambda browser: _of_sealed(browser, "publish"))


def _as_editor(act: Callable[[Browser], int]) -> int:
    from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

    from core import clock
    from pipeline.editors import PASSWORD
    from tests.test_digest_desk import Browser

    real = clock.clock_from
    clock.clock_from = lambda now: real(now or MOMENT)
    os.environ[PASSWORD] = hash_password("correct", iterations=1000)
    try:
        browser = Browser(Path("news.db"), now=MOMENT)
        browser.log_in()
        return act(browser)
    except VisnykError as error:  # the server answers with a page that says it
        print(error, file=sys.stderr)
        return 1


def _save(browser: Browser) -> int:
    fields = browser.form()
    if "issue" not in fields:  # a page that says what is wrong
        return 1
    page = browser.get("/desk?faded=1").text
    keys = sorted(set(re.findall(r'data-key="([a-z]{10})"', page)))
    if fields["issue"] != ISSUE or WORDING in page:
        return 0  # it is done: the answer was lost, and the editor sees so
    first, *others = keys[:3]
    changes = [{"key": first, "field": "decision", "base": "", "value": "dropped"}]
    for key in others:
        base = dict(form_of(browser.get(f"/desk?story={key}").text, "edit").pairs)["title_en"]
        changes.append({"key": key, "field": "title_en", "base": base, "value": f"{WORDING}: {key}"})
        changes.append({"key": key, "field": "decision", "base": "", "value": "taken"})
    answer = browser.post({**fields, "changes": json.dumps(changes)})
    return _told(answer, 200)


def _seal(browser: Browser) -> int:
    fields = browser.form("/desk/seal")
    if fields.get("issue") != ISSUE:
        return 0 if fields.get("issue") or "nothing to seal" in browser.get("/desk/seal").text else 1
    return _told(browser.post(fields, "/desk/seal"), 302)


def _autosave(browser: Browser) -> int:
    fields = browser.form()
    if "issue" not in fields:
        return 1
    keys = sorted(set(re.findall(r'data-key="([a-z]{10})"', browser.get("/desk?faded=1").text)))
    for key in keys[:6]:
        page = browser.get(f"/desk?story={key}").text
        seen = dict([*form_of(page, "edit").pairs, *form_of(page, "decide").pairs])
        values = {"decision": "taken", "title_en": f"{WORDING}: {key}"} | {name: f"{name} {key}" for name in TEXTS}
        changes = [
            {"key": key, "field": field, "base": seen.get(f"base-{field}", ""), "value": value}
            for field, value in values.items()
        ]
        answer = browser.post({**fields, "changes": json.dumps(changes)}, accept="application/json")
        if answer.status_code != 200:
            return _told(answer, 200)
        with Path("..", ANSWERS).open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(one)}\n" for one in answer.json()["saved"])
    return 0


def _of_sealed(browser: Browser, what: str) -> int:
    """Answer the page that asks before something is done with a sealed issue."""
    page = browser.get(f"/desk/{what}?name={ISSUE}")
    if page.status_code == 404 and "there is no sealed issue" in page.text:
        return 0
    if page.status_code != 200:
        return _told(page, 200)
    return _told(browser.post(browser.form(f"/desk/{what}?name={ISSUE}"), f"/desk/{what}"), 302)


def _told(answer: Response, expected: int) -> int:
    failed = re.search(r'message-error"[^>]*>([^<]*)|"error": "([^"]*)', answer.text)
    print((failed[1] or failed[2]) if failed else "", end="", file=sys.stderr)
    return 0 if answer.status_code == expected else 1
