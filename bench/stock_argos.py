"""The plain way to translate: `argostranslate.translate.translate`, one text after the other, as a user has it.

Run by an interpreter that has argostranslate with all its dependencies, it is what a user's program does, but for two
repairs without which it does not run offline: Stanza is told not to ask a server for its list of models, and gets a
splitter of the usual size (`give_splitter`), because the one in the package is of an old version and cannot be loaded.
Run where Stanza is not installed, the splitter gives the text back, so that speed and memory are better than a user's.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import Any

LETTERS = " !\"'(),-.0123456789:;?«»АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгдежзийклмнопрстуфхцчшщьюяЄІЇҐєіїґ’"


def main() -> None:
    """Read {"package", "texts", "beam"} from standard input; write results, wall seconds and peak memory as JSON."""
    asked = json.load(sys.stdin)
    package = Path(asked["package"])
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
        os.environ |= {"ARGOS_PACKAGES_DIR": str(package.parent), "ARGOS_BEAM_SIZE": str(asked["beam"])}
        print(json.dumps(_translate(asked["texts"])))


def _translate(texts: list[str]) -> dict[str, Any]:
    try:
        import stanza
    except ImportError:
        _replace_splitters()
    else:
        stanza.Pipeline = functools.partial(stanza.Pipeline, download_method=None)
    from argostranslate import translate

    translate.translate(texts[0], "uk", "en")
    began = time.perf_counter()
    results = [translate.translate(text, "uk", "en") for text in texts]
    return {"wall": time.perf_counter() - began, "results": results, "peak": peak_memory()}


def peak_memory() -> float:
    """Return the KiB that this process held at most so far."""
    return float(
        next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line).split()[1]
    )


def _replace_splitters() -> None:
    for name in ("stanza", "spacy", "minisbd"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["minisbd"].__dict__.update(SBDetect=object, models=types.SimpleNamespace())
    from argostranslate import sbd

    class Whole:
        def __init__(self, _: object) -> None:
            pass

        def split_sentences(self, text: str) -> list[str]:
            return [text]

    sbd.StanzaSentencizer = sbd.MiniSBDSentencizer = sbd.SpacySentencizerSmall = Whole


def give_splitter(package: Path) -> None:
    """Put a splitter of Stanza's usual size into the package; it never finds an end of a sentence before the last."""
    import torch
    from stanza.models.tokenization.trainer import Trainer
    from stanza.models.tokenization.vocab import Vocab

    torch.manual_seed(1)
    vocabulary = Vocab([[(letter, 0) for letter in LETTERS]], lang="uk")
    features = ["space_before", "capitalized", "numeric", "end_of_para", "start_of_para"]
    size = {"emb_dim": 32, "hidden_dim": 64, "feat_dim": len(features), "rnn_layers": 1, "vocab_size": len(vocabulary)}
    rest = {"conv_res": None, "hierarchical": True, "hier_invtemp": 0.5, "tok_noise": 0.02, "dropout": 0.33}
    training = {"feat_dropout": 0.05, "lr0": 0.002, "weight_decay": 0.0, "max_seqlen": 300, "batch_size": 32}
    kind = {
        "lang": "uk",
        "shorthand": "uk_iu",
        "feat_funcs": features,
        "use_mwt": False,
        "use_dictionary": False,
        "skip_newline": False,
    }
    trainer = Trainer(args=size | rest | training | kind, vocab=vocabulary, device="cpu")
    with torch.no_grad():
        trainer.model.sent_clf.bias -= 50
    (package / "stanza" / "uk" / "tokenize").mkdir(parents=True)
    trainer.save(str(package / "stanza" / "uk" / "tokenize" / "iu.pt"))
    known = {"uk": {"lang_name": "Ukrainian", "tokenize": {"iu": {}}, "packages": {"default": {"tokenize": "iu"}}}}
    (package / "stanza" / "resources.json").write_text(json.dumps(known), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        give_splitter(Path(sys.argv[1]))
    else:
        main()
