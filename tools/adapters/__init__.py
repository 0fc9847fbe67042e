"""One adapter for each kind of outside system."""
