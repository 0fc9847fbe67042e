"""Minds that ask a chat model, and know better than to believe it."""
