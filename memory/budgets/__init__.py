"""What tickets may spend, and what they have spent."""
