"""Equal calls have equal fingerprints: what duplicates, approvals and effect keys rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(arguments: Mapping[str, Any]) -> str:
    """Arguments as one unambiguous text: sorted keys, no spaces, 39.0 written as 39."""
    return json.dumps(_plain(arguments), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(tool: str, arguments: Mapping[str, Any]) -> str:
    """16 hex digits that are equal for equal calls. An approval is bound to it."""
    return _digest(tool, canonical(arguments))[:16]


def effect_key(ticket_id: str, turn: int, tool: str, arguments: Mapping[str, Any]) -> str:
    """The key of one effect, 40 characters; travels as Idempotency-Key."""
    return f"dh-{_digest(ticket_id, str(turn), tool, canonical(arguments))[:37]}"


def _digest(*parts: str) -> str:
    # A lone surrogate is no text, but it must not be what a digest breaks on.
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value  # most are
    # JSON knows one kind of number: a mind that writes 39.0 asks for the same as one with 39.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
