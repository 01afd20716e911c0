"""`digest` on the command line: what it prints, writes and refuses."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING, Any

import pytest

from core.whole_files import write_whole
from newsletter import exporting
from newsletter.render.formats import FORMATS
from pipeline.__main__ import main
from tests.support.digesting import Paper
from tests.support.issues import png

if TYPE_CHECKING:
    from pathlib import Path


class Terminal:
    """The command in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.out = folder / "out"
        paper = Paper(folder / "news.db")
        paper.story("Громада має бюджет", "Community has a budget")
        paper.story("Рада ухвалила план", day=None)
        paper.close()

    def run(self, *arguments: str, code: int = 0) -> str:
        given = ["digest", "--db", str(self.folder / "news.db"), "--out", str(self.out), *arguments]
        assert main(given) == code
        said = self.capsys.readouterr()
        return said.err if code else said.out

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, capsys)


def test_a_draft_in_all_formats_and_how_many_stories_went_where(terminal: Terminal) -> None:
    said = terminal.run()
    assert "issue-1 (draft): 2 stories; of these 1 without date, 1 withheld" in said
    assert "2  Other news" in said
    assert set(terminal.files()) == {f"issue-1-draft{ending}" for ending, _ in FORMATS.values()}


@pytest.mark.fault("O12")
def test_the_same_draft_twice_is_the_same_bytes(terminal: Terminal) -> None:
    terminal.run("--now", "2026-03-05T10:00:00Z")
    before = terminal.files()
    terminal.run("--now", "2026-03-06T10:00:00Z")
    assert terminal.files() == before


@pytest.mark.fault("O7", "O12")
def test_seal_and_export_again(terminal: Terminal) -> None:
    told = terminal.json("--seal", "--format", "md,eml", "--now", "2026-03-06T10:00:00Z")
    assert (told["issue"], told["sealed"], told["stories"], told["without_date"]) == ("issue-1", True, 2, 1)
    before = terminal.files()
    assert set(before) == {"issue-1.md", "issue-1.eml"}
    assert terminal.json("--seal", "--now", "2026-03-07T10:00:00Z")["notes"] == ["nothing new: no issue was sealed"]
    for path in terminal.out.iterdir():
        path.unlink()
    terminal.run("--issue", "issue-1", "--format", "md,eml")
    assert terminal.files() == before


def test_an_edited_draft_is_taken_in_and_never_overwritten(terminal: Terminal) -> None:
    terminal.run("--format", "md,csv")
    path = terminal.out / "issue-1-draft.md"
    path.write_text(path.read_text().replace("Community has a budget", "The community passed its budget"))
    edited = path.read_bytes()
    said = terminal.run("--format", "md,csv")
    assert "the latest draft is in issue-1-draft-2.md, issue-1-draft-2.csv; earlier files stay as they are" in said
    told = terminal.json("--import", str(path), "--format", "md,csv")
    assert told["notes"] == [
        "issue-1-draft.md: 1 change taken in: 1 title en",
        "the latest draft is in issue-1-draft-2.md, issue-1-draft-2.csv; earlier files stay as they are",
    ]
    files = terminal.files()
    assert set(files) == {f"issue-1-draft{number}.{form}" for number in ("", "-2") for form in ("md", "csv")}
    assert files["issue-1-draft.md"] == edited
    assert b"The community passed its budget" in files["issue-1-draft-2.md"]
    again = terminal.json("--import", str(terminal.out / "issue-1-draft-2.md"), "--format", "md")
    assert again["notes"][0] == "issue-1-draft-2.md: nothing was changed in it"
    assert again["files"] == [str(terminal.out / "issue-1-draft-3.md")]


def test_what_two_people_changed_is_shown_side_by_side_and_nothing_is_sealed(terminal: Terminal) -> None:
    terminal.run("--format", "md")
    path = terminal.out / "issue-1-draft.md"
    mine, hers = terminal.folder / "mine.md", terminal.folder / "hers.md"
    text = path.read_text()
    hers.write_text(text.replace("Community has a budget", "Her words"))
    mine.write_text(text.replace("Community has a budget", "My words").replace("- note:", "- note: kept", 1))
    terminal.run("--import", str(hers), "--by", "olena", "--format", "md")
    said = terminal.run("--import", str(mine), "--seal", "--format", "md", code=1)
    assert "title en: yours «My words»; now «Her words», by olena at" in said
    aside = terminal.folder / "mine.conflicts.md"
    assert f"{aside}: holds what both of you changed" in said
    assert "Her words" in aside.read_text() and "My words" in aside.read_text()
    paper = Paper(terminal.folder / "news.db")
    assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(0,)]
    assert paper.rows("SELECT note FROM digest_choices WHERE note <> ''") == [("kept",)]
    paper.close()
    assert "nothing was changed in it" in terminal.run("--import", str(aside), "--format", "md")
    aside.write_text(aside.read_text().replace("en: Her words", "en: My words"))
    assert "1 change taken in: 1 title en" in terminal.run("--import", str(aside), "--format", "md")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "pdf"), "pdf is none of md, html"),
        (("--format", ","), "nothing is none of"),
        (("--issue", "nowhere"), "there is no sealed issue nowhere"),
        (("--import", "a.md", "--import", "b.md"), "two files were given"),
        (("--import", "missing.md"), "missing.md: No such file"),
        (("--begin", "yesterday"), "not a day such as"),
        (("--newsletter", "missing.toml"), "missing.toml: No such file"),
        (("--templates", "missing"), "there is no such folder"),
        (("--seal", "--issue", "../up"), "cannot be called '../up'"),
        (("--now", "soon"), "not an ISO 8601 time"),
        (("--now", "9999-12-31T23:59:59-14:00"), "not an ISO 8601 time"),
    ],
)
@pytest.mark.fault("O10", "P12")
def test_wrong_usage_is_named_and_changes_nothing(terminal: Terminal, arguments: tuple[str, ...], words: str) -> None:
    assert words in terminal.run(*arguments, code=2)
    assert not terminal.out.exists()
    paper = Paper(terminal.folder / "news.db")
    assert paper.rows("SELECT * FROM digest_entries UNION ALL SELECT * FROM digest_entries") == []
    assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(0,)]
    paper.close()


def test_without_a_database_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--db", str(tmp_path / "news.db")]) == 1
    assert "there is no database yet" in capsys.readouterr().err
    assert not (tmp_path / "news.db").exists()


def test_a_folder_that_cannot_be_written_is_named(terminal: Terminal) -> None:
    terminal.out.write_text("a file")
    assert "out is a file: give the name of a folder" in terminal.run(code=1)


def test_whose_first_issue_is_the_archive_is_told_how_to_begin(terminal: Terminal) -> None:
    paper = Paper(terminal.folder / "news.db")
    for number in range(200):
        paper.story(f"Давня новина {number}", day="2020-01-01")
    paper.close()
    assert "--begin" in terminal.run("--format", "txt")
    assert "200 stories from before 2026-01-01 are put aside" in terminal.run(
        "--begin", "2026-01-01", "--format", "txt"
    )
    assert "--begin" not in terminal.run("--format", "txt")


class Full:
    """A disk that is full after a number of files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, files: int) -> None:
        self.left, self.write = files, write_whole
        monkeypatch.setattr(exporting, "write_whole", self.write_or_fail)

    def write_or_fail(self, path: Path, data: bytes) -> None:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.write(path, data)


@pytest.mark.fault("S2")
@pytest.mark.parametrize("written", [0, 3, len(FORMATS) - 1])
def test_a_sealed_issue_without_all_its_files_is_not_forgotten(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    with monkeypatch.context() as context:
        Full(context, written)
        said = terminal.run("--seal", code=1)
    assert "No space left on device; issue-1 is sealed, but not all of its files were written" in said
    assert said.count("\n") == 1
    assert len(terminal.files()) == written
    again = terminal.json("--seal")
    assert again["issue"] == "issue-1"
    assert again["notes"] == [
        "nothing new: no issue was sealed",
        "issue-1 was sealed before, but not all of its files were written then",
    ]
    assert len(again["files"]) == len(FORMATS)
    files = terminal.files()
    assert terminal.json("--seal")["notes"] == ["nothing new: no issue was sealed"]
    terminal.run("--issue", "issue-1")
    assert terminal.files() == files


def test_every_run_names_the_command_that_writes_what_is_missing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        Full(context, 0)
        terminal.run("--seal", "--format", "html,txt", code=1)
    told = ["issue-1 is sealed, but not all of its files were written: `visnyk digest --issue issue-1` writes them"]
    assert terminal.json()["notes"] == told
    assert terminal.json("--issue", "issue-1", "--format", "html")["notes"] == told  # the text is not there yet
    assert terminal.json("--issue", "issue-1", "--format", "txt")["notes"] == []
    assert terminal.json()["notes"] == []


def test_an_issue_that_was_sealed_at_the_desk_promised_no_files(terminal: Terminal) -> None:
    paper = Paper(terminal.folder / "news.db")
    assert paper.seal()
    paper.close()
    assert terminal.json("--seal")["notes"] == ["nothing new: no issue was sealed"]


def test_an_image_with_its_words_is_taken_changed_and_taken_away(terminal: Terminal) -> None:
    image = terminal.folder / "round-table.png"
    image.write_bytes(png(600, 300))
    assert "words that say what it shows" in terminal.run("--image", str(image), code=2)
    said = terminal.run("--image", str(image), "--alt", "Голови громад за столом", "--format", "html,docx")
    assert "600 × 300 pixels" in said
    html = terminal.out.joinpath("issue-1-draft.html").read_text()
    assert 'src="data:image/png;base64,' in html and 'alt="Голови громад за столом" lang="uk"' in html
    image.write_bytes(b"GIF89a")
    assert "round-table.png: this is no picture" in terminal.run("--image", str(image), code=2)
    terminal.run("--format", "html")
    assert terminal.out.joinpath("issue-1-draft.html").read_text() == html
    assert "no image" in terminal.run("--image", "none", "--format", "html")
    assert "<img" not in terminal.out.joinpath("issue-1-draft.html").read_text()


def test_a_seal_is_undone_and_an_issue_is_published(terminal: Terminal) -> None:
    terminal.run("--seal", "--format", "txt")
    assert "issue-1 is the draft again" in terminal.run("--unseal", "issue-1", "--format", "txt")
    assert (terminal.out / "issue-1-draft.txt").exists()
    told = terminal.json("--seal", "--format", "txt", "--now", "2026-03-06T10:00:00Z")
    assert (told["issue"], told["sealed"], told["published"]) == ("issue-1", True, False)
    assert "issue-1 is published" in terminal.run("--publish", "--format", "txt", "--now", "2026-03-06T11:00:00Z")
    said = terminal.run("--unseal", "issue-1", code=2)
    assert "issue-1 was published at 2026-03-06T11:00:00Z" in said
    assert "no sealed issue issue-7" in terminal.run("--publish", "--issue", "issue-7", code=2)
    assert "--unseal stands alone" in terminal.run("--unseal", "issue-1", "--seal", code=2)


def test_an_issue_is_sealed_and_published_at_once(terminal: Terminal) -> None:
    told = terminal.json("--seal", "--publish", "--format", "txt", "--languages", "uk-en")
    assert (told["sealed"], told["published"]) == (True, True)
    before = terminal.files()
    for path in terminal.out.iterdir():
        path.unlink()
    terminal.run("--issue", "issue-1", "--format", "txt")  # in its own order of languages
    assert terminal.files() == before
