"""Text to vectors: what every encoder does, one that remembers, and one without weights."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from typing_extensions import override

Vectors = npt.NDArray[np.float32]

REMEMBERED = 20_000
"""Vectors that a process keeps, about 30 MB: the sentences of an article recur in many tickets."""
NAME_BYTES = 16
"""Of the name that a remembered text has."""
SHORT = b"short "
"""Before the names of texts that were encoded as short ones."""


def name_of(text: str) -> bytes:
    """What a text is remembered by."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=NAME_BYTES).digest()


class SentenceEncoder(Protocol):
    """What a model over sentence vectors needs of an encoder."""

    revision: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text."""
        ...


class Encoder(Protocol):
    """Turns texts into unit vectors of one fixed width."""

    revision: str
    """Identifies the weights. Vectors of two revisions never share a collection."""
    width: int
    """Components a vector."""
    basis: Vectors
    """Orthonormal columns, shape (width, kept): what is kept of a token's vector in store."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (len(texts), width). Safe in a thread."""
        ...

    def encode_short(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in a space of its own: what short messages are about."""
        ...

    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """Unit vectors of each text's tokens, one (tokens, width) array a text."""
        ...

    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """`encode` and `encode_tokens` for the price of one."""
        ...

    def knows(self, word: str) -> bool:
        """Whether its vocabulary has the word, in small letters, as a whole."""
        ...


class RememberingEncoder(Encoder):
    """An encoder that keeps the vectors of the texts it met last. Safe in several threads."""

    def __init__(self, inner: Encoder, capacity: int = REMEMBERED) -> None:
        self._inner = inner
        self._capacity = capacity
        self._known: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self.revision = inner.revision
        self.width = inner.width
        self.basis = inner.basis

    @override
    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._remembered([name_of(text) for text in texts], texts, self._inner.encode)

    @override
    def encode_short(self, texts: Sequence[str]) -> Vectors:
        names = [SHORT + name_of(text) for text in texts]
        return self._remembered(names, texts, self._inner.encode_short)

    @override
    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """Not kept, since a text has a hundred of them."""
        return self._inner.encode_tokens(texts)

    @override
    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """The vectors of the texts are kept, not those of tokens."""
        pooled, tokens = self._inner.encode_both(texts)
        self.learn([name_of(text) for text in texts], pooled)
        return pooled, tokens

    @override
    def knows(self, word: str) -> bool:
        return self._inner.knows(word)

    def learn(self, names: Sequence[bytes], vectors: Vectors) -> None:
        """Keep vectors that were made elsewhere, by `name_of` their texts."""
        self._remember(dict(zip(names, vectors, strict=True)))

    def _remembered(
        self, names: Sequence[bytes], texts: Sequence[str], make: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        """The vectors of texts by the names that they are remembered by; `make` makes those not known."""
        with self._lock:
            found = {name: self._known[name] for name in names if name in self._known}
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in found}
        if missing:
            found.update(zip(missing, make([*missing.values()]), strict=True))
        self._remember(found)
        return np.stack([found[name] for name in names]) if names else make([])

    def _remember(self, found: dict[bytes, Vectors]) -> None:
        with self._lock:
            for name, vector in found.items():
                self._known[name] = vector
                self._known.move_to_end(name)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)


class HashEncoder(Encoder):
    """A stand-in without weights: hashed words as a vector. Fast, deterministic, lexical only."""

    revision = "hash-1"
    width = 256
    basis = np.eye(256, dtype=np.float32)

    @override
    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [self._words(text).sum(axis=0) for text in texts]
        return unit(np.array(rows, dtype=np.float32).reshape(len(texts), self.width))

    @override
    def encode_short(self, texts: Sequence[str]) -> Vectors:
        return self.encode(texts)

    @override
    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        return [unit(self._words(text)) for text in texts]

    @override
    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        return self.encode(texts), self.encode_tokens(texts)

    @override
    def knows(self, word: str) -> bool:
        return True

    def _words(self, text: str) -> Vectors:
        words = text.lower().split() or [""]
        found = np.zeros((len(words), self.width), dtype=np.float32)
        for row, word in enumerate(words):
            digest = hashlib.blake2b(word.strip(".,?!:;").encode(), digest_size=4).digest()
            found[row, int.from_bytes(digest) % self.width] = 1.0
        return found


def unit(rows: npt.NDArray[np.float32]) -> Vectors:
    """The rows, each of length one; a row of zeros stays one."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Vectors = (rows / np.maximum(norms, 1e-12)).astype(np.float32)
    return scaled
