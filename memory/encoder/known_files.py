"""Files of a model, which are opened only if they are the known ones; and where they cannot be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from memory.encoder.faults import EncoderUnavailable


def check_known(folder: Path, known: Mapping[str, str], advice: str) -> None:
    """Raise `EncoderUnavailable` if one is missing or not the known one; `advice` says what to do then.

    `known`: SHA-256 by name.
    """
    for name, digest in known.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise EncoderUnavailable(f"{path} is not the known model: {advice}")


def not_kept(what: str, target: Path, error: OSError) -> EncoderUnavailable:
    """Why a model cannot be kept in a cache."""
    return EncoderUnavailable(
        f"{what} cannot be kept in {target} ({error.strerror}): set DESKHAND_CACHE"
        " to a folder that this user may write, or DESKHAND_ENCODER to an exported model"
    )
