"""Row `translate`: headlines through our engine, and one by one through `argostranslate.translate`.

The usual size runs the demonstration model. The full size runs a model of the real one's size (see
`bench.inputs.copying_model`), whose tokenizer and vocabulary come from `--package` if that is given; with
`--stock-python` the plain way is what a user of argostranslate has (see `bench.stock_argos`), else Stanza, spaCy and
MiniSBD are left out, which makes it faster and smaller than that.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.inputs.copying_model import make
from bench.ratios import paired
from bench.stock_argos import peak_memory
from translations.engines.argos import BEAM

if TYPE_CHECKING:
    from bench.ratios import Options, Ratio

ROOT = Path(__file__).resolve().parent.parent
BOUND, FULL_BOUND, MEMORY_BOUND = 0.7, 1 / 6, 1.1


def measure(options: Options) -> list[Ratio]:
    """Return wall time for a headline and, at full size, peak memory, each arm in a process of its own."""
    headlines, one_by_one, rounds = options.pick((3, 2, 1), (240, 40, 3), (240, 24, 5))
    package = _package(options)
    pairs = [
        (_run(package, headlines, None), _run(package, one_by_one, options.stock_python or sys.executable))
        for _ in range(rounds)
    ]
    times = paired([(ours["wall"], plain["wall"]) for ours, plain in pairs])
    memory = paired([(ours["peak"], plain["peak"]) for ours, plain in pairs])
    full = options.size == "full"
    against = "argostranslate.translate, one by one, the same package and beam"
    row = times.row("translate", "ms a headline", per=1000, bound=FULL_BOUND if full else BOUND, against=against)
    more = memory.row("translate, memory", "MB peak", per=1 / 1024, bound=MEMORY_BOUND, against=against)
    return [row, more] if full else [row]


def _package(options: Options) -> Path:
    """Return the folder of the package that both arms load."""
    from translations.engines.install import import_file
    from translations.engines.packages import read, vocabulary

    if options.package is None:
        demo = ROOT / "demo" / "translate-uk_en-demo.argosmodel"
        source = import_file(demo, where=options.folder / "demo", probe=lambda _: None)
    else:
        source = read(options.package)
    if options.size != "full":
        return Path(source.path)
    package = make(source.tokenizer, sorted(vocabulary(source)), options.folder / "packages" / "translate-uk_en")
    if options.stock_python:
        command = [options.stock_python, str(ROOT / "bench" / "stock_argos.py"), str(package)]
        subprocess.run(command, check=True, capture_output=True)
    return package


def _run(package: Path, headlines: int, stock_python: str | None) -> dict[str, float]:
    """Return wall seconds a headline and peak KiB of one arm; ours where no interpreter is given."""
    from demo.headlines import generate

    titles = (pair.uk for pair in generate(5, 4 * headlines + 20) if pair.kind == "title")
    texts = [title for title, _ in zip(titles, range(headlines), strict=False)]
    asked = {"package": str(package), "texts": texts, "beam": BEAM}
    command = (
        [stock_python, str(ROOT / "bench" / "stock_argos.py")] if stock_python else [sys.executable, "-m", __name__]
    )
    done = subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, input=json.dumps(asked),
        text=True,
    )  # fmt: skip
    given = json.loads(done.stdout.splitlines()[-1])
    assert len(given["results"]) == len(texts)
    return {"wall": given["wall"] / len(texts), "peak": given["peak"]}


def _ours(package: Path, texts: list[str]) -> dict[str, Any]:
    """Translate in this process as `make translate` does, checks and choice among results included."""
    from translations.checks import check
    from translations.engines.argos import ArgosTranslator
    from translations.engines.packages import read
    from translations.rerank import with_reranking

    translator = with_reranking(ArgosTranslator(read(package)))
    translator.translate(texts[:2])
    began = time.perf_counter()
    results = [rendering.text or "" for rendering in translator.translate(texts)]
    for text, result in zip(texts, results, strict=True):
        check(text, result)  # as the ledger does once more
    return {"wall": time.perf_counter() - began, "results": results, "peak": peak_memory()}


if __name__ == "__main__":
    request = json.load(sys.stdin)
    print(json.dumps(_ours(Path(request["package"]), request["texts"])))
