"""Headlines per second and peak memory: ours against `argostranslate.translate` one by one, on a model of real size.

    python -m bench translate

Both run the same package (see `_copying_model`) with the same beam on the same two cores. What argostranslate needs
beyond CTranslate2 (Stanza, spaCy, MiniSBD) is replaced by a splitter that gives the text back, so its figures are
better than a user's. With VISNYK_REAL_PACKAGE naming the unpacked real package, its tokenizer and vocabulary are used.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import TYPE_CHECKING

from bench._copying_model import make

if TYPE_CHECKING:
    from collections.abc import Callable

    from translations.packages import Package

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, HEADLINES, ONE_BY_ONE, FEW = 3, 240, 24, 20
HELD_TO = (
    "held to: 12 x the headlines a second, no more memory, 6 x for a whole process with 20 headlines, checks < 5 %"
)


def main() -> int:
    """Prints the medians of the rounds."""
    from translations.packages import read, vocabulary

    with tempfile.TemporaryDirectory() as folder:
        named = os.environ.get("VISNYK_REAL_PACKAGE")
        source = read(Path(named)) if named else _demo(Path(folder))
        package = make(source.tokenizer, sorted(vocabulary(source)), Path(folder) / "packages" / "translate-uk_en")
        rounds = [
            {arm: _run(arm, package) for arm in ("theirs", "ours", "theirs-few", "ours-few")} for _ in range(ROUNDS)
        ]

    def median(figure: Callable[[dict[str, dict[str, float]]], float]) -> float:
        return statistics.median(map(figure, rounds))

    speed = median(lambda each: each["ours"]["rate"] / each["theirs"]["rate"])
    cpu = median(lambda each: each["ours"]["per_cpu"] / each["theirs"]["per_cpu"])
    whole = median(lambda each: each["theirs-few"]["wall"] / each["ours-few"]["wall"])
    peaks = [statistics.median(each[arm]["peak"] for each in rounds) / 1024 for arm in ("ours", "theirs")]
    equal = min(each[arm]["equal"] for each in rounds for arm in each)
    print(f"headlines a second: {speed:.1f} x; headlines for the same CPU time: {cpu:.1f} x")
    print(f"whole process, {FEW} headlines: {whole:.1f} x; copied right: {100 * equal:.0f} %")
    print(f"peak memory: {peaks[0]:.0f} MB against {peaks[1]:.0f} MB (which lacks the Stanza and torch of a user)")
    print(f"preparation, choice and checks: {100 * median(lambda each: each['ours']['checks']):.1f} % of the decoding")
    print(HELD_TO)
    return 0


def _demo(folder: Path) -> Package:
    from translations.install import import_file

    return import_file(ROOT / "demo" / "translate-uk_en-demo.argosmodel", where=folder, probe=lambda _: None)


def _run(arm: str, package: Path) -> dict[str, float]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.translate", arm, str(package)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told | {"wall": time.perf_counter() - began}


def _arm(arm: str, path: Path) -> dict[str, float]:
    """In a process of its own: one arm."""
    from demo.headlines import generate

    texts = [pair.uk for pair in generate(5, 2 * HEADLINES) if pair.kind == "title"][:HEADLINES]
    few = arm.endswith("-few")
    texts = texts[:FEW] if few else texts[:ONE_BY_ONE] if arm == "theirs" else texts
    wall, cpu, results, checks = (_theirs if arm.startswith("theirs") else _ours)(path, texts, warm=not few)
    same = sum(_words(text) == _words(result) for text, result in zip(texts, results, strict=True))
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    return {"rate": len(texts) / wall, "per_cpu": len(texts) / cpu, "equal": same / len(texts),
            "checks": checks / cpu, "peak": float(peak.split()[1])}  # fmt: skip


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def _ours(path: Path, texts: list[str], *, warm: bool) -> tuple[float, float, list[str], float]:
    from translations.engine import ArgosTranslator
    from translations.packages import read

    translator = ArgosTranslator(read(path))
    if warm:
        translator.translate(texts[:2])
    wall, cpu = time.perf_counter(), time.process_time()
    results = [rendering.text or "" for rendering in translator.translate(texts)]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall, cpu, results, _checks() * len(texts) if warm else 0.0


def _checks() -> float:
    """CPU seconds for one headline of all that is done but decoding, with five good results to choose from."""
    from demo.headlines import generate
    from pipeline.model import Rendering
    from translations.careful import careful

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


def _theirs(path: Path, texts: list[str], *, warm: bool) -> tuple[float, float, list[str], float]:
    os.environ["ARGOS_PACKAGES_DIR"] = str(path.parent)
    for name in ("stanza", "spacy", "minisbd"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["minisbd"].__dict__.update(SBDetect=object, models=types.SimpleNamespace())
    from argostranslate import sbd, settings

    class Whole:
        def __init__(self, _: object) -> None:
            pass

        def split_sentences(self, text: str) -> list[str]:
            return [text]

    sbd.StanzaSentencizer = sbd.MiniSBDSentencizer = sbd.SpacySentencizerSmall = Whole
    from argostranslate import translate

    from translations.engine import BEAM

    settings.beam_size = BEAM
    if warm:
        translate.translate(texts[0], "uk", "en")
    wall, cpu = time.perf_counter(), time.process_time()
    results = [translate.translate(text, "uk", "en") for text in texts]
    return time.perf_counter() - wall, time.process_time() - cpu, results, 0.0


if __name__ == "__main__":
    print(json.dumps(_arm(sys.argv[1], Path(sys.argv[2]))))
