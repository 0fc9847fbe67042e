"""A reply from passages."""
