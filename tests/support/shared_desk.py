"""One server of the desk for all tests of a module, with a new database in the place of the old one for each test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from pipeline.editors import PASSWORD
from tests.support.digesting import Paper
from tests.test_digest_desk import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, Browser]]:
    """The file that is served, one that is as it was in the beginning, and a browser that is logged in."""
    folder = tmp_path_factory.mktemp("desk")
    path, empty = folder / "news.db", folder / "empty.db"
    made = Paper(path)
    made.close()
    shutil.copy(path, empty)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSWORD, hash_password("correct", iterations=1000))
        browser = Browser(path)
        browser.log_in()
        yield path, empty, browser
        browser.close()


@pytest.fixture
def blank(served: tuple[Path, Path, Browser]) -> Iterator[Paper]:
    """A database without stories, which the browser sees."""
    path, empty, _ = served
    for file in path.parent.glob("news.db*"):
        if file.name in ("news.db", "news.db-wal", "news.db-shm"):
            file.unlink()
    shutil.copy(empty, path)
    made = Paper(path)
    yield made
    made.close()


@pytest.fixture
def paper(blank: Paper) -> Paper:
    """Two stories: one with the publisher's English, one without any."""
    blank.story("Громада має бюджет", "Community has a budget")
    blank.story("Рада ухвалила план", day="2026-02-21")
    return blank


@pytest.fixture
def browser(served: tuple[Path, Path, Browser], blank: Paper) -> Browser:
    """A browser of an editor at the desk."""
    return served[2]
