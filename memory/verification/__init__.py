"""One-time codes that show whose address it is."""
