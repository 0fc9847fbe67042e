"""Late interaction: how well each token of a query is met by some token of a passage."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np

from memory.embeddings import Encoder, Vectors

READ_WINDOWS = 3
"""Windows of a passage that are read: its best by cosine. More cost more and find no more."""
KEPT_WINDOWS = 3_000
"""Windows whose token vectors are kept in memory: about 40 kB each, 120 MB at most."""


@dataclass(frozen=True)
class Alignment:
    """How a passage meets a query."""

    score: float
    """The mean over the query's tokens, each weighted by how much it tells the passages apart."""
    plain: float
    """The plain mean of the best cosine of each token of the query."""


class CloseReader:
    """Encodes the tokens of windows, and keeps those that were lately read."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def read(self, query: str, windows: Mapping[str, Mapping[str, str]]) -> dict[str, Alignment]:
        """The alignment of each passage, given as its windows' texts by their ids, by its own.

        Safe in a thread.
        """
        if not windows:
            return {}
        tokens = self._tokens(
            {one: text for each in windows.values() for one, text in each.items()}
        )
        asked = self._encoder.encode_tokens([query])[0]
        met = np.stack(
            [
                (asked @ np.concatenate([tokens[one] for one in each]).T).max(axis=1)
                for each in windows.values()
            ]
        )
        weights = met.max(axis=0) - met.mean(axis=0) + 1e-6
        scores = met @ (weights / weights.sum())
        return {
            one: Alignment(float(scores[row]), float(met[row].mean()))
            for row, one in enumerate(windows)
        }

    def _tokens(self, texts: Mapping[str, str]) -> dict[str, Vectors]:
        with self._lock:
            found = {one: self._kept[one] for one in texts if one in self._kept}
        missing = [one for one in texts if one not in found]
        fresh = self._encoder.encode_tokens([texts[one] for one in missing])
        found.update(zip(missing, fresh, strict=True))
        with self._lock:
            for one in texts:  # the id of a window follows from its content: never stale
                self._kept[one] = found[one]
                self._kept.move_to_end(one)
            while len(self._kept) > KEPT_WINDOWS:
                self._kept.popitem(last=False)
        return found
