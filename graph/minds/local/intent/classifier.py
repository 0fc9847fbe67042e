"""The local classifier: which of the tenant's intents a message has, or that none applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from typing_extensions import override

from graph.desk.model import Intent
from graph.minds.contract import Classifier
from graph.minds.local.intent.model import IntentModel, Probabilities, fit_intents
from graph.minds.local.logistic import Logistic, fit_logistic, load_logistic
from graph.state import Classification, IntentGuess
from graph.text.requests import is_polite, requesting
from graph.text.typos import retyped, small_words
from graph.text.words import content_words
from memory.admission import compute
from memory.encoder.encoder import Encoder
from memory.sentences import sentences

SCOPE_MODEL = Path(__file__).with_name("scope.json")
MOST_RANKED = 5
SHORT_WORDS = 30
"""Up to so many words a message is read whole; of a longer one, also the sentences that ask."""
MOST_SENTENCES = 4
FEWEST_WORDS = 3
"""Words of substance without which an asking sentence says nothing alone."""
READ_CHARS = 900
"""What the encoder sees of a long text; of a longer one it gets the sentences that ask."""
USUAL_SHARE = 0.8
"""Share of a desk's tickets that have one of its intents; the scope is fitted on even shares."""
FEWEST_OUTSIDE = 20
"""Examples of foreign texts from which the scope is fitted to them rather than taken as shipped."""


@dataclass(frozen=True)
class _Fitted:
    """What the desk's examples gave."""

    names: tuple[str, ...]
    """Intents that have examples, in the order of the probabilities' columns."""
    model: IntentModel
    scope: Logistic


class LocalClassifier(Classifier):
    """Fitted at construction from the desk's examples; see `Classifier`.

    The fit takes a second for a hundred examples. `outside` holds texts that have none of the intents.
    """

    def __init__(
        self,
        encoder: Encoder,
        intents: Sequence[Intent],
        threshold: float,
        outside: Sequence[str] = (),
    ) -> None:
        self._encoder = encoder
        self._threshold = threshold
        self._intents = tuple(intents)
        rows = [(text, one.name) for one in self._intents for text in _phrasings(one)]
        self._near = small_words(text for text, _ in rows)
        self._fitted = self._fit(list(dict.fromkeys(rows)), outside) if rows else None

    @property
    def names(self) -> list[str]:
        """The intents it tells apart."""
        return [] if self._fitted is None else list(self._fitted.names)

    def _fit(self, rows: Sequence[tuple[str, str]], outside: Sequence[str]) -> _Fitted:
        texts = [text for text, _ in rows]
        given = {name for _, name in rows}
        names = tuple(intent.name for intent in self._intents if intent.name in given)
        labels = np.array([names.index(name) for _, name in rows], dtype=np.int64)
        model, inside = fit_intents(texts, self._encoder.encode_short(texts), labels)
        return _Fitted(names, model, self._fit_scope(model, inside, outside))

    def _fit_scope(
        self, model: IntentModel, inside: list[dict[str, float]], outside: Sequence[str]
    ) -> Logistic:
        """Of the tenant's own foreign texts where there are enough, else as shipped."""
        if len(outside) < FEWEST_OUTSIDE:
            return load_logistic(SCOPE_MODEL)
        _, foreign = model.read(outside, self._encoder.encode_short(outside))
        labels = [1] * len(inside) + [0] * len(foreign)
        weights = np.array([0.5 / len(inside)] * len(inside) + [0.5 / len(foreign)] * len(foreign))
        return fit_logistic(inside + foreign, labels, weights=weights * len(labels))

    @override
    async def classify(self, text: str) -> Classification:
        """A desk without intents has none that could apply."""
        return await compute(self.decide, text)

    def decide(self, text: str) -> Classification:
        """The same without a thread. Words that are mistyped are read as the examples have them."""
        fitted, text = self._fitted, retyped(text, self._encoder.knows, self._near)
        if fitted is None:
            return Classification(intent=None, confidence=1.0, threshold=self._threshold, ranked=[])
        chances, scope = self._judge(fitted, parts(text))
        inside = float(scope.max())
        weight = scope / scope.sum()
        joint = (weight[:, None] * chances).sum(axis=0) * inside
        return self._classification(fitted.names, joint, inside)

    def _classification(
        self, names: Sequence[str], joint: Probabilities, inside: float
    ) -> Classification:
        order = np.argsort(-joint)
        best = int(order[0])
        known = float(joint[best]) >= self._threshold
        return Classification(
            intent=names[best] if known else None,
            confidence=float(joint[best]) if known else 1.0 - inside,
            threshold=self._threshold,
            ranked=[
                IntentGuess(name=names[int(place)], confidence=float(joint[place]))
                for place in order[:MOST_RANKED]
            ],
        )

    def _judge(self, fitted: _Fitted, texts: Sequence[str]) -> tuple[Probabilities, Probabilities]:
        """For each text the intents' probabilities if one applies, and that of one applying."""
        chances, rows = fitted.model.read(texts, self._encoder.encode_short(texts))
        even = np.array([fitted.scope.probability(row) for row in rows])
        scope = even * USUAL_SHARE / (even * USUAL_SHARE + (1 - even) * (1 - USUAL_SHARE))
        return chances, scope


def _phrasings(intent: Intent) -> list[str]:
    """Ways to say an intent: its examples, its description, and its name in words."""
    said = {intent.description, in_words(intent.name)} - {""}
    return [*intent.examples, *sorted(said)] if intent.examples else []


def in_words(name: str) -> str:
    """An intent's name as a phrase: "card_arrival" is "card arrival"."""
    return " ".join(name.replace("_", " ").replace("-", " ").lower().split())


def parts(text: str) -> list[str]:
    """What of a message to classify: the whole, and of a longer one its asking sentences too."""
    told = " ".join(one.text for one in sentences(text) if not is_polite(one.text)) or text
    if len(told.split()) <= SHORT_WORDS:
        return [told]
    asking = [one.text for one in requesting(text)][:MOST_SENTENCES]
    joined = " ".join(asking)
    whole = told if len(told) <= READ_CHARS else f"{told[: READ_CHARS // 2]} {joined}"
    alone = len(content_words(joined)) >= FEWEST_WORDS
    return list(dict.fromkeys([whole, joined if alone else whole]))
