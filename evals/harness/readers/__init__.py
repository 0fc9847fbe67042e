"""Readers: files that others wrote, as cases and texts of ours."""
