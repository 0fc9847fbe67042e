"""The figures of `evals asks` on small cases."""

import pytest

from evals.measures.asks import Message, score


def test_counts_labels_and_whole_messages() -> None:
    """Micro-F1 pools all labels; exact wants every one of a message."""
    cases = [Message("x", ("a", "b")), Message("y", ("c",))]
    found = score(cases, [["a"], ["c"]])
    assert found["micro_f1"].value == pytest.approx(4 / 5)
    assert found["exact"].value == pytest.approx(0.5)
