"""Connecting a channel: what is asked, tried and written, at a terminal and on a page alike."""
