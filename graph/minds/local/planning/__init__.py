"""From a message to asks, queries and steps."""
