"""One adapter a kind of outside system."""
