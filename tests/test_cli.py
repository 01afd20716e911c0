"""The command line as cron and people meet it: exit codes, lines, JSON, silence."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from db.store import exclusive, open_store
from demo.replica import Hit, Replica
from demo.scenario import DAYS, SITES
from pipeline.__main__ import main
from pipeline.command_line import parser
from scrapers import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
NOW = DAYS[0].isoformat()


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VISNYK_ARGOS_PACKAGES", str(tmp_path / "no-packages"))


@pytest.fixture(scope="module")
def site() -> Iterator[Replica]:
    with Replica() as running:
        running.start()
        yield running
        running.shutdown()


def command(site: Replica, db: Path, *options: str) -> list[str]:
    known = site.options() if "--only" not in options else site.options()[2 * len(SITES) :]
    return ["ingest", "--db", str(db), "--now", NOW, *known, *options]


def result(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


def test_commands_close_every_connection(site: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def remembered(*given: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*given, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", remembered)
    path = tmp_path / "news.db"
    database = ["--db", str(path)]
    main(command(site, path, "--only", "hromady", "--no-translate"))
    for words in (
        ["health"],
        ["check-database"],
        ["digest", "--out", str(tmp_path / "digests")],
        ["story", "show", "1"],
    ):
        main([*words, *database])
    assert len(opened) >= 5
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_ingest_tells_as_json_what_it_did_and_a_second_run_finds_nothing(
    site: Replica, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = command(site, tmp_path / "news.db", "--only", "hromady", "--json", "--no-translate")
    assert main(run) == 0
    first = result(capsys)
    assert first["new"] == first["sources"]["hromady"]["new"] > 10
    assert first["exit_code"] == 0
    assert main(run) == 0
    second = result(capsys)
    assert (second["new"], second["edited"], second["engine_calls"]) == (0, 0, 0)
    assert second["sources"]["hromady"]["state"] == "not_modified"


def test_a_quiet_success_says_nothing(site: Replica, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(command(site, tmp_path / "news.db", "--only", "hromady", "--no-translate")) == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.fault("T1")
def test_without_a_model_the_texts_wait_and_one_line_says_what_to_do(
    site: Replica, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(site, tmp_path / "news.db", "--only", "komsamovr")) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("translation")]
    assert len(lines) == 1
    assert "model install" in lines[0]


@pytest.mark.fault("P14")
def test_without_a_way_out_every_source_has_its_line_and_the_demo_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "news.db"
    assert main(["ingest", "--db", str(path), "--only", "hromady", "--only", "auc", "--json"]) == 1
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert [line.split(":")[:2] for line in lines[:2]] == [["hromady", " unreachable"], ["auc", " unreachable"]] or {
        line.split(":")[0] for line in lines[:2]
    } == {"auc", "hromady"}
    assert "make demo" in lines[-1]
    assert json.loads(captured.out)["exit_code"] == 1
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT exit_code, finished_at IS NULL FROM runs").fetchall() == [(1, 0)]
    assert connection.execute("SELECT count(*) FROM problems WHERE stage = 'fetch'").fetchone()[0] >= 2
    connection.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ingest", "--only", "nowhere"], "nowhere"),
        (["ingest", "--now", "yesterday"], "yesterday"),
        (["ingest", "--connect-to", "hromady.org"], "hromady.org"),
        (["model", "import"], "FILE.argosmodel"),
    ],
)
@pytest.mark.fault("P12")
def test_wrong_usage_is_named(
    tmp_path: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--db", str(tmp_path / "news.db")]) == 2
    assert words in capsys.readouterr().err


def commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and action, as the words that lead to it."""
    yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from commands(below, (*words, name))


@pytest.mark.parametrize("words", list(commands(parser())), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*words, "--help"])
    assert stop.value.code == 0
    assert "usage: python -m pipeline" in capsys.readouterr().out


@pytest.mark.parametrize("command_name", ["translate", "health", "check-database"])
def test_only_ingest_makes_a_database(tmp_path: Path, command_name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command_name, "--db", str(tmp_path / "news.db")]) == 1
    assert "make ingest" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_path_and_a_foreign_file_leave_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "--db", ""]) == 2
    foreign = tmp_path / "README.md"
    foreign.write_text("# not a database")
    assert main(["ingest", "--db", str(foreign)]) == 1
    assert "README.md" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [foreign]


@pytest.mark.parametrize("arguments", [["ingest", "--max-pages", "0"], ["nonsense"], []])
def test_an_unknown_option_or_command_is_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


@pytest.mark.fault("P1", "P9")
def test_a_second_ingest_leaves_with_75(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "news.db"
    with exclusive(path):
        assert main(["ingest", "--db", str(path)]) == 75
    assert "another run is working on" in capsys.readouterr().err


def test_a_database_that_cannot_be_written_stops_before_anything_is_fetched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "--db", str(tmp_path / "no-such-folder" / "news.db")]) == 1
    assert "no-such-folder" in capsys.readouterr().err
    path = tmp_path / "news.db"
    path.write_bytes(b"")
    assert main(["ingest", "--db", str(path)]) == 1
    assert "is empty" in capsys.readouterr().err


def test_health_asks_for_a_person_only_when_one_is_needed(
    site: Replica, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "news.db"
    main(command(site, path, "--only", "hromady", "--only", "kmu", "--no-translate"))
    capsys.readouterr()
    assert main(["health", "--db", str(path), "--json"]) == 3
    rows = {row["source_id"]: row for row in json.loads(capsys.readouterr().out)["sources"]}
    assert (rows["kmu"]["state"], rows["kmu"]["actionable"]) == ("blocked", 1)
    assert rows["auc"]["message"] == "never read"
    assert "challenge" in rows["kmu"]["message"]


def test_questions_before_the_first_ingest_say_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for question in ("health", "check-database"):
        assert main([question, "--db", str(tmp_path / "news.db")]) == 1
        assert "make ingest" in capsys.readouterr().err


def test_the_database_is_found_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "news.db"
    open_store(path).close()
    assert main(["check-database", "--db", str(path)]) == 0
    assert "is sound" in capsys.readouterr().out


def test_the_sources_are_listed_and_their_recordings_parse(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["sources"]) == len(registry.source_ids())
    assert main(["sources", "check"]) == 0


class Trigger(list[Hit]):
    """Sends a signal to the process once it has asked for its tenth page."""

    def __init__(self, processes: list[subprocess.Popen[str]], number: signal.Signals) -> None:
        super().__init__()
        self.processes, self.number = processes, number

    def append(self, hit: Hit) -> None:
        super().append(hit)
        if len(self) == 10:
            self.processes[0].send_signal(self.number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.fault("P3")
def test_a_signal_ends_the_run_and_the_next_one_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "news.db"
    with Replica() as slow:
        started: list[subprocess.Popen[str]] = []
        slow.hits = Trigger(started, number)
        slow.start()
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *command(slow, path, "--only", "decentralization", "--no-translate")],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        _, errors = process.communicate(timeout=600)
        slow.shutdown()
    assert process.returncode == 128 + number
    assert "interrupted" in errors
    assert "Traceback" not in errors
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.fault("P5", "P6")
def test_the_same_without_home_language_or_path(site: Replica, tmp_path: Path) -> None:
    run = [
        sys.executable,
        "-m",
        "pipeline",
        *command(site, tmp_path / "bare.db", "--only", "hromady", "--no-translate"),
    ]
    done = subprocess.run(
        run, cwd=ROOT, env={"PYTHONUTF8": "0", "LC_ALL": "C"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    with_all = [
        sys.executable,
        "-m",
        "pipeline",
        *command(site, tmp_path / "full.db", "--only", "hromady", "--no-translate"),
    ]
    subprocess.run(with_all, cwd=ROOT, env=dict(os.environ), check=True)
    dumps = []
    for name in ("bare.db", "full.db"):
        connection = sqlite3.connect(tmp_path / name)
        dumps.append(connection.execute("SELECT key, title, lead, published_at FROM articles ORDER BY key").fetchall())
        connection.close()
    assert dumps[0] == dumps[1]


def test_small_things_about_a_source_that_was_read_are_rows_and_no_lines(
    site: Replica, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "news.db"
    assert main(command(site, path, "--only", "auc", "--no-translate")) == 0
    assert capsys.readouterr().err == ""
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM problems WHERE stage = 'parse'").fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize(
    ("output", "code", "said"),
    [("/dev/full", 1, "the output cannot be written: the disk is full\n"), ("&-", 0, "")],
)
@pytest.mark.fault("P4")
def test_an_output_that_takes_nothing_is_a_line_and_no_traceback(output: str, code: int, said: str) -> None:
    if output == "/dev/full" and not Path(output).exists():
        pytest.skip("only Linux has /dev/full")
    for buffered in ("", "1"):
        done = subprocess.run(
            ["sh", "-c", f'"$0" -m pipeline sources >{output}', sys.executable],
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": buffered},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (code, said)


@pytest.mark.fault("P11")
@pytest.mark.parametrize("descriptors", [7, 9, 11])
def test_too_few_file_descriptors_are_one_line(tmp_path: Path, descriptors: int) -> None:
    run = '"$0" -m pipeline ingest --db "$1" --only hromady --no-translate --connect-to hromady.org=http://127.0.0.1:1'
    done = subprocess.run(
        ["sh", "-c", f"ulimit -n {descriptors}; {run}", sys.executable, str(tmp_path / "news.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "too many" in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2
