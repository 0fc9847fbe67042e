"""Sentences of our own that order something of a machine, what merely sounds so, and the model fitted on them."""

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from evals.figures.metrics import SEED
from graph.minds.local.acts.reader import pieces_of
from graph.minds.local.safety.injection import signs_of
from graph.minds.local.safety.machine import LEAST, features, form, load_machine_model
from memory.encoder.encoder import SentenceEncoder

ORDERS = Path(__file__).with_name("orders.json")
TRUST = 2.0
"""By which vectors weigh more than the numbers of the form, whose values are larger."""
ORDER_WEIGHT = 3.0
"""What an order counts beside a sentence that is none: there are thirty times as many of those."""
FOLDS = 4


def own_orders() -> tuple[list[str], list[str]]:
    """Orders to a machine, and what merely sounds like one."""
    data = json.loads(ORDERS.read_text(encoding="utf-8"))
    return data["orders"], data["ordinary"]


def fit_machine(
    encoder: SentenceEncoder, sides: Sequence[Sequence[str]], out: Path
) -> dict[str, int]:
    """Fit orders (first) against the sentences of other texts and save it; how many it names that it had not seen."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    orders, others = sides
    ordinary = list(dict.fromkeys(chain.from_iterable(map(pieces_of, others))))
    texts = [*orders, *ordinary]
    vectors = encoder.encode(texts)
    rows = np.array(
        [features(one, signs_of(one), own) for one, own in zip(texts, vectors, strict=True)]
    )
    labels = np.repeat([1, 0], [len(orders), len(ordinary)])
    scale = np.full(rows.shape[1], TRUST)
    scale[: len(form("", ()))] = 1
    model = LogisticRegression(max_iter=5000, class_weight={0: 1.0, 1: ORDER_WEIGHT})
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    held_out = cross_val_predict(model, rows * scale, labels, cv=folds, method="predict_proba")
    named = held_out[:, 1] >= LEAST
    model.fit(rows * scale, labels)
    figures = {
        "orders": len(orders),
        "named": int(named[labels == 1].sum()),
        "ordinary": len(ordinary),
        "wrongly": int(named[labels == 0].sum()),
    }
    data: dict[str, Any] = {
        "about": {"what": "whether a sentence orders something of a machine; sentences of our own"}
        | figures,
        "revision": encoder.revision,
        "bias": round(float(model.intercept_[0]), 3),
        "weights": [round(float(one), 3) for one in model.coef_[0] * scale],
    }
    out.write_text(json.dumps(data) + "\n")
    load_machine_model(out)
    return figures
