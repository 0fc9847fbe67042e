"""What can be wrong with an encoder, for whoever holds none."""

from __future__ import annotations


class EncoderUnavailable(Exception):
    """The embedding model cannot be found, exported, or trusted."""
