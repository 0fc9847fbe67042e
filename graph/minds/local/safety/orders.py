"""How much a sentence is like an order to an agent, by its meaning.

One direction in the encoder's space, fitted by `evals fit injection` beside the model that weighs it. It
belongs to one revision of its encoder; with another encoder it says nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from memory.encoder.encoder import Vectors

DIRECTION = Path(__file__).with_name("orders.json")


@dataclass(frozen=True)
class Orders:
    """A linear model on unit vectors."""

    revision: str
    """Of the encoder whose vectors it reads."""
    weights: npt.NDArray[np.float64]
    """Shape (width,)."""
    bias: float

    def features(self, vectors: Vectors, revision: str) -> dict[str, float]:
        """Of the sentence that is most like an order, and of all on average; {} for another encoder."""
        if revision != self.revision:
            return {}
        scores = vectors @ self.weights + self.bias
        return {"order": float(scores.max()), "order_mean": float(scores.mean())}

    def save(self, path: Path, about: dict[str, Any]) -> None:
        """Write it as JSON, numbers rounded to three digits, with what it stands on."""
        weights = [round(float(one), 3) for one in self.weights]
        data = {"about": about, "revision": self.revision, "bias": round(self.bias, 3)}
        path.write_text(json.dumps(data | {"weights": weights}) + "\n")


def load_orders(path: Path) -> Orders:
    """The model in `path`. Raises `OSError` or `KeyError` if it is missing or damaged."""
    data = json.loads(path.read_text())
    return Orders(data["revision"], np.array(data["weights"], dtype=np.float64), data["bias"])
