"""A ledger for the tests of channels."""

from tests.memory.conftest import ledger

__all__ = ["ledger"]
