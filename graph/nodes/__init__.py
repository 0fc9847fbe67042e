"""The nodes of the journey, one in each file."""
