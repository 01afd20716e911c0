"""A package of the real one's size whose model copies its input: speed is honest, and every output can be checked.

Layers, width, heads and vocabulary are those of `translate-uk_en` 1.9 (6+6, 512, 8, 61,997 pieces, int8). All layers
but the last cross-attention are random and change next to nothing; that one looks from each place of the result to the
same place of the source, and from behind its end to the end. Dense products cost the same whatever the numbers are.

What does matter for speed is how many steps a search takes. A trained model's five results differ in length by at
most two pieces (1 on average in 240 headlines of the demonstration model) and each of its pieces has a probability of
about 0.8 to 0.9; so have this one's. Were nothing said behind the end, a search would wander there for 20 steps.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

LAYERS, WIDTH, HEADS, INNER, PIECES = 6, 512, 8, 2048, 61_997
PLACES = WIDTH // HEADS - 1  # dimensions that tell the place
CONTENT, END = WIDTH - PLACES - 1, WIDTH - 1  # those before tell the piece, the last tells the end of the sentence
SHARP, LOUD, FAINT = 2.5, 4.0, 0.002
FLAG, CALL = 0.3, 12.5  # the end is half as attractive as the right place, and more than any wrong one
CLEAR = 0.64  # how far the right piece stands out: mean log-probability about -0.2


def make(tokenizer: Path, vocabulary: list[str], folder: Path) -> Path:
    """Make a package at `folder` with that byte-pair encoding and vocabulary, filled up to PIECES."""
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
    table[pieces.index("</s>"), END] = FLAG
    places = numpy.zeros((512, WIDTH), numpy.float32)
    places[:, CONTENT:END] = random.choice([-1, 1], (512, PLACES))
    for side in (spec.encoder, spec.decoder):
        side.position_encodings.encodings = places
        for layer in side.layer:
            _faint(layer, random, decoder=side is spec.decoder)
    _copy(spec.decoder.layer[-1])
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


def _copy(layer: Any) -> None:
    """Let each head ask for the place or the end; seven of eight carry the piece, and the piece before is forgotten."""
    import numpy

    place = numpy.zeros((PLACES + 1, WIDTH), numpy.float32)
    place[:, CONTENT:] = numpy.eye(PLACES + 1) * SHARP
    call = numpy.array([0.0] * PLACES + [CALL], numpy.float32)
    content = numpy.diag([1.0] * CONTENT + [0.0] * (PLACES + 1)).astype(numpy.float32)
    attention = layer.attention
    layer.self_attention.layer_norm.gamma[:CONTENT] = 0
    attention.linear[0].weight = numpy.tile(place, (HEADS, 1))
    attention.linear[0].bias = numpy.tile(call, HEADS)
    attention.linear[1].weight = numpy.concatenate([numpy.tile(place, (HEADS, 1)), content])
    attention.linear[2].weight = content * LOUD
    layer.ffn.layer_norm.gamma *= CLEAR
