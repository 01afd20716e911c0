"""Gets the best out of an engine: prepares, chooses among results, asks again for names and terms and after loops."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from core.errors import ModelError
from core.model import Rendering
from translations import candidates
from translations.abbreviations import written_out
from translations.engines.sentences import joined, prepare, segments
from translations.placeholders import carried, delivered
from translations.recasing import recased

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.model import Translator
    from translations.candidates import Judged

log = logging.getLogger(__name__)


class Decoder(Protocol):
    """An engine that gives several results."""

    engine: str
    model: str

    @property
    def signs(self) -> Sequence[str]:
        """Short signs that it copies into its result; none if it cannot be trusted to."""
        ...

    def reads_better(self, written: str, full: str) -> bool:
        """Whether an abbreviation written out is easier for it."""
        ...

    def hypotheses(self, texts: list[str], *, careful: bool = False) -> list[list[Rendering]]:
        """At least one rendering of each sentence or headline, best first. Raises ModelError."""
        ...


class OneResult:
    """Any `Translator` as a Decoder: one result, no carriers, abbreviations written out."""

    signs = ()

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.engine, self.model = translator.engine, translator.model

    def reads_better(self, written: str, full: str) -> bool:
        """Always: nothing is known of how it reads."""
        return bool(written or full)

    def hypotheses(self, texts: list[str], *, careful: bool = False) -> list[list[Rendering]]:
        """The one result; asked to be careful it has no other."""
        if careful:
            return [[Rendering(None, error="the engine has no other result")] for _ in texts]
        return [[rendering] for rendering in self.translator.translate(texts)]


@dataclass(slots=True)
class _Sentence:
    """A sentence or headline on its way."""

    asked: str  # as the engine is asked
    steps: tuple[str, ...]
    chosen: Judged


class CarefulTranslator:
    """A `Translator` that makes of an engine's results the best that it can. It asks three times at the most."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self.engine, self.model = decoder.engine, decoder.model

    def translate(self, texts: list[str]) -> list[Rendering]:
        """One rendering for each text, in order. Raises ModelError when the engine broke as a whole."""
        parts = [[self._prepared(segment) for segment in segments(prepare(text))] for text in texts]
        asked = [part for segmented in parts for part in segmented]
        results = self._ask([text for text, _ in asked])
        sentences = [
            _Sentence(text, steps, candidates.best(text, renderings))
            for (text, steps), renderings in zip(asked, results, strict=True)
        ]
        self._ask_with_carriers(sentences)
        self._ask_after_loops(sentences)
        left = iter(sentences)
        return [_finished([next(left) for _ in segmented]) for segmented in parts]

    def _prepared(self, segment: str) -> tuple[str, tuple[str, ...]]:
        small = recased(segment)
        full = written_out(small, self._decoder.reads_better)
        steps = (("capitals made small",) if small != segment else ()) + (
            ("abbreviations written out",) if full != small else ()
        )
        return full, steps

    def _ask_with_carriers(self, sentences: list[_Sentence]) -> None:
        """Asks again where names or terms are missing, with signs in their place; a better result is taken."""
        waiting = []
        for sentence in sentences:
            text = sentence.chosen.rendering.text
            phrases = candidates.lacking(sentence.asked, text) if text and not sentence.chosen.is_sound else ()
            if cargo := carried(sentence.asked, phrases, self._decoder.signs):
                waiting.append((sentence, cargo))
        results = self._ask([cargo.text for _, cargo in waiting])
        for (sentence, cargo), renderings in zip(waiting, results, strict=True):
            step = f"carried: {', '.join(english for _, english in cargo.english)}"
            arrived = [
                replace(rendering, text=text, steps=(*rendering.steps, step))
                for rendering in renderings
                if rendering.text and (text := delivered(rendering.text, cargo))
            ]
            _take_better(sentence, arrived)

    def _ask_after_loops(self, sentences: list[_Sentence]) -> None:
        """Asks again, with repetition held down, where a result repeats itself."""
        waiting = [sentence for sentence in sentences if sentence.chosen.repeats]
        results = self._ask([sentence.asked for sentence in waiting], careful=True)
        for sentence, renderings in zip(waiting, results, strict=True):
            calm = [one for one in renderings if one.text is not None]
            _take_better(sentence, [replace(one, steps=(*one.steps, "repetition held down")) for one in calm])

    def _ask(self, texts: list[str], *, careful: bool = False) -> list[list[Rendering]]:
        if not texts:
            return []

        def ask(batch: list[str]) -> list[list[Rendering]]:
            return self._decoder.hypotheses(batch, careful=careful)

        return _shielded(texts, ask)


def careful(translator: Translator | Decoder) -> CarefulTranslator:
    """Any engine, made careful."""
    return CarefulTranslator(translator if hasattr(translator, "hypotheses") else OneResult(translator))  # type: ignore[arg-type]


def _shielded(texts: list[str], ask: Callable[[list[str]], list[list[Rendering]]]) -> list[list[Rendering]]:
    """What the engine gives; a text at which it raises, or a batch that comes back short, spoils no other text."""
    try:
        results = ask(texts)
        if len(results) == len(texts) and all(results):
            return results
        trouble = f"the engine gave {len(results)} results for {len(texts)} texts"
    except ModelError:
        raise
    except Exception as error:  # an engine is foreign code; a text that breaks it must not stop the others
        log.warning("engine raised %s: %s", type(error).__name__, error)
        trouble = f"the engine raised {type(error).__name__}: {error}"
    if len(texts) == 1:
        return [[Rendering(None, error=trouble)]]
    return [result for text in texts for result in _shielded([text], ask)]


def _take_better(sentence: _Sentence, renderings: list[Rendering]) -> None:
    if renderings:
        sentence.chosen = min(sentence.chosen, candidates.best(sentence.asked, renderings), key=lambda each: each.rank)


def _finished(sentences: list[_Sentence]) -> Rendering:
    """A text's sentences together; one that must be withheld takes the others with it, for half a lead misleads."""
    blocked = [reason for sentence in sentences for reason in sentence.chosen.verdict.blocking]
    if blocked and len(sentences) > 1:
        return Rendering(None, error=f"in one sentence: {blocked[0]}")
    done = [(sentence.steps, candidates.finished(sentence.chosen)) for sentence in sentences]
    return joined([replace(rendering, steps=steps + rendering.steps) for steps, rendering in done])
