"""What the answer that would be written says of itself: does it address the ask, and from where?

The search finds an article; a reply is made of some of its sentences. An answer that comes from
another article than the one that the search trusts, that lacks the ask's telling words, or whose
first paragraph is about something else is seldom right, however near the article was.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.state import Ask, Evidence
from graph.text.words import content_words
from memory.encoder.encoder import Encoder
from memory.knowledge.features import DECIMALS

FEATURES = ("agrees", "addressed", "near")


class WrittenAnswer:
    """Features of the answer that the local writer makes of the evidence."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._selector = Selector(encoder)

    def features(
        self, ask: Ask, ranked: Sequence[Evidence], cited: Sequence[str]
    ) -> dict[str, float]:
        """The three numbers by name; empty if nothing can be told.

        Rounded as those of the search are: their last digits depend on what else was encoded beside a text.
        agrees: 1 if it begins with the best article, else 0; addressed: the share of the ask's
        words, the telling ones counting more, that it holds; near: cosine of its first paragraph
        (behind a rule that is only put ahead of its exception).
        `ranked`: passages best first; `cited`: ids of those that it may be written from.
        """
        by_id = {one["id"]: one for one in ranked}
        selected = self._selector.select(ask, [_passage(by_id[one]) for one in cited], set())
        if not selected:
            return {}
        first = next((one for one in selected if not one.ahead), selected[0])
        found = {
            "agrees": float(by_id[first.evidence]["source"] == ranked[0]["source"]),
            "addressed": addressed(ask["text"], selected, ranked),
            "near": self._near(ask["text"], first),
        }
        return {name: round(value, DECIMALS) for name, value in found.items()}

    def _near(self, asked: str, first: Selection) -> float:
        vectors = self._encoder.encode([asked, f"{first.lead} {' '.join(first.units)}"])
        return float(vectors[0] @ vectors[1])


def addressed(asked: str, selected: Sequence[Selection], ranked: Sequence[Evidence]) -> float:
    """The share of the ask's words of substance that the answer holds, 0 to 1.

    A word weighs more the fewer of the passages hold it; 0 for an ask without such words.
    """
    wanted = set(content_words(asked))
    bags = [set(content_words(f"{o['title']} {o['heading']} {o['text']}")) for o in ranked]
    weight = {
        word: math.log(1 + len(bags) / (1 + sum(word in bag for bag in bags))) for word in wanted
    }
    told = set(content_words(" ".join(t for one in selected for t in (one.lead, *one.units))))
    whole = math.fsum(weight.values())  # in any order the same, as sets have none
    return math.fsum(weight[word] for word in wanted & told) / (whole or 1.0)


def _passage(one: Evidence) -> Passage:
    return Passage(one["id"], one["title"], one["text"], one["heading"], one["source"])
