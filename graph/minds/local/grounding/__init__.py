"""Whether a reply stands on its evidence."""
