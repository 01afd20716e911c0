"""What an editor does at the desk, through the web process's own code: log in, save, seal."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import VisnykError
from tests.endurance.site import now

if TYPE_CHECKING:
    from tests.test_digest_desk import Browser

ISSUE = "issue-1"
MOMENT = now(2, 2)
WORDING = "Reworded at the desk"


def save(_: list[str]) -> int:
    """Leave out the first story, reword the second and the third one, and save."""
    return _post({"action": "save"})


def seal(_: list[str]) -> int:
    """Seal the issue as it stands on the page, unless it is sealed already."""
    return _post({"action": "seal"})


def _post(action: dict[str, str]) -> int:
    from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

    from core import clock
    from pipeline.editors import PASSWORD
    from tests.test_digest_desk import Browser

    real = clock.clock_from
    clock.clock_from = lambda now: real(now or MOMENT)
    os.environ[PASSWORD] = hash_password("correct", iterations=1000)
    try:
        return _posted(Browser(Path("news.db")), action)
    except VisnykError as error:  # the server answers with a page that says it
        print(error, file=sys.stderr)
        return 1


def _posted(browser: Browser, action: dict[str, str]) -> int:
    browser.log_in()
    fields = browser.form()
    if "issue" not in fields:  # a page that says what is wrong
        return 1
    if fields["issue"] != ISSUE or (action["action"] == "save" and WORDING in str(fields)):
        return 0  # it is done: the answer was lost, and the editor sees so
    first, *others = sorted(int(name[9:]) for name in fields if name.startswith("title_en-"))
    fields.pop(f"include-{first}", None)
    for number in others[:2]:
        fields[f"title_en-{number}"] = f"{WORDING}: {number}"
    browser.post(fields | action)
    page = browser.get("/desk")
    failed = re.search(r'message-error"[^>]*>([^<]*)', page.text)
    print(failed[1] if failed else "", end="", file=sys.stderr)
    return 1 if failed or page.status_code != 200 else 0  # the page of an error is no desk
