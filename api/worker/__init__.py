"""The worker process: it drives tickets and does the upkeep."""
