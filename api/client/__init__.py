"""The desk from a program: a small typed client of its HTTP API."""
