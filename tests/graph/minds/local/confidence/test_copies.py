"""Articles that stand twice in a help centre."""

import pytest

from graph.minds.local.confidence.assessor import search_features
from graph.state import Evidence


def _evidence(name: str, text: str, telling: float) -> Evidence:
    return {
        "id": name,
        "kind": "article",
        "source": f"doc-{name}",
        "title": name,
        "heading": "",
        "text": text,
        "score": telling,
        "features": {"telling": telling},
    }


def test_a_copy_of_the_passage_is_no_rival() -> None:
    """Help centres keep the same article twice; what says something else is one."""
    said = "Stop the kiln, open its lid, wait for an hour and sweep the floor of the oven."
    best, copy = _evidence("a", said, 0.9), _evidence("b", f"{said} Then rest.", 0.85)
    other = _evidence("c", "Kilns are sold in pairs.", 0.6)
    assert search_features([best, copy, other])["lead"] == pytest.approx(0.3)
