"""A package of the real one's size whose model copies its input: speed is honest, and every output can be checked.

Layers, width, heads and vocabulary are those of `translate-uk_en` 1.9 (6+6, 512, 8, 61,997 pieces, int8). All layers
but the last cross-attention are random and change next to nothing; that one looks from each place of the result to the
same place of the source. Dense products cost the same whatever the numbers are.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

LAYERS, WIDTH, HEADS, INNER, PIECES = 6, 512, 8, 2048, 61_997
PLACES = 64  # dimensions that tell the place; the others tell the piece
CONTENT = WIDTH - PLACES
SHARP, LOUD, FAINT = 2.5, 4.0, 0.002


def make(tokenizer: Path, vocabulary: list[str], folder: Path) -> Path:
    """A package at `folder` with that byte-pair encoding and vocabulary, filled up to PIECES."""
    import ctranslate2

    pieces = vocabulary + [f"<pad{number}>" for number in range(PIECES - len(vocabulary))]
    folder.mkdir(parents=True)
    shutil.copy(tokenizer, folder / "bpe.model")
    about = {"package_version": "0", "argos_version": "1.9.0", "from_code": "uk", "to_code": "en"}
    (folder / "metadata.json").write_text(json.dumps(about | {"from_name": "Ukrainian", "to_name": "English"}))

    class Copying(ctranslate2.converters.Converter):  # type: ignore[misc]
        def _load(self) -> Any:
            return _spec(pieces)

    Copying().convert(str(folder / "model"), quantization="int8")
    return folder


def _spec(pieces: list[str]) -> Any:
    import ctranslate2
    import numpy

    random = numpy.random.default_rng(1)
    spec = ctranslate2.specs.TransformerSpec.from_config(
        (LAYERS, LAYERS), HEADS, pre_norm=False, activation=ctranslate2.specs.Activation.SWISH
    )
    table = numpy.zeros((len(pieces), WIDTH), numpy.float32)
    table[:, :CONTENT] = random.standard_normal((len(pieces), CONTENT)) / WIDTH**0.5
    places = numpy.zeros((512, WIDTH), numpy.float32)
    places[:, CONTENT:] = random.choice([-1, 1], (512, PLACES))
    for side in (spec.encoder, spec.decoder):
        side.position_encodings.encodings = places
        for layer in side.layer:
            _faint(layer, random, decoder=side is spec.decoder)
    _copy(spec.decoder.layer[-1].attention)
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = spec.decoder.projection.weight = table
    spec.decoder.projection.bias = numpy.zeros(len(pieces), numpy.float32)
    spec.decoder.start_from_zero_embedding = True
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.add_source_eos = True
    return spec


def _faint(layer: Any, random: Any, *, decoder: bool) -> None:
    """Random weights whose result is lost beside what passes by."""
    import numpy

    def fill(linear: Any, height: int, width: int, scale: float) -> None:
        linear.weight = (random.standard_normal((height, width)) * scale).astype(numpy.float32)
        linear.bias = numpy.zeros(height, numpy.float32)

    attentions: list[tuple[Any, tuple[int, ...]]] = [(layer.self_attention, (3 * WIDTH, WIDTH))]
    attentions += [(layer.attention, (WIDTH, 2 * WIDTH, WIDTH))] if decoder else []
    for attention, heights in attentions:
        for linear, height in zip(attention.linear, heights, strict=True):
            fill(linear, height, WIDTH, FAINT)
    fill(layer.ffn.linear_0, INNER, WIDTH, FAINT)
    fill(layer.ffn.linear_1, WIDTH, INNER, FAINT)
    for part in (*(attention for attention, _ in attentions), layer.ffn):
        part.layer_norm.gamma = numpy.ones(WIDTH, numpy.float32)
        part.layer_norm.beta = numpy.zeros(WIDTH, numpy.float32)


def _copy(attention: Any) -> None:
    """Each head asks for the place; seven of the eight carry the piece."""
    import numpy

    place = numpy.zeros((PLACES, WIDTH), numpy.float32)
    place[:, CONTENT:] = numpy.eye(PLACES) * SHARP
    content = numpy.diag([1.0] * CONTENT + [0.0] * PLACES).astype(numpy.float32)
    attention.linear[0].weight = numpy.tile(place, (HEADS, 1))
    attention.linear[1].weight = numpy.concatenate([numpy.tile(place, (HEADS, 1)), content])
    attention.linear[2].weight = content * LOUD
