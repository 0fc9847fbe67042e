"""Text to vectors, and how the encoder is exported."""
