"""Attacks as whole tickets, each beside the same ticket without it."""
