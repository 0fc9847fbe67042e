"""The HTTP interface: one folder for each noun, and what serves them."""
