"""Plans for the newsletter's commands and for what editors do at the desk."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from newsletter.settings import DEFAULT
from tests.endurance import desk
from tests.endurance.scenes import DB, Scene
from tests.endurance.site import now
from tests.support.issues import png
from tests.support.mailing_services import RULES, SECRET, VARIABLES, StandIn, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.endurance.scenes import Stage

ISSUE_PLANS: dict[str, Callable[[Stage], Scene]] = {}
DIGEST = ("digest", *DB, "--now", now(2, 2), "--begin", "2026-02-01")
AGAIN = (0, 2)  # once it is done, there is nothing to do
DRAFT = "issue-1-draft.md"
PASSWORD = "long enough"
HASH = "pbkdf2_sha256$1000$salt$AAAA"


def _plan(name: str) -> Callable[[Callable[[Stage], Scene]], None]:
    return lambda made: ISSUE_PLANS.update({name: made})


@_plan("draft")
def _draft(stage: Stage) -> Scene:
    return Scene("draft", DIGEST, stage.ends("translate"))


@_plan("import")
def _import(stage: Stage) -> Scene:
    folder = stage.begin("import", "draft")
    _edit_file(folder)
    return Scene("import", (*DIGEST, "--import", f"edited/{DRAFT}"), folder)


@_plan("import with conflicts")
def _conflicts(stage: Stage) -> Scene:
    folder = stage.begin("import with conflicts", "import")
    path = folder / "edited" / DRAFT
    path.write_text(path.read_text(encoding="utf-8").replace("Reworded:", "Otherwise:"), encoding="utf-8")
    words = (*DIGEST, "--import", f"edited/{DRAFT}", "--seal")
    return Scene("import with conflicts", words, folder, codes=(1,))


def _edit_file(folder: Path) -> None:
    (folder / "edited").mkdir()
    text = (folder / "digests" / DRAFT).read_text(encoding="utf-8")
    edited = text.replace("- [x]", "- [ ]", 1).replace("- en:", "- en: Reworded:", 2)
    (folder / "edited" / DRAFT).write_text(edited, encoding="utf-8")


@_plan("image")
def _image(stage: Stage) -> Scene:
    folder = stage.begin("image", "draft")
    (folder / "photo.png").write_bytes(png(300, 100))
    return Scene("image", (*DIGEST, "--image", "photo.png", "--alt", "Photo"), folder)


@_plan("seal")
def _seal(stage: Stage) -> Scene:
    return Scene("seal", (*DIGEST, "--seal"), stage.ends("import"))


@_plan("unseal")
def _unseal(stage: Stage) -> Scene:
    return Scene("unseal", (*DIGEST, "--unseal", "issue-1"), stage.ends("seal"), codes=AGAIN, then=DIGEST)


@_plan("publish")
def _publish(stage: Stage) -> Scene:
    return Scene("publish", (*DIGEST, "--publish", "--issue", "issue-1"), stage.ends("seal"))


@_plan("export again")
def _export(stage: Stage) -> Scene:
    folder = stage.begin("export again", "seal")
    shutil.rmtree(folder / "digests")
    return Scene("export again", (*DIGEST, "--issue", "issue-1"), folder)


@_plan("seal and hand over")
def _hand_over(stage: Stage) -> Scene:
    name = "seal and hand over"
    service = StandIn(RULES["listmonk"]).__enter__()  # as long as the stage
    folder = stage.begin(name, "import")
    own = DEFAULT.read_text(encoding="utf-8") + "\n" + settings("listmonk", service.url)
    (folder / "own.toml").write_text(own, encoding="utf-8")

    def check(folder: Path) -> list[str]:
        rows = _rows(folder, "SELECT done_at FROM digest_handovers")
        done = [row for row in rows if row[0]]
        has = len(service.campaigns)
        return [f"{has} campaigns, {len(done)} done of {rows}"] if has > 1 or len(done) > has else service.violations

    words = (*DIGEST, "--newsletter", "own.toml", "--seal", "--send-to", "listmonk")
    os.environ[VARIABLES["listmonk"]] = SECRET
    return Scene(name, words, folder, fresh=service.campaigns.clear, check=check)


def _rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(folder / "news.db")) as connection:
        return [tuple(row) for row in connection.execute(query)]


def _with_password(words: list[str]) -> int:
    from pipeline.__main__ import main

    sys.stdin = io.StringIO(f"{PASSWORD}\n")
    return main(words)


def _editors(known: tuple[str, ...], becomes: tuple[str, ...]) -> Callable[[Path], list[str]]:
    """Whether the file names the editors of before or of after, each with a whole line."""

    def check(folder: Path) -> list[str]:
        lines = (folder / "news.db.editors").read_text(encoding="utf-8").splitlines()
        names = tuple(sorted(line.partition(":pbkdf2_sha256$")[0] for line in lines))
        return [] if names in (known, becomes) else [f"the editors are {lines}"]

    return check


@_plan("editors add")
def _add(stage: Stage) -> Scene:
    folder = stage.begin("editors add")
    (folder / "news.db.editors").write_text(f"Olena:{HASH}\nPetro:{HASH}\n", encoding="utf-8")
    (folder / "news.db.editors").chmod(0o600)
    check = _editors(("Olena", "Petro"), ("Ivan", "Olena", "Petro"))
    return Scene("editors add", ("editors", "add", "Ivan", *DB), folder, play=_with_password, check=check)


@_plan("editors remove")
def _remove(stage: Stage) -> Scene:
    check = _editors(("Ivan", "Olena", "Petro"), ("Olena", "Petro"))
    words = ("editors", "remove", "Ivan", *DB)
    return Scene("editors remove", words, stage.ends("editors add"), codes=AGAIN, check=check)


@_plan("save at the desk")
def _save(stage: Stage) -> Scene:
    return Scene("save at the desk", (), stage.begin("save at the desk", "translate"), play=desk.save)


@_plan("autosave at the desk")
def _autosave(stage: Stage) -> Scene:
    name = "autosave at the desk"
    folder, answers = stage.begin(name, "translate"), stage.folder / desk.ANSWERS

    def check(folder: Path) -> list[str]:
        """Whether what was answered as saved is there, and of each request all or nothing."""
        rows = _rows(folder, "SELECT id, field, became, story_id FROM digest_changes")
        lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
        told = [json.loads(line) for line in lines]
        there = {(number, field, became) for number, field, became, _ in rows}
        lost = [one for one in told if (one["change"], one["field"], one["value"]) not in there]
        stories = {story: [field for _, field, _, of in rows if of == story] for *_, story in rows if story}
        half = {story: had for story, had in stories.items() if sorted(had) != sorted(desk.FIELDS)}
        return [f"lost: {lost}"] * bool(lost) + [f"half a request: {half}"] * bool(half)

    def fresh() -> None:
        answers.unlink(missing_ok=True)

    return Scene(name, (), folder, play=desk.autosave, fresh=fresh, check=check)


@_plan("seal at the desk")
def _seal_there(stage: Stage) -> Scene:
    return Scene("seal at the desk", (), stage.ends("save at the desk"), play=desk.seal)


@_plan("unseal at the desk")
def _unseal_there(stage: Stage) -> Scene:
    return Scene("unseal at the desk", (), stage.ends("seal at the desk"), play=desk.unseal)


@_plan("publish at the desk")
def _publish_there(stage: Stage) -> Scene:
    return Scene("publish at the desk", (), stage.ends("seal at the desk"), play=desk.publish)
