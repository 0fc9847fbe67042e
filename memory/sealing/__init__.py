"""Texts sealed at rest: keys, cells, and the columns that hold them."""
