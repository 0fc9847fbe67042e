"""Handoffs over HTTP: the queue, who works on them, decisions, their events."""
