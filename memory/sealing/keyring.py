"""The keys that texts are sealed with: the first one seals, and each of them opens.

A key is 32 random bytes in base64. What seals cells and what blinds words follow from it, so that
neither tells of the other. AES-256-GCM binds each cell to its place: moved elsewhere it does not
open. Nonces are chance, so one key seals up to 2^32 cells.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memory.faults import MemoryFault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SETTING = "DESKHAND_ENCRYPTION_KEY"
KEY_BYTES = 32
ID_CHARS = 8
"""Hexadecimal digits by which a key is known, also in the envelopes. They tell nothing of it."""
NONCE_BYTES = 12
MOST_KEYS = 8
"""Keys of one keyring: the present one, and older ones until all was sealed anew."""


class EncryptionRefused(MemoryFault):
    """The key is missing, wrong or none; the message says what to set."""


class SealBroken(MemoryFault):
    """A sealed cell does not open: it was changed, cut, or stood elsewhere."""


@dataclass(frozen=True)
class Key:
    """One key, and what follows from it."""

    id: str
    cells: AESGCM = field(repr=False)
    words: bytes = field(repr=False)


class Keyring:
    """Seals with the first key; opens with whichever sealed. Safe to share between threads."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.current = keys[0]
        self.keys = tuple(keys)
        """The current one first."""
        self._by_id = {key.id.encode(): key for key in keys}

    @property
    def ids(self) -> list[str]:
        """Of all keys, the current one first."""
        return [key.id for key in self.keys]

    def seal(self, data: bytes, place: bytes) -> bytes:
        """The key's id, a nonce, and the data, which opens at this place only."""
        nonce = os.urandom(NONCE_BYTES)
        key = self.current
        return key.id.encode() + nonce + key.cells.encrypt(nonce, data, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed. Raises `EncryptionRefused` without its key, and `SealBroken`."""
        from cryptography.exceptions import InvalidTag  # a process without keys has no need of it

        key = self._by_id.get(sealed[:ID_CHARS])
        if key is None:
            raise EncryptionRefused(_lacks(sealed[:ID_CHARS].decode("ascii", "replace")))
        begins = ID_CHARS + NONCE_BYTES
        try:
            return key.cells.decrypt(sealed[ID_CHARS:begins], sealed[begins:], place)
        except (InvalidTag, ValueError):  # a nonce that was cut is a value error
            msg = (
                f"a text at {place.decode(errors='replace')} does not open: it was changed or moved"
            )
            raise SealBroken(msg) from None


def new_key() -> str:
    """A fresh key, as the setting wants it."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def read_keyring(given: str, source: str = SETTING) -> Keyring:
    """The keys in a text, between commas or blanks, the current one first.

    Raises `EncryptionRefused`, which never repeats what was given.
    """
    parts = given.replace(",", " ").split()
    if not 0 < len(parts) <= MOST_KEYS:
        msg = f"{source} holds {len(parts)} keys: give 1 to {MOST_KEYS}, the current one first"
        raise EncryptionRefused(msg)
    found = [_key(part, number, source) for number, part in enumerate(parts, 1)]
    return Keyring(list({key.id: key for key in found}.values()))


def _key(part: str, number: int, source: str) -> Key:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        secret = base64.b64decode(part.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        msg = (
            f"{source}: key {number} is not {KEY_BYTES} bytes in base64:"
            " `deskhand encryption key` prints a new one"
        )
        raise EncryptionRefused(msg)
    cells = AESGCM(_derived(secret, "cells"))
    return Key(_derived(secret, "id").hex()[:ID_CHARS], cells, _derived(secret, "words"))


def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, f"deskhand {purpose}".encode(), hashlib.sha256).digest()


def _lacks(key_id: str) -> str:
    return f"a text is sealed with key {key_id}, which {SETTING} does not hold: add it there"
