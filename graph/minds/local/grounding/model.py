"""Numbers that say how far a source states a claim."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graph.text.words import content_words, names, negations, numbers, words
from memory.encoder.encoder import Encoder, Vectors
from memory.sentences import sentences

WINDOW = 3
"""Neighbouring sentences of the source that are read together."""
STRIDE = 3
"""Sentences from one window to the next."""
MOST_WINDOWS = 12
"""Windows compared by meaning: those that share most words with the claims."""
_PERSONAL = frozenset(
    ["i", "i'm", "i've", "i'd", "me", "my", "mine", "we", "our", "us", "you", "your"]
)
"""Words of talk about oneself and the reader, which no article states."""
_EMPTY = 1.0
"""What a share counts where the claim has nothing of the kind."""


@dataclass(frozen=True)
class Prepared:
    """A source, read once for all claims about it."""

    stems: frozenset[str]
    pairs: frozenset[str]
    numbers: frozenset[str]
    words: frozenset[str]
    windows: tuple[str, ...]
    window_stems: tuple[frozenset[str], ...]
    tokens: tuple[Vectors, ...]
    """Token vectors of each window."""
    means: Vectors
    """One unit vector a window."""


def normal(text: str) -> str:
    """Words only, in lower case, to compare wordings."""
    return " ".join(words(text))


def prepare(encoder: Encoder, source: str, claims: Sequence[str]) -> Prepared:
    """Read `source` with these claims in view; encodes at most `MOST_WINDOWS` stretches of it."""
    wanted = set(content_words(" ".join(claims)))
    near = _nearest(_windows(source) or [source], wanted)
    tokens = encoder.encode_tokens(near)
    stems = content_words(source)
    return Prepared(
        frozenset(stems),
        frozenset(_pairs(stems)),
        frozenset(numbers(source)),
        frozenset(words(source)),
        tuple(near),
        tuple(frozenset(content_words(one)) for one in near),
        tuple(tokens),
        np.array([_mean(one) for one in tokens]),
    )


def features(encoder: Encoder, claims: Sequence[str], source: Prepared) -> list[dict[str, float]]:
    """Features of each claim sentence; the same names for every pair."""
    tokens = encoder.encode_tokens(claims)
    return [_features(claim, own, source) for claim, own in zip(claims, tokens, strict=True)]


def _features(claim: str, own: Vectors, source: Prepared) -> dict[str, float]:
    stems, said = content_words(claim), words(claim)
    mine = set(stems)
    likeness = source.means @ _mean(own)
    best = int(likeness.argmax())
    every = (own @ np.concatenate(source.tokens).T).max(axis=1)
    inside = max(float((own @ one.T).max(axis=1).mean()) for one in source.tokens)
    denied = min(negations(claim), 1) != min(negations(source.windows[best]), 1)
    return {
        "likeness": float(likeness[best]),
        "recall": _share(mine, source.stems),
        "recall_near": max(_share(mine, one) for one in source.window_stems),
        "pairs": _share(_pairs(stems), source.pairs),
        "numbers": _share(numbers(claim), source.numbers),
        "names": _share(names(claim), source.words),
        "negation": float(denied),
        "aligned": float(every.mean()),
        "aligned_near": inside,
        "aligned_low": float(np.percentile(every, 10)),
        "aligned_least": float(every.min()),
        "unseen": math.log1p(len(mine - source.stems)),
        "length": math.log1p(len(stems)),
        "source_length": math.log1p(len(source.stems)),
        "personal": sum(word in _PERSONAL for word in said) / max(len(said), 1),
        "asks": float(claim.rstrip().endswith("?")),
    }


def _windows(source: str) -> list[str]:
    found = [one.text for one in sentences(source)]
    starts = range(0, max(len(found) - WINDOW, 0) + STRIDE, STRIDE)
    return [" ".join(found[start : start + WINDOW]) for start in starts if found[start:]]


def _nearest(found: list[str], stems: set[str]) -> list[str]:
    if len(found) <= MOST_WINDOWS:
        return found
    return sorted(found, key=lambda one: -len(stems & set(content_words(one))))[:MOST_WINDOWS]


def _mean(tokens: Vectors) -> Vectors:
    total: Vectors = tokens.mean(axis=0)
    unit: Vectors = total / max(float(np.linalg.norm(total)), 1e-9)
    return unit


def _share(mine: set[str], theirs: frozenset[str]) -> float:
    return len(mine & theirs) / len(mine) if mine else _EMPTY


def _pairs(stems: Sequence[str]) -> set[str]:
    return {f"{one} {other}" for one, other in pairwise(stems)}
