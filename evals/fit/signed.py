"""A logistic regression whose weights keep the sign that their features have by their meaning.

Features that say the same thing share it out between them, and without that rule some of them end with a
weight of the wrong sign: a wish to drop all rules then speaks for a harmless text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graph.minds.local.logistic import Floats, Logistic, fit_standard

_MOST_STEPS = 1000
_BOUNDS = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}


def fit_signed(
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[int],
    signs: Mapping[str, int],
    *,
    strength: float,
    weights: Floats,
    about: dict[str, Any],
) -> Logistic:
    """As `fit_logistic`; `signs` has 1, -1 or 0 (either) for each feature."""

    def solve(standard: Floats) -> tuple[Floats, float]:
        from scipy.optimize import minimize

        found = minimize(
            _loss,
            np.zeros(standard.shape[1] + 1),
            args=(standard, np.array(labels, dtype=np.float64), weights * strength),
            jac=True,
            bounds=[*(_BOUNDS[signs[name]] for name in rows[0]), _BOUNDS[0]],
            method="L-BFGS-B",
            options={"maxiter": _MOST_STEPS},
        ).x
        return found[:-1], found[-1]

    return fit_standard(rows, solve, about)


def _loss(at: Floats, rows: Floats, labels: Floats, weights: Floats) -> tuple[float, Floats]:
    """The penalised loss at `at` (weights, then the intercept), and its slope."""
    scores = rows @ at[:-1] + at[-1]
    loss = weights @ (np.logaddexp(0, scores) - labels * scores) + at[:-1] @ at[:-1] / 2
    slope = weights * (1 / (1 + np.exp(-scores)) - labels)
    return float(loss), np.append(rows.T @ slope + at[:-1], slope.sum())
