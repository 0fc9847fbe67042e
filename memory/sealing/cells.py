"""A sealed cell: what stands in a column instead of a text, and only opens where it stands.

Text begins with `dk1:` and the key's id. A plain text that begins in such a way by itself is kept
behind `dk0:`, so that nobody can write what looks sealed. JSON is sealed as a string; plain
JSON columns hold objects and lists. What is empty stays open: it tells nothing but that.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from memory.sealing.keyring import ID_CHARS, SETTING, EncryptionRefused, Keyring, SealBroken

Place = tuple[Any, ...]
"""Table, column, and the values by which the row is known."""
FORM = "dk"
SEALED = "dk1:"
LITERAL = "dk0:"
NO_KEY = f"the texts are encrypted, and {SETTING} is not set: set it, and start again"


class Unplaced(TypeError):
    """A text was to be written without its place: a defect of the program."""


def text_in(ring: Keyring | None, value: str | None, place: Place | None) -> str | None:
    """A text as its column keeps it."""
    if not value:
        return value
    if ring is None:
        return LITERAL + value if value.startswith((SEALED, LITERAL)) else value
    return sealed(ring, value.encode("utf-8", "surrogatepass"), place)


def text_out(ring: Keyring | None, cell: str | None, place: Place | None) -> str | None:
    """What `text_in` was given. Raises `EncryptionRefused`, `SealBroken`."""
    if not cell or not cell.startswith(FORM):
        return cell
    if cell.startswith(LITERAL):
        return cell[len(LITERAL) :]
    if not is_sealed(cell):
        return cell
    return opened(ring, cell, place).decode("utf-8", "surrogatepass")


def json_in(ring: Keyring | None, value: Any, place: Place | None) -> Any:
    """An object or a list as its column keeps it: itself, or a sealed string."""
    if ring is None or not value:
        return value
    return sealed(ring, json.dumps(value).encode(), place)


def json_out(ring: Keyring | None, cell: Any, place: Place | None) -> Any:
    """What `json_in` was given. Raises `EncryptionRefused`, `SealBroken`."""
    return json.loads(opened(ring, cell, place)) if isinstance(cell, str) else cell


def sealed(ring: Keyring, data: bytes, place: Place | None) -> str:
    """Bytes as a text for a cell."""
    if place is None:
        raise Unplaced("a text that is to be sealed has no place: see memory/sealing/columns.py")
    whole = ring.seal(data, bound(place))
    key_id = whole[:ID_CHARS].decode()
    return f"{SEALED}{key_id}:{base64.b64encode(whole[ID_CHARS:]).decode()}"


def opened(ring: Keyring | None, cell: str, place: Place | None) -> bytes:
    """The bytes of a sealed cell. Raises `EncryptionRefused`, `SealBroken`."""
    if ring is None:
        raise EncryptionRefused(NO_KEY)
    key_id, _, rest = cell[len(SEALED) :].partition(":")
    try:
        data = base64.b64decode(rest, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not is_sealed(cell) or len(key_id) != ID_CHARS:
        raise SealBroken("a sealed text was cut at its beginning")
    return ring.open(key_id.encode() + data, bound(place or ()))


def is_sealed(cell: str) -> bool:
    """Whether it is a sealed cell, and not plain text or JSON."""
    return cell.startswith(SEALED)


def bound(place: Sequence[Any]) -> bytes:
    """A place as the cipher is told it: no two places read the same."""
    return json.dumps(place).encode()


def began_with(key_id: str) -> str:
    """How each text begins that is sealed with this key."""
    return f"{SEALED}{key_id}:"
