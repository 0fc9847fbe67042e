"""A whole stack to measure: processes, senders, a model service."""
