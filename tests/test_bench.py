"""Every benchmark runs, on sizes that say nothing of speed; a broken bound ends the command with 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from bench import check_rates, feed_corpus, story_quality
from bench.__main__ import BENCHMARKS, main, measure
from bench.ratios import Options, Ratio, paired, table
from scrapers.sandbox import parse

if TYPE_CHECKING:
    from pathlib import Path

ROWS = {
    "quiet": ["quiet run", "quiet run, memory"],
    "fetch": ["fetch", "fetch, CPU"],
    "group": ["group", "group, growth", "regroup, growth", "group, equal headlines"],
}


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_runs(name: str, tmp_path: Path) -> None:
    found = measure([name], Options(tmp_path, "tiny"))
    assert [one.row for one in found] == ROWS.get(name, [name])
    assert all(one.ours > 0 and one.plain > 0 and one.ratio > 0 and one.bound > 0 for one in found)


def test_a_broken_bound_ends_with_1_and_names_the_row(capsys: pytest.CaptureFixture[str]) -> None:
    tiny = ["parse", "--size", "tiny"]
    assert main([*tiny, "--bound", "parse=1000"]) == 0
    assert "BROKEN" not in capsys.readouterr().out
    assert main([*tiny, "--bound", "parse=0.001"]) == 1
    out, err = capsys.readouterr()
    assert "BROKEN" in out
    assert err.startswith("bound broken: parse is ")


def test_a_ratio_at_its_bound_is_held() -> None:
    ratio = Ratio("parse", 2, 1, "ms", 2.0, 2.0, "plain")
    assert ratio.is_held
    assert not Ratio("parse", 2, 1, "ms", 2.01, 2.0, "plain").is_held
    assert "BROKEN" not in table([ratio])


def test_one_disturbed_round_does_not_change_the_ratio() -> None:
    assert paired([(2, 1), (2, 1), (90, 1)]).ratio == 2


@pytest.mark.parametrize("wrong", [["nothing"], ["parse", "--size", "tiny", "--bound", "store=1"], ["--bound", "x"]])
def test_an_unknown_row_is_wrong_usage(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(wrong)
    assert raised.value.code == 2
    assert capsys.readouterr().err


def test_the_quality_of_stories_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert story_quality.main(most=5) == 0
    out = capsys.readouterr().out
    assert out.count("MinHash 64, 0.5") == 7
    assert "look-alikes made to deceive: ours takes 0 of 5" in out


def test_the_checks_are_measured_on_a_set_that_an_option_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, lines in {"uk": "Громади отримали 5 автобусів\n", "en": "Communities received 5 buses\n"}.items():
        (tmp_path / f"ntrex128.{language}.txt").write_text(lines, encoding="utf-8")
    assert check_rates.main(["--ntrex", str(tmp_path)]) == 0
    assert "1 lines" in capsys.readouterr().out
    (tmp_path / "ntrex128.en.txt").write_text("Communities received 6 buses\n", encoding="utf-8")
    assert check_rates.main(["--ntrex", str(tmp_path)]) == 1
    with pytest.raises(SystemExit):
        check_rates.main(["--ntrex", str(tmp_path / "nowhere")])


def test_the_corpus_of_feeds_is_read_with_its_mutants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = "<item><title>Громада</title><link>https://site.test/1</link></item>"
    (tmp_path / "good.xml").write_text(f"<rss version='2.0'><channel>{entry}</channel></rss>", encoding="utf-8")
    (tmp_path / "no.xml").write_text("<html>", encoding="utf-8")
    assert feed_corpus.main([str(tmp_path), "--mutants", "20"]) == 0
    line = capsys.readouterr().out
    assert line.startswith("43 feeds: ")
    assert "100.00% of the good entries beside a bad one kept, 0 wrong" in line


def test_the_corpus_names_what_a_feed_costs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> NoReturn:
        raise KeyError("term")

    monkeypatch.setattr(parse, "gather", failing)
    (tmp_path / "bad.xml").write_text("<rss/>", encoding="utf-8")
    assert feed_corpus.main([str(tmp_path), "--mutants", "0"]) == 1
    assert capsys.readouterr().err == f"{tmp_path}/bad.xml: KeyError: 'term'\n"
