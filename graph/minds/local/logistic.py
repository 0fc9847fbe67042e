"""Fitted linear models as data: named coefficients in JSON beside the code."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_CONSTANT = 1e-9
"""Spread below which a feature says nothing."""


@dataclass(frozen=True)
class Logistic:
    """A logistic regression over named features, standardised by mean and scale."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    about: dict[str, Any] = field(default_factory=dict)
    """Sources with licences, number of rows and date of the fit."""

    def probability(self, row: Mapping[str, float]) -> float:
        """Probability from 0 to 1; a missing feature counts as its mean."""
        total = self.intercept
        parts = zip(self.features, self.mean, self.scale, self.weights, strict=True)
        for name, mean, scale, weight in parts:
            total += weight * (row.get(name, mean) - mean) / scale
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, total))))

    def save(self, path: Path) -> None:
        """Write it as JSON, numbers rounded to six digits."""
        data = {
            "about": self.about,
            "intercept": round(self.intercept, 6),
            "features": {
                name: {"mean": round(mean, 6), "scale": round(scale, 6), "weight": round(weight, 6)}
                for name, mean, scale, weight in zip(
                    self.features, self.mean, self.scale, self.weights, strict=True
                )
            },
        }
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")


@dataclass(frozen=True)
class Linear:
    """A logistic regression over a row of plain numbers, such as a form and the vectors behind it."""

    weights: Floats
    bias: float

    def chance(self, row: Floats) -> float:
        """Probability from 0 to 1."""
        return 1.0 / (1.0 + math.exp(-float(row @ self.weights) - self.bias))


def read_linear(data: Mapping[str, Any]) -> Linear:
    """The model as it was saved. Raises `KeyError` if it is damaged."""
    return Linear(np.array(data["weights"], dtype=np.float64), float(data["bias"]))


def load_logistic(path: Path) -> Logistic:
    """The model in `path`. Raises `OSError` or `KeyError` if it is missing or damaged."""
    data = json.loads(path.read_text())
    parts = data["features"]
    return Logistic(
        features=tuple(parts),
        mean=tuple(part["mean"] for part in parts.values()),
        scale=tuple(part["scale"] for part in parts.values()),
        weights=tuple(part["weight"] for part in parts.values()),
        intercept=data["intercept"],
        about=data["about"],
    )


def fit_logistic(
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[int],
    *,
    strength: float = 1.0,
    weights: npt.NDArray[np.float64] | None,
    about: dict[str, Any] | None = None,
) -> Logistic:
    """Fit on feature rows that all have the same names; `strength` is the inverse of the penalty."""

    def solve(standard: Floats) -> tuple[Floats, float]:
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=strength, max_iter=5000)
        model.fit(standard, np.array(labels), sample_weight=weights)
        return model.coef_[0], model.intercept_[0]

    return fit_standard(rows, solve, about or {})


def fit_standard(
    rows: Sequence[Mapping[str, float]],
    solve: Callable[[Floats], tuple[Floats, float]],
    about: dict[str, Any],
) -> Logistic:
    """Fit on rows of mean 0 and spread 1, (rows, features), on which `solve` finds weights and intercept."""
    features = tuple(rows[0])
    matrix = np.array([[row[name] for name in features] for row in rows], dtype=np.float64)
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0)
    scale[scale < _CONSTANT] = 1.0
    weights, intercept = solve((matrix - mean) / scale)
    return Logistic(
        features,
        tuple(mean.tolist()),
        tuple(scale.tolist()),
        tuple(weights.tolist()),
        float(intercept),
        about,
    )
