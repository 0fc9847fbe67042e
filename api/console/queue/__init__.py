"""The queue page: a list, a conversation, and what stands beside it."""
