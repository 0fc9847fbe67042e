"""The figures of `evals grounding` on small cases."""

from evals.harness.rows import ClaimRow
from evals.harness.suites.grounding import figures, result


def test_each_data_set_has_its_own_figure() -> None:
    """All together, and by data set where there are several."""
    rows = [
        ClaimRow(id=f"{name}{wrong}", response="r", source="s", hallucinated=wrong, dataset=name)
        for name in "ab"
        for wrong in (0, 1)
    ]
    values = [0.9, 0.1, 0.2, 0.8]
    found = figures([result(row, value, 0.5) for row, value in zip(rows, values, strict=True)])
    assert found["auroc_a"].value == 1.0
    assert found["auroc_b"].value == 0.0
    assert found["balanced_accuracy"].value == 0.5
