"""A made base of passages, as large as wanted: words by rarity, vectors in clouds as real ones are.

Real articles of that number would take an hour of encoding, and the search is measured apart from
the encoder anyway.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from memory.encoder.encoder import Encoder, Vectors, unit

WIDTH = 384
"""Of the shipped encoder."""
KEPT = 64
"""Directions of a token's vector that are kept."""
TOKENS = 40
"""Of a passage; of a query there are `ASKED`."""
ASKED = 8
WORDS = 20_000
WORDS_EACH = 60
IN_CLOUD = 50
"""Passages about the same."""
SPREAD = 0.6
"""How far passages about the same lie from their middle, whose length is one."""
SEED = 20_261_126
BATCH = 2_000


@dataclass(frozen=True)
class Passages:
    """Some of the base's passages."""

    ids: Sequence[str]
    texts: Sequence[str]
    vectors: Vectors
    tokens: Sequence[bytes]


def made(count: int) -> Iterator[Passages]:
    """So many of them, in batches."""
    random = np.random.default_rng(SEED)
    middles = unit(random.normal(size=(max(count // IN_CLOUD, 1), WIDTH)).astype(np.float32))
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        noise = random.normal(size=(size, WIDTH)).astype(np.float32) / np.sqrt(WIDTH)
        clouds = random.integers(0, len(middles), size)
        tokens = random.integers(-40, 40, (size, TOKENS, KEPT)).astype(np.int8)
        yield Passages(
            [passage_id(start + number) for number in range(size)],
            [_text(row) for row in _words(random, size, WORDS_EACH)],
            unit(middles[clouds] + SPREAD * noise),
            [one.tobytes() for one in tokens],
        )


def passage_id(number: int) -> str:
    """Of the passage with this number: hexadecimal, as the digests of real ones are."""
    return f"{number:015x}"


def queries(near: Vectors, count: int) -> tuple[list[str], Vectors]:
    """Questions and their vectors, each beside one of `near`."""
    random = np.random.default_rng(SEED + 1)
    chosen = near[random.integers(0, len(near), count)]
    noise = random.normal(size=chosen.shape).astype(np.float32) / np.sqrt(WIDTH)
    texts = [_text(row) for row in _words(random, count, ASKED)]
    return texts, unit(chosen + SPREAD * noise)


def recall(found: Sequence[Sequence[str]], exact: Sequence[Sequence[str]]) -> float | None:
    """The share of the exact neighbours that were found; None without any."""
    wanted = sum(len(one) for one in exact)
    met = sum(len(set(ours) & set(theirs)) for ours, theirs in zip(found, exact, strict=True))
    return met / wanted if wanted else None


def _words(random: np.random.Generator, rows: int, each: int) -> npt.NDArray[np.int64]:
    # Half of the words of a language stand in few texts: a word's rank falls off as Zipf has it.
    drawn: npt.NDArray[np.int64] = random.zipf(1.3, (rows, each)) % WORDS
    return drawn


def _text(row: npt.NDArray[np.int64]) -> str:
    return " ".join(f"word{number}" for number in row)


class KnownEncoder(Encoder):
    """Gives each question the vector that was made for it: the encoder's own time stays out."""

    revision = "made-1"
    width = WIDTH

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        random = np.random.default_rng(SEED + 2)
        self.basis: Vectors = np.eye(WIDTH, KEPT, dtype=np.float32)
        self._known = dict(zip(texts, vectors, strict=True))
        self._tokens = unit(random.normal(size=(ASKED, WIDTH)).astype(np.float32))

    @override
    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._known[text] for text in texts])

    @override
    def encode_short(self, texts: Sequence[str]) -> Vectors:
        return self.encode(texts)

    @override
    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        return [self._tokens for _ in texts]

    @override
    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        return self.encode(texts), self.encode_tokens(texts)

    @override
    def knows(self, word: str) -> bool:
        return True
