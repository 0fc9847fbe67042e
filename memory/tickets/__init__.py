"""Tickets, their messages, and what is to be sent for them."""
