"""The ticket page: what was said, which way it went, what happened when, what it cost, and why."""
