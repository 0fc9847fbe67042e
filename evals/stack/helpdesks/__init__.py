"""Helpdesks of our own, which behave as Chatwoot, Zammad and Zendesk document it."""
