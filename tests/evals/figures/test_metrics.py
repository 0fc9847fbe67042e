"""The figures and their intervals."""

import numpy as np
import pytest

from evals.figures.metrics import (
    Metric,
    auroc,
    ece,
    mean,
    points_only,
    precision_at,
    proportion,
    wilson,
)


def test_wilson_agrees_with_the_published_example() -> None:
    """81 of 263 has the interval 0.2553 to 0.3662 (Newcombe 1998, table I)."""
    metric = wilson(81, 263)
    assert metric.low == pytest.approx(0.2553, abs=1e-4)
    assert metric.high == pytest.approx(0.3662, abs=1e-4)


def test_no_data_is_none() -> None:
    """A proportion or a mean of nothing has no value."""
    assert proportion([]).value is None
    assert mean([]).value is None


def test_auroc_counts_ties_half() -> None:
    """One pair is ordered rightly and one is tied: three quarters."""
    assert auroc([0.9, 0.5, 0.5], [True, True, False]).value == pytest.approx(0.75)


def test_auroc_is_that_of_scikit_learn() -> None:
    """Scores with many ties, drawn by chance: the two agree to the last digits."""
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(1)
    scores, labels = random.integers(0, 9, 200), random.random(200) < 0.3
    wanted = roc_auc_score(labels, scores)
    assert auroc(list(scores), list(labels)).value == pytest.approx(wanted)


def test_points_only_leaves_the_intervals_out() -> None:
    """The values are the same; whoever draws cases anew needs no interval of each draw."""
    with points_only():
        assert proportion([True, False]) == Metric(0.5, None, None, 2)
        assert mean([1.0, 3.0]) == Metric(2.0, None, None, 2)
    assert proportion([True, False]).low is not None


def test_auroc_of_one_class_is_none() -> None:
    """Without a case of each kind there is nothing to separate."""
    metric = auroc([0.1, 0.9], [True, True])
    assert metric.value is None
    assert metric.n == 2


def test_ece_of_right_probabilities_is_zero() -> None:
    """Half of the cases at 0.5 are true: calibrated; all of those at 0.9 false: 0.9 off."""
    assert ece([0.5, 0.5], [True, False]).value == pytest.approx(0.0)
    assert ece([0.9, 0.9], [False, False]).value == pytest.approx(0.9)


def test_precision_is_taken_on_the_best_scores() -> None:
    """The better half of four cases is right."""
    assert precision_at(0.5, [0.9, 0.8, 0.2, 0.1], [True, True, False, False]).value == 1.0
