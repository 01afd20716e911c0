"""Argos packages run by CTranslate2 in batches on all cores; the only module that imports either.

Argos's own `translate` is passed by: its sentence splitter asks a server at every start, and it translates one text
after the other. From it come the package format and the tokenizers.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from core.errors import ModelError
from core.model import Rendering
from translations.engines import packages, shortlist
from translations.engines.batching import batches
from translations.engines.low_confidence import least_confident
from translations.engines.sentences import join, prepare, segments
from translations.placeholders import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translations.engines.packages import Package

BEAM = 5  # also the number of results that are chosen from
RETRY_PATIENCE = 2  # of the search for results of low confidence; see `low_confidence`
BATCH_TOKENS = 384  # fastest on two cores up to 512; with five results kept, more needs more memory than Argos itself
LENGTH_PENALTY = 0.2  # Argos's own
MAX_SOURCE = 200  # tokens of one segment; a longer one is cut, because quality falls and position tables end
MAX_TARGET = 250  # for the longest sources; a result that does not end keeps its whole batch waiting
OPTIONS = {
    "beam_size": BEAM, "num_hypotheses": BEAM, "length_penalty": LENGTH_PENALTY, "disable_unk": True,
    "return_scores": True, "asynchronous": True, "max_batch_size": 0, "use_vmap": True,
}  # fmt: skip
# Only after a loop: it harms names that come twice. Together with a shortlist it gave other results (31 of 1,200).
NO_REPEATS = {"no_repeat_ngram_size": 3, "repetition_penalty": 1.2, "use_vmap": False}
_HYPHEN = "@-@"  # Moses's mark of a split hyphen, in the vocabulary of models that were trained with it
_END_MARK = "</s>"


class Codec(Protocol):
    """From text to the pieces that a model reads, and back."""

    def encode(self, text: str) -> list[str]:
        """Return the pieces of a prepared text."""
        ...

    def decode(self, pieces: Sequence[str]) -> str:
        """Return the text of pieces."""
        ...


class MosesCodec:
    """Moses tokens cut by a byte-pair encoding, hyphens split when the model was trained so.

    Argos's tokenizer never splits them, which hides `онлайн-форум` from a model that knows `онлайн @-@ форум`.
    """

    def __init__(self, package: Package, *, split_hyphens: bool) -> None:
        """Raises OSError or ValueError when the encoding cannot be read."""
        from argostranslate.tokenizer import BPETokenizer

        self._argos = BPETokenizer(package.tokenizer, package.from_code, package.to_code)
        self._argos.lazy_load()
        self._split_hyphens = split_hyphens

    def encode(self, text: str) -> list[str]:
        """Return the pieces; all but the last of a word end in `@@`."""
        normal = self._argos.normalizer.normalize(text)
        tokens = self._argos.tokenizer.tokenize(normal, aggressive_dash_splits=self._split_hyphens)
        return list(self._argos.bpe_source.segment_tokens(tokens))

    def decode(self, pieces: Sequence[str]) -> str:
        """Return words joined, escapes undone, punctuation attached."""
        joined = " ".join(pieces).replace("@@ ", "").replace(f" {_HYPHEN} ", "-")
        return str(self._argos.detokenizer.detokenize(joined.split()))


class SentencePieceCodec:
    """The tokenizer of newer packages."""

    def __init__(self, package: Package) -> None:
        """Raises OSError or RuntimeError when the model cannot be read."""
        from argostranslate.tokenizer import SentencePieceTokenizer

        self._argos = SentencePieceTokenizer(package.tokenizer)
        self._argos.lazy_processor()

    def encode(self, text: str) -> list[str]:
        """Return the pieces; the first of a word begins with `▁`."""
        return list(self._argos.encode(text))

    def decode(self, pieces: Sequence[str]) -> str:
        """Return the text, with plain spaces."""
        return str(self._argos.decode(list(pieces))).strip()


def codec_of(package: Package) -> Codec:
    """Return the package's tokenizer, chosen as Argos chooses it. Raises ModelError naming the file."""
    try:
        if package.tokenizer.name == "sentencepiece.model":
            return SentencePieceCodec(package)
        vocabularies = package.model.glob("*vocabulary.json")
        knows_hyphens = any(f'"{_HYPHEN}"' in file.read_text(encoding="utf-8") for file in vocabularies)
        return MosesCodec(package, split_hyphens=knows_hyphens)
    except SystemExit as error:  # apply_bpe leaves the whole process at a bad line
        raise _damaged(package, ValueError(f"{package.tokenizer.name} is no byte-pair encoding")) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise _damaged(package, error) from error


class ArgosTranslator:
    """A loaded package."""

    engine = "argos"

    def __init__(self, package: Package, threads: int = 0) -> None:
        """Loads the model; `threads` 0 is one for each core. Raises ModelError naming the package."""
        import ctranslate2

        self.model = package.identity
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._package, self._threads = package, threads or cores
        self._codec = codec_of(package)
        _keep_memory()
        try:
            files = {file.name: file.read_bytes() for file in package.model.iterdir() if file.is_file()}
            if "vmap.txt" not in files:
                files["vmap.txt"] = shortlist.table(*packages.vocabularies(package)).encode()
            # One thread a translation: two on so small a product only wait for each other.
            self._translator: Any = ctranslate2.Translator(
                str(package.model), compute_type="auto", inter_threads=self._threads, intra_threads=1,
                files=files,
            )  # fmt: skip
        except (OSError, ValueError, RuntimeError, MemoryError) as error:
            raise _damaged(package, error) from error

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """Return the placeholders that the package knows as one piece, so that they go through it unharmed."""
        return tuple(sign for sign in SIGNS if self._cost(sign) == (0, 1))

    def should_write_out(self, written: str, full: str) -> bool:
        """Return whether `full` is no longer than `written` in the package's pieces, and no less known to it."""
        return self._cost(full) <= self._cost(written)

    def _cost(self, text: str) -> tuple[int, int]:
        pieces = self._codec.encode(text)
        return sum(piece not in self._vocabulary for piece in pieces), len(pieces)

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return packages.vocabulary(self._package)

    def translate(self, texts: list[str]) -> list[Rendering]:
        """Return one rendering for each text, in order; a lead is translated sentence by sentence in the same batches.

        Raises ModelError when the engine broke as a whole.
        """
        parts = [segments(prepare(text)) for text in texts]
        results = iter(self.hypotheses([part for segmented in parts for part in segmented]))
        return [join([next(results)[0] for _ in segmented]) for segmented in parts]

    def hypotheses(self, texts: list[str], *, no_repeats: bool = False) -> list[list[Rendering]]:
        """Return BEAM renderings of each prepared sentence or headline, the surest first.

        `no_repeats` keeps the engine from repeating itself. Raises ModelError when the engine broke as a whole.
        """
        parts = [list(_bounded(self._codec.encode(text))) for text in texts]
        sources = [piece for pieces in parts for piece in pieces]
        options = NO_REPEATS if no_repeats else {}
        found = self._run(sources, options)
        again = least_confident([each[0].score for each in found])
        retried = self._run([sources[at] for at in again], {**options, "patience": RETRY_PATIENCE})
        better = dict(zip(again, retried, strict=True))
        results = iter([better.get(at, each) for at, each in enumerate(found)])
        taken = [[next(results) for _ in pieces] for pieces in parts]
        # Of a long sentence the n-th results of its parts are joined.
        return [
            each[0] if len(each) == 1 else [join(list(nth)) for nth in zip(*each, strict=False)] or [join([])]
            for each in taken
        ]

    def _run(self, sources: list[list[str]], options: Mapping[str, float]) -> list[list[Rendering]]:
        """Hand over all batches at once; while one is decoded, the results of others become text."""
        if not sources:
            return []
        limit = min(MAX_TARGET, 2 * max(map(len, sources)) + 20)
        options = {**OPTIONS, **options, "max_decoding_length": limit}
        results: list[list[Rendering]] = [[]] * len(sources)
        try:
            asked = [
                (places, self._translator.translate_batch([sources[at] for at in places], **options))
                for places in batches([len(source) + 1 for source in sources], BATCH_TOKENS, self._threads)
            ]
            for places, found in asked:
                for at, one in zip(places, found, strict=True):
                    result = one.result()
                    scored = zip(result.hypotheses, result.scores, strict=True)
                    results[at] = [self._rendering(pieces, score, limit) for pieces, score in scored]
        except (RuntimeError, ValueError, MemoryError) as error:
            raise ModelError(f"the translation engine broke with {self.model}: {error}") from error
        return results

    def _rendering(self, pieces: list[str], score: float, limit: int) -> Rendering:
        if len(pieces) >= limit:
            return Rendering(None, error=f"the engine did not come to an end within {limit} tokens", endless=True)
        text = self._codec.decode(pieces)
        if not text:
            return Rendering(None, error="the engine gave no text")
        tokens = len(pieces) + 1  # the end of the sentence has a probability too
        return Rendering(text, score=score * tokens**LENGTH_PENALTY / tokens)


def _bounded(pieces: list[str]) -> Iterator[list[str]]:
    """Cut into runs of at most MAX_SOURCE pieces, between words where there is a place to cut."""

    def is_between_words(before: str, after: str) -> bool:
        return after.startswith("▁") or not (before.endswith("@@") or "▁" in before)

    while len(pieces) > MAX_SOURCE:
        cut = next((n for n in range(MAX_SOURCE, 0, -1) if is_between_words(pieces[n - 1], pieces[n])), MAX_SOURCE)
        yield pieces[:cut]
        pieces = pieces[cut:]
    if pieces:
        yield pieces


def _damaged(package: Package, error: BaseException) -> ModelError:
    return ModelError(f"translation package at {package.path} cannot be loaded: {error}; {packages.HOW_TO_GET}")


def _keep_memory() -> None:
    """Let the C library keep what a decoding step frees, for the next step asks for as much: 7 % less work.

    Only glibc can be told so (mallopt: one arena, 32 MB before a piece is mapped by itself, 1 GB before any goes back).
    """
    import ctypes

    tell = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if tell:
        for setting, value in ((-8, 1), (-3, 32 << 20), (-1, 1 << 30)):
            tell(setting, value)


def load() -> ArgosTranslator:
    """Return the installed package, ready to translate. Raises ModelError saying what to do when there is none."""
    return ArgosTranslator(packages.find())


def probe(package: Package) -> None:
    """Translate a word to see that the package works. Raises ModelError."""
    rendering = ArgosTranslator(package, threads=1).translate(["Громади"])[0]
    if rendering.text is None:
        raise ModelError(f"translation package at {package.path} does not translate: {rendering.error}")
