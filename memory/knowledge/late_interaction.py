"""Late interaction: how well each token of a query is met by some token of a passage.

The vectors of a passage's tokens are made with those of its windows and stored beside it, in the
few directions in which tokens differ and as bytes: a seventeenth of the room, and the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memory.encoder.encoder import Vectors

Tokens = npt.NDArray[np.int8]

FULL_SCALE = 127.0
"""The byte that stands for 1."""


@dataclass(frozen=True)
class Alignment:
    """How a passage meets a query."""

    score: float
    """The mean over the query's tokens, each weighted by how much it tells the passages apart."""
    plain: float
    """The plain mean of the best cosine of each token of the query."""


def compact(tokens: Vectors, basis: Vectors) -> Tokens:
    """Unit vectors of tokens, shape (tokens, width), in the directions that are kept."""
    kept = tokens @ basis
    norms = np.maximum(np.linalg.norm(kept, axis=1, keepdims=True), 1e-9)
    found: Tokens = np.rint(kept / norms * FULL_SCALE).astype(np.int8)
    return found


def pack(windows: Sequence[Vectors], basis: Vectors) -> bytes:
    """The tokens of a passage's windows as they are stored."""
    return compact(np.concatenate(windows), basis).tobytes()


def unpack(stored: bytes, basis: Vectors) -> Tokens:
    """What `pack` made, shape (tokens, kept)."""
    return np.frombuffer(stored, dtype=np.int8).reshape(-1, basis.shape[1])


def align(asked: Tokens, passages: Mapping[str, Tokens]) -> dict[str, Alignment]:
    """The alignment of each passage with the query's tokens, all as `compact` made them."""
    if not passages:
        return {}
    query = asked.astype(np.float32) / FULL_SCALE**2
    met = np.stack([(query @ one.T.astype(np.float32)).max(axis=1) for one in passages.values()])
    weights = met.max(axis=0) - met.mean(axis=0) + 1e-6
    scores = met @ (weights / weights.sum())
    return {
        one: Alignment(float(scores[row]), float(met[row].mean()))
        for row, one in enumerate(passages)
    }
