"""Copies of an installation: what is in the file, the ledger of either engine, and the way back."""
