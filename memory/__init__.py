"""Survives a restart: ledger, checkpoints, knowledge."""
