"""Reranking: the best of an engine's results is chosen, and it is asked again for names and terms and after loops."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from core.errors import ModelError
from core.model import Rendering
from translations import candidates
from translations.abbreviations import write_out
from translations.engines.sentences import join, prepare, segments
from translations.placeholders import mask, restore
from translations.recasing import recase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Translator
    from translations.candidates import Candidate

log = logging.getLogger(__name__)


class Decoder(Protocol):
    """An engine that gives several results."""

    engine: str
    model: str

    @property
    def signs(self) -> Sequence[str]:
        """Return short signs that it copies into its result; none if it cannot be trusted to."""
        ...

    def should_write_out(self, written: str, full: str) -> bool:
        """Return whether an abbreviation written out is easier for it."""
        ...

    def hypotheses(self, texts: list[str], *, no_repeats: bool = False) -> list[list[Rendering]]:
        """Return at least one rendering of each sentence or headline, best first. Raises ModelError."""
        ...


class SingleHypothesis:
    """Any `Translator` as a Decoder: one result, no placeholders, abbreviations written out."""

    signs = ()

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.engine, self.model = translator.engine, translator.model

    def should_write_out(self, written: str, full: str) -> bool:
        """Return True: nothing is known of how it reads."""
        return bool(written or full)

    def hypotheses(self, texts: list[str], *, no_repeats: bool = False) -> list[list[Rendering]]:
        """Return its one result of each text; asked for one without repeats it has no other."""
        if no_repeats:
            return [[Rendering(None, error="the engine has no other result")] for _ in texts]
        return [[rendering] for rendering in self.translator.translate(texts)]


@dataclass(slots=True)
class _Sentence:
    """A sentence or headline as the engine is asked, and the best result so far."""

    text: str
    steps: tuple[str, ...]
    chosen: Candidate

    def take_better(self, renderings: list[Rendering]) -> None:
        """Choose the best of the renderings if it is better than what was chosen."""
        if renderings:
            self.chosen = min(self.chosen, candidates.best(self.text, renderings), key=lambda each: each.rank)


class RerankingTranslator:
    """A `Translator` that makes of an engine's results the best that it can. It asks three times at the most."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self.engine, self.model = decoder.engine, decoder.model

    def translate(self, texts: list[str]) -> list[Rendering]:
        """Return one rendering for each text, in order. Raises ModelError when the engine broke as a whole."""
        parts = [[self._prepared(segment) for segment in segments(prepare(text))] for text in texts]
        asked = [part for segmented in parts for part in segmented]
        results = self._ask([text for text, _ in asked])
        sentences = [
            _Sentence(text, steps, candidates.best(text, renderings))
            for (text, steps), renderings in zip(asked, results, strict=True)
        ]
        self._retry_with_placeholders(sentences)
        repetitive = [sentence for sentence in sentences if sentence.chosen.is_repetitive]
        held_down = self._ask([sentence.text for sentence in repetitive], no_repeats=True)
        for sentence, renderings in zip(repetitive, held_down, strict=True):
            calm = [one for one in renderings if one.text is not None]
            sentence.take_better([replace(one, steps=(*one.steps, "repetition held down")) for one in calm])
        left = iter(sentences)
        return [_finished([next(left) for _ in segmented]) for segmented in parts]

    def _prepared(self, segment: str) -> tuple[str, tuple[str, ...]]:
        small = recase(segment)
        full = write_out(small, self._decoder.should_write_out)
        steps = (("capitals made small", small != segment), ("abbreviations written out", full != small))
        return full, tuple(step for step, taken in steps if taken)

    def _retry_with_placeholders(self, sentences: list[_Sentence]) -> None:
        """Ask again where names or terms are missing, with signs in their place; a better result is taken."""
        waiting = []
        for sentence in sentences:
            text = sentence.chosen.rendering.text
            phrases = candidates.missing_phrases(sentence.text, text) if text and not sentence.chosen.is_sound else ()
            if masked := mask(sentence.text, phrases, self._decoder.signs):
                waiting.append((sentence, masked))
        results = self._ask([masked.text for _, masked in waiting])
        for (sentence, masked), renderings in zip(waiting, results, strict=True):
            step = f"carried: {', '.join(english for _, english in masked.english)}"
            sentence.take_better([
                replace(rendering, text=text, steps=(*rendering.steps, step))
                for rendering in renderings
                if rendering.text and (text := restore(rendering.text, masked))
            ])  # fmt: skip

    def _ask(self, texts: list[str], *, no_repeats: bool = False) -> list[list[Rendering]]:
        """Return what the engine gives; a text at which it raises, or a batch that comes back short, spoils no other.

        Raises ModelError.
        """
        if not texts:
            return []
        try:
            results = self._decoder.hypotheses(texts, no_repeats=no_repeats)
            if len(results) == len(texts) and all(results):
                return results
            problem = f"the engine gave {len(results)} results for {len(texts)} texts"
        except ModelError:
            raise
        except Exception as error:  # an engine is foreign code; a text that breaks it must not stop the others
            log.warning("engine raised %s: %s", type(error).__name__, error)
            problem = f"the engine raised {type(error).__name__}: {error}"
        if len(texts) == 1:
            return [[Rendering(None, error=problem)]]
        return [result for text in texts for result in self._ask([text], no_repeats=no_repeats)]


def with_reranking(translator: Translator | Decoder) -> RerankingTranslator:
    """Return any engine, reranked."""
    return RerankingTranslator(
        translator if hasattr(translator, "hypotheses") else SingleHypothesis(translator)  # type: ignore[arg-type]
    )


def _finished(sentences: list[_Sentence]) -> Rendering:
    """Join a text's sentences; one that must be withheld takes the others with it, for half a lead misleads."""
    blocked = [reason for sentence in sentences for reason in sentence.chosen.checked.blocking]
    if blocked and len(sentences) > 1:
        return Rendering(None, error=f"in one sentence: {blocked[0]}")
    done = [(sentence.steps, candidates.finish(sentence.chosen)) for sentence in sentences]
    return join([replace(rendering, steps=steps + rendering.steps) for steps, rendering in done])
