"""The HTTP interface: one folder a noun, and what serves them."""
