"""The encoder that keeps what it met."""

from collections.abc import Sequence

import numpy as np
from typing_extensions import override

from memory.encoder.encoder import HashEncoder, RememberingEncoder, Vectors


class Counting(HashEncoder):
    """Counts the texts it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    @override
    def encode(self, texts: Sequence[str]) -> Vectors:
        """Count, then encode."""
        self.asked += texts
        return super().encode(texts)


def test_gives_the_same_vectors_in_the_same_order() -> None:
    """Remembered or new, a text has its own vector at its own place."""
    inner = Counting()
    encoder = RememberingEncoder(inner)
    encoder.encode(["b"])
    found = encoder.encode(["a", "b", "a"])
    assert np.array_equal(found, HashEncoder().encode(["a", "b", "a"]))
    assert inner.asked == ["b", "a"]


def test_forgets_the_oldest_beyond_its_capacity() -> None:
    """Memory is bounded: what was met longest ago is encoded anew."""
    inner = Counting()
    encoder = RememberingEncoder(inner, capacity=2)
    for text in ("a", "b", "c", "c", "a"):
        encoder.encode([text])
    assert inner.asked == ["a", "b", "c", "a"]


def test_no_text_gives_no_rows() -> None:
    """An empty request keeps its width."""
    assert RememberingEncoder(HashEncoder()).encode([]).shape == (0, HashEncoder.width)
