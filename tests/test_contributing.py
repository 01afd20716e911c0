"""The example in CONTRIBUTING.md goes from the file to a green run, as it stands there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import ROOT, copy_to

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SOURCE = "scrapers/sources/example.py"


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with the example's two files; nothing else is changed in it."""
    copy = copy_to(tmp_path_factory.mktemp("visnyk"))
    (copy / SOURCE).write_text(block("python"), encoding="utf-8")
    (copy / "tests" / "recorded" / "example.listing-0.xml").write_text(block("xml"), encoding="utf-8")
    return copy


def run(checkout: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("tool", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy", "--cache-dir=/dev/null")])
def test_it_satisfies_the_linter_and_the_type_checker(checkout: Path, tool: tuple[str, ...]) -> None:
    run(checkout, "-m", *tool, SOURCE)


def test_it_is_blessed_checked_and_tested(checkout: Path) -> None:
    (command,) = re.findall(r"^\.venv/bin/python (-m pipeline\.recordings)$", block("sh"), re.MULTILINE)
    assert "example: 1 recordings" in run(checkout, *command.split())
    blessed = json.loads((checkout / "tests" / "recorded" / "example.items.json").read_text(encoding="utf-8"))
    titles = [item["title"] for item in blessed["example.listing-0.xml"]["items"]]
    assert titles == ["Громада має бюджет на 2026 рік", "ЦНАП працює і в суботу"]
    assert "parse as they were blessed" in run(checkout, "-m", "pipeline", "sources", "check")
    tests = ("tests/test_sources.py", "tests/test_docs.py", "-k", "example or a_source or fit or complete or no_source")
    assert "exactly_its_items[example.listing-0.xml] PASSED" in run(checkout, "-m", "pytest", "-vv", *tests)


def test_the_demo_and_the_wheel_still_know_what_they_read(checkout: Path) -> None:
    told = run(checkout, "-c", "from demo.replica import Replica; print(Replica().options())")
    assert "hromady" in told
    assert "example" not in told
