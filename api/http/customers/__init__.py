"""Customers as people with rights: what is held of them, and its removal."""
