"""The vectors of a passage's sentences, made once at ingestion.

A writer sets every sentence of the passages it has beside the ask. Those of articles are the same for every
ticket, so the search hands them to the encoder's memory with the passages that it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from memory.encoder.encoder import NAME_BYTES, Vectors, name_of

SentencesOf = Callable[[str, str, str], Sequence[str]]
"""The texts of a passage that are set beside an ask, of its title, heading and text."""


def pack(texts: Sequence[str], vectors: Vectors) -> bytes:
    """The name of each text, and then their vectors in half the room: cosines differ by 1e-3 at most."""
    return b"".join(map(name_of, texts)) + vectors.astype(np.float16).tobytes()


def unpack(stored: bytes, width: int) -> tuple[list[bytes], Vectors]:
    """The names and vectors that `pack` put together; `width` is the vectors'."""
    count = len(stored) // (NAME_BYTES + np.dtype(np.float16).itemsize * width)
    end = count * NAME_BYTES
    names = [stored[start : start + NAME_BYTES] for start in range(0, end, NAME_BYTES)]
    halves = np.frombuffer(stored, dtype=np.float16, offset=end)
    return names, halves.reshape(count, width).astype(np.float32)
