"""Training of the demonstration model on generated headlines: `python -m demo.training.train OUT.pt`."""

from __future__ import annotations

import argparse
import math
import random
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from demo.training.pairs import build, build_more
from demo.training.transformer import PAD, Network, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.training.pairs import Corpus

SEED = 20260129
PAIRS = 80_000
MERGES = 4_500
BATCH_TOKENS = 1_000  # of the target side, padding included
PEAK_RATE = 1.5e-3
WARM_UP = 300


def main() -> None:
    """Train for a fixed number of steps and write weights, vocabulary and encoding to one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path, metavar="WEIGHTS.pt", help="go on from these weights with other pairs")
    parser.add_argument("--steps", type=int, default=2_600)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    if options.start:
        trained = torch.load(options.start)
        network = Network(Shape(**trained["shape"]))
        network.load_state_dict(trained["weights"])
        data = build_more(SEED + 1, PAIRS, trained["vocabulary"], trained["bpe_model"])
    else:
        data = build(SEED, PAIRS, MERGES)
        network = Network(Shape(vocabulary=len(data.vocabulary)))
    print(f"pairs={len(data.pairs)} vocabulary={len(data.vocabulary)}", flush=True)
    peak = PEAK_RATE / 2 if options.start else PEAK_RATE
    for step in fit(network, data.pairs, options.steps, peak):
        if step % 500 == 0 or step == options.steps:
            save(options.out, network, data)


def save(path: Path, network: Network, data: Corpus) -> None:
    """Write what `demo.training.pack` needs to one file."""
    content = {
        "weights": network.state_dict(),
        "shape": asdict(network.shape),
        "vocabulary": data.vocabulary,
        "bpe_model": data.bpe_model,
    }
    torch.save(content, path)


def fit(network: Network, pairs: list[tuple[list[int], list[int]]], steps: int, peak: float) -> Iterator[int]:
    """Take `steps` steps, yielding the number of each; prints the loss now and then."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=peak, betas=(0.9, 0.98), weight_decay=0.01)
    started, total = time.monotonic(), 0.0
    network.train()
    for step, (source, target) in zip(range(1, steps + 1), batches(pairs), strict=False):
        for group in optimiser.param_groups:
            group["lr"] = peak * _schedule(step, steps)
        loss = _loss(network, source, target)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        total += loss.item()
        if step % 100 == 0:
            print(f"step={step} loss={total / 100:.3f} seconds={time.monotonic() - started:.0f}", flush=True)
            total = 0.0
        yield step


def _schedule(step: int, steps: int) -> float:
    """Return the share of the peak rate: linear to the peak, then half a cosine down to nearly nothing."""
    if step < WARM_UP:
        return step / WARM_UP
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - WARM_UP) / max(1, steps - WARM_UP)))


def _loss(network: Network, source: Tensor, target: Tensor) -> Tensor:
    start = torch.full((target.shape[0], 1), PAD)
    scores = network(source, torch.cat([start, target[:, :-1]], dim=1))
    return functional.cross_entropy(scores.flatten(0, 1), target.flatten(), ignore_index=PAD, label_smoothing=0.1)


def batches(pairs: list[tuple[list[int], list[int]]]) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield endless batches of pairs of similar length, in a seeded random order."""
    rng = random.Random(SEED)
    while True:
        order = sorted(range(len(pairs)), key=lambda n: (len(pairs[n][1]), len(pairs[n][0]), rng.random()))
        groups: list[list[int]] = [[]]
        for number in order:
            if (len(groups[-1]) + 1) * len(pairs[number][1]) > BATCH_TOKENS:
                groups.append([])
            groups[-1].append(number)
        rng.shuffle(groups)
        for group in groups:
            yield _padded([pairs[n][0] for n in group]), _padded([pairs[n][1] for n in group])


def _padded(rows: list[list[int]]) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [PAD] * (width - len(row)) for row in rows])


if __name__ == "__main__":
    main()
