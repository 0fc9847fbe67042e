"""The receipt of an erasure: what was removed, signed with the installation's key."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from memory.tables import Erasure

NOT_REACHED = (
    "what was sent to the outside: mail, tools, traces",
    "backups made before: `deskhand restore` carries this erasure out again where it finds erased.jsonl",
    "texts of other customers that name this person",
    "what staff wrote about this person in other customers' conversations",
    "deleted vectors (numbers, no text) in the vector index's files, until their room is used again",
)
"""Said in each receipt."""
NOTHING_HELD = (
    "nothing was held of this address: check that it is the one that the tickets came from"
)
"""Said where nothing was found."""
ASK_AGAIN = (
    "what this person wrote in other customers' conversations: an older version took the request,"
    " ask for it once more"
)
"""Said where senders stand as digests and nothing leads to this person's."""


def made(key: bytes, erasure: Erasure, left: tuple[str, ...] = ()) -> dict[str, Any]:
    """The receipt as data, with its signature. Needs `done_at`."""
    assert erasure.done_at is not None
    facts = {
        "erasure": erasure.id,
        "tenant": erasure.tenant,
        "person": erasure.person,
        "requested_at": erasure.requested_at.isoformat(),
        "done_at": erasure.done_at.isoformat(),
        "tickets": sorted(erasure.tickets),
        "removed": dict(sorted(erasure.counts.items())),
        "not_reached": [*NOT_REACHED, *left],
    }
    if not erasure.tickets and not any(erasure.counts.values()):
        facts["found"] = NOTHING_HELD
    return {**facts, "signature": signature(key, facts)}


def signature(key: bytes, facts: Mapping[str, Any]) -> str:
    """HMAC-SHA256 over the facts as sorted JSON, in hexadecimal."""
    words = json.dumps(dict(facts), sort_keys=True, separators=(",", ":"))
    return hmac.new(key, b"receipt\n" + words.encode(), hashlib.sha256).hexdigest()


def is_genuine(key: bytes, receipt: Mapping[str, Any]) -> bool:
    """Whether this installation made it, and nobody changed it."""
    facts = {name: value for name, value in receipt.items() if name != "signature"}
    return hmac.compare_digest(signature(key, facts), str(receipt.get("signature")))
