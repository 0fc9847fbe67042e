"""What nobody could answer, and where a help centre contradicts itself."""

import numpy as np
import pytest

from memory.encoder.encoder import HashEncoder
from memory.knowledge.content_audit import Ask, Gap, cluster, conflicts, differing, gap
from memory.tables import Chunk

ENCODER = HashEncoder()

FIGURES = [
    ("Refunds take 14 days.", "A refund takes 30 days.", [("14 day", "30 day")]),
    ("Refunds take 14 days.", "Within 14 days, at most 30 days.", []),
    ("Up to 5 users.", "Costs 5 EUR.", []),
    ("A discount of 20 %.", "A discount of 15%.", [("20 %", "15 %")]),
    ("No figures here.", "None there.", []),
]


@pytest.mark.parametrize(("first", "second", "expected"), FIGURES)
def test_figures_differ_only_within_one_unit(
    first: str, second: str, expected: list[tuple[str, str]]
) -> None:
    """14 days against 30 days is a contradiction; 5 users against 5 EUR is none."""
    assert differing(first, second) == expected


def test_asks_of_one_topic_are_one_gap() -> None:
    """Equal texts fall together, the larger group comes first, and nothing is lost."""
    texts = ["dark mode please", "invoice in pounds", "dark mode please", "dark mode please"]
    groups = cluster(ENCODER.encode(texts))
    assert [sorted(group) for group in groups] == [[0, 2, 3], [1]]
    assert cluster(np.empty((0, 4), dtype=np.float32)) == []


def test_dismissing_one_ask_dismisses_its_gap() -> None:
    """Those that come later and ask the same thing belong to it; others stay open."""
    asks = [Ask("tkt_1", "a1", "dark mode?", 0.2), Ask("tkt_2", "a1", "dark theme?", None)]
    told = [("tkt_1", "a1"), ("tkt_2", "a1")]
    assert gap(asks, {"dark theme?": "cor_1"}) == Gap(told, 0.2, "cor_1")
    assert gap(asks, {"invoices?": "cor_2"}) == Gap(told, 0.2, None)


def test_a_contradiction_is_between_two_articles() -> None:
    """Passages of one article may speak of several cases; two articles may not disagree."""

    def passage(chunk_id: str, doc: str, text: str) -> Chunk:
        return Chunk(id=chunk_id, tenant="acme", doc_id=doc, ordinal=0, heading="", text=text)

    told = [
        passage("1", "refunds", "You have 14 days to ask for a refund."),
        passage("2", "terms", "You have 30 days to ask for a refund."),
        passage("3", "refunds", "You have 60 days to ask for a refund."),
    ]
    same = np.full(4, 0.5, dtype=np.float32)
    found = conflicts(told, {"1": same, "2": same, "3": same})
    assert [(one.first, one.second, one.figures) for one in found] == [
        ("refunds", "terms", [("14 day", "30 day")])
    ]
