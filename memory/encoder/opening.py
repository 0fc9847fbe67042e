"""Opens the encoder: one that was exported elsewhere, or the default model's, exported here once."""

from __future__ import annotations

import json
from pathlib import Path

from memory.encoder.export import default_model, exported, revision
from memory.encoder.faults import EncoderUnavailable
from memory.encoder.onnx_encoder import BASIS, CHECKED, EXPORTED, TOKENIZER, OnnxEncoder
from memory.encoder.short_texts import FILES, FOLDER, ShortTexts, kept


def open_encoder(cache: Path, threads: int = 2) -> OnnxEncoder:
    """The encoder, exported into `cache` on first use (about 20 s, once on each machine).

    Raises `EncoderUnavailable`.
    """
    folder = default_model()
    short = ShortTexts(kept(cache))
    return OnnxEncoder(folder, exported(folder, cache), threads, short=short)


def open_copied(folder: Path, threads: int = 2) -> OnnxEncoder:
    """The encoder that `export.copy_out` wrote. Raises `EncoderUnavailable`."""
    short = ShortTexts(_copied_short(folder))
    return OnnxEncoder(folder, folder, threads, revision=_copied_revision(folder), short=short)


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


def _copied_short(folder: Path) -> Path:
    """The folder of the model of short texts. Raises `EncoderUnavailable` if a file is missing."""
    for name in FILES:
        if not (folder / FOLDER / name).is_file():
            msg = (
                f"{folder} has no {FOLDER}/{name}: write it with `deskhand encoder export {folder}`"
            )
            raise EncoderUnavailable(msg)
    return folder / FOLDER


def revision_of(copied: Path | None) -> str:
    """The revision of the encoder in use, without opening it. Raises `EncoderUnavailable`."""
    return revision(default_model()) if copied is None else _copied_revision(copied)
