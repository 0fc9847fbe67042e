"""Text to vectors. torch exports the encoder once; ONNX Runtime runs it ever after.

The same weights in the same float32 give the same vectors (largest difference measured: 2e-7),
in a fifth of the memory and a quarter of the time of torch.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

MAX_TOKENS = 256
"""The length the default model was trained for; longer text is cut."""
BATCH = 8
"""Texts encoded at once: 32 are no faster on a CPU and take three times the memory."""
REMEMBERED = 20_000
"""Vectors that a process keeps, about 30 MB: the sentences of an article recur in many tickets."""
EXPORTED, BASIS = "model.onnx", "basis.npy"
"""Files of an exported encoder; its folder is named after the weights."""


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

    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """Unit vectors of each text's tokens, one (tokens, width) array a text."""
        ...

    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """`encode` and `encode_tokens` for the price of one."""
        ...


class OnnxEncoder:
    """all-MiniLM-L6-v2 (or any mean-pooled BERT-like model) under ONNX Runtime."""

    def __init__(self, model: Path, exported: Path, threads: int = 2) -> None:
        """`exported` is the folder that `memory/encoder/export.py` made of the folder `model`."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Waiting threads sleep: by default they burn the time that other runs need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(exported / EXPORTED), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self.revision = exported.name
        self.width = int(self._session.get_outputs()[0].shape[-1])
        stored = exported / BASIS
        self.basis = np.load(stored) if stored.exists() else np.eye(self.width, dtype=np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode`."""
        found = np.zeros((len(texts), self.width), dtype=np.float32)
        for batch, tokens, mask in self._batches(texts):
            found[batch] = _pooled(tokens, mask)
        return found

    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """See `Encoder.encode_tokens`; special tokens are left out."""
        return self.encode_both(texts)[1]

    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """See `Encoder.encode_both`."""
        pooled = np.zeros((len(texts), self.width), dtype=np.float32)
        each: list[Vectors] = [np.zeros((0, self.width), np.float32)] * len(texts)
        for batch, tokens, mask in self._batches(texts):
            pooled[batch] = _pooled(tokens, mask)
            for index, row, length in zip(batch, tokens, mask.sum(axis=1), strict=True):
                each[index] = _unit(row[1 : max(int(length) - 1, 2)])
        return pooled, each

    def _batches(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[list[int], Vectors, npt.NDArray[np.int64]]]:
        """Texts of like length share a batch, which spares padding."""
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            yield batch, *self._run([texts[index] for index in batch])

    def _run(self, texts: Sequence[str]) -> tuple[Vectors, npt.NDArray[np.int64]]:
        encoded = self._tokenizer.encode_batch(list(texts))
        ids = np.array([item.ids for item in encoded], dtype=np.int64)
        mask = np.array([item.attention_mask for item in encoded], dtype=np.int64)
        output = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return np.asarray(output, dtype=np.float32), mask


class RememberingEncoder:
    """An encoder that keeps the vectors of the texts it met last. Safe in several threads."""

    def __init__(self, inner: Encoder, capacity: int = REMEMBERED) -> None:
        self._inner = inner
        self._capacity = capacity
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self.revision = inner.revision
        self.width = inner.width
        self.basis = inner.basis

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode`."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = list(dict.fromkeys(text for text in texts if text not in found))
        if missing:
            found.update(zip(missing, self._inner.encode(missing), strict=True))
        self._remember(found)
        return np.array([found[text] for text in texts], dtype=np.float32).reshape(-1, self.width)

    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """See `Encoder.encode_tokens`; not kept, since a text has a hundred of them."""
        return self._inner.encode_tokens(texts)

    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """See `Encoder.encode_both`; the vectors of the texts are kept, not those of tokens."""
        pooled, tokens = self._inner.encode_both(texts)
        self._remember(dict(zip(texts, pooled, strict=True)))
        return pooled, tokens

    def _remember(self, found: dict[str, Vectors]) -> None:
        with self._lock:
            for text, vector in found.items():
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)


class HashEncoder:
    """A stand-in without weights: hashed words as a vector. Fast, deterministic, lexical only."""

    revision = "hash-1"
    width = 256
    basis = np.eye(256, dtype=np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode`."""
        rows = [self._words(text).sum(axis=0) for text in texts]
        return _unit(np.array(rows, dtype=np.float32).reshape(len(texts), self.width))

    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """See `Encoder.encode_tokens`."""
        return [_unit(self._words(text)) for text in texts]

    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """See `Encoder.encode_both`."""
        return self.encode(texts), self.encode_tokens(texts)

    def _words(self, text: str) -> Vectors:
        words = text.lower().split() or [""]
        found = np.zeros((len(words), self.width), dtype=np.float32)
        for row, word in enumerate(words):
            digest = hashlib.blake2b(word.strip(".,?!:;").encode(), digest_size=4).digest()
            found[row, int.from_bytes(digest) % self.width] = 1.0
        return found


def _pooled(tokens: Vectors, mask: npt.NDArray[np.int64]) -> Vectors:
    weights = mask[..., None].astype(np.float32)
    return _unit((tokens * weights).sum(axis=1) / weights.sum(axis=1))


def _unit(rows: npt.NDArray[np.float32]) -> Vectors:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: Vectors = (rows / np.maximum(norms, 1e-12)).astype(np.float32)
    return unit


def open_encoder(cache: Path, model: Path | None = None, threads: int = 2) -> OnnxEncoder:
    """The encoder, exported into `cache` on first use (about 20 s, once a machine).

    Raises `EncoderUnavailable`.
    """
    from memory.encoder.export import default_model, exported

    folder = model or default_model()
    return OnnxEncoder(folder, exported(folder, cache), threads)
