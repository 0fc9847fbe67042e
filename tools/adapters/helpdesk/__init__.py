"""Helpdesks where conversations live: one Protocol, and a small file for each."""
