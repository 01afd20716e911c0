"""The documents tell the truth: commands, targets, links, sizes, the crontab line, the example of a source."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.version import VERSION
from db.store import open_store
from demo.publications import posts
from demo.scenario import DAYS, SITES
from pipeline import __main__ as program
from pipeline.command_line import parser
from scrapers import registry
from tests.support.newsroom import Newsroom, Website

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TARGETS = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
(COMMANDS,) = (sorted(action.choices) for action in parser()._actions if isinstance(action, argparse._SubParsersAction))


def blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", document, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_in_the_readme(target: str) -> None:
    assert f"`make {target}`" in README


def test_the_readme_names_no_target_that_is_not_there() -> None:
    prose = re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL)
    named = re.findall(r"\bmake ([a-z]+)", " ".join(re.findall(r"`[^`\n]+`", prose) + blocks(README, "sh")))
    assert set(named) == set(TARGETS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`{command}`" in README


def test_the_readme_names_no_source_that_is_not_there() -> None:
    named = README.partition("## Sources, politeness, contact")[2].partition("\n\n")[2].partition("\n\n")[0]
    assert {"auc", "decentralization"} <= set(re.findall(r"`(\w+)`", named)) <= set(registry.source_ids())


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    """The website with what the demo's sources publish; nothing is translated there."""
    room = Newsroom(tmp_path_factory.mktemp("docs") / "news.db")
    for source_id in SITES:
        room.source(source_id)
        for number, post in enumerate(posts(source_id, DAYS[1])):
            words = {language: f"{edition.title} {edition.lead}" for language, edition in post.editions.items()}
            room.story(**words, source_id=source_id, key=f"{number}", url=f"https://{source_id}.example/{number}")
    site = room.done()
    yield site
    site.close()


def test_every_search_in_the_readme_finds_something(demo_site: Website) -> None:
    (told,) = re.findall(r"search box for Ukrainian and English words(.*?)apostrophe", README, re.DOTALL)
    searches = re.findall(r"`([^`]+)`", told)
    assert len(searches) == 4
    assert [words for words in searches if not demo_site.titles(f"/news/news.json?_search={words}")] == []


@pytest.mark.parametrize("address", re.findall(r"`(/news/[^`\s]+)`", README))
def test_every_address_in_the_readme_answers(demo_site: Website, address: str) -> None:
    answer = demo_site.get(address)
    assert answer.status_code == 200
    assert ".json" not in address or answer.json()["rows"]


def test_as_many_rows_as_the_readme_says(demo_site: Website) -> None:
    total = demo_site.json("/news/news.json")["filtered_table_rows_count"]
    assert total > 100
    lines = [demo_site.get(f"/news/news.csv{more}").text.count("\r\n") for more in ("", "?_size=max", "?_stream=on")]
    assert lines == [26, total + 1, total + 1]
    assert "gives 25 rows" in README


def test_the_exit_codes_are_those_of_the_program() -> None:
    told = re.findall(r"^\| (\d+) \|", README, re.MULTILINE)
    said = re.findall(r"(?:codes:|;) (\d+) ", (program.__doc__ or "").replace("\n", " "))
    assert told == ["0", "1", "2", "3", "75"]
    assert said == [*told, "128"]
    assert "| 128 + n |" in README


def test_every_variable_of_ours_is_explained() -> None:
    folders = ("newsletter", "pipeline", "scrapers", "translations", "db", "web")
    code = " ".join(path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py"))
    assert set(re.findall(r"\bVISNYK_[A-Z_]+", code)) == set(re.findall(r"\bVISNYK_[A-Z_]+", README))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_local_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"(?:\]\(|src=\")([^)#\s\"]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_folders_and_modules_that_are_named_exist(document: Path) -> None:
    rooms = "core|language|scrapers|translations|db|pipeline|web|demo|bench|scripts|docs|tests"
    named = re.findall(rf"(?<![\w./-])((?:{rooms})(?:/[\w.-]+)+)", document.read_text(encoding="utf-8"))
    made = ("demo/run",)  # by a run
    paths = [name.rstrip(".").partition("<")[0] for name in named if not name.startswith(made)]
    assert [path for path in paths if not list(ROOT.glob(f"{path}*"))] == []


def test_the_steps_of_the_journey_are_modules() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (journey,) = re.findall(r"^## The journey of one story\n\n```\n(.*?)^```", told, re.MULTILINE | re.DOTALL)
    modules = set(re.findall(r"\b[a-z_]+\.py\b", journey))
    assert len(modules) > 8
    assert [name for name in sorted(modules) if not [*ROOT.glob(f"*/{name}"), *ROOT.glob(f"*/*/{name}")]] == []


def test_the_workflow_calls_targets_that_exist_and_begins_with_the_oldest_python() -> None:
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert "test" in (called := set(re.findall(r"\bmake ([a-z]+)", workflow)))
    assert called <= set(TARGETS)
    (oldest,) = re.findall(r'^requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert f'python: ["{oldest}", ' in workflow


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\w+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("picture", sorted((ROOT / "docs").glob("*.png")), ids=lambda path: path.name)
def test_pictures_are_small_and_used(picture: Path) -> None:
    assert picture.stat().st_size < 300_000
    assert f"docs/{picture.name}" in README


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert next(name for name in headings if name != "Unreleased") == VERSION


def as_cron_would(line: str, home: Path, ingest: str = "ingest") -> subprocess.CompletedProcess[str]:
    """Run a line of a crontab in a folder with our code."""
    fields, command = line.split(maxsplit=5)[:5], line.split(maxsplit=5)[5].strip()
    assert all(re.fullmatch(r"[\d*/,-]+", field) for field in fields)
    (home / ".venv" / "bin").mkdir(parents=True)
    (home / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    (home / ".venv" / "bin" / "python").chmod(0o755)
    for folder in ("core", "language", "newsletter", "pipeline", "scrapers", "translations", "db"):
        (home / folder).symlink_to(ROOT / folder)
    command = command.replace("/home/you/visnyk", shlex.quote(str(home))).replace(
        " -m pipeline ingest", f" -m pipeline {ingest}"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C"}
    shell = ["/bin/sh", "-c", command.replace("\\%", "%")]
    return subprocess.run(shell, env=environment, capture_output=True, text=True, check=False)


def test_the_crontab_line_runs(tmp_path: Path) -> None:
    """It runs as cron would run it, with every request sent to a port that nobody has."""
    line, home = blocks(README, "crontab")[0], tmp_path / "visnyk"
    nowhere = " ".join(f"--connect-to {host}=http://127.0.0.1:9" for host in registry.load("auc").SOURCE.hosts)
    done = as_cron_would(line, home, f"ingest --only auc {nowhere}")
    assert done.returncode == 1, done.stderr
    assert "auc: unreachable" in done.stderr
    assert done.stdout == ""
    assert (home / "news.db").exists()


def test_the_crontab_line_of_the_backup_runs(tmp_path: Path) -> None:
    line, home = blocks(README, "crontab")[1], tmp_path / "visnyk"
    (home / "backups").mkdir(parents=True)
    open_store(home / "news.db").close()
    done = as_cron_would(line, home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (made,) = (home / "backups").iterdir()
    assert re.fullmatch(r"news-[1-7]\.db", made.name)
