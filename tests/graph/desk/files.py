"""Desk files for the tests of reading them."""

from pathlib import Path

BASE = "tenant: acme\ncompany: Acme\n"


def write(folder: Path, text: str, name: str = "desk.yaml") -> Path:
    """The path of a new desk file in `folder`."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
