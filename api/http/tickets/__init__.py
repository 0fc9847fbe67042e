"""Tickets over HTTP: intake, status, events, journal."""
