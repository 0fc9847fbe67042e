"""A linear model of rows that are numbers of a form, and vectors behind them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from evals.figures.metrics import SEED


def fit_linear(  # noqa: PLR0917
    rows: npt.NDArray[np.float64],
    first: int,
    form: int,
    trust: float,
    least: float,
    folds: int,
    **settings: Any,
) -> tuple[dict[str, Any], dict[str, int]]:
    """The model as it is saved, and how many rows it names with `least` when they are left out.

    `first`: of so many rows at the beginning it is true. `form`: numbers before the vectors, whose values are
    larger; by `trust` the vectors weigh more. `settings`: of the regression.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    labels = np.repeat([1, 0], [first, len(rows) - first])
    scale = np.full(rows.shape[1], trust)
    scale[:form] = 1
    model = LogisticRegression(max_iter=5000, **settings)
    parts = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    held_out = cross_val_predict(model, rows * scale, labels, cv=parts, method="predict_proba")
    named = held_out[:, 1] >= least
    model.fit(rows * scale, labels)
    weights = [round(float(one), 3) for one in model.coef_[0] * scale]
    counted = {"named": int(named[:first].sum()), "wrongly": int(named[first:].sum())}
    return {"bias": round(float(model.intercept_[0]), 3), "weights": weights}, counted
