"""Opens what belongs to the ledger's engine."""

from __future__ import annotations

from memory.storage.checkpoints import Checkpoints
from memory.storage.database import Database


def open_checkpoints(database: Database) -> Checkpoints:
    """In the ledger, so that a step's checkpoint and rows are one commit."""
    from memory.storage.ledger_checkpoints import LedgerCheckpoints

    return LedgerCheckpoints(database.units, database.ring)
