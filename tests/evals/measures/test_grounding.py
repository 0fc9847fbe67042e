"""The figures of `evals grounding` on small cases."""

from __future__ import annotations

from evals.measures.grounding import GroundingCase, score


def test_each_data_set_has_its_own_figure() -> None:
    """All together, and by data set where there are several."""
    rows = [
        GroundingCase("r", "s", "", supported, name) for name in "ab" for supported in (True, False)
    ]
    found = score(rows, [0.9, 0.1, 0.2, 0.8], 0.5)
    assert found["auroc_a"].value == 1.0
    assert found["auroc_b"].value == 0.0
    assert found["balanced_accuracy"].value == 0.5
