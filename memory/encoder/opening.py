"""Opens the encoder: one that was exported elsewhere, or the default model's, exported here once."""

from __future__ import annotations

import json
from pathlib import Path

from memory.encoder.export import default_model, exported, revision
from memory.encoder.faults import EncoderUnavailable
from memory.encoder.onnx_encoder import BASIS, CHECKED, EXPORTED, TOKENIZER, OnnxEncoder


def open_encoder(cache: Path, threads: int = 2) -> OnnxEncoder:
    """The encoder, exported into `cache` on first use (about 20 s, once on each machine).

    Raises `EncoderUnavailable`.
    """
    folder = default_model()
    return OnnxEncoder(folder, exported(folder, cache), threads)


def open_copied(folder: Path, threads: int = 2) -> OnnxEncoder:
    """The encoder that `export.copy_out` wrote. Raises `EncoderUnavailable`."""
    return OnnxEncoder(folder, folder, threads, revision=_copied_revision(folder))


def _copied_revision(folder: Path) -> str:
    """The revision of such an encoder. Raises `EncoderUnavailable` if a file is missing."""
    for name in (EXPORTED, BASIS, TOKENIZER, CHECKED):
        if not (folder / name).is_file():
            msg = f"{folder} has no {name}: write it with `deskhand encoder export {folder}`"
            raise EncoderUnavailable(msg)
    try:
        return str(json.loads((folder / CHECKED).read_text())["revision"])
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{folder / CHECKED} cannot be read: write the folder again with `deskhand encoder export`"
        raise EncoderUnavailable(msg) from error


def revision_of(copied: Path | None) -> str:
    """The revision of the encoder in use, without opening it. Raises `EncoderUnavailable`."""
    return revision(default_model()) if copied is None else _copied_revision(copied)
