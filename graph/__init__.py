"""Decides: the journey of a ticket as a state graph."""
