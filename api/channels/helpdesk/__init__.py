"""Helpdesks in: conversations that are read there, and what happens here told there."""
