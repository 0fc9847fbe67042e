"""The help window of a website: its script, and what the script asks."""
