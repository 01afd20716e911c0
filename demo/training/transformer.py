"""A small Transformer of the kind that CTranslate2 runs: pre-norm, one embedding for both languages and the output."""

# mypy: allow-subclassing-any
# torch comes only with the extra `train`; without it its classes have no types.
from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

PAD = -1  # an index outside the vocabulary: padding and the decoder's start have no embedding


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of the network."""

    vocabulary: int
    width: int = 192
    heads: int = 6
    inner: int = 512
    encoder_layers: int = 3
    decoder_layers: int = 2
    positions: int = 256
    dropout: float = 0.05


def sinusoids(positions: int, width: int) -> Tensor:
    """Return position encodings, sines before cosines."""
    half = width // 2
    rates = torch.exp(torch.arange(half) * (-math.log(10000.0) / (half - 1)))
    angles = torch.arange(positions)[:, None] * rates[None, :]
    return torch.cat([torch.sin(angles), torch.cos(angles)], dim=1)


class Attention(nn.Module):
    """Multi-head attention with its own layer norm before it and the residual after it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm = nn.LayerNorm(shape.width)
        self.query = nn.Linear(shape.width, shape.width)
        self.memory = nn.Linear(shape.width, 2 * shape.width)  # keys, then values
        self.out = nn.Linear(shape.width, shape.width)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, states: Tensor, memory: Tensor | None, mask: Tensor | None, *, causal: bool) -> Tensor:
        """Attend from `states` to `memory`, or to themselves when it is None."""
        normed = self.norm(states)
        keys, values = self.memory(normed if memory is None else memory).chunk(2, dim=-1)
        shape = (states.shape[0], -1, self.heads, states.shape[-1] // self.heads)
        heads = [part.view(shape).transpose(1, 2) for part in (self.query(normed), keys, values)]
        found = functional.scaled_dot_product_attention(*heads, attn_mask=mask, is_causal=causal)
        joined = found.transpose(1, 2).reshape(states.shape)
        return states + self.dropout(self.out(joined))


class FeedForward(nn.Module):
    """The feed-forward part with its layer norm and residual."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(shape.width)
        self.wide = nn.Linear(shape.width, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.width)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, states: Tensor) -> Tensor:
        """Transform each position by itself."""
        return states + self.dropout(self.narrow(functional.relu(self.wide(self.norm(states)))))


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.own, self.feed = Attention(shape), FeedForward(shape)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the new states. `mask` is true where a source token is."""
        return self.feed(self.own(states, None, mask, causal=False))


class DecoderLayer(nn.Module):
    """Causal self-attention, attention to the source, feed-forward."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.own, self.source, self.feed = Attention(shape), Attention(shape), FeedForward(shape)

    def forward(self, states: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Return the new states. `mask` is true where a source token is."""
        states = self.own(states, None, None, causal=True)
        return self.feed(self.source(states, memory, mask, causal=False))


class Network(nn.Module):
    """Source and target token indices to scores of the next target token."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.randn(shape.vocabulary, shape.width) * shape.width**-0.5)
        self.bias = nn.Parameter(torch.zeros(shape.vocabulary))
        self.register_buffer("places", sinusoids(shape.positions, shape.width), persistent=False)
        self.encoder = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.decoder = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.dropout = nn.Dropout(shape.dropout)

    def _embed(self, tokens: Tensor) -> Tensor:
        known = functional.embedding(tokens.clamp(min=0), self.embedding) * math.sqrt(self.shape.width)
        known = known * (tokens != PAD)[..., None]
        places: Tensor = self.get_buffer("places")[: tokens.shape[1]]
        return self.dropout(known + places)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return scores. `target` starts with PAD: the decoder begins from a zero embedding, as in Argos packages."""
        mask = (source != PAD)[:, None, None, :]
        memory = self._embed(source)
        for layer in self.encoder:
            memory = layer(memory, mask)
        memory = self.encoder_norm(memory)
        states = self._embed(target)
        for layer in self.decoder:
            states = layer(states, memory, mask)
        return functional.linear(self.decoder_norm(states), self.embedding, self.bias)
