"""The desk over HTTP: its settings, its tools, its figures."""
