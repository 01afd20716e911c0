"""What an editor does at the desk, through the web process's own code: log in, save, seal."""

from __future__ import annotations

import os
from pathlib import Path

from tests.endurance.site import now

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
    browser = Browser(Path("news.db"))
    browser.log_in()
    fields = browser.form()
    if fields.get("issue") != ISSUE or (action["action"] == "save" and WORDING in str(fields)):
        return 0  # it is done: the answer was lost, and the editor sees so
    first, *others = sorted(int(name[9:]) for name in fields if name.startswith("title_en-"))
    fields.pop(f"include-{first}", None)
    for number in others[:2]:
        fields[f"title_en-{number}"] = f"{WORDING}: {number}"
    return 0 if browser.post(fields | action).status_code == 302 else 1
