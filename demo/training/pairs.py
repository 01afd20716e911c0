"""Training text: generated pairs, tokenised exactly as the engine tokenises for a BPE package."""

from __future__ import annotations

import re
import string
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sacremoses import MosesPunctNormalizer, MosesTokenizer

from demo import headlines
from demo.training.bpe import Learner
from translations.engines.sentences import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

END, UNKNOWN = "</s>", "<unk>"
_LONG_NUMBER = re.compile(r"\d{4}|\d \d{3}|\d{2},\d")
_Words = tuple[list[str], list[str]]  # Ukrainian, English
_LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_CHARACTERS = _LETTERS + _LETTERS.upper() + string.ascii_letters + string.digits + ".,:;!?%+-/()'\"№"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Token indices of both sides of each pair, and what they are indices of."""

    pairs: list[tuple[list[int], list[int]]]
    vocabulary: list[str]
    bpe_model: str


def tokeniser(language: str) -> Callable[[str], list[str]]:
    """Return a function that gives Moses tokens with escapes and split hyphens (`@-@`)."""
    tokens, punctuation = MosesTokenizer(language), MosesPunctNormalizer(language)

    def tokenise(text: str) -> list[str]:
        normal = punctuation.normalize(prepare(text))
        return list(tokens.tokenize(normal, aggressive_dash_splits=True))

    return tokenise


def build(seed: int, size: int, merges: int) -> Corpus:
    """Generate `size` pairs, learn the encoding on them, and write them in it."""
    texts = _texts(headlines.generate(seed, size))
    learner = _learner(texts)
    learner.learn(merges)
    used = {piece for parts in learner.pieces().values() for piece in parts}
    # Every single character in both positions too, so that any name can at least be spelt.
    singles = {form for character in _CHARACTERS for form in (character, f"{character}@@")}
    vocabulary = [END, UNKNOWN, *sorted(used | singles)]
    return Corpus(_written(texts, learner, vocabulary), vocabulary, learner.text())


def build_more(seed: int, size: int, vocabulary: list[str], bpe_model: str) -> Corpus:
    """Generate other pairs in an encoding learned before; those with long numbers, the hardest to copy, come twice."""
    pairs = headlines.generate(seed, size)
    texts = _texts([*pairs, *(pair for pair in pairs if _LONG_NUMBER.search(pair.uk))])
    learner = _learner(texts)
    learner.replay(bpe_model)
    return Corpus(_written(texts, learner, vocabulary), vocabulary, bpe_model)


def _texts(pairs: list[headlines.Pair]) -> list[_Words]:
    source, target = tokeniser("uk"), tokeniser("en")
    return [(source(pair.uk), target(pair.en)) for pair in pairs]


def _learner(texts: list[_Words]) -> Learner:
    return Learner(Counter(word for pair in texts for side in pair for word in side))


def _written(texts: list[_Words], learner: Learner, vocabulary: list[str]) -> list[tuple[list[int], list[int]]]:
    index = {token: number for number, token in enumerate(vocabulary)}
    written = {word: [index[piece] for piece in parts] for word, parts in learner.pieces().items()}
    end = [index[END]]
    return [(_flat(uk, written) + end, _flat(en, written) + end) for uk, en in texts]


def _flat(words: list[str], written: dict[str, list[int]]) -> list[int]:
    return [number for word in words for number in written[word]]
