"""Meets people: HTTP, command line and the worker process."""
