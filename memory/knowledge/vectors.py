"""The vectors of a passage: their ids, the texts that are encoded, and what is stored beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from memory.encoder.encoder import Encoder, Vectors
from memory.knowledge import chunking, sentence_vectors
from memory.knowledge.index import Entry, VectorIndex
from memory.knowledge.late_interaction import pack
from memory.knowledge.sentence_vectors import SentencesOf
from memory.tables.knowledge import Chunk, ChunkTokens

TITLE_CHARS = 120
"""Of a title that is encoded with each window: a longer one would leave no room for what is said."""
PASSAGES_AT_ONCE = 256
"""Passages whose vectors are made at once: it bounds the memory, however long the articles."""


def vector_ids(chunk_id: str, text: str) -> list[str]:
    """The ids of a passage's vectors: one for each of its windows."""
    return [f"{chunk_id}#{number}" for number in range(len(chunking.windows(text)))]


def vectors_of(chunks: Iterable[Chunk]) -> set[str]:
    """The ids of all vectors of some passages."""
    return {one for chunk in chunks for one in vector_ids(chunk.id, chunk.text)}


def encoded_windows(title: str, text: str) -> list[str]:
    """The windows of a passage as they are encoded: each after its article's title."""
    head = f"{title[:TITLE_CHARS]}: " if title else ""
    return [f"{head}{window}" for window in chunking.windows(text)]


def chunk_of(vector_id: str) -> str:
    """The passage a vector belongs to."""
    return vector_id.partition("#")[0]


@dataclass(frozen=True)
class Writing:
    """How the vectors of a tenant's passages are made and stored. Its methods block."""

    index: VectorIndex
    encoder: Encoder
    tenant: str
    sentences_of: SentencesOf | None

    def write(self, chunks: Sequence[tuple[Chunk, str]]) -> dict[str, ChunkTokens]:
        """Encode passages, each given with its article's title; what is stored beside each."""
        texts, found = [], []
        for chunk, title in chunks:
            texts += encoded_windows(title, chunk.text)
            found += [(one, chunk.doc_id) for one in vector_ids(chunk.id, chunk.text)]
        vectors, tokens = self.encoder.encode_both(texts)
        pairs = zip(found, vectors, strict=True)
        self.index.upsert(
            self.tenant, [Entry(one, doc_id, vector) for (one, doc_id), vector in pairs]
        )
        windows: dict[str, list[Vectors]] = {}
        for (one, _), each in zip(found, tokens, strict=True):
            windows.setdefault(chunk_of(one), []).append(each)
        sentences = self._sentences(chunks)
        return {
            one: ChunkTokens(
                chunk_id=one,
                revision=self.encoder.revision,
                tokens=pack(each, self.encoder.basis),
                sentences=sentences.get(one),
            )
            for one, each in windows.items()
        }

    def _sentences(self, chunks: Sequence[tuple[Chunk, str]]) -> dict[str, bytes]:
        """The vectors of each passage's sentences, as they are stored."""
        if self.sentences_of is None:
            return {}
        texts = {
            chunk.id: list(dict.fromkeys(self.sentences_of(title, chunk.heading, chunk.text)))
            for chunk, title in chunks
        }
        vectors = iter(self.encoder.encode([text for each in texts.values() for text in each]))
        return {
            one: sentence_vectors.pack(each, np.array(list(islice(vectors, len(each)))))
            for one, each in texts.items()
            if each
        }
