"""One node of the journey a file."""
