"""The demo from end to end: the replica, the real command line, the database, and the account of it all."""

from __future__ import annotations

import contextlib
import io
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from demo import expected, first_issue, verify
from demo.playback import DemoFailed, Playback
from demo.replica import Replica
from demo.scenario import DAYS, SITES
from pipeline.__main__ import main
from pipeline.commands.demo import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


class Performance(NamedTuple):
    out: Path
    status: int
    said: str
    complained: str


@pytest.fixture(scope="module")
def performance(tmp_path_factory: pytest.TempPathFactory) -> Performance:
    out = tmp_path_factory.mktemp("demo")
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        status = main(["demo", "--out", str(out), "--no-serve"])
    return Performance(out, status, said.getvalue(), complained.getvalue())


@pytest.fixture
def database(performance: Performance) -> Iterator[sqlite3.Connection]:
    with closing(verify.open_database(performance.out / "news.db")) as connection:
        yield connection


def test_everything_is_as_expected(performance: Performance) -> None:
    assert performance.complained == ""
    assert performance.status == 0


def test_the_account_shows_what_happened(performance: Performance) -> None:
    for words in (
        "Day 1 · 5 February 2026",
        "Day 2 · 6 February 2026",
        "Ten communities to gain mentoring support in developing international cooperation (publisher)",
        "challenge page",
        "A school bus from Aarhus for the pupils of Opishnia (publisher)",
        "142 послуги",
        "154 послуги",
    ):
        assert words in performance.said


def test_the_first_issue_is_published_and_leaves_the_rest_for_the_next(
    performance: Performance, database: sqlite3.Connection
) -> None:
    assert first_issue.differences(database) == []
    (row,) = database.execute("SELECT name, published_at FROM issues")
    assert tuple(row) == ("issue-1", "2026-02-05T17:30:00Z")
    stories = database.execute("SELECT count(*) FROM issue_stories").fetchone()[0]
    assert stories * 10 < database.execute("SELECT count(*) FROM news").fetchone()[0]
    assert (performance.out / "digests" / "issue-1.html").is_file()


def test_every_article_is_stored_once_with_its_language_wording_and_date(database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT source_id, key, language, title, published_on FROM articles").fetchall()
    assert {tuple(row[:3]): (expected.plain(row["title"]), row["published_on"]) for row in rows} == {
        identity: (expected.plain(wanted.title), wanted.day) for identity, wanted in expected.stored(2).items()
    }


def test_each_day_ends_in_the_states_that_the_sites_gave(database: sqlite3.Connection) -> None:
    runs = [row[0] for row in database.execute("SELECT DISTINCT run_id FROM source_runs ORDER BY run_id")]
    for day, run in zip((1, 2), runs, strict=False):
        rows = database.execute("SELECT source_id, state FROM source_runs WHERE run_id = ?", (run,))
        assert dict(map(tuple, rows)) == {source: expected.state(source, day) for source in SITES}


def test_an_edited_headline_has_two_versions_and_one_with_new_quotation_marks_has_one(
    database: sqlite3.Connection,
) -> None:
    def versions(key: str, language: str) -> int:
        return int(
            database.execute(
                "SELECT count(*) FROM article_versions v JOIN articles a ON a.id = v.article_id"
                " WHERE a.source_id = 'decentralization' AND a.key = ? AND a.language = ?",
                (key, language),
            ).fetchone()[0]
        )

    assert versions("90399", "uk") == 2
    assert versions("90397", "en") == 2
    assert versions("90378", "uk") == 1
    assert versions("90378", "en") == 1


def test_every_address_of_an_article_leads_to_it(database: sqlite3.Connection) -> None:
    rows = database.execute(
        "SELECT u.url FROM article_urls u JOIN articles a ON a.id = u.article_id"
        " WHERE a.source_id = 'decentralization' AND a.key = '90388' AND a.language = 'uk'"
    )
    assert {row[0] for row in rows} == {
        "https://decentralization.ua/news/90388",
        "https://decentralization.ua/en/news/90388",
    }


@pytest.mark.parametrize(
    ("source", "key", "met"),
    [
        ("decentralization", "90366", "https://decentralization.gov.ua/news/90366.amp?page=2"),
        ("decentralization", "90390", "https://www.decentralization.ua/news/90390?page=7"),
        ("komsamovr", "75395", "http://komsamovr.rada.gov.ua/print/75395.html"),
    ],
)
def test_an_odd_address_is_kept_beside_the_canonical_one(
    database: sqlite3.Connection, source: str, key: str, met: str
) -> None:
    rows = database.execute(
        "SELECT u.url, a.url FROM article_urls u JOIN articles a ON a.id = u.article_id"
        " WHERE a.source_id = ? AND a.key = ? AND a.language = 'uk'",
        (source, key),
    ).fetchall()
    assert met in {row[0] for row in rows}
    assert {row[1] for row in rows} & {met} == set()


def test_nothing_but_the_ukrainian_was_given_to_the_engine(database: sqlite3.Connection) -> None:
    english = {row[0] for row in database.execute("SELECT title FROM articles WHERE language = 'en'")}
    translated = {row[0] for row in database.execute("SELECT source_text FROM translations")}
    assert translated
    assert translated & english == set()


def test_every_row_of_the_machine_says_that_its_model_is_for_demonstration(database: sqlite3.Connection) -> None:
    models = {row[0] for row in database.execute("SELECT DISTINCT model FROM translations")}
    assert models
    assert all("demo" in model for model in models)


def test_the_machine_translates_headlines_that_it_has_never_seen(database: sqlite3.Connection) -> None:
    good, due = database.execute(
        "SELECT sum(title_en_by = 'machine' AND title_en_state = 'ok'), count(*) FROM news"
        " WHERE title_en_by IS NOT 'publisher'"
    ).fetchone()
    assert good >= 0.8 * due


def test_another_reading_of_the_same_day_is_quiet_and_asks_conditionally(
    performance: Performance, database: sqlite3.Connection, tmp_path: Path
) -> None:
    failed = database.execute("SELECT count(*) FROM translations WHERE state = 'failed'").fetchone()[0]
    shutil.copytree(performance.out, tmp_path / "again")
    with Replica() as site:
        site.start()
        play = Playback(tmp_path / "again", site)
        outcome = play.ingest(DAYS[1])
        site.shutdown()
    assert (outcome["new"], outcome["edited"]) == (0, 0)
    assert outcome["translation"]["due"] <= failed  # what has a usable translation is not given to the engine again
    listings = [hit for hit in site.hits if hit.target != "/robots.txt" and hit.status]
    assert {hit.host for hit in listings} >= {"decentralization.ua", "hromady.org", "www.kmu.gov.ua", "auc.org.ua"}
    assert [hit for hit in listings if not hit.conditional or hit.status != 304] == []


def test_a_wrong_database_is_told_from_a_right_one(performance: Performance, tmp_path: Path) -> None:
    path = Path(shutil.copy(performance.out / "news.db", tmp_path / "news.db"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE articles SET title = 'Інше' WHERE source_id = 'hromady' AND key = '41601'")
        connection.execute("UPDATE articles SET key = 'x' WHERE source_id = 'cities4cities' AND key = '21544'")
        connection.execute("UPDATE source_runs SET state = 'empty' WHERE source_id = 'auc'")
    with closing(verify.open_database(path)) as connection:
        wrong = "\n".join(verify.of_day(connection, 2))
    assert "hromady 41601 uk: title 'Інше'" in wrong
    assert "missing: cities4cities 21544 en" in wrong
    assert "not expected: cities4cities x en" in wrong
    assert "auc: state, new, edited are ('empty'" in wrong


def test_a_command_that_fails_fails_the_demo_in_its_own_words(tmp_path: Path) -> None:
    with Replica() as site, pytest.raises(DemoFailed, match="model import"):
        Playback(tmp_path, site).run("model", "import", str(tmp_path / "none.argosmodel"))


def test_a_taken_port_is_left_to_its_owner() -> None:
    with Replica() as site:
        taken = site.server_address[1]
        assert free_port(taken) > taken
