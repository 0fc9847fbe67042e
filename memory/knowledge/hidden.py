"""Words that stand in a text packed, so that a reader does not see them and a model does."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from itertools import islice

from memory.patterns import linear

MOST_PIECES = 64
"""Pieces that are unpacked; a text with more of them is odd enough."""
_BASE64 = linear(r"[A-Za-z0-9+/]{20,}={0,2}")
_BESIDE = frozenset("/+=_")
_PRINTABLE_SHARE = 0.95


def from_base64(text: str) -> list[str]:
    """What stands there in base64 that decodes to words."""
    return [word for one in islice(_packed(text), MOST_PIECES) if (word := _decoded(one))]


def _packed(text: str) -> Iterator[str]:
    """Runs that may be base64 and stand alone."""
    for match in _BASE64.finditer(text):
        edges = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if not any(sign.isalnum() or sign in _BESIDE for sign in edges):
            yield match.group()


def _decoded(piece: str) -> str:
    try:
        text = base64.b64decode(piece + "=" * (-len(piece) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    share = sum(sign.isprintable() for sign in text) / max(len(text), 1)
    return text if share > _PRINTABLE_SHARE and " " in text else ""
