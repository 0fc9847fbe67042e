"""A logistic regression whose weights keep the sign that their features have by their meaning.

Features that say the same thing share it out between them, and without that rule some of them end with a
weight of the wrong sign: a wish to drop all rules then speaks for a harmless text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.minds.local.logistic import Logistic

Floats = npt.NDArray[np.float64]
_CONSTANT = 1e-9
"""Spread below which a feature says nothing."""
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
    from scipy.optimize import minimize

    names = tuple(rows[0])
    matrix = np.array([[row[name] for name in names] for row in rows], dtype=np.float64)
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0)
    scale[scale < _CONSTANT] = 1.0
    found = minimize(
        _loss,
        np.zeros(len(names) + 1),
        args=((matrix - mean) / scale, np.array(labels, dtype=np.float64), weights * strength),
        jac=True,
        bounds=[*(_BOUNDS[signs[name]] for name in names), _BOUNDS[0]],
        method="L-BFGS-B",
        options={"maxiter": _MOST_STEPS},
    ).x
    return Logistic(
        names,
        tuple(mean.tolist()),
        tuple(scale.tolist()),
        tuple(found[:-1].tolist()),
        float(found[-1]),
        about,
    )


def _loss(at: Floats, rows: Floats, labels: Floats, weights: Floats) -> tuple[float, Floats]:
    """The penalised loss at `at` (weights, then the intercept), and its slope."""
    scores = rows @ at[:-1] + at[-1]
    loss = weights @ (np.logaddexp(0, scores) - labels * scores) + at[:-1] @ at[:-1] / 2
    slope = weights * (1 / (1 + np.exp(-scores)) - labels)
    return float(loss), np.append(rows.T @ slope + at[:-1], slope.sum())
