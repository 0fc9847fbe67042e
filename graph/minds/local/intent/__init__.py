"""What a message is about."""
