"""A family of minds: the local ones, with an intent that is chosen by words of yours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.desk.model import Desk, Intent
from graph.minds.contract import Minds
from graph.minds.local.build import local_minds
from graph.minds.local.confidence.assessor import LocalAssessor
from graph.state import Classification
from memory.encoder.encoder import Encoder


def keyword_minds(desk: Desk, encoder: Encoder) -> Minds:
    """The minds of one desk."""
    return replace(
        local_minds(desk, encoder, LocalAssessor(encoder)),
        classifier=KeywordClassifier(desk.intents),
    )


@dataclass(frozen=True)
class KeywordClassifier:
    """`graph.minds.contract.Classifier`: the intent whose examples share most words with a text."""

    intents: Sequence[Intent]

    async def classify(self, text: str) -> Classification:
        """No intent where no word is shared."""
        words = set(text.lower().split())
        shared = {one.name: len(words & _words(one)) for one in self.intents}
        best = max(shared, key=lambda name: shared[name], default=None)
        if best is None or not shared[best]:
            return {"intent": None, "confidence": 0.0, "threshold": 0.0, "ranked": []}
        share = shared[best] / sum(shared.values())
        return {"intent": best, "confidence": share, "threshold": 0.0, "ranked": []}


def _words(intent: Intent) -> set[str]:
    return {word for example in intent.examples for word in example.lower().split()}
