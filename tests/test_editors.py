"""Editors by name: the file in which they stand, the command for it, and what a change of it ends."""

from __future__ import annotations

import io
import json
import logging
import os
import pty
import stat
import sys
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from core.errors import StoreError, UsageError
from pipeline import accounts, passwords
from pipeline.__main__ import main
from pipeline.accounts import FILE, LONGEST_NAME, Editors, checked_name, read_editors
from pipeline.commands.editors import SHORTEST
from pipeline.editors import PASSWORD, open_desk
from tests.support.digesting import Paper
from tests.test_digest_desk import NOW as CLOCK
from tests.test_digest_desk import Browser
from web.login.visitor import SESSION, end_of

if TYPE_CHECKING:
    from collections.abc import Iterator

QUICK = {word: hash_password(word, iterations=1000) for word in ("correct-one", "correct-two", "correct-new")}
FIRST, SECOND, NEW = QUICK


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashed", QUICK.__getitem__)


def add(monkeypatch: pytest.MonkeyPatch, db: Path, name: str, password: str = FIRST) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    return main(["editors", "add", name, "--db", str(db)])


def write(path: Path, **editors: str) -> None:
    accounts.change(path, lambda _: {name: QUICK[word] for name, word in editors.items()})


class TestNames:
    @pytest.mark.parametrize("name", ["olena", "Олена", "o", "o" * LONGEST_NAME, "Іра.Коваль_2-га", "їжак", "7"])
    def test_what_may_be_one(self, name: str) -> None:
        assert checked_name(name, {}) == name
        assert checked_name(f" {unicodedata.normalize('NFD', name)} ", {}) == name

    @pytest.mark.parametrize(
        "name",
        ["", " ", "Олéна", "ольга©", "o" * (LONGEST_NAME + 1), "-olena", ".olena", "ole na", "ole:na", "o\r\nlena",
         "olena\u200b", "\u202eolena", "ѕlavko", "оlena", "Machine", "publisher", "o/lena", "ﬁlip", "o\x00"],
    )  # fmt: skip
    def test_what_may_not(self, name: str) -> None:
        with pytest.raises(UsageError):
            checked_name(name, {})

    @pytest.mark.parametrize(
        ("there", "name"),
        [("olena", "Olena"), ("сом", "com"), ("ВОРОН", "bopoh"), ("Ilko", "llko"), ("i1", "il"), ("o0", "oo")],
    )
    def test_no_two_look_alike(self, there: str, name: str) -> None:
        with pytest.raises(UsageError, match=f"{name} looks like {there}"):
            checked_name(name, {there: "x"})
        assert checked_name(there, {there: "x"}) == there

    def test_others_that_differ_are_two(self) -> None:
        assert checked_name("olenka", {"olena": "x", "Олена": "x"}) == "olenka"


class TestFile:
    def test_it_is_private_and_holds_no_password(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert add(monkeypatch, tmp_path / "news.db", "Олена") == 0
        file = tmp_path / "news.db.editors"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.read_text() == f"Олена:{QUICK[FIRST]}\n"
        assert FIRST not in file.read_text()

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
    def test_one_that_others_can_read_is_refused(self, tmp_path: Path, mode: int) -> None:
        file = tmp_path / "editors"
        write(file, olena=FIRST)
        file.chmod(mode)
        with pytest.raises(StoreError, match="chmod 600"):
            read_editors(file)

    @pytest.mark.parametrize("line", ["olena", "olena:", "olena:plain", "a b:{0}", "olena:{0}\nolena:{0}", "x:{0}:{0}"])
    def test_a_wrong_line_is_named(self, tmp_path: Path, line: str) -> None:
        file = tmp_path / "editors"
        file.touch(0o600)
        file.write_text("# who may in\n\n" + line.format(QUICK[FIRST]))
        with pytest.raises(UsageError, match=rf"editors, line {3 + line.count(chr(10))}"):
            read_editors(file)

    def test_a_wrong_file_is_left_as_it_is(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = tmp_path / "news.db.editors"
        file.touch(0o600)
        file.write_text("nonsense\n")
        assert add(monkeypatch, tmp_path / "news.db", "olena") == 2
        assert file.read_text() == "nonsense\n"

    def test_it_may_lie_elsewhere(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv(FILE, str(tmp_path / "named"))
        assert add(monkeypatch, tmp_path / "news.db", "olena") == 0
        assert list(read_editors(tmp_path / "named")) == ["olena"]
        capsys.readouterr()
        assert main(["editors", "list", "--json", "--editors", str(tmp_path / "other")]) == 0
        assert json.loads(capsys.readouterr().out)["editors"] == []

    def test_it_is_read_again_when_it_changes(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        file = tmp_path / "editors"
        known = Editors(file, QUICK[NEW])
        assert set(known.hashes()) == {"editor"}
        write(file, olena=FIRST, editor=FIRST)
        assert known.hashes() == {"olena": QUICK[FIRST], "editor": QUICK[FIRST]}, "the file's word goes first"
        with caplog.at_level(logging.ERROR):
            file.write_text("olena:nonsense")
            assert known.hashes() == {"editor": QUICK[NEW]}
            assert known.hashes() == {"editor": QUICK[NEW]}
        assert len(caplog.messages) == 1 and "line 1" in caplog.text and "nonsense" not in caplog.text
        file.unlink()
        assert set(known.hashes()) == {"editor"}


class TestCommand:
    def test_add_list_and_remove(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        db = tmp_path / "news.db"
        assert add(monkeypatch, db, "olena") == add(monkeypatch, db, "Ігор", SECOND) == 0
        assert add(monkeypatch, db, "olena", NEW) == 0
        assert read_editors(tmp_path / "news.db.editors") == {"olena": QUICK[NEW], "Ігор": QUICK[SECOND]}
        assert main(["editors", "remove", "Ігор", "--db", str(db)]) == 0
        capsys.readouterr()
        assert main(["editors", "list", "--db", str(db)]) == 0
        assert capsys.readouterr().out == "olena\n"
        assert main(["editors", "remove", "Ігор", "--db", str(db)]) == 2

    @pytest.mark.parametrize(("word", "code"), [("x" * (SHORTEST - 1), 2), ("x" * SHORTEST, 0), ("", 2)])
    def test_a_short_password_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, code: int
    ) -> None:
        monkeypatch.setattr(passwords, "hashed", lambda _: QUICK[FIRST])
        assert add(monkeypatch, tmp_path / "news.db", "olena", word) == code
        assert (tmp_path / "news.db.editors").exists() == (code == 0)

    @pytest.mark.parametrize(("again", "code"), [(FIRST, 0), (SECOND, 2)])
    def test_on_a_terminal_it_is_asked_for_twice(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: str, code: int
    ) -> None:
        _, terminal = pty.openpty()
        monkeypatch.setattr(sys, "stdin", os.fdopen(terminal))
        typed = iter([FIRST, again])
        monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
        assert main(["editors", "add", "olena", "--db", str(tmp_path / "news.db")]) == code
        sys.stdin.close()

    def test_what_is_not_utf8_is_no_password(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff" * 20), "utf-8"))
        assert main(["editors", "add", "olena", "--db", str(tmp_path / "news.db")]) == 2

    def test_letters_may_be_composed_as_the_keyboard_wants(self) -> None:
        whole = hash_password("їжаки-їжаки", iterations=1000)
        assert passwords.is_right(unicodedata.normalize("NFD", "їжаки-їжаки"), whole)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    made.story("Громада має бюджет", "Community has a budget")
    write(tmp_path / "news.db.editors", olena=FIRST, Ігор=SECOND)
    yield made
    made.close()


@pytest.fixture
def two(paper: Paper) -> Iterator[tuple[Browser, Browser]]:
    first, second = Browser(paper.path), Browser.__new__(Browser)
    first.datasette.desk.pause = 0
    second.datasette, second.cookies = first.datasette, {}
    assert first.log_in(FIRST, "olena").status_code == second.log_in(SECOND, "Ігор").status_code == 302
    yield first, second
    first.close()


def who(browser: Browser) -> Any:
    answer = browser.get("/-/actor.json")
    return answer.json()["actor"]["id"] if answer.status_code == 200 else answer.status_code


class TestSessions:
    def test_each_is_in_by_name(self, two: tuple[Browser, Browser]) -> None:
        assert [who(browser) for browser in two] == ["olena", "Ігор"]

    def test_the_name_may_be_typed_in_any_case(self, two: tuple[Browser, Browser]) -> None:
        two[0].log_in(SECOND, " ігор ")
        assert who(two[0]) == "Ігор"

    def test_another_password_ends_those_of_its_editor_only(self, two: tuple[Browser, Browser], paper: Paper) -> None:
        write(paper.path.with_name("news.db.editors"), olena=NEW, Ігор=SECOND)
        assert [who(browser) for browser in two] == [403, "Ігор"]
        assert two[0].log_in(FIRST, "olena").status_code == 200
        assert two[0].log_in(NEW, "olena").status_code == 302
        assert who(two[0]) == "olena"

    def test_whoever_is_removed_is_out(self, two: tuple[Browser, Browser], paper: Paper) -> None:
        kept = dict(two[0].cookies)
        write(paper.path.with_name("news.db.editors"), Ігор=SECOND)
        assert [who(browser) for browser in two] == [403, "Ігор"]
        assert two[0].log_in(FIRST, "olena").status_code == 200
        write(paper.path.with_name("news.db.editors"), Ігор=SECOND, olena=NEW)
        two[0].cookies = kept
        assert who(two[0]) == 403, "an editor of the same name is another one"

    def test_the_password_of_another_lets_nobody_in(self, two: tuple[Browser, Browser]) -> None:
        for name in ("olena", "nobody", "", "olena\r\nx", "Ігор " * 500):
            assert two[0].log_in(SECOND, name).status_code in (200, 429)
        assert who(two[1]) == "Ігор"

    def test_a_name_that_nobody_has_costs_as_much_as_a_wrong_password(
        self, two: tuple[Browser, Browser], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checked: list[str] = []

        def check(_: str, given: str) -> bool:
            checked.append(given)
            return False

        monkeypatch.setattr(passwords, "is_right", check)
        for name in ("olena", "nobody", "somebody", "x" * 5000):
            two[0].log_in("guess", name)
        assert len(checked) == 4 and set(checked) <= {QUICK[FIRST], QUICK[SECOND]}


class TestOpening:
    def test_without_editors_it_does_not_open(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=f"editors add.*{PASSWORD}"):
            open_desk(tmp_path / "news.db")

    def test_several_newsletters_have_several_ids(self, paper: Paper, tmp_path: Path) -> None:
        for name in ("a", "b"):
            (tmp_path / f"{name}.toml").write_text(f'id = "{name}"\n')
        files = [str(tmp_path / "a.toml"), str(tmp_path / "b.toml")]
        assert open_desk(paper.path, files).newsletters == tuple(map(Path, files))
        (tmp_path / "b.toml").write_text('id = "a"\n')
        with pytest.raises(UsageError, match=r"a\.toml and .*b\.toml.*an id of its own"):
            open_desk(paper.path, files)

    def test_the_clock_of_serve_moves_the_desk_and_no_session(self, two: tuple[Browser, Browser], paper: Paper) -> None:
        browser = two[0]
        assert browser.get("/desk").status_code == 200
        assert paper.rows("SELECT started_at FROM digests") == [(CLOCK,)]
        session = browser.datasette.unsign(browser.cookies["ds_actor"], "actor")
        assert end_of(session) == pytest.approx(time.time() + SESSION, abs=60)
