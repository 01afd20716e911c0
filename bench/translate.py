"""Headlines per second and peak memory: ours against `argostranslate.translate` one by one, on a model of real size.

    python -m bench translate

Both run the same package (see `_copying_model`) with the same beam on the same cores. With VISNYK_STOCK_PYTHON naming
an interpreter that has argostranslate with all its dependencies, theirs is what a user has (see `_stock`); else
Stanza, spaCy and MiniSBD are left out, and its memory is a lower bound of a user's. With VISNYK_REAL_PACKAGE naming
the unpacked real package, its tokenizer and vocabulary are used.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench._copying_model import make
from bench._stock import peak_memory
from translations.engines.argos import BEAM

if TYPE_CHECKING:
    from collections.abc import Callable

    from translations.engines.packages import Package

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, HEADLINES, ONE_BY_ONE, FEW = 3, 240, 24, 20
ARMS = ("theirs", "ours", "theirs-few", "ours-few")
HELD_TO = (
    "held to: 12 x the headlines a second, no more memory, 6 x for a whole process with 20 headlines, checks < 5 %"
)


def main() -> int:
    """Prints the medians of the rounds."""
    from translations.engines.packages import read, vocabulary

    with tempfile.TemporaryDirectory() as folder:
        named = os.environ.get("VISNYK_REAL_PACKAGE")
        source = read(Path(named)) if named else _demo(Path(folder))
        package = make(source.tokenizer, sorted(vocabulary(source)), Path(folder) / "packages" / "translate-uk_en")
        if stock := os.environ.get("VISNYK_STOCK_PYTHON"):
            subprocess.run([stock, ROOT / "bench" / "_stock.py", package], check=True, capture_output=True)
        rounds = [{arm: _run(arm, package) for arm in ARMS} for _ in range(ROUNDS)]
    _tell(rounds, is_real=bool(stock))
    return 0


def _tell(rounds: list[dict[str, dict[str, float]]], *, is_real: bool) -> None:
    def median(figure: Callable[[dict[str, dict[str, float]]], float]) -> float:
        return statistics.median(map(figure, rounds))

    speed = median(lambda each: each["ours"]["rate"] / each["theirs"]["rate"])
    cpu = median(lambda each: each["ours"]["per_cpu"] / each["theirs"]["per_cpu"])
    whole = median(lambda each: each["theirs-few"]["wall"] / each["ours-few"]["wall"])
    peaks = [statistics.median(each[arm]["peak"] for each in rounds) / 1024 for arm in ("ours", "theirs")]
    equal = min(each[arm]["equal"] for each in rounds for arm in each)
    print(f"headlines a second: {speed:.1f} x; headlines for the same CPU time: {cpu:.1f} x")
    print(f"whole process, {FEW} headlines: {whole:.1f} x; copied right: {100 * equal:.0f} %")
    print(f"peak memory: {peaks[0]:.0f} MB against {peaks[1]:.0f} MB{'' if is_real else ', a lower bound of a user'}")
    print(f"preparation, choice and checks: {100 * median(lambda each: each['ours']['checks']):.1f} % of the decoding")
    print(f"theirs: {'argostranslate with all it needs' if is_real else 'without Stanza and torch, which a user has'}")
    print(HELD_TO)


def _demo(folder: Path) -> Package:
    from translations.engines.install import import_file

    return import_file(ROOT / "demo" / "translate-uk_en-demo.argosmodel", where=folder, probe=lambda _: None)


def _run(arm: str, package: Path) -> dict[str, float]:
    texts = _texts(FEW if arm.endswith("-few") else ONE_BY_ONE if arm == "theirs" else HEADLINES)
    stock = arm.startswith("theirs")
    interpreter = (os.environ.get("VISNYK_STOCK_PYTHON") if stock else None) or sys.executable
    asked = {"package": str(package), "texts": texts, "beam": BEAM, "warm": not arm.endswith("-few")}
    began = time.perf_counter()
    done = subprocess.run(
        [interpreter, *([ROOT / "bench" / "_stock.py"] if stock else ["-m", "bench.translate"])],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, input=json.dumps(asked), text=True,
    )  # fmt: skip
    whole = time.perf_counter() - began
    told = json.loads(done.stdout.splitlines()[-1])
    same = sum(_words(text) == _words(result) for text, result in zip(texts, told["results"], strict=True))
    done_by = {"rate": told["wall"], "per_cpu": told["cpu"]}
    return {name: len(texts) / seconds for name, seconds in done_by.items()} | {
        "equal": same / len(texts),
        "checks": told.get("checks", 0) * len(texts) / told["cpu"],
        "peak": told["peak"],
        "wall": whole,
    }


def _texts(number: int) -> list[str]:
    from demo.headlines import generate

    return [pair.uk for pair in generate(5, 2 * HEADLINES) if pair.kind == "title"][:number]


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def _ours(package: Path, texts: list[str], *, warm: bool) -> dict[str, Any]:
    """In a process of its own: our engine."""
    from translations.engines.argos import ArgosTranslator
    from translations.engines.packages import read

    translator = ArgosTranslator(read(package))
    if warm:
        translator.translate(texts[:2])
    wall, cpu = time.perf_counter(), time.process_time()
    results = [rendering.text or "" for rendering in translator.translate(texts)]
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "results": results}
    peak = peak_memory()
    return told | {"peak": peak, "checks": _checks() + _preparation(package, texts) if warm else 0}


def _preparation(package: Path, texts: list[str]) -> float:
    """CPU seconds for one headline of making pieces of it, and text of as many results as are asked for."""
    from translations.engines.argos import codec_of
    from translations.engines.packages import read
    from translations.engines.preparation import prepare

    codec = codec_of(read(package))
    began = time.process_time()
    for text in texts:
        pieces = codec.encode(prepare(text))
        for _ in range(BEAM):
            codec.decode(pieces)
    return (time.process_time() - began) / len(texts)


def _checks() -> float:
    """CPU seconds for one headline of all that is done but decoding, with five good results to choose from."""
    from core.model import Rendering
    from demo.headlines import generate
    from translations.rerank import careful

    pairs = [pair for pair in generate(6, 2 * HEADLINES) if pair.kind == "title"][:HEADLINES]
    english = {pair.uk: pair.en for pair in pairs}

    class Known:
        engine, model, signs = "known", "1", ()

        def reads_better(self, *_: str) -> bool:
            return False

        def hypotheses(self, texts: list[str], **_: bool) -> list[list[Rendering]]:
            return [[Rendering(english.get(text, "Communities"))] * 5 for text in texts]

    from translations.checks import check

    translator = careful(Known())
    translator.translate(["Громади"])  # reads the tables
    began = time.process_time()
    for pair, done in zip(pairs, translator.translate([pair.uk for pair in pairs]), strict=True):
        check(pair.uk, done.text)  # as the ledger does once more
    return (time.process_time() - began) / len(pairs)


if __name__ == "__main__":
    request = json.load(sys.stdin)
    print(json.dumps(_ours(Path(request["package"]), request["texts"], warm=request["warm"])))
