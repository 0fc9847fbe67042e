"""Sentences of our own that order something of a machine, what merely sounds so, and the model fitted on them."""

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from evals.fit.linear import fit_linear
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
    orders, others = sides
    ordinary = list(dict.fromkeys(chain.from_iterable(map(pieces_of, others))))
    texts = [*orders, *ordinary]
    vectors = encoder.encode(texts)
    rows = np.array(
        [features(one, signs_of(one), own) for one, own in zip(texts, vectors, strict=True)]
    )
    weight = {0: 1.0, 1: ORDER_WEIGHT}
    size = len(form("", ()))
    data, counted = fit_linear(rows, len(orders), size, TRUST, LEAST, FOLDS, class_weight=weight)
    figures = {
        "orders": len(orders),
        "named": counted["named"],
        "ordinary": len(ordinary),
        "wrongly": counted["wrongly"],
    }
    about = {"what": "whether a sentence orders something of a machine; sentences of our own"}
    data = {"about": about | figures, "revision": encoder.revision, **data}
    out.write_text(json.dumps(data) + "\n")
    load_machine_model(out)
    return figures
