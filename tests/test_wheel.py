"""The wheel holds every file of the packages and nothing else, and the program works from it outside the checkout."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.version import VERSION
from demo import expected
from demo.replica import Replica
from demo.scenario import DAYS
from tests.support.checkout import ROOT, copy_to, files_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

PACKAGES = ("core", "language", "scrapers", "translations", "db", "newsletter", "pipeline", "web", "demo")
VENDORED = ROOT / "vendor" / "argostranslate"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what lies in the checkout, built without a network from a copy of it."""
    copy, out = copy_to(tmp_path_factory.mktemp("checkout")), tmp_path_factory.mktemp("dist")
    options = ["-q", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--no-index"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "-w", str(out), str(copy)], check=True)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, cwd: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def metadata(wheel: Path, name: str) -> str:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(f"visnyk-{VERSION}.dist-info/{name}").decode()


def test_every_file_of_the_packages_is_in_it_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {*files_of(*PACKAGES), *(f"argostranslate/{path.name}" for path in VENDORED.glob("[!_.]*"))}
    assert held == wanted | {"argostranslate/__init__.py"}


def test_the_metadata_of_the_website_is_the_one_in_the_root(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("web/datasette_metadata.json") == (ROOT / "datasette_metadata.json").read_bytes()


def test_it_is_called_visnyk_and_asks_for_nothing_that_brings_torch(wheel: Path) -> None:
    assert wheel.name == f"visnyk-{VERSION}-py3-none-any.whl"
    assert "visnyk = pipeline.__main__:script" in metadata(wheel, "entry_points.txt")
    wanted = Parser().parsestr(metadata(wheel, "METADATA")).get_all("Requires-Dist") or []
    plain = [requirement for requirement in wanted if "extra ==" not in requirement]
    assert len(plain) > 10
    assert [name for name in plain if name.startswith(("argostranslate", "stanza", "spacy", "minisbd", "torch"))] == []


@pytest.mark.parametrize("name", ["__init__.py", "apply_bpe.py", "tokenizer.py"])
def test_the_part_of_argostranslate_in_it_is_that_of_the_locked_version(name: str) -> None:
    """After a change of the lock: copy the three files from the new version, and the licence."""
    found = importlib.util.find_spec("argostranslate")
    assert found
    assert found.origin
    assert (VENDORED / name).read_bytes() == Path(found.origin).with_name(name).read_bytes()


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica() as running:
        running.start()
        yield running
        running.shutdown()


PAGES = """
import asyncio, pathlib, pipeline.serve as serve
app = serve.build(pathlib.Path("news.db"))
for address in ("/", "/news/news", "/static/visnyk.css"):
    print(asyncio.run(app.client.get(address)).status_code, serve.__file__)
"""


def test_it_ingests_drafts_and_serves_in_an_empty_folder(installed: Path, replica: Replica, tmp_path: Path) -> None:
    now = ("--now", DAYS[0].isoformat())
    routes = [f"--connect-to={value}" for value in replica.connections()]
    ingest = ("ingest", "--only", "auc", "--no-translate", "--json", *now, *routes)
    assert f'"new": {expected.new("auc", 1)},' in run(installed, tmp_path, "-m", "pipeline", *ingest)
    run(installed, tmp_path, "-m", "pipeline", "digest", "--begin", "2026-01-01", *now)
    assert "Асоціація" in (tmp_path / "digests" / "issue-1-draft.md").read_text(encoding="utf-8")
    assert run(installed, tmp_path, "-c", PAGES).splitlines() == [f"200 {installed / 'pipeline' / 'serve.py'}"] * 3


def test_it_explains_itself_and_finds_sources_and_the_demonstration_model(installed: Path, tmp_path: Path) -> None:
    call = "import sys; sys.argv[0] = '/usr/bin/visnyk'; from pipeline.__main__ import main; main(['--help'])"
    assert "usage: visnyk " in run(installed, tmp_path, "-c", call)
    assert "usage: python -m pipeline " in run(installed, tmp_path, "-m", "pipeline", "--help")
    assert "https://auc.org.ua/" in run(installed, tmp_path, "-m", "pipeline", "sources")
    model = "import demo.playback as playback; print(playback.MODEL)"
    assert Path(run(installed, tmp_path, "-c", model).strip()).is_relative_to(installed)
