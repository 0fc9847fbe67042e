"""Minds that need no key and no network."""
