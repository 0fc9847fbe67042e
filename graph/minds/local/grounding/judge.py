"""The local judge: how probable it is that the evidence states a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from typing_extensions import override

from graph.minds.contract import Judge
from graph.minds.local.grounding.model import features, normal, prepare
from graph.minds.local.logistic import Logistic, load_logistic
from graph.state import Claim, Evidence
from graph.text.passages import told
from graph.text.shown import unlinked
from memory.admission import compute
from memory.encoder.encoder import Encoder
from memory.sentences import sentences

MODEL = Path(__file__).with_name("grounding.json")
VERBATIM = 0.99
"""Probability of a claim that stands word for word in its evidence."""
MIXED = 0.5
"""Weight of a response's weakest sentence against the mean of all."""


@dataclass(frozen=True)
class Reading:
    """A response beside its source."""

    verbatim: int
    """Sentences that stand in the source word for word."""
    rows: tuple[dict[str, float], ...]
    """Features of each other sentence."""


class LocalJudge(Judge):
    """Aligned tokens, shared words, numbers, names and negations, weighed by a fitted model."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @cached_property
    def _model(self) -> Logistic:
        return load_logistic(MODEL)

    @override
    async def grounding(self, claim: Claim, evidence: Sequence[Evidence]) -> float:
        """Without evidence it is 0."""
        source = "\n\n".join(f"{one['title']}. {one['heading']}\n{one['text']}" for one in evidence)
        if not evidence:
            return 0.0
        if normal(claim["text"]) in _stated(evidence):
            return VERBATIM
        return await compute(self.probability, claim["text"], source)

    def probability(self, response: str, source: str) -> float:
        """Probability from 0 to 1 that `source` states all of `response`."""
        return weighed(self._model, self.read(response, source))

    def read(self, response: str, source: str) -> Reading:
        """What the model looks at."""
        shown = "\n".join(unlinked(line) for line in source.splitlines())
        parts = [one.text for one in sentences(response) if normal(one.text)]
        whole = f" {normal(shown)} "
        open_parts = [part for part in parts if f" {normal(part)} " not in whole]
        verbatim = len(parts) - len(open_parts)
        if not open_parts:
            return Reading(verbatim, ())
        rows = features(self._encoder, open_parts, prepare(self._encoder, shown, open_parts))
        return Reading(verbatim, tuple(rows))


def _stated(evidence: Sequence[Evidence]) -> set[str]:
    """What the evidence says block by block: sentences, items, leads, rows with key and header."""
    return {
        normal(text) for one in evidence for text in told(one["text"], one["title"], one["heading"])
    } - {""}


def weighed(model: Logistic, reading: Reading) -> float:
    """One probability of all sentences; 0 if there are none."""
    values = [VERBATIM] * reading.verbatim + [model.probability(row) for row in reading.rows]
    if not values:
        return 0.0
    return MIXED * min(values) + (1 - MIXED) * sum(values) / len(values)
