"""Argos packages for the tests: the demonstration model, and one made on the spot."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translations.engines.install import import_file

if TYPE_CHECKING:
    from translations.engines.packages import Package

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo" / "translate-uk_en-demo.argosmodel"


def install_demo(folder: Path) -> Package:
    """The demonstration model, unpacked below `folder`."""
    return import_file(DEMO, where=folder, probe=lambda _: None)


def metadata(**changes: str) -> dict[str, str]:
    plain = {"package_version": "1.9", "argos_version": "1.9.0", "from_code": "uk", "to_code": "en"}
    return {**plain, **changes}


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def hollow_files(top: str = "translate-uk_en-1_9/", **changes: str) -> dict[str, bytes]:
    """A package in form only: every file is there, none can be loaded."""
    return {
        f"{top}metadata.json": json.dumps(metadata(**changes)).encode(),
        f"{top}bpe.model": b"#version: 0.2\n",
        f"{top}model/config.json": b"{}",
        f"{top}model/model.bin": b"weights",
        f"{top}model/shared_vocabulary.json": b"[]",
    }


def chain_package(folder: Path, sentence: str, *, ends: bool = True) -> Path:
    """A SentencePiece package whose model says `sentence` whatever it is asked, and says it for ever unless `ends`.

    Its only weights are a table of which token follows which: embeddings are unit vectors, and the projection gives
    the successor of the last token the highest score.
    """
    import sentencepiece

    folder.mkdir(parents=True)
    (folder / "metadata.json").write_text(json.dumps(metadata(package_version="2.0")), encoding="utf-8")
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([sentence, "Громади отримають кошти", "Рада ухвалила рішення"] * 20),
        user_defined_symbols=[f"▁{word}" for word in sentence.split()],  # one piece a word, so that none comes twice
        model_writer=trained, vocab_size=60, hard_vocab_limit=False, minloglevel=2, num_threads=1,
    )  # fmt: skip
    (folder / "sentencepiece.model").write_bytes(trained.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=trained.getvalue())
    pieces = processor.encode(sentence, out_type=str)
    vocabulary = [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
    _chain_model(vocabulary, [*pieces, "</s>" if ends else pieces[0]], folder / "model")
    return folder


def _chain_model(vocabulary: list[str], chain: list[str], path: Path) -> None:
    import ctranslate2
    import numpy

    width = 8 * (len(vocabulary) // 8 + 1)
    table = numpy.zeros((len(vocabulary), width), dtype=numpy.float32)
    for number in range(len(vocabulary)):
        table[number, number] = 1
    follows = numpy.zeros_like(table)
    for before, after in pairwise(chain):
        follows[vocabulary.index(after), vocabulary.index(before)] = 10
    first = numpy.zeros(len(vocabulary), dtype=numpy.float32)
    first[vocabulary.index(chain[0])] = 10

    class Chain(ctranslate2.converters.Converter):  # type: ignore[misc]  # ctranslate2 has no types
        def _load(self) -> Any:
            spec = ctranslate2.specs.TransformerSpec.from_config((1, 1), 1, pre_norm=True)
            _fill(spec, width)
            spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = table
            spec.decoder.start_from_zero_embedding = True
            spec.decoder.projection.weight, spec.decoder.projection.bias = follows, first
            spec.register_source_vocabulary(vocabulary)
            spec.register_target_vocabulary(vocabulary)
            spec.config.add_source_eos = True
            return spec

    Chain().convert(str(path))


def _fill(spec: Any, width: int) -> None:
    """Layers that change nothing: all weights zero, norms plain."""
    import numpy

    def zeros(*shape: int) -> Any:
        return numpy.zeros(shape, dtype=numpy.float32)

    for side in (spec.encoder, spec.decoder):
        side.position_encodings.encodings = zeros(512, width)
        side.layer_norm.gamma, side.layer_norm.beta = zeros(width) + 1, zeros(width)
        for layer in side.layer:
            parts = [layer.self_attention, layer.ffn] + ([layer.attention] if side is spec.decoder else [])
            for part in parts:
                part.layer_norm.gamma, part.layer_norm.beta = zeros(width) + 1, zeros(width)
            _linears(layer.self_attention.linear, (3 * width, width), width, zeros)
            _linears([layer.ffn.linear_0, layer.ffn.linear_1], (width, width), width, zeros)
            if side is spec.decoder:
                _linears(layer.attention.linear, (width, 2 * width, width), width, zeros)


def _linears(linears: Any, heights: tuple[int, ...], width: int, zeros: Any) -> None:
    for linear, height in zip(linears, heights, strict=True):
        linear.weight, linear.bias = zeros(height, width), zeros(height)
