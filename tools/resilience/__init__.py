"""Retries, breakers, rate limits and bulkheads around a call."""
